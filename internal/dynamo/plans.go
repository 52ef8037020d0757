package dynamo

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/plan"
	"github.com/stride-run/stride/internal/training"
)

// Where a runner's plans are. What is in them is in plans_items.go,
// plans_weeks.go and week_wire.go.
//
//	PLANS                 how many there are, and which of them are active
//	PLAN#<plan>           the fact that the runner has the plan: what lists show
//	PART#<plan>#DETAILS   what never changes: engine version, paces, notes
//	PART#<plan>#WEEK#<nn> the workouts of a week, where they are now
//	IDEM#<key>            a receipt
//
// Every write of a plan goes through its fact, whose revision it checks and
// counts up, so the writes of one plan come one after the other and its parts
// need no versions of their own.
const (
	plansKey      = "PLANS"
	planPrefix    = "PLAN#"
	receiptPrefix = "IDEM#"
)

// isGone says whether a runner's profile says that the account is deleted.
func isGone(profile item) bool { return len(profile) == 0 || profile[deletedAt] != nil }

func runnerKey(runner string) string { return "RUNNER#" + runner }

func partPrefix(id string) string { return "PART#" + id + "#" }

func weekKey(id string, week int) string { return fmt.Sprintf("%sWEEK#%02d", partPrefix(id), week) }

// Plans is the store of plans.
type Plans struct{ *Store }

var _ training.Store = Plans{}

// A transaction gathers actions and what it means when one is refused.
type transaction struct {
	actions  []types.TransactWriteItem
	refusals []func(old item) error
}

// add adds an action. Refused says what it means that its condition does not
// hold; of several, the first that was added counts.
func (t *transaction) add(action types.TransactWriteItem, refused func(old item) error) {
	t.actions = append(t.actions, action)
	t.refusals = append(t.refusals, refused)
}

func (t *transaction) put(i item) {
	t.add(putAction(i, "", nil), nil)
}

// always means the same, whatever is there.
func always(err error) func(item) error { return func(item) error { return err } }

// commit does a transaction.
func (s *Store) commit(ctx context.Context, t transaction) error {
	err := s.transact(ctx, "", t.actions...)
	if refused, ok := errors.AsType[*canceledError](err); ok {
		for n, refusal := range t.refusals {
			if refusal != nil && refused.failed(n) {
				return refusal(refused.Reasons[n].Item)
			}
		}
	}
	return err
}

// begin starts a transaction of a runner with what all of them check: that
// the account is there, and, with a receipt, that its key is free.
func begin(runner string, r *training.Receipt, now time.Time) transaction {
	var t transaction
	t.add(types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
		Key: profileKey(runner), ConditionExpression: new(isLive), ExpressionAttributeValues: at(now, nil),
	}}, always(training.ErrNoRunner))
	if r != nil {
		t.add(putAction(receiptItem(runner, r), isAbsent, at(now, nil)), always(training.ErrKeyUsed))
	}
	return t
}

// tally changes how many plans there are by n, and makes one plan active or
// not. It is one item, so the limits hold however many requests there are at
// a time.
func (t *transaction) tally(runner, id string, n int, active bool) {
	u := &types.Update{
		Key:                                 key(runnerKey(runner), plansKey),
		UpdateExpression:                    new("SET entity = :entity, v = :v ADD plans :n"),
		ExpressionAttributeValues:           item{":entity": text("plans"), ":v": number(1), ":n": number(int64(n)), ":plan": &types.AttributeValueMemberSS{Value: []string{id}}},
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}
	action := types.TransactWriteItem{Update: u}
	if !active {
		*u.UpdateExpression += " DELETE active :plan"
		t.add(action, nil)
		return
	}
	*u.UpdateExpression += ", active :plan"
	u.ConditionExpression = new("(attribute_not_exists(plans) OR plans <= :room) AND (attribute_not_exists(active) OR size(active) < :most)")
	u.ExpressionAttributeValues[":room"] = number(int64(training.MaxPlans - n))
	u.ExpressionAttributeValues[":most"] = number(training.MaxActive)
	t.add(action, func(old item) error {
		if numberOf(old, "plans")+int64(n) > training.MaxPlans {
			return training.ErrPlanQuota
		}
		return training.ErrActiveQuota
	})
}

// Create keeps a new plan. One transaction: up to 35 actions. See
// training.Store.
func (s Plans) Create(ctx context.Context, runner string, p *training.Plan, r *training.Receipt, now time.Time) error {
	t := begin(runner, r, now)
	t.tally(runner, p.ID, 1, true)
	t.put(merge(key(runnerKey(runner), planPrefix+p.ID), present(factOf(p))))
	undated := plan.Redate(p.Plan, calendar.Date{})
	t.put(merge(key(runnerKey(runner), partPrefix(p.ID)+"DETAILS"), detailsOf(undated)))
	for n := range undated.Weeks {
		t.put(merge(key(runnerKey(runner), weekKey(p.ID, n+1)), weekOf(p, &undated.Weeks[n], p.Revision)))
	}
	return s.commit(ctx, t)
}

// Change writes the fact, and the weeks that changed. One transaction. See
// training.Store.
func (s Plans) Change(ctx context.Context, runner string, c training.Change, now time.Time) error {
	p := c.Plan
	t := begin(runner, c.Receipt, now)
	next := *p
	next.Revision++
	t.add(types.TransactWriteItem{Update: setAction(key(runnerKey(runner), planPrefix+p.ID), factOf(&next),
		"rev = :rev", item{":rev": number(int64(p.Revision))})}, always(training.ErrChanged))
	if c.Active {
		t.tally(runner, p.ID, 0, p.Active)
	}
	undated := plan.Redate(p.Plan, calendar.Date{})
	for _, n := range c.Weeks {
		t.put(merge(key(runnerKey(runner), weekKey(p.ID, n)), weekOf(p, &undated.Weeks[n-1], next.Revision)))
	}
	return s.commit(ctx, t)
}

// Delete removes all items of a plan. One transaction: up to 34 actions. See
// training.Store.
func (s Plans) Delete(ctx context.Context, runner string, p *training.Plan, now time.Time) error {
	t := begin(runner, nil, now)
	t.add(types.TransactWriteItem{Delete: &types.Delete{
		Key: key(runnerKey(runner), planPrefix+p.ID), ConditionExpression: new("rev = :rev"), ExpressionAttributeValues: item{":rev": number(int64(p.Revision))},
	}}, always(training.ErrChanged))
	t.tally(runner, p.ID, -1, false)
	sorts := []string{partPrefix(p.ID) + "DETAILS"}
	for n := range p.Weeks {
		sorts = append(sorts, weekKey(p.ID, n+1))
	}
	for _, sort := range sorts {
		t.add(types.TransactWriteItem{Delete: &types.Delete{Key: key(runnerKey(runner), sort)}}, nil)
	}
	return s.commit(ctx, t)
}

// Plan reads a plan by two calls: its fact, with the profile, and all of its
// parts. See training.Store.
func (s Plans) Plan(ctx context.Context, runner, id string, now time.Time) (*training.Plan, error) {
	// A plan that changes between the two calls is read again: its weeks
	// would be newer than its fact.
	for range tries {
		p, whole, err := s.plan(ctx, runner, id, now)
		if err != nil || p == nil || whole {
			return p, err
		}
	}
	return nil, unavailable(fmt.Errorf("plan %s: its parts do not fit its fact", id))
}

func (s Plans) plan(ctx context.Context, runner, id string, now time.Time) (p *training.Plan, whole bool, err error) {
	found, err := s.named(ctx, runner, now, profileSort, planPrefix+id)
	if err != nil {
		return nil, false, err
	}
	if isGone(found[profileSort]) {
		return nil, false, training.ErrNoRunner
	}
	fact := found[planPrefix+id]
	if fact == nil {
		return nil, false, nil
	}
	if p, err = planOf(fact); err != nil {
		return nil, false, err
	}
	var parts []item
	for part, err := range s.query(ctx, span{Partition: runnerKey(runner), Prefix: partPrefix(id)}, now) {
		if err != nil {
			return nil, false, err
		}
		if numberOf(part, "rev") > int64(p.Revision) {
			return p, false, nil
		}
		parts = append(parts, part)
	}
	if len(parts) != p.Answers.Weeks+1 { // deleted in between
		return p, false, nil
	}
	if err := readDetails(p, parts[0]); err != nil {
		return nil, false, err
	}
	if err := readWeeks(p, parts[1:]); err != nil {
		return nil, false, err
	}
	return p, true, nil
}

// named reads items of a runner by one call. The result is by sort key.
func (s Plans) named(ctx context.Context, runner string, now time.Time, sorts ...string) (map[string]item, error) {
	keys := make([]item, len(sorts))
	for n, sort := range sorts {
		keys[n] = key(runnerKey(runner), sort)
	}
	items, err := s.batchGet(ctx, keys, now)
	if err != nil {
		return nil, err
	}
	bySort := make(map[string]item, len(items))
	for _, i := range items {
		bySort[textOf(i, sortKey)] = i
	}
	return bySort, nil
}

// Plans reads a page of facts. The profile sorts behind them, with nothing
// between but the tally, so one call from there backwards reads all three; a
// page after the first needs a second call. See training.Store.
func (s Plans) Plans(ctx context.Context, runner, after string, limit int, now time.Time) ([]*training.Plan, error) {
	const others = 2
	of := span{Partition: runnerKey(runner), From: planPrefix, To: profileSort, Backwards: true, Page: int32(limit + others)}
	var profile item
	if after != "" {
		var err error
		if profile, err = s.get(ctx, profileKey(runner), now); err != nil {
			return nil, err
		}
		of.After, of.Page = planPrefix+after, int32(limit)
	}
	var plans []*training.Plan
	for i, err := range s.query(ctx, of, now) {
		if err != nil {
			return nil, err
		}
		switch sort := textOf(i, sortKey); {
		case sort == profileSort:
			profile = i
		case strings.HasPrefix(sort, planPrefix) && len(plans) < limit:
			p, err := planOf(i)
			if err != nil {
				return nil, err
			}
			plans = append(plans, p)
		}
		if len(plans) == limit {
			break
		}
	}
	if isGone(profile) {
		return nil, training.ErrNoRunner
	}
	return plans, nil
}

// Receipt reads a receipt by one call. See training.Store.
func (s Plans) Receipt(ctx context.Context, runner, idempotencyKey string, now time.Time) (*training.Receipt, error) {
	i, err := s.get(ctx, key(runnerKey(runner), receiptPrefix+idempotencyKey), now)
	if err != nil || i == nil {
		return nil, err
	}
	return receiptOf(i), nil
}

// Active reads the active plans by two calls: which they are, with the
// profile, and their facts and details. See training.Store.
func (s Plans) Active(ctx context.Context, runner string, now time.Time) ([]*training.Plan, error) {
	found, err := s.named(ctx, runner, now, profileSort, plansKey)
	if err != nil {
		return nil, err
	}
	if isGone(found[profileSort]) {
		return nil, training.ErrNoRunner
	}
	active, ok := found[plansKey]["active"].(*types.AttributeValueMemberSS)
	if !ok {
		return nil, nil
	}
	var sorts []string
	for _, id := range active.Value {
		sorts = append(sorts, planPrefix+id, partPrefix(id)+"DETAILS")
	}
	bySort, err := s.named(ctx, runner, now, sorts...)
	if err != nil {
		return nil, err
	}
	var plans []*training.Plan
	for _, id := range slices.Sorted(slices.Values(active.Value)) {
		fact, details := bySort[planPrefix+id], bySort[partPrefix(id)+"DETAILS"]
		if fact == nil || details == nil { // deleted in between
			continue
		}
		p, err := planOf(fact)
		if err != nil {
			return nil, err
		}
		if err := readDetails(p, details); err != nil {
			return nil, err
		}
		plans = append(plans, p)
	}
	return plans, nil
}

// Weeks reads weeks by one call. See training.Store.
func (s Plans) Weeks(ctx context.Context, runner string, p *training.Plan, first, last int, now time.Time) error {
	var weeks []item
	of := span{Partition: runnerKey(runner), From: weekKey(p.ID, first), To: weekKey(p.ID, last)}
	for i, err := range s.query(ctx, of, now) {
		if err != nil {
			return err
		}
		weeks = append(weeks, i)
	}
	return readWeeks(p, weeks)
}

// present returns an item without the attributes that are to be removed.
func present(i item) item {
	maps.DeleteFunc(i, func(_ string, v types.AttributeValue) bool { return v == nil })
	return i
}

// merge returns the attributes of several items as one.
func merge(parts ...item) item {
	all := item{}
	for _, part := range parts {
		maps.Copy(all, part)
	}
	return all
}
