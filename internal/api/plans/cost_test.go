package plans_test

import (
	"flag"
	"fmt"
	"testing"

	"github.com/stride-run/stride/internal/apitest"
	"github.com/stride-run/stride/internal/storetest"
)

var update = flag.Bool("update", false, "write the measured costs into docs/table.md")

// TestCosts measures what every request costs, holds it against the budgets,
// and against docs/table.md, which lists it.
func TestCosts(t *testing.T) {
	w := newWorld(t)
	m := &storetest.Meter{}
	costs := storetest.NewCosts("plans", "keys below `RUNNER#<id>`")
	measure := func(what, keys, method, target, body string, calls int, read, write float64, headers ...string) apitest.Answer {
		t.Helper()
		runner := headers[0]
		m.Reset()
		a := w.ask(t, runner, method, target, body, headers[1:]...)
		if a.Status >= 300 {
			t.Fatalf("%s = %d %s", what, a.Status, a.Body)
		}
		if m.Calls > calls || m.Read > read || m.Write > write {
			t.Errorf("%s: %d calls, %v RRU, %v WRU; the budget is %d, %v, %v", what, m.Calls, m.Read, m.Write, calls, read, write)
		}
		costs.Add(what, keys, m)
		return a
	}
	w.serve(w.store.Metered(m.Count))

	const largePlan = `{"weeks":30,"runs_per_week":7,"target_time":"3:45:00","first_long_run":20,"long_run_day":"sunday","race_date":"2027-04-25"}`
	ada, bob, cleo := w.runner(t), w.runner(t), w.runner(t)
	saved := measure("Save a plan of 18 weeks × 5 runs", "`PROFILE` `IDEM#` `PLANS` `PLAN#` `PART#…` put", "POST", "/api/plans", good, 1, 0, 80, ada, "Idempotency-Key", "k")
	measure("Save it again under the same key", "the same, refused; then `IDEM#` and as *read*", "POST", "/api/plans", good, 4, 10, 0, ada, "Idempotency-Key", "k")
	largePath := measure("Save a plan of 30 weeks × 7 runs", "as above", "POST", "/api/plans", largePlan, 1, 0, 160, bob).Header.Get("Location")
	path := saved.Header.Get("Location")
	workout := path + "/workouts/w03-2"
	measure("Read a plan of 18 × 5", "`PROFILE` `PLAN#`; all of `PART#<plan>#`", "GET", path, "", 2, 8, 0, ada)
	measure("Read a plan of 30 × 7", "the same", "GET", largePath, "", 2, 12, 0, bob)
	measure("Change name, active or race date", "as *read*; `PROFILE` checked, `PLAN#` and, for active, `PLANS` updated", "PATCH", path, `{"name":"x","race_date":"2027-05-02"}`, 3, 8, 8, ada, "If-Match", `"1"`)
	measure("Read a workout", "as *read a plan*", "GET", workout, "", 2, 8, 0, ada)
	measure("Mark a workout done, with a note", "as *read a plan*; `PROFILE` checked, `PLAN#` updated, its `WEEK#` put", "PATCH", workout, `{"status":"done","note":"easy"}`, 3, 8, 8, ada, "If-Match", `"1.0"`)
	measure("Move a workout to another week", "the same with two `WEEK#`", "PATCH", workout, `{"week":5,"day":"monday"}`, 3, 8, 12, ada, "If-Match", `"1.1"`)
	own := measure("Add an own workout", "as *mark*", "POST", path+"/workouts", `{"type":"easy","distance_m":5000,"week":4,"day":"monday"}`, 3, 8, 8, ada)
	measure("Delete an own workout", "as *mark*", "DELETE", own.Header.Get("Location"), "", 3, 8, 8, ada)
	measure("Calendar of a day, one active plan", "`PROFILE` `PLANS`; `PLAN#` `DETAILS` of each active plan; its `WEEK#` in the span", "GET", "/api/workouts?from=2027-02-03&to=2027-02-03", "", 3, 6, 0, ada)
	measure("Calendar of 18 weeks, one active plan", "the same", "GET", "/api/workouts?from=2026-12-21&to=2027-05-02", "", 3, 10, 0, ada)
	measure("Delete a plan of 18 × 5", "as *read*; `PROFILE` checked, `PLANS` updated, `PLAN#` and `PART#…` deleted", "DELETE", path, "", 3, 8, 90, ada)

	for n := range 10 {
		_, path := w.save(t, cleo, with(good, "name", fmt.Sprintf(`"Plan %d of Cleo"`, n)))
		patchPlan(t, w, cleo, path, `{"active":false}`)
	}
	measure("List 10 plans", "backwards from `PROFILE` through `PLANS` to `PLAN#…`", "GET", "/api/plans?limit=10", "", 1, 2, 0, cleo)

	costs.Compare(t, "../../..", *update)
}

// patchPlan changes a plan, whatever its version.
func patchPlan(t testing.TB, w *world, runner, path, body string) {
	t.Helper()
	tag := w.must(t, 200, runner, "GET", path, "").Header.Get("ETag")
	w.must(t, 200, runner, "PATCH", path, body, "If-Match", tag)
}
