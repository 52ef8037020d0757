package activity

import (
	"context"
	"time"
)

// ExportSessions returns all sessions of a runner as
// GET /api/sessions/{session_id} answers them, oldest first, for the file with
// everything that Stride keeps.
func (a API) ExportSessions(ctx context.Context, runner string, now time.Time) (any, error) {
	out := []Session{}
	for v, err := range a.Activity.All(ctx, runner, now) {
		if err != nil {
			return nil, err
		}
		out = append(out, newSession(v))
	}
	return out, nil
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
