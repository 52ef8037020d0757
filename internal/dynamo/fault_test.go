package dynamo_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/stride-run/stride/internal/dynamo"
	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/storetest"
)

// add is a transaction that must be done exactly once.
func add(n int64) types.TransactWriteItem {
	return types.TransactWriteItem{Update: &types.Update{
		Key: dynamo.Key("p", "sum"), UpdateExpression: new("ADD tries :n"), ExpressionAttributeValues: dynamo.Item{":n": dynamo.Number(n)},
	}}
}

func sum(t *testing.T, s *dynamo.Store) int64 {
	t.Helper()
	i, err := dynamo.Get(s, t.Context(), dynamo.Key("p", "sum"), now)
	if err != nil {
		t.Fatal(err)
	}
	return dynamo.NumberOf(i, "tries")
}

// TestOneFaultIsSurvived: whatever happens to the first attempt, the
// transaction is done, and done once.
func TestOneFaultIsSurvived(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]storetest.Fault{
		"refused": storetest.Refused, "lost reply": storetest.LostReply, "reset": storetest.Reset,
		"truncated": storetest.Truncated, "500": storetest.ServerError, "throttled": storetest.Throttled, "conflict": storetest.Conflict,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			table := storetest.New(t)
			s := table.Store()
			table.Faults.Set(storetest.Nth(1, f))
			if err := dynamo.Transact(s, t.Context(), "", add(1)); err != nil {
				t.Fatal(err)
			}
			calls := table.Faults.Calls()
			if len(calls) != 2 || token(t, calls[0]) != token(t, calls[1]) || token(t, calls[0]) == "" {
				t.Errorf("%d calls with tokens %q and %q, want two with one token", len(calls), token(t, calls[0]), token(t, calls[1]))
			}
			if got := sum(t, s); got != 1 {
				t.Errorf("done %d times", got)
			}
			if f == storetest.Conflict { // reads never clash
				return
			}
			table.Faults.Set(storetest.Nth(1, f))
			if got := sum(t, s); got != 1 {
				t.Errorf("read %d", got)
			}
		})
	}
}

func token(t *testing.T, call storetest.Call) string {
	t.Helper()
	var in struct{ ClientRequestToken string }
	if err := json.Unmarshal(call.Body, &in); err != nil {
		t.Fatal(err)
	}
	return in.ClientRequestToken
}

// TestOneTokenIsOneOperation: the caller's token holds between calls.
func TestOneTokenIsOneOperation(t *testing.T) {
	t.Parallel()
	s := storetest.New(t).Store()
	for range 3 {
		if err := dynamo.Transact(s, t.Context(), "the same operation", add(1)); err != nil {
			t.Fatal(err)
		}
	}
	if got := sum(t, s); got != 1 {
		t.Errorf("done %d times", got)
	}
}

func TestConflictsAreRepeated(t *testing.T) {
	t.Parallel()
	table := storetest.New(t)
	s := table.Store()
	atMost := func(n int) func(storetest.Call) storetest.Fault {
		return func(c storetest.Call) storetest.Fault {
			if c.N <= n {
				return storetest.Conflict
			}
			return storetest.None
		}
	}
	ctx := t.Context()
	transact := func() error { return dynamo.Transact(s, ctx, "", add(1)) }
	for _, tt := range []struct {
		name      string
		write     func() error
		conflicts int
	}{
		{"transact", transact, 7},
		{"remove", func() error { return dynamo.Remove(s, ctx, dynamo.Key("p", "1"), "", nil) }, 2},
		{"update", func() error {
			_, err := dynamo.Update(s, ctx, dynamo.Key("p", "2"), dynamo.Change{Expression: "SET tries = :n", Values: dynamo.Item{":n": dynamo.Number(1)}})
			return err
		}, 2},
	} {
		table.Faults.Set(atMost(tt.conflicts))
		if err := tt.write(); err != nil || len(table.Faults.Calls()) != tt.conflicts+1 {
			t.Errorf("%s: %v after %d calls, want success after %d", tt.name, err, len(table.Faults.Calls()), tt.conflicts+1)
		}
	}
	table.Faults.Set(storetest.Always(storetest.Conflict))
	start := time.Now()
	err := transact()
	if !errors.Is(err, fault.Unavailable) || len(table.Faults.Calls()) != 8 || time.Since(start) > 5*time.Second {
		t.Errorf("%v after %d calls and %v, want Unavailable after 8", err, len(table.Faults.Calls()), time.Since(start))
	}
}

// TestRealConflicts has many writers at one item, with a condition, as If-Match
// has.
func TestRealConflicts(t *testing.T) {
	t.Parallel()
	s := storetest.New(t).Store()
	const writers, rounds = 8, 10
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			for range rounds {
				if err := dynamo.Transact(s, t.Context(), "", add(1)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if got := sum(t, s); got != writers*rounds {
		t.Errorf("sum %d, want %d", got, writers*rounds)
	}
}

func TestStoreDown(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]storetest.Fault{
		"refused": storetest.Refused, "no reply": storetest.Hang, "500": storetest.ServerError, "throttled": storetest.Throttled, "truncated": storetest.Truncated,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			table := storetest.New(t)
			s := table.Store()
			table.Faults.Set(storetest.Always(f))
			start := time.Now()
			_, err := dynamo.Get(s, t.Context(), dynamo.Key("p", "1"), now)
			took := time.Since(start)
			down, _ := errors.AsType[*fault.Fault](err)
			// It gives up after 1.8 s; the rest is for a busy machine.
			if down == nil || down.Kind != fault.Unavailable || down.RetryAfter == 0 || took > 3*time.Second {
				t.Errorf("get after %v: %v, want Unavailable within 2 s", took, err)
			}
			if n := len(table.Faults.Calls()); n != 4 && f != storetest.Hang {
				t.Errorf("%d attempts, want 4", n)
			}
		})
	}
}

func TestRequestThatIsOver(t *testing.T) {
	t.Parallel()
	table := storetest.New(t)
	s := table.Store()
	table.Faults.Set(storetest.Always(storetest.Hang))
	gone, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	if _, err := dynamo.Get(s, gone, dynamo.Key("p", "1"), now); !errors.Is(err, context.Canceled) || errors.Is(err, fault.Unavailable) {
		t.Errorf("get for nobody: %v, want Canceled alone", err)
	}
	short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	if _, err := dynamo.Get(s, short, dynamo.Key("p", "1"), now); !errors.Is(err, fault.Unavailable) || time.Since(start) > time.Second {
		t.Errorf("get within 50 ms: %v after %v, want Unavailable", err, time.Since(start))
	}
}

// TestOurMistakesAreNotOutages: what trying again cannot help is no 503.
func TestOurMistakesAreNotOutages(t *testing.T) {
	t.Parallel()
	table := storetest.New(t)
	s := table.Store()
	err := dynamo.Remove(s, t.Context(), dynamo.Key("p", "1"), "no such words here", nil)
	if err == nil || errors.Is(err, fault.Unavailable) {
		t.Errorf("remove with a bad condition: %v", err)
	}
	if err := dynamo.Transact(s, t.Context(), "twice", add(1)); err != nil {
		t.Fatal(err)
	}
	if err := dynamo.Transact(s, t.Context(), "twice", add(2)); err == nil || errors.Is(err, fault.Unavailable) {
		t.Errorf("another operation with the same token: %v", err)
	}
	missing := dynamo.New(dynamo.Connect(table.Config), "no-such-table")
	if _, err := dynamo.Get(missing, t.Context(), dynamo.Key("p", "1"), now); err == nil || errors.Is(err, fault.Unavailable) {
		t.Errorf("get from no table: %v", err)
	}
}

func TestBatchesHandedBack(t *testing.T) {
	t.Parallel()
	table := storetest.New(t)
	s := table.Store()
	var writes []types.WriteRequest
	var keys []dynamo.Item
	for n := range 40 {
		writes = append(writes, types.WriteRequest{PutRequest: &types.PutRequest{Item: newItem("p", fmt.Sprint(n), "x")}})
		keys = append(keys, dynamo.Key("p", fmt.Sprint(n)))
	}
	some := func(c storetest.Call) storetest.Fault {
		if c.N%6 != 0 {
			return storetest.Unprocessed
		}
		return storetest.None
	}
	table.Faults.Set(some)
	if err := dynamo.BatchWrite(s, t.Context(), writes); err != nil || len(table.Dump(t)) != 40 {
		t.Errorf("batchWrite: %v, %d items, want 40", err, len(table.Dump(t)))
	}
	table.Faults.Set(some)
	if found, err := dynamo.BatchGet(s, t.Context(), keys, now); err != nil || len(found) != 40 {
		t.Errorf("batchGet: %v, %d items, want 40", err, len(found))
	}

	table.Faults.Set(storetest.Always(storetest.Unprocessed))
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	err := dynamo.BatchWrite(s, ctx, writes[:1]) // half of one is none
	if !errors.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "1 items of 1") {
		t.Errorf("batchWrite that gets nowhere: %v, want Unavailable with what is left", err)
	}
	if _, err := dynamo.BatchGet(s, ctx, keys[:1], now); !errors.Is(err, fault.Unavailable) {
		t.Errorf("batchGet that gets nowhere: %v, want Unavailable", err)
	}
}
