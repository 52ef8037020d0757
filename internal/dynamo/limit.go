package dynamo

import (
	"context"
	"errors"
	"time"
)

// Limits count tries in fixed windows: every 15 minutes, say, the count
// starts again, and no limit ever locks for good. One item holds one window
// of one scope; it is counted before the work that it guards, by one atomic
// write, so that parallel tries cannot slip through. A reply that is lost may
// make one try count twice, never not at all.

// Reserve counts one try in a scope, such as "login#<digest>", and says
// whether it is within limit tries in the present window; if not, it is not
// counted, and retryAfter says when the next window begins. A scope names a
// person or an address only by a digest. Cost: 1 write unit. Error:
// fault.Unavailable: who cannot count lets nobody in.
func (s *Store) Reserve(ctx context.Context, scope string, limit int, window time.Duration, now time.Time) (allowed bool, retryAfter time.Duration, err error) {
	k, end := limitKey(scope, window, now)
	_, err = s.update(ctx, k, update{
		Expression: "SET entity = :entity, v = :v, expires_at = :end ADD used :one",
		Condition:  "attribute_not_exists(used) OR used < :limit",
		Values: item{
			":entity": text("limit"), ":v": number(1), ":one": number(1), ":limit": number(int64(limit)),
			// Kept for a while longer, for a process whose clock is behind.
			":end": number(end.Add(time.Hour).Unix()),
		},
	})
	if _, full := errors.AsType[*conditionError](err); full {
		return false, end.Sub(now), nil
	}
	return err == nil, 0, err
}

// Release takes one try back, of somebody who turned out to be right. Nothing
// to take back is fine. Cost: 1 write unit.
func (s *Store) Release(ctx context.Context, scope string, window time.Duration, now time.Time) error {
	k, _ := limitKey(scope, window, now)
	_, err := s.update(ctx, k, update{
		Expression: "ADD used :back",
		Condition:  "used > :none",
		Values:     item{":back": number(-1), ":none": number(0)},
	})
	if _, none := errors.AsType[*conditionError](err); none {
		return nil
	}
	return err
}

// Reset forgets the tries of a scope in the present window. Cost: 1 write
// unit.
func (s *Store) Reset(ctx context.Context, scope string, window time.Duration, now time.Time) error {
	k, _ := limitKey(scope, window, now)
	return s.remove(ctx, k, "", nil)
}

// limitKey returns the key of the present window and when it ends. The start
// of the window is in the key, so an old count can have no effect.
func limitKey(scope string, window time.Duration, now time.Time) (item, time.Time) {
	start := now.UTC().Truncate(window)
	return key("LIMIT#"+scope, start.Format(time.RFC3339)), start.Add(window)
}
