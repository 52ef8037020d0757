package accounts_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/account"
	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/accounts"
	"github.com/stride-run/stride/internal/boot/sweeping"
	"github.com/stride-run/stride/internal/storetest"
)

// litter puts items under a runner, as plans and uploads would.
func (w *world) litter(runner string, n int) {
	w.t.Helper()
	for i := range n {
		_, err := w.table.Look.PutItem(w.t.Context(), &dynamodb.PutItemInput{TableName: &w.table.Name, Item: map[string]types.AttributeValue{
			"PK": &types.AttributeValueMemberS{Value: "RUNNER#" + runner}, "SK": &types.AttributeValueMemberS{Value: fmt.Sprintf("PLAN#%d", i)},
			"expires_at": &types.AttributeValueMemberN{Value: fmt.Sprint(1 + i%2*4000000000)}, // every other one has expired
		}})
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

const farewell = `{"password":"` + good + `"}`

// TestDelete: everything goes, the address is free, and nobody who still has a
// token gets anywhere.
func TestDelete(t *testing.T) {
	w := newWorld(t, nil)
	in, other := w.register("ada@example.com"), w.login("ada@example.com")
	bob := w.register("bob@example.com")
	before := w.table.Dump(t, "LIMIT#", "RUNNER#"+in.Runner.ID, "EMAIL#ada")
	w.litter(in.Runner.ID, 60)
	header := map[string]string{"Authorization": "Bearer " + in.AccessToken}
	w.refuses(request{method: "DELETE", path: "/api/runners/me", header: header, body: `{"password":"wrong"}`}, 403, "forbidden")
	w.refuses(request{method: "DELETE", path: "/api/runners/me", header: header, body: `{}`}, 422, "validation")
	header["If-Match"] = `"9"`
	w.refuses(request{method: "DELETE", path: "/api/runners/me", header: header, body: farewell}, 412, "stale")
	if a := w.as(in, "DELETE", "/api/runners/me", farewell); a.status != 204 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if diff := cmp.Diff(before, w.table.Dump(t, "LIMIT#")); diff != "" {
		t.Errorf("what is left (-others +table):\n%s", diff)
	}
	for _, r := range protected() {
		for _, body := range []string{farewell, `{}`} {
			a := w.refuses(request{method: r.Method, path: r.Path, body: body, header: map[string]string{"Authorization": "Bearer " + other.AccessToken}}, 401, "invalid_token")
			challenged(t, r.Key(), a)
		}
	}
	w.refuses(request{method: "POST", path: "/api/refresh", body: refreshBody(other.RefreshToken)}, 401, "refresh_invalid")
	w.refuses(request{method: "POST", path: "/api/login", body: credential("ada@example.com", good)}, 401, "invalid_credentials")
	if again := w.register("ada@example.com"); again.Runner.ID == in.Runner.ID {
		t.Error("the old id is back")
	}
	w.me(bob)
}

// queue keeps what is scheduled.
type queue struct {
	runners []string
	err     error
}

func (q *queue) Schedule(_ context.Context, runner string) error {
	q.runners = append(q.runners, runner)
	return q.err
}

// TestSweepByQueue: the account is closed at once and swept later, also when
// the sweep breaks off at any of its calls, comes twice, or comes for somebody
// who has stayed.
func TestSweepByQueue(t *testing.T) {
	q := &queue{}
	purged := 0
	purge := func(context.Context, string) error { purged++; return nil }
	w := newWorld(t, func(_ *boot.Config, o *accounts.Options) { o.Sweeps = q })
	in, bob := w.register("ada@example.com"), w.register("bob@example.com")
	w.litter(in.Runner.ID, 60)
	q.err = errors.New("no answer")
	w.refuses(request{method: "DELETE", path: "/api/runners/me", body: farewell, header: map[string]string{"Authorization": "Bearer " + in.AccessToken}}, 500, "internal")
	q.err = nil
	if a := w.as(in, "DELETE", "/api/runners/me", farewell); a.status != 204 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if len(q.runners) != 2 || q.runners[1] != in.Runner.ID {
		t.Fatalf("scheduled %q", q.runners)
	}
	challenged(t, "before the sweep", w.as(in, "GET", "/api/runners/me", ""))
	if dump := strings.Join(w.table.Dump(t, "LIMIT#"), "\n"); strings.Contains(dump, "ada@example.com") || strings.Contains(dump, "EMAIL#ada") {
		t.Error("the address is still there")
	}
	w.register("ada@example.com") // the address is free before the sweep

	sweep := sweeping.New(w.table.Store(), []account.Purge{purge}, slog.New(slog.DiscardHandler))
	message := func(id string) events.SQSEvent {
		return events.SQSEvent{Records: []events.SQSMessage{{MessageId: "m", Body: id}}}
	}
	run := func(id string) int {
		t.Helper()
		response, err := sweep(t.Context(), message(id))
		if err != nil {
			t.Fatal(err)
		}
		return len(response.BatchItemFailures)
	}
	for n := 1; ; n++ {
		w.table.Faults.Set(func(c storetest.Call) storetest.Fault {
			if c.N >= n {
				return storetest.Refused // from here on, whatever is tried again
			}
			return storetest.None
		})
		failed := run(in.Runner.ID)
		w.table.Faults.Set(nil)
		if failed == 0 {
			break
		}
		if n > 10 {
			t.Fatal("the sweep never ends")
		}
	}
	if n := count(w.table.Dump(t), "RUNNER#"+in.Runner.ID); n != 0 {
		t.Errorf("%d items are left", n)
	}
	if purged == 0 {
		t.Error("nothing outside the table was purged")
	}
	before := w.table.Dump(t)
	if n := run(in.Runner.ID) + run(bob.Runner.ID); n != 0 {
		t.Errorf("%d of two harmless messages come again", n)
	}
	if n := run("RUNNER#x"); n != 1 {
		t.Error("a message that is no id is taken for done")
	}
	if diff := cmp.Diff(before, w.table.Dump(t)); diff != "" {
		t.Errorf("a sweep that has nothing to do has an effect:\n%s", diff)
	}
}

// TestDeleteDuringWrites: R-21. Sign-ins, refreshes and changes run while the
// account is deleted; nothing of them stays.
func TestDeleteDuringWrites(t *testing.T) {
	w := newWorld(t, func(c *boot.Config, _ *accounts.Options) { c.RateLimitsOff = true })
	for round := range 5 {
		email := fmt.Sprintf("r%d@example.com", round)
		in := w.register(email)
		var all sync.WaitGroup
		for n := range 4 {
			all.Go(func() { w.post("/api/login", credential(email, good)) })
			all.Go(func() { w.refresh(in.RefreshToken) })
			all.Go(func() { w.change(in, `"1"`, fmt.Sprintf(`{"first_name":"n%d"}`, n)) })
			all.Go(func() {
				w.as(in, "POST", "/api/runners/me/password", `{"current_password":"`+good+`","new_password":"`+good+`"}`)
			})
		}
		all.Go(func() {
			for range 50 { // a change may come in between: then it is stale, and is asked for again
				if a := w.as(in, "DELETE", "/api/runners/me", farewell); a.status == 204 {
					return
				}
				time.Sleep(time.Millisecond)
			}
			t.Error("the account cannot be deleted")
		})
		all.Wait()
	}
	if left := w.table.Dump(t); len(left) != 0 {
		t.Errorf("%d items are left:\n%s", len(left), strings.Join(left, "\n"))
	}
}
