// Package planning has the handler that makes plans, and the plan as the API
// writes it.
package planning

import (
	"net/http"

	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/plan"
	"github.com/stride-run/stride/internal/unit"
)

// Generate answers POST /api/generate: the plan for a set of answers. It keeps
// nothing and asks nobody who they are.
func Generate(r *http.Request) (api.Response, error) {
	in, err := api.ReadObject(r)
	if err != nil {
		return api.Response{}, err
	}
	goal, err := ReadGoal(in)
	if err != nil {
		return api.Response{}, err
	}
	return api.Response{Body: NewPlan(plan.Generate(goal))}, nil
}

// ReadGoal reads the answers that a plan is made from, and ends the reading
// of the object: the error holds every fault of form and of value.
func ReadGoal(in *api.Object) (plan.Goal, error) {
	a := plan.Answers{Unit: unit.Km}
	a.Weeks = in.Int("weeks")
	a.RunsPerWeek = in.Int("runs_per_week")
	a.TargetTime = api.Parse(in, "target_time", "H:MM:SS, like 4:00:00", unit.ParseTarget)
	a.FirstLongRun = in.Number("first_long_run")
	if in.Has("unit") {
		a.Unit = api.Enum(in, "unit", unit.Km, unit.Mi)
	}
	day := api.Enum(in, "long_run_day", calendar.WeekdayNames()...)
	a.LongRunDay, _ = calendar.ParseWeekday(day)
	if in.Has("race_date") {
		a.RaceDate = api.Parse(in, "race_date", "YYYY-MM-DD, a day that exists, like 2027-04-25", calendar.Parse)
	}
	goal, err := plan.NewGoal(a)
	if err = in.Faults(err); err != nil {
		return plan.Goal{}, err
	}
	return goal, nil
}
