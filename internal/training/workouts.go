package training

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/plan"
	"github.com/stride-run/stride/internal/unit"
)

// What an own workout may be long.
const (
	MinOwn = 100 * unit.Metre
	MaxOwn = 100 * unit.Kilometre
)

// NotDated is the code of a date that is meant for a plan without dates.
const NotDated fault.Code = "plan_has_no_dates"

// maxNumber bounds the numbers in workouts' ids.
const maxNumber = 999

// A Spot names a day of a plan: by date, or by week and weekday. The zero
// value names none.
type Spot struct {
	Date calendar.Date
	Week int
	Day  *time.Weekday
}

// IsZero says whether a Spot names no day.
func (s Spot) IsZero() bool { return s.Date.IsZero() && s.Week == 0 && s.Day == nil }

// String is a Spot in one form.
func (s Spot) String() string {
	if s.Day == nil {
		return s.Date.String()
	}
	return fmt.Sprintf("%d %d", s.Week, *s.Day)
}

// in finds the place in a plan. Error: fault.Invalid.
func (s Spot) in(p *Plan) (Place, error) {
	last := len(p.Weeks)
	switch {
	case s.Date.IsZero() && (s.Week < 1 || s.Week > last):
		return Place{}, invalid("/week", fault.OutOfRange, fmt.Sprintf("This plan has the weeks 1 to %d.", last), &fault.Allowed{Min: 1, Max: last})
	case s.Date.IsZero():
		return Place{s.Week, *s.Day}, nil
	case p.Answers.RaceDate.IsZero():
		return Place{}, invalid("/date", NotDated, "This plan has no dates. Give week and day, or give the plan a race_date.", nil)
	}
	week, day, ok := p.Place(s.Date)
	if !ok {
		first, end := p.Weeks[0].Start.String(), p.Answers.RaceDate.String()
		return Place{}, invalid("/date", fault.OutOfRange, "Choose a date from "+first+" to "+end+", the days of this plan.", &fault.Allowed{Min: first, Max: end})
	}
	return Place{week, day}, nil
}

// pointers are the fields that a Spot came in.
func (s Spot) pointers() []string {
	if s.Date.IsZero() {
		return []string{"/week", "/day"}
	}
	return []string{"/date"}
}

// take checks that a day is free for a workout with the given id.
func (p *Plan) take(at Place, s Spot, id string) error {
	for _, w := range p.Weeks[at.Week-1].Workouts {
		if w.Day == at.Day && w.ID != id {
			return conflictAt(DayTaken, "There is a workout on this day already. Choose a free day, or move the other one first.", s.pointers()...)
		}
	}
	return nil
}

// GetWorkout returns a plan that has the workout. Error: fault.NotFound.
func (s *Service) GetWorkout(ctx context.Context, runner, planID, id string, now time.Time) (*Plan, error) {
	p, err := s.read(ctx, runner, planID, now)
	if err != nil {
		return nil, err
	}
	if w, _ := p.find(id); w == nil {
		return nil, noWorkout()
	}
	return p, nil
}

// A WorkoutChange is what to change in a workout; nil, or the zero Spot,
// leaves things as they are.
type WorkoutChange struct {
	Status *Status
	Note   *string
	To     Spot
}

// UpdateWorkout changes a workout and returns its plan. Errors:
// fault.NotFound, those of match, fault.Invalid for a day outside the plan,
// fault.Conflict with the slug day_taken or race_fixed, fault.Denied.
func (s *Service) UpdateWorkout(ctx context.Context, runner, planID, id string, match Match, c WorkoutChange, now time.Time) (*Plan, error) {
	return s.change(ctx, runner, planID, now, func(p *Plan) (Change, error) {
		w, week := p.find(id)
		if w == nil {
			return Change{}, noWorkout()
		}
		if err := matches(match, p.TagOf(id)); err != nil {
			return Change{}, err
		}
		out, changed := Change{Plan: p, Weeks: []int{week + 1}}, false
		state := p.State(id)
		if c.Status != nil && *c.Status != state.Status {
			state.Status, changed = *c.Status, true
		}
		if c.Note != nil && *c.Note != state.Note {
			state.Note, changed = *c.Note, true
		}
		if !c.To.IsZero() {
			to, err := c.To.in(p)
			if err != nil {
				return Change{}, err
			}
			if from := (Place{week + 1, w.Day}); to != from {
				if w.Type == plan.Race {
					return Change{}, conflictAt(RaceFixed, "The race never moves. Change the plan's race_date instead.", c.To.pointers()...)
				}
				if err := p.take(to, c.To, id); err != nil {
					return Change{}, err
				}
				p.move(id, from, to)
				state.From, changed = fromOf(state.From, w, from, to), true
				out.Weeks = slices.Compact([]int{from.Week, to.Week})
			}
		}
		if !changed {
			return Change{}, nil
		}
		p.touch(id, state)
		return out, nil
	})
}

// fromOf says where the plan had put a workout that is moved, or nil when it
// is moved back there.
func fromOf(origin *Place, w *plan.Workout, from, to Place) *Place {
	switch {
	case w.IsOwn() || origin != nil && *origin == to:
		return nil
	case origin == nil:
		return &from
	}
	return origin
}

// move takes a workout from one day to another, which is free.
func (p *Plan) move(id string, from, to Place) {
	out, in := &p.Weeks[from.Week-1], &p.Weeks[to.Week-1]
	i := slices.IndexFunc(out.Workouts, func(w plan.Workout) bool { return w.ID == id })
	w := out.Workouts[i]
	w.Day = to.Day
	out.Workouts = slices.Delete(slices.Clone(out.Workouts), i, i+1)
	in.Workouts = append(slices.Clip(in.Workouts), w)
	p.Settle()
}

// A NewWorkout is a run of the runner's own: any type but the race.
type NewWorkout struct {
	Type     plan.Type
	Distance unit.Distance // whole metres, MinOwn to MaxOwn
	At       Spot          // not zero
	Title    string        // empty: the usual one of its type
	Note     string
}

// String is the request in one form, as that of NewPlan.
func (n NewWorkout) String() string {
	return fmt.Sprintf("workout %s %v %v %q %q", n.Type, n.Distance, n.At, n.Title, n.Note)
}

// AddWorkout adds a workout to a plan and returns the plan and the workout's
// id; key is as in Save. Errors: fault.NotFound, fault.Invalid for a day
// outside the plan or, with idempotency_mismatch, for a key of another
// request, fault.Conflict with the slug day_taken or quota_exceeded,
// fault.Denied.
func (s *Service) AddWorkout(ctx context.Context, runner, planID string, n NewWorkout, key string, now time.Time) (p *Plan, id string, replayed bool, err error) {
	receipt := newReceipt(key, planID+" "+n.String(), now)
	if receipt != nil { // its own effect would be in the way of the same request
		receipt.Plan = planID
		if made, err := s.store.Receipt(ctx, runner, key, now); err != nil || made != nil {
			return s.again(ctx, runner, receipt, now, err)
		}
	}
	p, err = s.change(ctx, runner, planID, now, func(p *Plan) (Change, error) {
		at, err := n.At.in(p)
		if err != nil {
			return Change{}, err
		}
		if err := p.take(at, n.At, ""); err != nil {
			return Change{}, err
		}
		number := &p.Numbers[at.Week-1]
		if *number >= maxNumber {
			return Change{}, conflict("quota_exceeded", "You have added as many workouts to this week as there are numbers for. Choose another week.")
		}
		*number++
		id = fmt.Sprintf("w%02d-%d", at.Week, *number)
		w := plan.Own(n.Type, n.Distance, &p.Paces)
		w.ID, w.Day = id, at.Day
		in := &p.Weeks[at.Week-1]
		in.Workouts = append(slices.Clip(in.Workouts), w)
		p.Settle()
		p.touch(id, State{Status: Planned, Title: n.Title, Note: n.Note})
		if receipt != nil {
			receipt.Workout = id
		}
		return Change{Plan: p, Weeks: []int{at.Week}, Receipt: receipt}, nil
	})
	if errors.Is(err, ErrKeyUsed) {
		return s.again(ctx, runner, receipt, now, nil)
	}
	return p, id, false, err
}

// again answers a request whose key is used.
func (s *Service) again(ctx context.Context, runner string, asked *Receipt, now time.Time, err error) (*Plan, string, bool, error) {
	if err != nil {
		return nil, "", false, err
	}
	p, id, err := s.replay(ctx, runner, asked, now)
	if err != nil {
		return nil, "", false, err
	}
	if w, _ := p.find(id); w == nil {
		return nil, "", false, fault.New(fault.NotFound, "What this Idempotency-Key has made is deleted.")
	}
	return p, id, true, nil
}

// DeleteWorkout takes one of the runner's own workouts out of a plan. Errors:
// fault.NotFound, those of match, fault.Conflict with the slug
// workout_of_plan for a workout that the plan prescribes, fault.Denied.
func (s *Service) DeleteWorkout(ctx context.Context, runner, planID, id string, match Match, now time.Time) error {
	_, err := s.change(ctx, runner, planID, now, func(p *Plan) (Change, error) {
		w, i := p.find(id)
		if w == nil {
			return Change{}, noWorkout()
		}
		if err := matches(match, p.TagOf(id)); err != nil {
			return Change{}, err
		}
		if !w.IsOwn() {
			return Change{}, conflict("workout_of_plan", "Only workouts that you added can be deleted. Set the status of this one to skipped instead.")
		}
		week := &p.Weeks[i]
		week.Workouts = slices.DeleteFunc(slices.Clone(week.Workouts), func(w plan.Workout) bool { return w.ID == id })
		delete(p.States, id)
		p.Settle()
		return Change{Plan: p, Weeks: []int{i + 1}}, nil
	})
	return err
}
