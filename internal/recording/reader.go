package recording

import (
	"context"
	"io"

	"github.com/stride-run/stride/internal/activity"
)

// A Reader is Read with limits, as the service of sessions asks for it.
type Reader struct{ Limits Limits }

var _ activity.Reader = Reader{}

// Read implements activity.Reader.
func (r Reader) Read(ctx context.Context, file io.Reader) activity.Reading {
	recordings, v := Read(ctx, file, r.Limits)
	return activity.Reading{Recordings: recordings, Flags: v.Flags, Reason: string(v.Reason), Cause: v.Err}
}
