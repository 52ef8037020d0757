package dynamo_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/dynamo"
	"github.com/stride-run/stride/internal/storetest"
)

var now = time.Date(2026, 11, 24, 12, 7, 0, 0, time.UTC)

// newItem returns an item with a value; a non-zero expiry is in seconds from
// now.
func newItem(pk, sk, value string, expiry ...int64) dynamo.Item {
	i := dynamo.Key(pk, sk)
	i["value"] = dynamo.Text(value)
	for _, seconds := range expiry {
		i["expires_at"] = dynamo.Number(now.Unix() + seconds)
	}
	return i
}

func put(t *testing.T, s *dynamo.Store, items ...dynamo.Item) {
	t.Helper()
	for _, i := range items {
		if err := dynamo.Transact(s, t.Context(), "", types.TransactWriteItem{Put: &types.Put{Item: i}}); err != nil {
			t.Fatal(err)
		}
	}
}

// values returns the values of items, or the error that ended them.
func values(t *testing.T, s *dynamo.Store, of dynamo.Span) []string {
	t.Helper()
	var all []string
	for i, err := range dynamo.Query(s, t.Context(), of, now) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, dynamo.TextOf(i, "value"))
	}
	return all
}

func TestTableIsMadeOnce(t *testing.T) {
	table := storetest.New(t)
	put(t, table.Store(), newItem("a", "b", "kept"))
	if err := dynamo.CreateTable(t.Context(), table.Look, table.Name); err != nil {
		t.Fatalf("CreateTable again: %v", err)
	}
	out, err := table.Look.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: &table.Name})
	if err != nil || out.Table.BillingModeSummary == nil || out.Table.BillingModeSummary.BillingMode != types.BillingModePayPerRequest {
		t.Errorf("billing %+v, %v; want on demand", out.Table.BillingModeSummary, err)
	}
	ttl, err := table.Look.DescribeTimeToLive(t.Context(), &dynamodb.DescribeTimeToLiveInput{TableName: &table.Name})
	if err != nil || *ttl.TimeToLiveDescription.AttributeName != "expires_at" {
		t.Errorf("time to live %+v, %v", ttl, err)
	}
	if got := len(table.Dump(t)); got != 1 {
		t.Errorf("%d items, want the one", got)
	}
}

func TestReadsDoNotSeeWhatHasExpired(t *testing.T) {
	s := storetest.New(t).Store()
	put(t, s, newItem("p", "1", "forever"), newItem("p", "2", "over", 0), newItem("p", "3", "long over", -48*3600), newItem("p", "4", "a second left", 1))
	want := []string{"forever", "a second left"}

	if diff := cmp.Diff(want, values(t, s, dynamo.Span{Partition: "p"})); diff != "" {
		t.Errorf("query (-want +got):\n%s", diff)
	}
	var keys []dynamo.Item
	var single []string
	for n := range 5 {
		k := dynamo.Key("p", fmt.Sprint(n))
		keys = append(keys, k)
		i, err := dynamo.Get(s, t.Context(), k, now)
		if err != nil {
			t.Fatal(err)
		}
		if i != nil {
			single = append(single, dynamo.TextOf(i, "value"))
		}
	}
	if diff := cmp.Diff(want, single); diff != "" {
		t.Errorf("get (-want +got):\n%s", diff)
	}
	found, err := dynamo.BatchGet(s, t.Context(), keys, now)
	if err != nil || len(found) != 2 {
		t.Errorf("batchGet found %d, %v; want 2", len(found), err)
	}
}

func TestConditionsOnExpiredItems(t *testing.T) {
	s := storetest.New(t).Store()
	put(t, s, newItem("p", "here", "x"), newItem("p", "over", "x", 0), newItem("p", "left", "x", 1))
	for _, tt := range []struct {
		key     string
		present bool
	}{{"here", true}, {"over", false}, {"left", true}, {"never", false}} {
		for condition, holds := range map[string]bool{dynamo.IsPresent: tt.present, dynamo.IsAbsent: !tt.present} {
			err := dynamo.Transact(s, t.Context(), "", types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
				Key: dynamo.Key("p", tt.key), ConditionExpression: &condition, ExpressionAttributeValues: dynamo.At(now, nil),
			}})
			if (err == nil) != holds {
				t.Errorf("%s: %s = %v, want %v", tt.key, condition, err, holds)
			}
		}
	}
}

func TestQuery(t *testing.T) {
	s := storetest.New(t).Store()
	for _, sk := range []string{"a1", "a2", "a3", "b1", "b2", "c"} {
		put(t, s, newItem("p", sk, sk), newItem("q", sk, "another's "+sk))
	}
	for _, tt := range []struct {
		name string
		of   dynamo.Span
		want string
	}{
		{"all", dynamo.Span{}, "a1 a2 a3 b1 b2 c"},
		{"in small pages", dynamo.Span{Page: 2}, "a1 a2 a3 b1 b2 c"},
		{"backwards", dynamo.Span{Backwards: true, Page: 4}, "c b2 b1 a3 a2 a1"},
		{"prefix", dynamo.Span{Prefix: "a"}, "a1 a2 a3"},
		{"from to", dynamo.Span{From: "a2", To: "b1"}, "a2 a3 b1"},
		{"after", dynamo.Span{After: "a2"}, "a3 b1 b2 c"},
		{"after, backwards", dynamo.Span{After: "b1", Backwards: true, Page: 1}, "a3 a2 a1"},
		{"after, within a prefix", dynamo.Span{Prefix: "a", After: "a1"}, "a2 a3"},
		{"eventual", dynamo.Span{Prefix: "b", Eventual: true}, "b1 b2"},
		{"nothing", dynamo.Span{Prefix: "z"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.of.Partition = "p"
			if got := strings.Join(values(t, s, tt.of), " "); got != tt.want {
				t.Errorf("query = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestQueryAsksForNoMoreThanIsTaken(t *testing.T) {
	table := storetest.New(t)
	s := table.Store()
	for n := range 6 {
		put(t, s, newItem("p", fmt.Sprint(n), "x"))
	}
	table.Faults.Set(nil)
	for range dynamo.Query(s, t.Context(), dynamo.Span{Partition: "p", Page: 3}, now) {
		break
	}
	if n := len(table.Faults.Calls()); n != 1 {
		t.Errorf("%d calls for the first item, want 1", n)
	}
}

func TestConditionsThatDoNotHold(t *testing.T) {
	s := storetest.New(t).Store()
	put(t, s, newItem("p", "1", "old"))
	_, errUpdate := dynamo.Update(s, t.Context(), dynamo.Key("p", "1"), dynamo.Change{
		Expression: "SET #value = :new", Condition: "#value = :wrong", Names: map[string]string{"#value": "value"},
		Values: dynamo.Item{":new": dynamo.Text("new"), ":wrong": dynamo.Text("other")},
	})
	for name, err := range map[string]error{
		"update": errUpdate,
		"remove": dynamo.Remove(s, t.Context(), dynamo.Key("p", "1"), dynamo.IsAbsent, dynamo.At(now, nil)),
	} {
		failed, _ := errors.AsType[*dynamo.ConditionError](err)
		if failed == nil || dynamo.TextOf(failed.Item, "value") != "old" {
			t.Errorf("%s: %v, want a failed condition with what is there", name, err)
		}
	}
	changed, err := dynamo.Update(s, t.Context(), dynamo.Key("p", "2"), dynamo.Change{
		Expression: "ADD tries :one", Values: dynamo.Item{":one": dynamo.Number(1)},
	})
	if err != nil || dynamo.NumberOf(changed, "tries") != 1 {
		t.Errorf("update = %v, %v", changed, err)
	}
	if err := dynamo.Remove(s, t.Context(), dynamo.Key("p", "1"), dynamo.IsPresent, dynamo.At(now, nil)); err != nil {
		t.Errorf("remove: %v", err)
	}
}

func TestTransactionIsWhole(t *testing.T) {
	table := storetest.New(t)
	s := table.Store()
	put(t, s, newItem("p", "taken", "x"))
	before := table.Dump(t)
	absent := func(sk string) types.TransactWriteItem {
		return types.TransactWriteItem{Put: &types.Put{
			Item: newItem("p", sk, "new"), ConditionExpression: new(dynamo.IsAbsent), ExpressionAttributeValues: dynamo.At(now, nil),
		}}
	}
	err := dynamo.Transact(s, t.Context(), "", absent("free"), absent("taken"))
	refused, _ := errors.AsType[*dynamo.CanceledError](err)
	if refused == nil || refused.Failed(0) || !refused.Failed(1) || refused.Failed(2) {
		t.Errorf("transact: %v, want a refusal for the second action", err)
	}
	if diff := cmp.Diff(before, table.Dump(t)); diff != "" {
		t.Errorf("refused, and yet (-before +after):\n%s", diff)
	}
	update := types.TransactWriteItem{Update: &types.Update{
		Key: dynamo.Key("p", "taken"), UpdateExpression: new("SET tries = :one"), ExpressionAttributeValues: dynamo.Item{":one": dynamo.Number(1)},
	}}
	if err := dynamo.Transact(s, t.Context(), "", absent("free"), update,
		types.TransactWriteItem{Delete: &types.Delete{Key: dynamo.Key("p", "none")}}); err != nil {
		t.Fatal(err)
	}
	if after := table.Dump(t); len(after) != 2 {
		t.Errorf("after:\n%s", strings.Join(after, "\n"))
	}
}

func TestBatchWrite(t *testing.T) {
	table := storetest.New(t)
	s := table.Store()
	var puts, deletes []types.WriteRequest
	for n := range 60 {
		i := newItem("p", fmt.Sprintf("%02d", n), "x")
		puts = append(puts, types.WriteRequest{PutRequest: &types.PutRequest{Item: i}})
		deletes = append(deletes, types.WriteRequest{DeleteRequest: &types.DeleteRequest{Key: dynamo.Key("p", fmt.Sprintf("%02d", n))}})
	}
	if err := dynamo.BatchWrite(s, t.Context(), puts); err != nil || len(table.Dump(t)) != 60 {
		t.Fatalf("batchWrite: %v, %d items", err, len(table.Dump(t)))
	}
	if err := dynamo.BatchWrite(s, t.Context(), deletes[:59]); err != nil || len(table.Dump(t)) != 1 {
		t.Errorf("batchWrite: %v, %d items left", err, len(table.Dump(t)))
	}
	if err := dynamo.BatchWrite(s, t.Context(), nil); err != nil {
		t.Errorf("batchWrite of nothing: %v", err)
	}
}

func TestMeter(t *testing.T) {
	var used []dynamo.Usage
	s := storetest.New(t).Store().Metered(func(u dynamo.Usage) { used = append(used, u) })
	put(t, s, newItem("p", "1", strings.Repeat("x", 1500)))
	if _, err := dynamo.Get(s, t.Context(), dynamo.Key("p", "1"), now); err != nil {
		t.Fatal(err)
	}
	values(t, s, dynamo.Span{Partition: "p", Eventual: true})
	if err := dynamo.Transact(s, t.Context(), "", types.TransactWriteItem{Put: &types.Put{Item: newItem("p", "2", "x")}}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Reserve(t.Context(), "x", 1, time.Minute, now); err != nil {
		t.Fatal(err)
	}
	want := []dynamo.Usage{{"TransactWriteItems", 4}, {"GetItem", 1}, {"Query", 0.5}, {"TransactWriteItems", 2}, {"UpdateItem", 1}}
	if diff := cmp.Diff(want, used); diff != "" {
		t.Errorf("usage (-want +got):\n%s", diff)
	}
}

func TestDumpLeavesOut(t *testing.T) {
	table := storetest.New(t)
	put(t, table.Store(), newItem("AUDIT#1", "1", "x"), newItem("LIMIT#1", "1", "x"), newItem("RUNNER#1", "1", "x"))
	want := []string{`{"PK":"RUNNER#1","SK":"1","value":"x"}`}
	if diff := cmp.Diff(want, table.Dump(t, "LIMIT#", "AUDIT#")); diff != "" {
		t.Errorf("dump (-want +got):\n%s", diff)
	}
	if all := table.Dump(t); len(all) != 3 || !slices.IsSorted(all) {
		t.Errorf("dump of all: %q", all)
	}
}
