package api

import (
	"context"
	"time"
)

// Cursors seals the positions in a runner's list, so that callers carry them
// and can neither read nor change them. Error of Open: fault.Malformed with
// the slug invalid_cursor.
type Cursors interface {
	Seal(ctx context.Context, runner, position string, now time.Time) (string, error)
	Open(ctx context.Context, runner, cursor string, now time.Time) (string, error)
}
