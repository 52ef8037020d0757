package activity_test

import (
	"flag"
	"fmt"
	"testing"
	"time"

	"github.com/stride-run/stride/internal/activity"
	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/dynamo"
	"github.com/stride-run/stride/internal/race"
	"github.com/stride-run/stride/internal/storetest"
)

var update = flag.Bool("update", false, "write the measured costs into docs/table.md")

// TestCosts measures what every request costs, holds it against the budgets,
// and against docs/table.md, which lists it.
func TestCosts(t *testing.T) {
	w := newWorld(t)
	ada, bob := w.runner(t, nil), w.runner(t, nil)
	m := &storetest.Meter{}
	w.serve(dynamo.Activities{Store: w.table.Store().Metered(m.Count)}, w.objects)
	costs := storetest.NewCosts("sessions", "keys below `RUNNER#<id>`")
	measure := func(what, keys string, calls int, read, write float64, do func() error) {
		t.Helper()
		m.Reset()
		if err := do(); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if m.Calls > calls || m.Read > read || m.Write > write {
			t.Errorf("%s: %d calls, %v RRU, %v WRU; the budget is %d, %v, %v", what, m.Calls, m.Read, m.Write, calls, read, write)
		}
		costs.Add(what, keys, m)
	}
	// Runs of 12 km have efforts over 5 of the 7 distances.
	long := func(day int, pace float64) []byte { return content(t, file{Sessions: []run{at(day, 12000, pace)}}) }
	w.bring(t, ada, long(0, 330))
	w.bring(t, ada, long(1, 320))
	files := [][]byte{long(2, 340), long(3, 310), long(3, 310), []byte("junk")}
	for n := range 46 {
		files = append(files, []byte(fmt.Sprint(n)))
	}
	var keys []string
	var imported *activity.Import
	measure("Begin an import of 50 files", "`PROFILE` `ACTIVITY` `FILE#…`, `BEST#…` read; `PROFILE` checked, `ACTIVITY` updated, `IMPORT#…` put", 3, 60, 130, func() error {
		imported, keys = w.announce(t, ada, files...)
		return nil
	})
	measure("Ask how far it is", "`PROFILE`; all of `IMPORT#<import>`", 2, 6, 0, func() error {
		return second(w.service.Import(t.Context(), ada, imported.ID, now))
	})
	ingest := func(n int) func() error {
		return func() error { return w.service.Ingest(t.Context(), keys[n], now) }
	}
	measure("Ingest a run that is no best", "`PROFILE` `IMPORT#<import>#<nn>`; as *begin*; `PROFILE`, `SESSION#…` of the same half hour; `PROFILE` checked, `ACTIVITY` `IMPORT#<import>#<nn>` updated, `SESSION#` `FILE#` `EFFORT#…` put", 6, 12, 30, ingest(0))
	measure("Ingest a run that is the best over five distances", "the same; `EFFORT#…` read for each distance; `BEST#…` put", 15, 24, 42, ingest(1))
	measure("Ingest a file that the runner has", "`PROFILE` `IMPORT#<import>#<nn>`; as *begin*; `PROFILE` checked, `IMPORT#<import>#<nn>` updated", 4, 10, 6, ingest(2))
	measure("Ingest a file that is refused", "the same", 4, 10, 6, ingest(3))
	measure("Ingest once more what has its verdict", "`PROFILE` `IMPORT#<import>#<nn>`", 1, 2, 0, ingest(1))
	id := w.importOf(t, ada, imported.ID).Files[1].Sessions[0]
	measure("Add a file in a request", "as *ingest*, twice as *begin*, without `IMPORT#`; `TRASH#…` read, put, deleted; the new `SESSION#` read", 10, 16, 30, func() error {
		return second(w.service.Add(t.Context(), ada, "", long(4, 345), now))
	})
	measure("Read a session", "`PROFILE` `SESSION#`", 1, 3, 0, func() error { return second(w.service.Get(t.Context(), ada, id, now)) })
	measure("Name a session", "the same; `PROFILE` checked, `SESSION#` updated", 2, 3, 8, func() error {
		return second(w.service.Update(t.Context(), ada, id, nil, activity.Patch{Name: new("Hills")}, now))
	})
	measure("Exclude the best over five distances", "as *read*; as *begin*; `EFFORT#…`; `PROFILE` checked, `ACTIVITY` `SESSION#` updated, `EFFORT#…` deleted, `BEST#…` put", 16, 30, 40, func() error {
		return second(w.service.Update(t.Context(), ada, id, nil, activity.Patch{CountsForBests: new(false)}, now))
	})
	measure("Delete a session", "as *read*; as *begin*; `PROFILE` checked, `ACTIVITY` updated, `SESSION#` `FILE#` `EFFORT#…` deleted, `TRASH#…` put; `TRASH#…` read and deleted", 8, 14, 30, func() error {
		return w.service.Delete(t.Context(), ada, id, nil, now)
	})
	measure("Personal bests and critical speed", "`PROFILE` `ACTIVITY`; `BEST#…`; `RESULT#…`", 3, 5, 0, func() error {
		return second(w.service.PersonalBests(t.Context(), ada, now))
	})
	measure("Enter a result by hand", "as *personal bests*, twice; `EFFORT#…`; `PROFILE` checked, `ACTIVITY` updated, `RESULT#` `EFFORT#` `BEST#` put", 16, 20, 14, func() error {
		_, _, err := w.service.AddResult(t.Context(), ada, activity.NewResult{
			Result: race.Result{Distance: 10000, Time: 49 * time.Minute}, Date: calendar.Of(2026, time.May, 4),
		}, now)
		return err
	})
	for day := range 20 {
		w.add(t, bob, at(day, 12000, 330))
	}
	measure("List 20 sessions", "`PROFILE`; backwards through `SESSION#…`", 2, 16, 0, func() error {
		_, _, err := w.service.List(t.Context(), bob, activity.Range{Limit: 20}, now)
		return err
	})

	costs.Compare(t, "../..", *update)
}
