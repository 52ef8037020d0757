package training

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/plan"
)

// MaxSpan is how many days lie at most between the first and the last day of
// a calendar.
const MaxSpan = 370

// Workouts returns the active plans that have workouts from one date to
// another, both included, each with these workouts and no others. Plans
// without dates have none. Error: fault.Invalid, which names the query
// parameter.
func (s *Service) Workouts(ctx context.Context, runner string, from, to calendar.Date, now time.Time) ([]*Plan, error) {
	if days := to.DaysSince(from); days < 0 || days > MaxSpan {
		last := from.AddDays(MaxSpan).String()
		return nil, fault.Fields([]fault.Field{{
			Parameter: "to", Code: fault.OutOfRange,
			Message: fmt.Sprintf("Choose a day from %s to %s: a calendar spans up to %d days.", from, last, MaxSpan),
			Allowed: &fault.Allowed{Min: from.String(), Max: last},
		}})
	}
	active, err := s.store.Active(ctx, runner, now)
	if err != nil {
		return nil, explain(err)
	}
	var plans []*Plan
	for _, p := range active {
		first, last, ok := p.weeksBetween(from, to)
		if !ok {
			continue
		}
		if err := s.store.Weeks(ctx, runner, p, first, last, now); err != nil {
			return nil, err
		}
		if p.keep(from, to) {
			plans = append(plans, p)
		}
	}
	return plans, nil
}

// weeksBetween says which weeks of a dated plan have days in a span.
func (p *Plan) weeksBetween(from, to calendar.Date) (first, last int, ok bool) {
	race := p.Answers.RaceDate
	if race.IsZero() {
		return 0, 0, false
	}
	if start := race.AddDays(1 - 7*p.Answers.Weeks); from.Before(start) {
		from = start
	}
	if race.Before(to) {
		to = race
	}
	if to.Before(from) {
		return 0, 0, false
	}
	first, _, _ = p.Place(from)
	last, _, _ = p.Place(to)
	return first, last, true
}

// keep drops the workouts outside a span, and says whether any are left.
func (p *Plan) keep(from, to calendar.Date) bool {
	left := 0
	for i := range p.Weeks {
		w := &p.Weeks[i]
		w.Workouts = slices.DeleteFunc(w.Workouts, func(o plan.Workout) bool { return o.Date.Before(from) || to.Before(o.Date) })
		left += len(w.Workouts)
	}
	return left > 0
}
