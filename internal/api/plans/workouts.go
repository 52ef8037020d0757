package plans

import (
	"net/http"

	"github.com/stride-run/stride/internal/api"
)

func (a API) addWorkout(r *http.Request) (api.Response, error) {
	runner, in, key, err := a.keyed(r)
	if err != nil {
		return api.Response{}, err
	}
	n, err := readNewWorkout(in)
	if err != nil {
		return api.Response{}, err
	}
	p, id, replayed, err := a.Plans.AddWorkout(r.Context(), runner, r.PathValue("plan_id"), n, key, a.now())
	if err != nil {
		return api.Response{}, err
	}
	return created("/api/plans/"+p.ID+"/workouts/"+id, p.TagOf(id), replayed, oneWorkout(p, id)), nil
}

func (a API) getWorkout(r *http.Request) (api.Response, error) {
	runner, err := a.Runner(r)
	if err != nil {
		return api.Response{}, err
	}
	id := r.PathValue("workout_id")
	p, err := a.Plans.GetWorkout(r.Context(), runner, r.PathValue("plan_id"), id, a.now())
	if err != nil {
		return api.Response{}, err
	}
	return api.Tagged(p.TagOf(id), oneWorkout(p, id)), nil
}

func (a API) updateWorkout(r *http.Request) (api.Response, error) {
	runner, err := a.Runner(r)
	if err != nil {
		return api.Response{}, err
	}
	in, err := api.ReadObject(r)
	if err != nil {
		return api.Response{}, err
	}
	c, err := readWorkoutChange(in)
	if err != nil {
		return api.Response{}, err
	}
	id := r.PathValue("workout_id")
	p, err := a.Plans.UpdateWorkout(r.Context(), runner, r.PathValue("plan_id"), id, api.IfMatch(r), c, a.now())
	if err != nil {
		return api.Response{}, err
	}
	return api.Tagged(p.TagOf(id), oneWorkout(p, id)), nil
}

func (a API) removeWorkout(r *http.Request) (api.Response, error) {
	runner, err := a.Runner(r)
	if err != nil {
		return api.Response{}, err
	}
	err = a.Plans.DeleteWorkout(r.Context(), runner, r.PathValue("plan_id"), r.PathValue("workout_id"), api.IfMatchGiven(r), a.now())
	return api.Response{Status: http.StatusNoContent}, err
}
