package plans_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stride-run/stride/internal/api/plans"
	"github.com/stride-run/stride/internal/apitest"
	"github.com/stride-run/stride/internal/storetest"
)

// A diary is what one runner was told: which plans there are, and what the
// note of one workout can be.
type diary struct {
	runner string
	notes  map[string][]string // by the plan's path; several: nobody knows which
	gone   []string
}

// TestNothingAcknowledgedIsLost: R-04. Runners save, change and delete plans
// while calls to the store fail by chance. What was answered with success is
// there in the end; what was not is there whole or not at all.
func TestNothingAcknowledgedIsLost(t *testing.T) {
	w := newWorld(t)
	const runners = 8
	writes := storetest.Size(160, 20_000)
	full := writes >= 20_000
	random := rand.New(rand.NewPCG(4, 2)) // the same faults every time
	often := 5                            // times the rates of the scenario, for a short run to meet them
	if full {
		often = 1
	}
	w.table.Faults.Set(func(storetest.Call) storetest.Fault {
		switch n := random.IntN(1000); {
		case n < 10*often:
			return storetest.ServerError
		case n < 20*often:
			return storetest.Throttled
		case n < 23*often:
			return storetest.Reset
		case n < 25*often:
			return storetest.LostReply
		}
		return storetest.None
	})
	diaries := make([]*diary, runners)
	var all sync.WaitGroup
	var failed atomic.Int64
	for n := range diaries {
		d := &diary{runner: w.runner(t), notes: map[string][]string{}}
		diaries[n] = d
		all.Go(func() {
			for write := range writes / runners {
				if !d.write(t, w, write) {
					failed.Add(1)
				}
			}
		})
	}
	all.Wait()
	w.table.Faults.Set(nil)
	if n := failed.Load(); full && n*1000 > int64(writes) {
		t.Errorf("%d of %d writes failed", n, writes)
	}
	kept := 0
	for _, d := range diaries {
		kept += d.check(t, w)
	}
	count := parts(t, w)
	if count["plan"] != kept || count["plan_details"] != kept || count["plan_week"] != 18*kept || kept == 0 {
		t.Errorf("%d plans were acknowledged and not deleted; there are %v", kept, count)
	}
}

// write makes one change, and says whether it was answered at once. A save and
// a deletion go on until they are answered.
func (d *diary) write(t *testing.T, w *world, n int) bool {
	first := true
	until := func(method, path, body string, headers ...string) apitest.Answer {
		for {
			a := w.ask(t, d.runner, method, path, body, headers...)
			if a.Status != http.StatusServiceUnavailable {
				return a
			}
			first = false
		}
	}
	unexpected := func(what string, a apitest.Answer) { t.Errorf("%s = %d %.300s", what, a.Status, a.Body) }
	var path string
	for path = range d.notes {
		break
	}
	switch {
	case path == "" || n%10 == 0 && len(d.notes) < 4:
		a := until("POST", "/api/plans", good, "Idempotency-Key", fmt.Sprintf("key-%d", n))
		if a.Status != http.StatusCreated {
			unexpected("save", a)
			return first
		}
		d.notes[a.Header.Get("Location")] = []string{""}
	case n%10 == 5 && len(d.notes) > 2:
		a := until("DELETE", path, "")
		if a.Status != http.StatusNoContent && (first || a.Status != http.StatusNotFound) { // done, and not heard of
			unexpected("delete", a)
		}
		delete(d.notes, path)
		d.gone = append(d.gone, path)
	default:
		at, note := path+"/workouts/w04-2", fmt.Sprint("note ", n)
		tag := until("GET", at, "").Header.Get("ETag")
		a := w.ask(t, d.runner, "PATCH", at, fmt.Sprintf(`{"note":%q}`, note), "If-Match", tag)
		switch a.Status {
		case http.StatusOK:
			d.notes[path] = []string{note}
		case http.StatusServiceUnavailable:
			first = false
			d.notes[path] = append(d.notes[path], note)
		default:
			unexpected("change", a)
		}
	}
	return first
}

// check compares what there is with what the runner was told, and returns how
// many plans that is.
func (d *diary) check(t *testing.T, w *world) int {
	t.Helper()
	for path, notes := range d.notes {
		p := apitest.Decode[plans.Plan](t, w.must(t, 200, d.runner, "GET", path, ""))
		note := p.Weeks[3].Workouts[1].Note
		if len(p.Weeks) != 18 || !strings.Contains("\n"+strings.Join(notes, "\n")+"\n", "\n"+note+"\n") {
			t.Errorf("%s: %d weeks, note %q, want one of %q", path, len(p.Weeks), note, notes)
		}
	}
	for _, path := range d.gone {
		w.must(t, 404, d.runner, "GET", path, "")
	}
	listed := apitest.Decode[plans.List](t, w.must(t, 200, d.runner, "GET", "/api/plans?limit=100", ""))
	if len(listed.Items) != len(d.notes) {
		t.Errorf("%d plans are listed, want %d", len(listed.Items), len(d.notes))
	}
	return len(d.notes)
}
