package plans

import (
	"time"

	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/api/planning"
	"github.com/stride-run/stride/internal/plan"
	"github.com/stride-run/stride/internal/training"
)

// Kept is what a runner has said about a plan.
type Kept struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Active    bool      `json:"active"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// Plan is a saved plan: the whole answer of POST /api/generate and more.
type Plan struct {
	Kept
	planning.Plan
	Weeks []Week `json:"weeks"` // in place of those within
}

// Week is a week of a saved plan.
type Week struct {
	planning.Week
	Workouts []Workout `json:"workouts"` // in place of those within
}

// Workout is a workout of a saved plan.
type Workout struct {
	planning.Workout
	Week   int             `json:"week"` // that it is in, from 1
	Status training.Status `json:"status"`
	Note   string          `json:"note,omitempty"`
	ETag   string          `json:"etag"` // for If-Match, quotes included
}

// Item is a plan in a list.
type Item struct {
	Kept
	Summary planning.Summary `json:"summary"`
	Inputs  planning.Inputs  `json:"inputs"`
}

// List is a page of plans.
type List struct {
	Items      []Item `json:"items"`
	NextCursor string `json:"next_cursor,omitempty"`
}

// Day is a workout in the calendar, with what it belongs to.
type Day struct {
	PlanID   string `json:"plan_id"`
	PlanName string `json:"plan_name"`
	Workout
}

// Calendar is what a runner is to run, by date.
type Calendar struct {
	Items []Day `json:"items"`
}

func newKept(p *training.Plan) Kept {
	return Kept{ID: p.ID, Name: p.Name, Active: p.Active, CreatedAt: p.Created, UpdatedAt: p.Updated}
}

func newPlan(p *training.Plan) Plan {
	out := Plan{Kept: newKept(p), Plan: planning.NewPlan(p.Plan)}
	out.Weeks = make([]Week, len(out.Plan.Weeks))
	for i, w := range out.Plan.Weeks {
		out.Weeks[i] = Week{Week: w, Workouts: make([]Workout, len(w.Workouts))}
		for j, o := range w.Workouts {
			out.Weeks[i].Workouts[j] = newWorkout(p, w.Week, o)
		}
	}
	return out
}

func newWorkout(p *training.Plan, week int, o planning.Workout) Workout {
	s := p.State(o.ID)
	if s.Title != "" {
		o.Title = s.Title
	}
	return Workout{Workout: o, Week: week, Status: s.Status, Note: s.Note, ETag: api.ETag(p.TagOf(o.ID))}
}

// oneWorkout writes a workout that the plan has, as a plan of nothing else.
func oneWorkout(p *training.Plan, id string) Workout {
	w, week := p.Workout(id)
	only := *p.Plan
	only.Weeks = []plan.Week{{Workouts: []plan.Workout{*w}}}
	only.Summary.Runs = 1
	return newWorkout(p, week, planning.NewPlan(&only).Weeks[0].Workouts[0])
}

func newItem(p *training.Plan) Item {
	facts := planning.NewPlan(p.Plan)
	return Item{Kept: newKept(p), Summary: facts.Summary, Inputs: facts.Inputs}
}

// days lists a plan's workouts.
func days(p *training.Plan) []Day {
	var out []Day
	for _, w := range newPlan(p).Weeks {
		for _, o := range w.Workouts {
			out = append(out, Day{PlanID: p.ID, PlanName: p.Name, Workout: o})
		}
	}
	return out
}
