package plans

import (
	"context"
	"time"
)

// Export returns all plans of a runner, whole, newest first, as the part that
// plans have in a runner's export.
func (a API) Export(ctx context.Context, runner string, now time.Time) (any, error) {
	const page = 100
	out := []Plan{}
	for after, more := "", true; more; {
		list, further, err := a.Plans.List(ctx, runner, after, page, now)
		if err != nil {
			return nil, err
		}
		for _, item := range list {
			p, err := a.Plans.Get(ctx, runner, item.ID, now)
			if err != nil {
				return nil, err
			}
			out = append(out, newPlan(p))
			after = item.ID
		}
		more = further
	}
	return out, nil
}
