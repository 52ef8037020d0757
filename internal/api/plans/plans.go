// Package plans has the handlers of saved plans and of the runner's calendar.
package plans

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/training"
)

// API answers for saved plans. All fields are required but Now.
type API struct {
	Plans *training.Service
	// Runner returns the id in the request's verified access token. Error:
	// fault.Denied.
	Runner  func(*http.Request) (string, error)
	Cursors api.Cursors
	Now     func() time.Time // nil: time.Now
}

// PlanHandlers are the handlers of the function plans, by route.
func (a API) PlanHandlers() map[string]api.Handler {
	return map[string]api.Handler{
		"POST /api/plans":                                   a.create,
		"GET /api/plans":                                    a.list,
		"GET /api/plans/{plan_id}":                          a.get,
		"PATCH /api/plans/{plan_id}":                        a.update,
		"DELETE /api/plans/{plan_id}":                       a.remove,
		"POST /api/plans/{plan_id}/workouts":                a.addWorkout,
		"GET /api/plans/{plan_id}/workouts/{workout_id}":    a.getWorkout,
		"PATCH /api/plans/{plan_id}/workouts/{workout_id}":  a.updateWorkout,
		"DELETE /api/plans/{plan_id}/workouts/{workout_id}": a.removeWorkout,
	}
}

// WorkoutHandlers are the handlers of the function workouts, by route.
func (a API) WorkoutHandlers() map[string]api.Handler {
	return map[string]api.Handler{"GET /api/workouts": a.calendar}
}

func (a API) now() time.Time {
	if a.Now == nil {
		return time.Now()
	}
	return a.Now()
}

func (a API) create(r *http.Request) (api.Response, error) {
	runner, in, key, err := a.keyed(r)
	if err != nil {
		return api.Response{}, err
	}
	n, err := readNewPlan(in)
	if err != nil {
		return api.Response{}, err
	}
	p, replayed, err := a.Plans.Save(r.Context(), runner, n, key, a.now())
	if err != nil {
		return api.Response{}, err
	}
	return created("/api/plans/"+p.ID, p.Tag(), replayed, newPlan(p)), nil
}

func (a API) list(r *http.Request) (api.Response, error) {
	runner, err := a.Runner(r)
	if err != nil {
		return api.Response{}, err
	}
	q, err := api.ReadQuery(r)
	if err != nil {
		return api.Response{}, err
	}
	now, limit := a.now(), q.Limit()
	cursor, isThere := q.Text("cursor")
	if err := q.Faults(); err != nil {
		return api.Response{}, err
	}
	after := ""
	if isThere {
		if after, err = a.Cursors.Open(r.Context(), runner, cursor, now); err != nil {
			return api.Response{}, err
		}
	}
	plans, more, err := a.Plans.List(r.Context(), runner, after, limit, now)
	if err != nil {
		return api.Response{}, err
	}
	out := List{Items: make([]Item, len(plans))}
	for i, p := range plans {
		out.Items[i] = newItem(p)
	}
	if more {
		if out.NextCursor, err = a.Cursors.Seal(r.Context(), runner, plans[limit-1].ID, now); err != nil {
			return api.Response{}, err
		}
	}
	return api.Response{Body: out}, nil
}

func (a API) get(r *http.Request) (api.Response, error) {
	runner, err := a.Runner(r)
	if err != nil {
		return api.Response{}, err
	}
	p, err := a.Plans.Get(r.Context(), runner, r.PathValue("plan_id"), a.now())
	if err != nil {
		return api.Response{}, err
	}
	return api.Tagged(p.Tag(), newPlan(p)), nil
}

func (a API) update(r *http.Request) (api.Response, error) {
	runner, err := a.Runner(r)
	if err != nil {
		return api.Response{}, err
	}
	in, err := api.ReadObject(r)
	if err != nil {
		return api.Response{}, err
	}
	c, err := readPlanChange(in)
	if err != nil {
		return api.Response{}, err
	}
	p, err := a.Plans.Update(r.Context(), runner, r.PathValue("plan_id"), api.IfMatch(r), c, a.now())
	if err != nil {
		return api.Response{}, err
	}
	return api.Tagged(p.Tag(), newPlan(p)), nil
}

func (a API) remove(r *http.Request) (api.Response, error) {
	runner, err := a.Runner(r)
	if err != nil {
		return api.Response{}, err
	}
	err = a.Plans.Delete(r.Context(), runner, r.PathValue("plan_id"), api.IfMatchGiven(r), a.now())
	return api.Response{Status: http.StatusNoContent}, err
}

func (a API) calendar(r *http.Request) (api.Response, error) {
	runner, err := a.Runner(r)
	if err != nil {
		return api.Response{}, err
	}
	q, err := api.ReadQuery(r)
	if err != nil {
		return api.Response{}, err
	}
	from, to, err := readSpan(q)
	if err != nil {
		return api.Response{}, err
	}
	plans, err := a.Plans.Workouts(r.Context(), runner, from, to, a.now())
	if err != nil {
		return api.Response{}, err
	}
	out := Calendar{Items: []Day{}}
	for _, p := range plans {
		out.Items = append(out.Items, days(p)...)
	}
	// Workouts of one day stay in the order of their plans.
	slices.SortStableFunc(out.Items, func(a, b Day) int { return cmp.Compare(a.Date, b.Date) })
	return api.Response{Body: out}, nil
}

// keyed says who sends a request that can be repeated, and reads its body and
// its idempotency key.
func (a API) keyed(r *http.Request) (runner string, in *api.Object, key string, err error) {
	if runner, err = a.Runner(r); err != nil {
		return "", nil, "", err
	}
	if key, err = api.IdempotencyKey(r); err != nil {
		return "", nil, "", err
	}
	in, err = api.ReadObject(r)
	return runner, in, key, err
}

func created(location, tag string, replayed bool, body any) api.Response {
	out := api.Tagged(tag, body)
	out.Status = http.StatusCreated
	out.Header.Set("Location", location)
	if replayed {
		api.Replayed(out.Header)
	}
	return out
}
