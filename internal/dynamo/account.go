package dynamo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/stride-run/stride/internal/account"
	"github.com/stride-run/stride/internal/fault"
)

// Accounts is the store of accounts and their sign-ins.
type Accounts struct{ *Store }

var (
	_ account.Accounts = Accounts{}
	_ account.Families = Accounts{}
	_ account.Tries    = Accounts{}
)

// An account is two items: the runner, and the claim on the e-mail address
// that makes the address unique and leads to the runner.
const (
	profileSort = "PROFILE"
	emailSort   = "EMAIL"
	deletedAt   = "deleted_at" // of a runner who has left; what remains is swept
)

func profileKey(id string) item  { return key(runnerKey(id), profileSort) }
func emailKey(email string) item { return key("EMAIL#"+email, emailSort) }

// isLive is the condition on a runner's item that every write for the runner
// has to include, so that nothing is written for one who has left. It needs
// present's value.
const isLive = isPresent + " AND attribute_not_exists(deleted_at)"

// Create implements account.Accounts. Cost: 6 write units.
func (s Accounts) Create(ctx context.Context, a *account.Account, first *account.Family, now time.Time) error {
	err := s.transact(ctx, "",
		putAction(claimItem(a), isAbsent, at(now, nil)),
		putAction(accountItem(a), isAbsent, at(now, nil)),
		putAction(familyItem(first), isAbsent, at(now, nil)),
	)
	if refused, ok := errors.AsType[*canceledError](err); ok && refused.failed(0) {
		return fmt.Errorf("create account: %w", fault.Conflict)
	}
	return wrap("create account", err)
}

// ByEmail implements account.Accounts. Both reads of an address that leads
// somewhere, and of one that does not, cost 1.5 read units together: the claim
// is read at half price first, and as it is now only if that led nowhere.
func (s Accounts) ByEmail(ctx context.Context, email string, now time.Time) (*account.Account, error) {
	stale := ""
	for _, eventual := range []bool{true, false} {
		claim, err := s.claim(ctx, email, eventual, now)
		if err != nil {
			return nil, wrap("find account", err)
		}
		id := textOf(claim, "runner")
		if id == "" || id == stale {
			continue
		}
		a, err := s.ByID(ctx, id, now)
		if err == nil && a.Email.Key() == email {
			return a, nil
		}
		if err != nil && !errors.Is(err, fault.NotFound) {
			return nil, err
		}
		stale = id // the claim has moved on since
	}
	return nil, fmt.Errorf("find account: %w", fault.NotFound)
}

func (s Accounts) claim(ctx context.Context, email string, eventual bool, now time.Time) (item, error) {
	if !eventual {
		return s.get(ctx, emailKey(email), now)
	}
	for claim, err := range s.query(ctx, span{Partition: "EMAIL#" + email, Prefix: emailSort, Eventual: true, Page: 1}, now) {
		return claim, err
	}
	return nil, nil
}

// ByID implements account.Accounts. Cost: 1 read unit.
func (s Accounts) ByID(ctx context.Context, id string, now time.Time) (*account.Account, error) {
	i, err := s.get(ctx, profileKey(id), now)
	if err != nil {
		return nil, wrap("read account", err)
	}
	if _, deleted := i[deletedAt]; i == nil || deleted {
		return nil, fmt.Errorf("read account: %w", fault.NotFound)
	}
	a, err := accountOf(i)
	return a, wrap("read account", err)
}

// Save implements account.Accounts. Cost: 2 write units, 6 with another
// address.
func (s Accounts) Save(ctx context.Context, a *account.Account, old string, now time.Time) error {
	values := at(now, item{":version": number(int64(a.Version)), ":old": text(old)})
	actions := []types.TransactWriteItem{{Update: setAction(profileKey(a.ID), profileAttributes(a),
		isLive+" AND version = :version AND email_key = :old", values)}}
	if moved := a.Email.Key(); moved != old {
		actions = append(actions,
			putAction(claimItem(a), isAbsent, at(now, nil)),
			types.TransactWriteItem{Delete: &types.Delete{
				Key: emailKey(old), ConditionExpression: new("runner = :id"), ExpressionAttributeValues: item{":id": text(a.ID)},
			}},
		)
	}
	err := s.transact(ctx, "", actions...)
	refused, ok := errors.AsType[*canceledError](err)
	switch {
	case ok && refused.failed(0):
		return s.lost(refused.Reasons[0].Item, "save account")
	case ok && refused.failed(1):
		return fmt.Errorf("save account: %w", fault.Conflict)
	}
	return wrap("save account", err)
}

// lost says why a write to an account was refused: there is no such account,
// or it is not what the caller has seen.
func (s Accounts) lost(there item, operation string) error {
	if _, deleted := there[deletedAt]; len(there) == 0 || deleted {
		return fmt.Errorf("%s: %w", operation, fault.NotFound)
	}
	return fmt.Errorf("%s: %w", operation, fault.Stale)
}

// SetPassword implements account.Accounts. Cost: 2 write units, 4 when other
// sign-ins end.
func (s Accounts) SetPassword(ctx context.Context, a *account.Account, hash string, endOthers bool, keep string, now time.Time) error {
	attributes := item{"password_hash": text(hash)}
	if endOthers {
		attributes["epoch"] = number(int64(a.Epoch + 1))
	}
	actions := []types.TransactWriteItem{{Update: setAction(profileKey(a.ID), attributes, isLive+" AND password_hash = :old AND epoch = :epoch",
		at(now, item{":old": text(a.PasswordHash), ":epoch": number(int64(a.Epoch))}))}}
	if endOthers && keep != "" {
		actions = append(actions, types.TransactWriteItem{Update: setAction(familyKey(a.ID, keep), item{"epoch": number(int64(a.Epoch + 1))},
			isPresent+" AND epoch = :epoch", at(now, item{":epoch": number(int64(a.Epoch))}))})
	}
	err := s.transact(ctx, "", actions...)
	refused, ok := errors.AsType[*canceledError](err)
	switch {
	case ok && refused.failed(0):
		return s.lost(refused.Reasons[0].Item, "set password")
	case ok && refused.failed(1): // the caller's own sign-in has ended
		return s.SetPassword(ctx, a, hash, true, "", now)
	}
	return wrap("set password", err)
}

// EndAll implements account.Accounts. Cost: 1 write unit. A lost reply may
// raise the epoch twice, which ends no more than raising it once.
func (s Accounts) EndAll(ctx context.Context, id string, now time.Time) error {
	_, err := s.update(ctx, profileKey(id), update{
		Expression: "ADD epoch :one", Condition: isLive, Values: at(now, item{":one": number(1)}),
	})
	if _, refused := errors.AsType[*conditionError](err); refused {
		return fmt.Errorf("end sign-ins: %w", fault.NotFound)
	}
	return wrap("end sign-ins", err)
}

// Delete implements account.Accounts. All sign-ins end with the mark, since
// none is good without a live runner. What is known of the person goes at
// once; the sweep needs no more than the mark. Cost: 4 write units.
func (s Accounts) Delete(ctx context.Context, a *account.Account, now time.Time) error {
	mark := item{
		partitionKey: text(runnerKey(a.ID)), sortKey: text(profileSort), "entity": text("runner"), "v": number(1),
		deletedAt: number(now.Unix()),
	}
	err := s.transact(ctx, "",
		putAction(mark, isLive+" AND email_key = :key", at(now, item{":key": text(a.Email.Key())})),
		types.TransactWriteItem{Delete: &types.Delete{
			Key: emailKey(a.Email.Key()), ConditionExpression: new("runner = :id"), ExpressionAttributeValues: item{":id": text(a.ID)},
		}},
	)
	if refused, ok := errors.AsType[*canceledError](err); ok && refused.failed(0) {
		return s.lost(refused.Reasons[0].Item, "delete account")
	}
	return wrap("delete account", err)
}

// Sweep implements account.Accounts: it removes all items of a runner who has
// left, the mark last. Cost: 1 write unit for each, and what reading them
// costs.
func (s Accounts) Sweep(ctx context.Context, id string) error {
	mark, err := s.get(ctx, profileKey(id), forever)
	if err != nil {
		return wrap("sweep", err)
	}
	if _, deleted := mark[deletedAt]; len(mark) > 0 && !deleted {
		return fmt.Errorf("sweep: %w", fault.Conflict)
	}
	var requests []types.WriteRequest
	flush := func() error {
		err := s.batchWrite(ctx, requests)
		requests = requests[:0]
		return err
	}
	for i, err := range s.query(ctx, span{Partition: "RUNNER#" + id}, forever) {
		if err != nil {
			return wrap("sweep", err)
		}
		if textOf(i, sortKey) == profileSort {
			continue
		}
		requests = append(requests, types.WriteRequest{DeleteRequest: &types.DeleteRequest{Key: key(runnerKey(id), textOf(i, sortKey))}})
		if len(requests) == maxWrites {
			if err := flush(); err != nil {
				return wrap("sweep", err)
			}
		}
	}
	if err := flush(); err != nil {
		return wrap("sweep", err)
	}
	return wrap("sweep", s.remove(ctx, profileKey(id), "attribute_not_exists(PK) OR attribute_exists(deleted_at)", nil))
}

// forever is a time at which nothing has expired: a sweep takes all.
var forever = time.Unix(0, 0)

func putAction(i item, condition string, values item) types.TransactWriteItem {
	return types.TransactWriteItem{Put: &types.Put{
		Item: i, ConditionExpression: optional(condition), ExpressionAttributeValues: values,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}}
}

// setAction changes the attributes that it names and leaves all others, which
// a newer program may have added. A nil attribute is removed.
func setAction(k, attributes item, condition string, values item) *types.Update {
	names := map[string]string{}
	var set, remove []string
	for name, value := range attributes {
		names["#"+name] = name
		if value == nil {
			remove = append(remove, "#"+name)
			continue
		}
		values[":to_"+name] = value
		set = append(set, "#"+name+" = :to_"+name)
	}
	expression := "SET " + strings.Join(set, ", ")
	if len(remove) > 0 {
		expression += " REMOVE " + strings.Join(remove, ", ")
	}
	return &types.Update{
		Key: k, UpdateExpression: &expression, ConditionExpression: &condition,
		ExpressionAttributeNames: names, ExpressionAttributeValues: values,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}
}

// wrap says which operation failed; nil stays nil.
func wrap(operation string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", operation, err)
}
