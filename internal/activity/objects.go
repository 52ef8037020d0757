// Package activity keeps what runners have run: files that they upload, the
// sessions recorded in them, and the bests that follow from these.
package activity

import (
	"context"
	"time"
)

// An Upload is where a client may put one file, once, without us in between.
type Upload struct {
	URL       string
	Headers   map[string]string // to be sent as they are; they are signed
	ExpiresAt time.Time
}

// Objects is where files are kept: what a runner uploaded, the processed
// streams, exports. A key begins with the runner's id and a slash. A key is
// written once: originals and streams never change.
type Objects interface {
	// SignUpload lets a client put exactly one file of that size (bytes) and
	// SHA-256 (hex) under a key that is not taken. It makes no call.
	SignUpload(ctx context.Context, key string, size int64, sha256 string) (Upload, error)
	// SignDownload lets a client get an object for a short time, under the
	// file name given. It makes no call.
	SignDownload(ctx context.Context, key, fileName string) (url string, err error)
	// Put stores an object under a key that is not taken. An object that is
	// there stays, and that is no error.
	Put(ctx context.Context, key, contentType string, body []byte) error
	// Get reads an object of at most limit bytes. Errors: fault.NotFound,
	// fault.TooLarge.
	Get(ctx context.Context, key string, limit int64) ([]byte, error)
	// Delete removes an object and what was kept of it before. One that is
	// not there is no error.
	Delete(ctx context.Context, key string) error
	// DeleteAll removes all that begins with a prefix, as far as it gets
	// within the time of the context; more says that something is left.
	DeleteAll(ctx context.Context, prefix string) (more bool, err error)
}
