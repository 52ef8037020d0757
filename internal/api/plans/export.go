package plans

import (
	"context"
	"time"
)

// Export returns all plans of a runner as GET /api/plans/{plan_id} answers
// them, newest first, for the file with everything that Stride keeps.
func (a API) Export(ctx context.Context, runner string, now time.Time) (any, error) {
	kept, err := a.Plans.All(ctx, runner, now)
	if err != nil {
		return nil, err
	}
	out := make([]Plan, len(kept))
	for i, p := range kept {
		out[i] = newPlan(p)
	}
	return out, nil
}
