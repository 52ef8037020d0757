package activity

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"time"

	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/performance"
	"github.com/stride-run/stride/internal/race"
	"github.com/stride-run/stride/internal/session"
	"github.com/stride-run/stride/internal/unit"
)

// claims are what a session claims of personal bests, as it is.
func (s *Session) claims() []session.Claim {
	if !s.CountsForBests {
		return nil
	}
	return session.Claims(s.ID, s.Start, s.Sport, s.Statistics)
}

func (s *Session) has(f session.Flag) bool { return slices.Contains(s.Flags, f) }

// claim makes a change of claims with what follows for the bests, on the
// state that it builds on. The bests after it are those that a look at all
// claims gives; most changes need no look. Changed are the distances whose
// best is another.
func (s *Service) claim(ctx context.Context, runner string, st *State, c *Change, add, drop []session.Claim, now time.Time) (changed []unit.Distance, err error) {
	c.Of = st
	c.AddClaims = without(add, drop)
	c.DropClaims = without(drop, add)
	if !session.Touches(st.Bests, c.AddClaims, c.DropClaims) {
		return nil, nil
	}
	after, err := session.Stand(func(distance unit.Distance, atLeast time.Duration) iter.Seq2[session.Claim, error] {
		return changedBy(s.store.Claims(ctx, runner, distance, atLeast, now), distance, atLeast, c)
	})
	if err != nil {
		return nil, err
	}
	before := make(map[unit.Distance]session.Best)
	for _, b := range st.Bests {
		before[b.Distance] = b
	}
	for _, b := range after {
		if was, ok := before[b.Distance]; !ok || !reflect.DeepEqual(was, b) {
			c.SetBests = append(c.SetBests, b)
		}
		delete(before, b.Distance)
	}
	for _, b := range st.Bests {
		if _, left := before[b.Distance]; left {
			c.DropBests = append(c.DropBests, b.Distance)
		}
	}
	return session.Changed(st.Bests, after), nil
}

// without returns the claims that are not among others.
func without(claims, others []session.Claim) []session.Claim {
	return slices.DeleteFunc(slices.Clone(claims), func(c session.Claim) bool { return slices.Contains(others, c) })
}

// changedBy gives the claims over a distance as they are after a change.
func changedBy(kept iter.Seq2[session.Claim, error], distance unit.Distance, atLeast time.Duration, change *Change) iter.Seq2[session.Claim, error] {
	var added []session.Claim
	for _, c := range change.AddClaims {
		if c.Distance == distance && c.Time >= atLeast {
			added = append(added, c)
		}
	}
	slices.SortFunc(added, session.Claim.Compare)
	dropped := func(c session.Claim) bool {
		return slices.ContainsFunc(change.DropClaims, func(d session.Claim) bool { return d.Source == c.Source && d.Distance == c.Distance })
	}
	return func(yield func(session.Claim, error) bool) {
		for c, err := range kept {
			if err != nil {
				yield(c, err)
				return
			}
			if dropped(c) {
				continue
			}
			for len(added) > 0 && added[0].Compare(c) < 0 {
				if !yield(added[0], nil) {
					return
				}
				added = added[1:]
			}
			if !yield(c, nil) {
				return
			}
		}
		for _, c := range added {
			if !yield(c, nil) {
				return
			}
		}
	}
}

// PersonalBests returns the personal bests. Error: fault.Denied.
func (s *Service) PersonalBests(ctx context.Context, runner string, now time.Time) (*PersonalBests, error) {
	st, err := s.store.State(ctx, runner, now)
	if err != nil {
		return nil, explain(err)
	}
	results, err := s.store.Results(ctx, runner, now)
	if err != nil {
		return nil, explain(err)
	}
	p := &PersonalBests{Standing: st.Bests, Results: results, Zone: home(&st.Profile)}
	p.fit()
	return p, nil
}

// fit computes critical speed from the bests. It is never kept, so it is
// never out of date.
func (p *PersonalBests) fit() {
	if len(p.Standing) == 0 {
		p.Unavailable = "There are no personal bests yet."
		return
	}
	fit, err := performance.FitCriticalSpeed(session.AllOut(p.Standing))
	if err == nil {
		p.CriticalSpeed = &fit
		return
	}
	p.Unavailable = err.Error()
	if f, ok := errors.AsType[*fault.Fault](err); ok && len(f.Fields) > 0 {
		p.Unavailable = f.Fields[0].Message
	}
}

// earliest is the first day of a result by hand.
var earliest = calendar.Of(1950, time.January, 1)

// Check says all that is wrong with a result.
func (r NewResult) Check(now time.Time) error {
	var fields []fault.Field
	gate, standard := session.Gate(r.Distance)
	switch {
	case !standard:
		fields = append(fields, fault.Field{
			Pointer: "/distance_m", Code: fault.OutOfRange,
			Message: "Give one of the standard distances: 400, 1000, 1609.344, 5000, 10000, 21097.5 or 42195 m.",
		})
	case r.Time < gate:
		fields = append(fields, fault.Field{
			Pointer: "/time", Code: fault.OutOfRange, Message: "Nobody has run this distance so fast. Check the time.",
		})
	case performance.Check([]race.Result{r.Result}) != nil:
		fields = append(fields, fault.Field{
			Pointer: "/time", Code: fault.OutOfRange, Message: "Give a time of at most 30 minutes for each kilometre.",
		})
	}
	today := calendar.Of(now.Add(14 * time.Hour).UTC().Date()) // where the day begins first
	if r.Date.IsZero() || r.Date.Before(earliest) || today.Before(r.Date) {
		fields = append(fields, fault.Field{
			Pointer: "/date", Code: fault.OutOfRange, Message: "Give a day from " + earliest.String() + " to today.",
			Allowed: &fault.Allowed{Min: earliest.String(), Max: today.String()},
		})
	}
	return fault.Fields(fields)
}

func (r *Result) claim() session.Claim {
	return session.Claim{Result: r.Result, Source: r.ID, At: TimeOf(r.ID), ByHand: true}
}

// AddResult enters a result by hand and returns it with the personal bests as
// they are then. The same result on the same day is entered once. Errors:
// fault.Invalid with all that is wrong, at /distance_m, /time and /date;
// fault.Conflict with the slug quota_exceeded; fault.Denied.
func (s *Service) AddResult(ctx context.Context, runner string, r NewResult, now time.Time) (*Result, *PersonalBests, error) {
	if err := r.Check(now); err != nil {
		return nil, nil, err
	}
	entry := &Result{
		ID:     idAt(midnight(r.Date, time.UTC), fmt.Sprintf("result %v %v %q", r.Distance, r.Time, r.Name)),
		Result: r.Result, Date: r.Date, Name: r.Name, Created: now.UTC().Truncate(time.Second),
	}
	err := retry(ctx, func() error {
		st, err := s.store.State(ctx, runner, now)
		if err != nil {
			return err
		}
		results, err := s.store.Results(ctx, runner, now)
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(results, func(o Result) bool { return o.ID == entry.ID }); i >= 0 {
			entry = &results[i]
			return nil
		}
		if st.Results >= MaxResults {
			return quota("You have entered 200 results, which is the most there is room for. Delete one first.")
		}
		c := Change{AddResult: entry}
		if _, err := s.claim(ctx, runner, st, &c, []session.Claim{entry.claim()}, nil, now); err != nil {
			return err
		}
		return s.store.Write(ctx, runner, c, now)
	})
	if err != nil {
		return nil, nil, err
	}
	p, err := s.PersonalBests(ctx, runner, now)
	return entry, p, err
}

// DeleteResult removes a result that was entered by hand. Errors:
// fault.NotFound, fault.Denied.
func (s *Service) DeleteResult(ctx context.Context, runner, id string, now time.Time) error {
	return retry(ctx, func() error {
		st, err := s.store.State(ctx, runner, now)
		if err != nil {
			return err
		}
		results, err := s.store.Results(ctx, runner, now)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(results, func(o Result) bool { return o.ID == id })
		if i < 0 {
			return fault.New(fault.NotFound, "You have entered no result with this id.")
		}
		c := Change{DropResult: &results[i]}
		if _, err := s.claim(ctx, runner, st, &c, nil, []session.Claim{results[i].claim()}, now); err != nil {
			return err
		}
		return s.store.Write(ctx, runner, c, now)
	})
}
