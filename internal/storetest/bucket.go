package storetest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/stride-run/stride/internal/activity"
	"github.com/stride-run/stride/internal/fault"
)

// address is where the objects of a Bucket are.
const address = "https://bucket.example/"

// A Bucket keeps objects in memory. It is safe for concurrent use, but for
// Kept.
type Bucket struct {
	// Now is the time by which addresses end.
	Now  time.Time
	Kept map[string][]byte

	mu sync.Mutex
}

var _ activity.Objects = (*Bucket)(nil)

// NewBucket returns an empty bucket.
func NewBucket(now time.Time) *Bucket { return &Bucket{Now: now, Kept: map[string][]byte{}} }

// SignUpload implements activity.Objects. The headers are those of S3 in kind
// only.
func (b *Bucket) SignUpload(_ context.Context, key string, size int64, sha256 string) (activity.Upload, error) {
	return activity.Upload{
		URL: address + key, Headers: map[string]string{"x-size": fmt.Sprint(size), "x-sha256": sha256}, ExpiresAt: b.Now.Add(5 * time.Minute),
	}, nil
}

// SignDownload implements activity.Objects.
func (b *Bucket) SignDownload(_ context.Context, key, fileName string) (string, error) {
	return address + key + "?name=" + fileName, nil
}

// KeyOf is the key in an address of a bucket.
func KeyOf(url string) string { return strings.TrimPrefix(url, address) }

// Put implements activity.Objects.
func (b *Bucket) Put(_ context.Context, key, _ string, body []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ok := b.Kept[key]; !ok {
		b.Kept[key] = slices.Clone(body)
	}
	return nil
}

// Get implements activity.Objects.
func (b *Bucket) Get(_ context.Context, key string, limit int64) ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	body, ok := b.Kept[key]
	switch {
	case !ok:
		return nil, fault.New(fault.NotFound, "no object")
	case int64(len(body)) > limit:
		return nil, fault.New(fault.TooLarge, "large object")
	}
	return body, nil
}

// Delete implements activity.Objects.
func (b *Bucket) Delete(_ context.Context, key string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.Kept, key)
	return nil
}

// DeleteAll implements activity.Objects.
func (b *Bucket) DeleteAll(_ context.Context, prefix string) (bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	maps.DeleteFunc(b.Kept, func(key string, _ []byte) bool { return strings.HasPrefix(key, prefix) })
	return false, nil
}

// Keys are the keys that begin with a prefix, in order.
func (b *Bucket) Keys(prefix string) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var keys []string
	for _, key := range slices.Sorted(maps.Keys(b.Kept)) {
		if strings.HasPrefix(key, prefix) {
			keys = append(keys, key)
		}
	}
	return keys
}
