package plans_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/api/plans"
	"github.com/stride-run/stride/internal/apitest"
	"github.com/stride-run/stride/internal/storetest"
)

// largest are answers that make the largest plan: 210 workouts.
const largest = `{"weeks":30,"runs_per_week":7,"target_time":"3:00:00","first_long_run":20,"long_run_day":"sunday","race_date":"2027-10-03"}`

// TestOneWriterWins: of 50 writers who read the same version, one gets
// through, for plans and for workouts. Each round raises the version by one.
func TestOneWriterWins(t *testing.T) {
	w := newWorld(t)
	runner := w.runner(t)
	_, path := w.save(t, runner, good)
	writers, rounds := 50, storetest.Size(3, 20)
	for at, body := range map[string]string{path: `{"name":"writer %d, round %d"}`, path + "/workouts/w05-3": `{"note":"writer %d, round %d"}`} {
		for round := range rounds {
			tag := w.must(t, 200, runner, "GET", at, "").Header.Get("ETag")
			var mu sync.Mutex
			var won []string
			unheard := false // on a machine that is too busy to answer in time
			var all sync.WaitGroup
			for n := range writers {
				all.Go(func() {
					a := w.ask(t, runner, "PATCH", at, fmt.Sprintf(body, n, round), "If-Match", tag)
					mu.Lock()
					defer mu.Unlock()
					switch {
					case a.Status == 503:
						unheard = true
					case a.Status == 200:
						won = append(won, a.Body)
					case a.Status != 412 || a.Slug() != "stale":
						t.Errorf("%d %s", a.Status, a.Body)
					}
				})
			}
			all.Wait()
			read := w.must(t, 200, runner, "GET", at, "")
			if len(won) > 1 || len(won) == 1 && read.Body != won[0] || len(won) == 0 && !unheard {
				t.Errorf("%s, round %d: %d writers got through", at, round, len(won))
			}
		}
		want := fmt.Sprintf(`"%d"`, 1+rounds)
		if strings.Contains(at, "workouts") {
			want = fmt.Sprintf(`"0.%d"`, rounds)
		}
		if tag := w.must(t, 200, runner, "GET", at, "").Header.Get("ETag"); tag != want {
			t.Errorf("%s ends at %s, want %s", at, tag, want)
		}
	}
}

// TestChangesOfOneWeekAllCount: whoever changes different workouts is not in
// the others' way, and of those who want the same day one gets it.
func TestChangesOfOneWeekAllCount(t *testing.T) {
	w := newWorld(t)
	runner := w.runner(t)
	_, path := w.save(t, runner, good)
	var all sync.WaitGroup
	for n := 1; n <= 5; n++ {
		all.Go(func() {
			a := w.ask(t, runner, "PATCH", fmt.Sprintf("%s/workouts/w04-%d", path, n), `{"status":"done"}`, "If-Match", `"0.0"`)
			if a.Status != 200 {
				t.Errorf("%d %s", a.Status, a.Body)
			}
		})
	}
	all.Wait()
	var mu sync.Mutex
	var statuses []int
	for n := 1; n <= 5; n++ {
		all.Go(func() {
			a := w.ask(t, runner, "PATCH", fmt.Sprintf("%s/workouts/w06-%d", path, n), `{"week":8,"day":"monday"}`, "If-Match", `"0.0"`)
			mu.Lock()
			defer mu.Unlock()
			statuses = append(statuses, a.Status)
		})
	}
	all.Wait()
	slices.Sort(statuses)
	if !slices.Equal(statuses, []int{200, 409, 409, 409, 409}) {
		t.Errorf("five workouts move to one day: %v", statuses)
	}
	p := apitest.Decode[plans.Plan](t, w.must(t, 200, runner, "GET", path, ""))
	for _, o := range p.Weeks[3].Workouts {
		if o.Status != "done" {
			t.Errorf("%s is %s", o.ID, o.Status)
		}
	}
}

// TestLimitHoldsInARace: of 12 plans saved at once, five are active.
func TestLimitHoldsInARace(t *testing.T) {
	w := newWorld(t)
	runner := w.runner(t)
	var mu sync.Mutex
	count := map[int]int{}
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() {
			status := 503
			for status == 503 { // as a client does
				status = w.ask(t, runner, "POST", "/api/plans", good).Status
			}
			mu.Lock()
			defer mu.Unlock()
			count[status]++
		})
	}
	all.Wait()
	if count[201] != 5 || count[409] != 7 {
		t.Errorf("%v, want 5 saved and 7 refused", count)
	}
}

func TestIdempotency(t *testing.T) {
	w := newWorld(t)
	ada, bob := w.runner(t), w.runner(t)
	const key = "8e03978e-40d5-43dd-bc93-6894a57f9324"
	first := w.must(t, 201, ada, "POST", "/api/plans", good, "Idempotency-Key", key)
	if first.Header.Get("Idempotency-Replayed") != "" {
		t.Error("the first is a replay")
	}
	before := w.table.Dump(t)
	for name, body := range map[string]string{"same": good, "in another form": " " + with(good, "unit", `"km"`)} {
		again := w.must(t, 201, ada, "POST", "/api/plans", body, "Idempotency-Key", key)
		if again.Body != first.Body || again.Header.Get("Idempotency-Replayed") != "true" || again.Header.Get("Location") != first.Header.Get("Location") {
			t.Errorf("%s: %v %.200s", name, again.Header, again.Body)
		}
	}
	for name, change := range map[string]string{"name": `"Autumn"`, "weeks": "20", "race_date": "null"} { // S022
		if a := w.ask(t, ada, "POST", "/api/plans", with(good, name, change), "Idempotency-Key", key); a.Status != 422 || a.Slug() != "idempotency_mismatch" {
			t.Errorf("other %s = %d %s", name, a.Status, a.Body)
		}
	}
	for _, odd := range []string{"", strings.Repeat("k", 129), "a b", "ä", "a\tb"} {
		if a := w.ask(t, ada, "POST", "/api/plans", good, "Idempotency-Key", odd); a.Status != 422 || a.Faults() != "Idempotency-Key invalid_format" {
			t.Errorf("%q = %d %s", odd, a.Status, a.Body)
		}
	}
	if a := w.ask(t, ada, "POST", "/api/plans", good, "Idempotency-Key", "a", "Idempotency-Key", "b"); a.Status != 422 {
		t.Errorf("two keys = %d", a.Status)
	}
	w.sameTable(t, before)

	// S074: keys are the runner's own.
	theirs := w.must(t, 201, bob, "POST", "/api/plans", good, "Idempotency-Key", key)
	if theirs.Header.Get("Idempotency-Replayed") != "" || theirs.Header.Get("Location") == first.Header.Get("Location") {
		t.Error("a key reaches another runner's plan")
	}
	// The replay shows the plan as it is, and not one that is gone.
	path := first.Header.Get("Location")
	patch[plans.Plan](t, w, ada, path, `{"name":"Renamed"}`)
	if again := w.must(t, 201, ada, "POST", "/api/plans", good, "Idempotency-Key", key); !strings.Contains(again.Body, "Renamed") || again.Header.Get("ETag") != `"2"` {
		t.Errorf("%v", again.Header)
	}
	w.must(t, 204, ada, "DELETE", path, "")
	w.must(t, 404, ada, "POST", "/api/plans", good, "Idempotency-Key", key)
	// After a day, also before the store has removed it, the key is free.
	w.now = now.Add(24 * time.Hour)
	if a := w.must(t, 201, ada, "POST", "/api/plans", good, "Idempotency-Key", key); a.Header.Get("Idempotency-Replayed") != "" {
		t.Error("a receipt outlives its day")
	}
}

func TestIdempotencyOfWorkouts(t *testing.T) {
	w := newWorld(t)
	runner := w.runner(t)
	_, path := w.save(t, runner, good)
	const own = `{"type":"easy","distance_m":5000,"date":"2026-12-28"}`
	first := w.must(t, 201, runner, "POST", path+"/workouts", own, "Idempotency-Key", "k")
	again := w.must(t, 201, runner, "POST", path+"/workouts", own, "Idempotency-Key", "k")
	if again.Body != first.Body || again.Header.Get("Idempotency-Replayed") != "true" || again.Header.Get("Location") != first.Header.Get("Location") {
		t.Errorf("%v %s", again.Header, again.Body)
	}
	for target, body := range map[string]string{path + "/workouts": with(own, "distance_m", "6000"), "/api/plans": good} {
		if a := w.ask(t, runner, "POST", target, body, "Idempotency-Key", "k"); a.Status != 422 || a.Slug() != "idempotency_mismatch" {
			t.Errorf("%s = %d %s", target, a.Status, a.Body)
		}
	}
	w.must(t, 204, runner, "DELETE", first.Header.Get("Location"), "")
	w.must(t, 404, runner, "POST", path+"/workouts", own, "Idempotency-Key", "k")
}

// TestSameRequestAtOnce: however often a request is sent at the same time, it
// makes one plan.
func TestSameRequestAtOnce(t *testing.T) {
	w := newWorld(t)
	runner := w.runner(t)
	locations := make([]string, 20)
	var all sync.WaitGroup
	for n := range locations {
		all.Go(func() {
			for {
				a := w.ask(t, runner, "POST", "/api/plans", good, "Idempotency-Key", "once")
				if a.Status == 503 {
					continue
				}
				if a.Status != 201 {
					t.Errorf("%d %s", a.Status, a.Body)
				}
				locations[n] = a.Header.Get("Location")
				return
			}
		})
	}
	all.Wait()
	if slices.Sort(locations); len(slices.Compact(locations)) != 1 {
		t.Errorf("plans %v", locations)
	}
}

// parts counts the items of plans in the table, by kind.
func parts(t *testing.T, w *world) map[string]int {
	t.Helper()
	count := map[string]int{}
	for _, line := range w.table.Dump(t) {
		var i struct{ Entity string }
		if err := json.Unmarshal([]byte(line), &i); err != nil {
			t.Fatal(err)
		}
		count[i.Entity]++
	}
	return count
}

// TestKilledAtEveryCall ends the process, as it were, before or after every
// call to the store while the largest plan is saved, and while it is deleted.
// What is left is all of it or nothing, and a retry succeeds.
func TestKilledAtEveryCall(t *testing.T) {
	whole := map[string]int{"runner": 1, "plans": 1, "plan": 1, "plan_details": 1, "plan_week": 30, "receipt": 1}
	for _, f := range []storetest.Fault{storetest.Refused, storetest.LostReply} {
		for n := 1; ; n++ {
			w := newWorld(t)
			runner := w.runner(t)
			// Dead from the n-th call on; with LostReply that call is done.
			kill := func(c storetest.Call) storetest.Fault {
				switch {
				case c.N < n:
					return storetest.None
				case c.N == n:
					return f
				}
				return storetest.Refused
			}
			w.table.Faults.Set(kill)
			a := w.ask(t, runner, "POST", "/api/plans", largest, "Idempotency-Key", "k")
			calls := len(w.table.Faults.Calls())
			w.table.Faults.Set(nil)
			if a.Status == 201 && calls < n {
				break
			}
			count := parts(t, w)
			listed := apitest.Decode[plans.List](t, w.must(t, 200, runner, "GET", "/api/plans", ""))
			if f == storetest.LostReply && n == 1 {
				if diff := cmp.Diff(whole, count); diff != "" || len(listed.Items) != 1 {
					t.Errorf("call %d done: %s", n, diff)
				}
			} else if diff := cmp.Diff(map[string]int{"runner": 1}, count); diff != "" || len(listed.Items) != 0 {
				t.Errorf("call %d not done: %s", n, diff)
			}
			again := w.must(t, 201, runner, "POST", "/api/plans", largest, "Idempotency-Key", "k")
			if diff := cmp.Diff(whole, parts(t, w)); diff != "" {
				t.Errorf("retried after call %d: %s", n, diff)
			}
			path := again.Header.Get("Location")

			for m := 1; m <= 3; m++ { // profile and fact, parts, delete
				n := m
				w.table.Faults.Set(func(c storetest.Call) storetest.Fault {
					if c.N < n {
						return storetest.None
					}
					return storetest.Refused
				})
				w.must(t, 503, runner, "DELETE", path, "")
				w.table.Faults.Set(nil)
				if read := w.must(t, 200, runner, "GET", path, ""); read.Body != again.Body {
					t.Errorf("killed before call %d of a deletion, the plan is another", n)
				}
			}
			w.must(t, 204, runner, "DELETE", path, "")
			if diff := cmp.Diff(map[string]int{"runner": 1, "plans": 1, "receipt": 1}, parts(t, w)); diff != "" {
				t.Errorf("deleted: %s", diff)
			}
		}
	}
}

// TestOneFaultIsNotSeen: what happens to one call is mended within the
// request, and happens once.
func TestOneFaultIsNotSeen(t *testing.T) {
	w := newWorld(t)
	for _, f := range []storetest.Fault{storetest.LostReply, storetest.Reset, storetest.Truncated, storetest.ServerError, storetest.Throttled, storetest.Conflict} {
		runner := w.runner(t)
		saved, path := w.save(t, runner, good)
		for n := 1; n <= 3; n++ {
			if f == storetest.Conflict {
				n = 3 // reads do not clash
			}
			w.table.Faults.Set(storetest.Nth(n, f))
			tag := fmt.Sprintf(`"0.%d"`, n-1)
			if f == storetest.Conflict {
				tag = `"0.0"`
			}
			a := w.ask(t, runner, "PATCH", path+"/workouts/w01-1", fmt.Sprintf(`{"note":"try %d"}`, n), "If-Match", tag)
			if a.Status != 200 {
				t.Errorf("fault %d at call %d: %d %s", f, n, a.Status, a.Body)
			}
		}
		w.table.Faults.Set(storetest.Nth(1, f))
		if a := w.ask(t, runner, "POST", "/api/plans", good); a.Status != 201 {
			t.Errorf("fault %d while a plan is saved: %d %s", f, a.Status, a.Body)
		}
		w.table.Faults.Set(nil)
		if list := apitest.Decode[plans.List](t, w.must(t, 200, runner, "GET", "/api/plans", "")); len(list.Items) != 2 || list.Items[1].ID != saved.ID {
			t.Errorf("fault %d: %d plans", f, len(list.Items))
		}
	}
}

// TestStoreIsDown: everything says so within two seconds a call.
func TestStoreIsDown(t *testing.T) {
	w := newWorld(t)
	runner := w.runner(t)
	_, path := w.save(t, runner, good)
	w.table.Faults.Set(storetest.Always(storetest.Refused))
	for _, ask := range [][3]string{{"POST", "/api/plans", good}, {"GET", "/api/plans", ""}, {"GET", path, ""}, {"PATCH", path, `{"name":"x"}`}, {"DELETE", path, ""}, {"GET", "/api/workouts?from=2027-01-01&to=2027-01-02", ""}} {
		start := time.Now()
		a := w.ask(t, runner, ask[0], ask[1], ask[2])
		if a.Status != 503 || a.Slug() != "unavailable" || a.Header.Get("Retry-After") == "" || time.Since(start) > 2*time.Second {
			t.Errorf("%s %s = %d after %v: %s", ask[0], ask[1], a.Status, time.Since(start), a.Body)
		}
	}
	w.table.Faults.Set(nil)
	w.must(t, 200, runner, "GET", path, "")
}

// TestNothingForAnAccountThatIsGone: reads and writes answer 401, and writes
// leave nothing, also when the account goes after they have read.
func TestNothingForAnAccountThatIsGone(t *testing.T) {
	w := newWorld(t)
	runner := w.runner(t)
	_, path := w.save(t, runner, good)
	w.must(t, 201, runner, "POST", path+"/workouts", `{"type":"easy","distance_m":5000,"date":"2026-12-28"}`)
	gone := func() {
		w.put(t, map[string]any{"PK": "RUNNER#" + runner, "SK": "PROFILE", "entity": "runner", "deleted_at": 1})
	}
	back := func() {
		w.put(t, map[string]any{"PK": "RUNNER#" + runner, "SK": "PROFILE", "entity": "runner"})
	}
	asks := []struct{ method, path, body, tag string }{
		{"POST", "/api/plans", good, ""},
		{"GET", "/api/plans", "", ""},
		{"GET", path, "", ""},
		{"PATCH", path, `{"name":"x"}`, `"1"`},
		{"PATCH", path, `{"active":false}`, `"1"`},
		{"DELETE", path, "", ""},
		{"POST", path + "/workouts", `{"type":"easy","distance_m":5000,"date":"2027-01-04"}`, ""},
		{"GET", path + "/workouts/w01-1", "", ""},
		{"PATCH", path + "/workouts/w01-1", `{"status":"done"}`, `"0.0"`},
		{"DELETE", path + "/workouts/w02-6", "", ""},
		{"GET", "/api/workouts?from=2027-01-01&to=2027-01-02", "", ""},
	}
	gone()
	before := w.table.Dump(t)
	for _, ask := range asks {
		if a := w.ask(t, runner, ask.method, ask.path, ask.body, "If-Match", ask.tag); a.Status != 401 || a.Slug() != "invalid_token" {
			t.Errorf("%s %s = %d %s", ask.method, ask.path, a.Status, a.Body)
		}
	}
	w.sameTable(t, before)
	for _, ask := range asks {
		if ask.method == "GET" {
			continue
		}
		back()
		w.table.Faults.Set(func(c storetest.Call) storetest.Fault {
			if c.Operation == "TransactWriteItems" {
				gone()
			}
			return storetest.None
		})
		if a := w.ask(t, runner, ask.method, ask.path, ask.body, "If-Match", ask.tag); a.Status != 401 {
			t.Errorf("account goes during %s %s: %d %s", ask.method, ask.path, a.Status, a.Body)
		}
		w.table.Faults.Set(nil)
		w.sameTable(t, before)
	}
}
