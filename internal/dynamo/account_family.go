package dynamo

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/stride-run/stride/internal/account"
	"github.com/stride-run/stride/internal/fault"
)

const familyPrefix = "TOKEN#"

func familyKey(runner, id string) item { return key(runnerKey(runner), familyPrefix+id) }

// Start implements account.Families. Cost: 4 write units.
func (s Accounts) Start(ctx context.Context, f *account.Family, now time.Time) error {
	err := s.transact(ctx, "", sameEpoch(f, now), putAction(familyItem(f), isAbsent, at(now, nil)))
	if refused, ok := errors.AsType[*canceledError](err); ok && refused.failed(0) {
		return fmt.Errorf("start sign-in: %w", fault.NotFound)
	}
	return wrap("start sign-in", err)
}

// sameEpoch is the condition that the runner is there and has not ended the
// sign-ins of the family's generation.
func sameEpoch(f *account.Family, now time.Time) types.TransactWriteItem {
	return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
		Key:                       profileKey(f.Runner),
		ConditionExpression:       new(isLive + " AND epoch = :epoch"),
		ExpressionAttributeValues: at(now, item{":epoch": number(int64(f.Epoch))}),
	}}
}

// Family implements account.Families. Cost: 1 read unit.
func (s Accounts) Family(ctx context.Context, runner, id string, now time.Time) (*account.Family, error) {
	i, err := s.get(ctx, familyKey(runner, id), now)
	if err != nil {
		return nil, wrap("read sign-in", err)
	}
	if i == nil {
		return nil, fmt.Errorf("read sign-in: %w", fault.NotFound)
	}
	return familyOf(i), nil
}

// Rotate implements account.Families. Cost: 4 write units.
func (s Accounts) Rotate(ctx context.Context, from, to *account.Family, now time.Time) (bool, error) {
	err := s.transact(ctx, "", sameEpoch(from, now), types.TransactWriteItem{
		Update: setAction(familyKey(from.Runner, from.ID), familyState(to), isPresent+" AND #counter = :counter AND digest = :digest",
			at(now, item{":counter": number(int64(from.Counter)), ":digest": digest(from.Digest)})),
	})
	if refused, ok := errors.AsType[*canceledError](err); ok && (refused.failed(0) || refused.failed(1)) {
		return false, nil
	}
	return err == nil, wrap("rotate refresh token", err)
}

// End implements account.Families. Cost: 1 write unit.
func (s Accounts) End(ctx context.Context, runner, id string) error {
	return wrap("end sign-in", s.remove(ctx, familyKey(runner, id), "", nil))
}

// Families implements account.Families. Cost: 0.5 read units for every 4 KB,
// which are some 12 sign-ins, those that have expired included.
func (s Accounts) Families(ctx context.Context, runner, after string, limit int, now time.Time) ([]*account.Family, error) {
	of := span{Partition: "RUNNER#" + runner, Prefix: familyPrefix, Backwards: true, Page: int32(limit)}
	if after != "" {
		of.After = familyPrefix + after
	}
	var families []*account.Family
	for i, err := range s.query(ctx, of, now) {
		if err != nil {
			return nil, wrap("list sign-ins", err)
		}
		if families = append(families, familyOf(i)); len(families) == limit {
			break
		}
	}
	return families, nil
}

func familyItem(f *account.Family) item {
	i := familyKey(f.Runner, f.ID)
	i["entity"], i["v"] = text("sign_in"), number(1)
	i["runner"], i["id"] = text(f.Runner), text(f.ID)
	i["epoch"] = number(int64(f.Epoch))
	i["created_at"] = number(f.Created.Unix())
	i["ends_at"] = number(f.Ends.Unix())
	for name, value := range familyState(f) {
		if value != nil {
			i[name] = value
		}
	}
	if f.Agent != "" {
		i["agent"] = text(f.Agent)
	}
	return i
}

// familyState is what a rotation changes.
func familyState(f *account.Family) item {
	return item{
		"counter":  number(int64(f.Counter)),
		"digest":   digest(f.Digest),
		"given_up": givenUp(f.GivenUp),
		"used_at":  number(f.Used.UnixMilli()),
		expiresAt:  number(f.Expires.Unix()),
	}
}

func familyOf(i item) *account.Family {
	return &account.Family{
		Runner:  textOf(i, "runner"),
		ID:      textOf(i, "id"),
		Epoch:   int(numberOf(i, "epoch")),
		Counter: uint32(numberOf(i, "counter")),
		Digest:  digestOf(i, "digest"),
		GivenUp: givenUpOf(i, "given_up"),
		Agent:   textOf(i, "agent"),
		Created: time.Unix(numberOf(i, "created_at"), 0).UTC(),
		Used:    time.UnixMilli(numberOf(i, "used_at")).UTC(),
		Expires: time.Unix(numberOf(i, expiresAt), 0).UTC(),
		Ends:    time.Unix(numberOf(i, "ends_at"), 0).UTC(),
	}
}

// givenUpSize is how many bytes an entry takes: a counter of 4, and 8 of
// milliseconds since 1970. So the item of a sign-in stays below 1 KB, and a
// rotation below 5 write units, however often the client refreshes.
const givenUpSize = 4 + 8

func givenUp(entries []account.GivenUp) types.AttributeValue {
	if len(entries) == 0 {
		return nil
	}
	b := make([]byte, 0, len(entries)*givenUpSize)
	for _, e := range entries {
		b = binary.BigEndian.AppendUint32(b, e.From)
		b = binary.BigEndian.AppendUint64(b, uint64(e.At.UnixMilli()))
	}
	return &types.AttributeValueMemberB{Value: b}
}

func givenUpOf(i item, name string) []account.GivenUp {
	b, _ := i[name].(*types.AttributeValueMemberB)
	if b == nil {
		return nil
	}
	var entries []account.GivenUp
	for e := range slices.Chunk(b.Value, givenUpSize) {
		if len(e) == givenUpSize {
			at := time.UnixMilli(int64(binary.BigEndian.Uint64(e[4:]))).UTC()
			entries = append(entries, account.GivenUp{From: binary.BigEndian.Uint32(e), At: at})
		}
	}
	return entries
}

func digest(d [32]byte) types.AttributeValue { return &types.AttributeValueMemberB{Value: d[:]} }

func digestOf(i item, name string) (d [32]byte) {
	if b, ok := i[name].(*types.AttributeValueMemberB); ok {
		copy(d[:], b.Value)
	}
	return d
}
