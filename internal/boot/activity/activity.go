// Package activity wires the functions that have to do with files of what
// runners did: imports and sessions.
package activity

import (
	"net/http"

	"github.com/stride-run/stride/internal/account"
	"github.com/stride-run/stride/internal/activity"
	handlers "github.com/stride-run/stride/internal/api/activity"
	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/backend"
	"github.com/stride-run/stride/internal/boot/cloud"
	"github.com/stride-run/stride/internal/dynamo"
	"github.com/stride-run/stride/internal/objects"
	"github.com/stride-run/stride/internal/recording"
)

// Functions are the functions of what runners did, by name.
type Functions struct {
	b *backend.Backend
	h handlers.API
}

// New wires the functions. Lookup is os.LookupEnv outside tests. Error: a
// setting that is missing or wrong.
func New(lookup func(string) (string, bool), b *backend.Backend) (Functions, error) {
	bucket, err := cloud.Config(lookup, b.Config.Stage, cloud.S3)
	if err != nil {
		return Functions{}, err
	}
	return Functions{b, handlers.API{
		Activity: activity.New(activity.Config{
			Store:   dynamo.Activities{Store: b.Store},
			Objects: objects.New(bucket, b.Config.Uploads),
			Reader:  recording.Reader{},
			Log:     b.Log,
		}),
		Runner:  b.Runner,
		Cursors: b.Cursors("GET /api/sessions"),
	}}, nil
}

// Imports is the function imports.
func (f Functions) Imports() http.Handler {
	return boot.Serve("imports", f.b.Log, f.h.ImportHandlers())
}

// Sessions is the function sessions.
func (f Functions) Sessions() http.Handler {
	return boot.Serve("sessions", f.b.Log, f.h.SessionHandlers())
}

// Purge removes what a runner has in the bucket.
func (f Functions) Purge() account.Purge { return f.h.Activity.Purge }
