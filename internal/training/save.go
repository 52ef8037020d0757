package training

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/plan"
)

// ReceiptLifetime is how long a request can be repeated under its key.
const ReceiptLifetime = 24 * time.Hour

// A Receipt says what a request with an idempotency key has made. It is kept
// in the same write as what it made, so that there is never one without the
// other.
type Receipt struct {
	Key     string
	Hash    [sha256.Size]byte // of the request
	Plan    string            // its id
	Workout string            // its id; empty: the request made the plan
	Expires time.Time
}

// newReceipt returns the receipt of a request, which is given in one form,
// whatever form it came in; nil without a key.
func newReceipt(key, request string, now time.Time) *Receipt {
	if key == "" {
		return nil
	}
	return &Receipt{Key: key, Hash: sha256.Sum256([]byte(request)), Expires: now.Add(ReceiptLifetime)}
}

// NewPlan is what a plan is made from.
type NewPlan struct {
	Name string // empty: named after the target
	Goal plan.Goal
}

// String is the request in one form. It stays the same for as long as a
// receipt lives, so fields are only ever added behind the others, where set.
func (n NewPlan) String() string {
	a := n.Goal.Answers()
	return fmt.Sprintf("plan %q %d %d %v %v %s %v %v", n.Name, a.Weeks, a.RunsPerWeek, a.TargetTime, a.FirstLongRun, a.Unit, a.LongRunDay, a.RaceDate)
}

// Save generates a plan and keeps it, active. With a key, which may be empty,
// the same request again within a day makes nothing and returns the plan that
// the first one made, as it is now, and true. Errors: fault.Conflict with the
// slug quota_exceeded or too_many_active_plans, fault.Invalid with
// idempotency_mismatch for a key that belongs to another request,
// fault.NotFound when what the key has made is deleted, fault.Denied.
func (s *Service) Save(ctx context.Context, runner string, n NewPlan, key string, now time.Time) (*Plan, bool, error) {
	id, err := newID()
	if err != nil {
		return nil, false, fmt.Errorf("name plan: %w", err)
	}
	at := now.UTC().Truncate(time.Second)
	p := &Plan{ID: id, Name: n.Name, Active: true, Created: at, Updated: at, Version: 1, Revision: 1, Plan: plan.Generate(n.Goal)}
	if p.Name == "" {
		p.Name = defaultName(p.Answers)
	}
	for _, w := range p.Weeks {
		p.Numbers = append(p.Numbers, len(w.Workouts))
	}
	receipt := newReceipt(key, n.String(), now)
	if receipt != nil {
		receipt.Plan = id
	}
	err = s.store.Create(ctx, runner, p, receipt, now)
	switch {
	case errors.Is(err, ErrKeyUsed):
		p, _, err := s.replay(ctx, runner, receipt, now)
		if err != nil {
			return nil, false, err
		}
		p.warnOfPast(p.Created)
		return p, true, nil
	case err != nil:
		return nil, false, explain(err)
	}
	p.warnOfPast(now)
	return p, false, nil
}

// replay finds what a request under the same key has made, and checks that it
// was the same request.
func (s *Service) replay(ctx context.Context, runner string, asked *Receipt, now time.Time) (p *Plan, workout string, err error) {
	made, err := s.store.Receipt(ctx, runner, asked.Key, now)
	if err != nil {
		return nil, "", err
	}
	if made == nil { // it has just expired
		return nil, "", &fault.Fault{Kind: fault.Unavailable, Detail: "Send it again.", RetryAfter: 1, Cause: ErrKeyUsed}
	}
	if made.Hash != asked.Hash {
		return nil, "", &fault.Fault{
			Kind: fault.Invalid, Slug: "idempotency_mismatch",
			Detail: "This Idempotency-Key came with another request before. Use a new key for each request.",
		}
	}
	p, err = s.store.Plan(ctx, runner, made.Plan, now)
	if err != nil {
		return nil, "", explain(err)
	}
	if p == nil {
		return nil, "", fault.New(fault.NotFound, "What this Idempotency-Key has made is deleted.")
	}
	return p, made.Workout, nil
}

// Get returns a plan. Error: fault.NotFound.
func (s *Service) Get(ctx context.Context, runner, id string, now time.Time) (*Plan, error) {
	return s.read(ctx, runner, id, now)
}

// List returns up to limit plans, newest first, those after the plan whose id
// is after; empty starts at the start. They have neither weeks nor paces.
// More says whether others follow.
func (s *Service) List(ctx context.Context, runner, after string, limit int, now time.Time) (plans []*Plan, more bool, err error) {
	plans, err = s.store.Plans(ctx, runner, after, limit+1, now)
	if err != nil {
		return nil, false, explain(err)
	}
	if len(plans) > limit {
		return plans[:limit], true, nil
	}
	return plans, false, nil
}

// A PlanChange is what to change in a plan; nil leaves things as they are.
type PlanChange struct {
	Name     *string
	Active   *bool
	RaceDate *calendar.Date // zero: the plan has weekdays only
}

// Update changes a plan. Another race date moves the whole plan: every workout
// keeps its week, its distance to the long run, or to the race in race week,
// and what the runner noted. Errors: fault.NotFound, those of match,
// fault.Conflict with the slug workouts_moved or too_many_active_plans,
// fault.Denied.
func (s *Service) Update(ctx context.Context, runner, id string, match Match, c PlanChange, now time.Time) (*Plan, error) {
	redated := false
	p, err := s.change(ctx, runner, id, now, func(p *Plan) (Change, error) {
		if err := matches(match, p.Tag()); err != nil {
			return Change{}, err
		}
		out, changed := Change{Plan: p}, false
		if c.Name != nil && *c.Name != p.Name {
			p.Name, changed = *c.Name, true
		}
		if c.Active != nil && *c.Active != p.Active {
			p.Active, out.Active, changed = *c.Active, true, true
		}
		redated = c.RaceDate != nil && *c.RaceDate != p.Answers.RaceDate
		if redated {
			if p.hasMoved() {
				return Change{}, conflictAt(WorkoutsMoved, "You have moved workouts of this plan. Move them back before you give it another date.", "/race_date")
			}
			p.Plan = plan.Redate(p.Plan, *c.RaceDate)
			p.Dating++
		}
		if !changed && !redated {
			return Change{}, nil
		}
		p.Version++
		return out, nil
	})
	if err != nil {
		return nil, err
	}
	if redated {
		p.warnOfPast(now)
	}
	return p, nil
}

// Delete removes a plan with all its workouts. Errors: fault.NotFound, those
// of match, fault.Denied.
func (s *Service) Delete(ctx context.Context, runner, id string, match Match, now time.Time) error {
	for range attempts {
		p, err := s.read(ctx, runner, id, now)
		if err != nil {
			return err
		}
		if err := matches(match, p.Tag()); err != nil {
			return err
		}
		if err = s.store.Delete(ctx, runner, p, now); !errors.Is(err, ErrChanged) {
			return explain(err)
		}
	}
	return busy()
}

func matches(match Match, tag string) error {
	if match == nil {
		return nil
	}
	return match(tag)
}

func dateOf(t time.Time) calendar.Date { return calendar.Of(t.UTC().Date()) }

// All returns every plan of a runner, newest first and whole, for somebody who
// takes their data along.
func (s *Service) All(ctx context.Context, runner string, now time.Time) ([]*Plan, error) {
	listed, err := s.store.Plans(ctx, runner, "", MaxPlans, now)
	if err != nil {
		return nil, explain(err)
	}
	var plans []*Plan
	for _, item := range listed {
		p, err := s.store.Plan(ctx, runner, item.ID, now)
		if err != nil {
			return nil, explain(err)
		}
		if p != nil { // else deleted in between
			plans = append(plans, p)
		}
	}
	return plans, nil
}
