// Package training keeps the plans of runners: it saves what the generator
// makes, lets the runner follow and change it, and says what to run when.
//
// A plan is kept as it was made. Nothing is ever generated again to be read,
// so a plan outlives the rules that made it.
package training

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/stride-run/stride/internal/fault"
)

// How much a runner may keep.
const (
	MaxPlans  = 200
	MaxActive = 5
)

// What a Store says when it has done nothing. The texts are for the log.
var (
	// ErrNoRunner: the runner's account is gone, or about to go.
	ErrNoRunner = errors.New("the account is deleted")
	// ErrKeyUsed: there is a receipt under the idempotency key.
	ErrKeyUsed = errors.New("the idempotency key is used")
	// ErrChanged: the plan is no longer the one that was read.
	ErrChanged = errors.New("the plan has changed")
	// ErrPlanQuota: the runner has MaxPlans plans.
	ErrPlanQuota = errors.New("too many plans")
	// ErrActiveQuota: MaxActive plans are active.
	ErrActiveQuota = errors.New("too many active plans")
)

// A Store keeps plans. Everything is under the runner's id: what belongs to
// another runner is not there. Each write is done whole or not at all, also
// when its caller never hears of it. Everything is refused with ErrNoRunner
// once the runner's account is gone: reads as of when they are made, writes
// as part of the write itself. Now decides what has expired.
type Store interface {
	// Create keeps a new plan, active, together with the receipt, if there is
	// one. Errors: ErrKeyUsed, ErrPlanQuota, ErrActiveQuota.
	Create(ctx context.Context, runner string, p *Plan, r *Receipt, now time.Time) error
	// Plan reads a plan; nil if there is none.
	Plan(ctx context.Context, runner, id string, now time.Time) (*Plan, error)
	// Plans reads up to limit plans, newest first, those after the id named
	// by after, or from the start. They have no weeks and no paces.
	Plans(ctx context.Context, runner, after string, limit int, now time.Time) ([]*Plan, error)
	// Change writes a plan that was read and then changed. Errors:
	// ErrKeyUsed, ErrChanged, ErrActiveQuota.
	Change(ctx context.Context, runner string, c Change, now time.Time) error
	// Delete removes a plan that was read. Error: ErrChanged.
	Delete(ctx context.Context, runner string, p *Plan, now time.Time) error
	// Receipt reads the receipt under a key; nil if there is none.
	Receipt(ctx context.Context, runner, key string, now time.Time) (*Receipt, error)
	// Active reads the active plans, without their weeks.
	Active(ctx context.Context, runner string, now time.Time) ([]*Plan, error)
	// Weeks reads some weeks of a plan that Active returned, into it.
	Weeks(ctx context.Context, runner string, p *Plan, first, last int, now time.Time) error
}

// A Change is a plan with its new content, and what of it is new beside the
// fact that the runner has it. Its Revision is the one that was read.
type Change struct {
	Plan    *Plan
	Weeks   []int // the numbers of the weeks that changed
	Active  bool  // whether Plan.Active changed
	Receipt *Receipt
}

// A Service does what runners ask for. Every runner is named by the id in
// their verified access token.
type Service struct {
	store Store
}

// New returns a Service on a store.
func New(store Store) *Service { return &Service{store} }

// A Match says whether the caller means the present version of a resource,
// which has the given tag; its error is the answer. Nil is sure of it.
type Match func(tag string) error

// attempts is how often a change is made anew on top of others'. Each loser
// loses to somebody who got on, and the caller's own version is checked every
// time, so this is for changes to different workouts of one plan.
const attempts = 10

// change reads a plan, lets edit change it, and writes it back, again and
// again until nobody else has changed it in between. Edit returns what it
// changed; no change at all is not written.
func (s *Service) change(ctx context.Context, runner, id string, now time.Time, edit func(*Plan) (Change, error)) (*Plan, error) {
	for range attempts {
		p, err := s.read(ctx, runner, id, now)
		if err != nil {
			return nil, err
		}
		c, err := edit(p)
		if err != nil || c.Plan == nil {
			return p, err
		}
		p.Updated = now.UTC().Truncate(time.Second)
		err = s.store.Change(ctx, runner, c, now)
		if err == nil {
			p.Revision++
			return p, nil
		}
		if !errors.Is(err, ErrChanged) {
			return nil, explain(err)
		}
	}
	return nil, busy()
}

func busy() error {
	return &fault.Fault{Kind: fault.Unavailable, Detail: "This plan is changing all the time. Try again in a moment.", RetryAfter: 1, Cause: ErrChanged}
}

// read reads a plan that has to be there.
func (s *Service) read(ctx context.Context, runner, id string, now time.Time) (*Plan, error) {
	if !isID(id) {
		return nil, noPlan()
	}
	p, err := s.store.Plan(ctx, runner, id, now)
	if err != nil {
		return nil, explain(err)
	}
	if p == nil {
		return nil, noPlan()
	}
	return p, nil
}

// newID makes the id of a plan. Ids sort by time, which the lists rely on.
func newID() (string, error) {
	id, err := uuid.NewV7()
	return id.String(), err
}

// isID says whether a text can be the id of a plan: a UUIDv7 in its one
// written form. Nothing else reaches a key.
func isID(s string) bool {
	id, err := uuid.Parse(s)
	return err == nil && id.Version() == 7 && id.Variant() == uuid.RFC4122 && id.String() == s
}

// The same words for what is not there and for what is somebody else's.
func noPlan() error { return fault.New(fault.NotFound, "You have no plan with this id.") }

func noWorkout() error { return fault.New(fault.NotFound, "This plan has no workout with this id.") }

// What a change can clash with. Each is a type of problem, and the code of the
// fields that cause it.
const (
	DayTaken      fault.Code = "day_taken"
	RaceFixed     fault.Code = "race_fixed"
	WorkoutsMoved fault.Code = "workouts_moved"
)

// conflict is a Conflict with a problem type of its own.
func conflict(slug, detail string) *fault.Fault {
	return &fault.Fault{Kind: fault.Conflict, Slug: slug, Detail: detail}
}

// conflictAt is a conflict that fields cause.
func conflictAt(code fault.Code, detail string, pointers ...string) error {
	f := conflict(string(code), detail)
	for _, pointer := range pointers {
		f.Fields = append(f.Fields, fault.Field{Pointer: pointer, Code: code, Message: detail})
	}
	return f
}

// explain says what the caller can do about a refusal of the store.
func explain(err error) error {
	switch {
	case errors.Is(err, ErrNoRunner):
		return &fault.Fault{Kind: fault.Denied, Detail: "This account is deleted.", Cause: err}
	case errors.Is(err, ErrPlanQuota):
		return conflict("quota_exceeded", "You have 200 plans, which is the most there is room for. Delete one first.")
	case errors.Is(err, ErrActiveQuota):
		return conflict("too_many_active_plans", "Five of your plans are active, which is the most. Set active to false in one of them, or delete one.")
	}
	return err
}
