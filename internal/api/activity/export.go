package activity

import (
	"context"
	"iter"
	"time"
)

// ExportSessions gives all sessions of a runner, one by one, as
// GET /api/sessions/{session_id} answers them, oldest first, for the file with
// everything that Stride keeps.
func (a API) ExportSessions(ctx context.Context, runner string, now time.Time) (any, error) {
	return iter.Seq2[any, error](func(yield func(any, error) bool) {
		for v, err := range a.Activity.All(ctx, runner, now) {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(newSession(v), nil) {
				return
			}
		}
	}), nil
}

// ExportBests returns a runner's personal bests as GET /api/personal_bests
// answers them, with all results by hand.
func (a API) ExportBests(ctx context.Context, runner string, now time.Time) (any, error) {
	found, err := a.Activity.PersonalBests(ctx, runner, now)
	if err != nil {
		return nil, err
	}
	return newBests(found), nil
}
