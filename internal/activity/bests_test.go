package activity_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/activity"
	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/race"
	"github.com/stride-run/stride/internal/session"
	"github.com/stride-run/stride/internal/storetest"
)

// add brings one run and returns its session.
func (w *world) add(t testing.TB, runner string, r run) *activity.View {
	t.Helper()
	added, err := w.service.Add(t.Context(), runner, "", content(t, file{Sessions: []run{r}}), now)
	if err != nil {
		t.Fatal(err)
	}
	return added.Sessions[0]
}

func (w *world) update(t testing.TB, runner, id string, p activity.Patch) *activity.View {
	t.Helper()
	v, err := w.service.Update(t.Context(), runner, id, nil, p, now)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (w *world) delete(t testing.TB, runner, id string) {
	t.Helper()
	if err := w.service.Delete(t.Context(), runner, id, nil, now); err != nil {
		t.Fatal(err)
	}
}

// brief is what stands, in one text.
func brief(p *activity.PersonalBests) string {
	var all []string
	for _, b := range p.Standing {
		line := fmt.Sprintf("%v m %v", b.Distance, b.Time)
		if b.Previous != nil {
			line += fmt.Sprintf(" (%v)", b.Previous.Time)
		}
		all = append(all, line)
	}
	return strings.Join(all, ", ")
}

func TestBests(t *testing.T) {
	w := newWorld(t)
	ada := w.runner(t, nil)
	wants := func(step, want string) {
		t.Helper()
		if got := brief(w.bests(t, ada)); got != want {
			t.Errorf("%s: %s, want %s", step, got, want)
		}
		if diff := cmp.Diff(w.recomputed(t, ada), w.bests(t, ada).Standing); diff != "" {
			t.Errorf("%s: (-recomputed +kept)\n%s", step, diff)
		}
	}
	wants("nothing", "")
	slow := w.add(t, ada, at(0, 1000, 300))
	wants("one", "400 m 2m0s, 1000 m 5m0s")
	fast := w.add(t, ada, at(5, 1000, 250))
	wants("faster", "400 m 1m40s (2m0s), 1000 m 4m10s (5m0s)")
	w.add(t, ada, at(9, 1000, 275))
	wants("slower", "400 m 1m40s (2m0s), 1000 m 4m10s (5m0s)")
	w.add(t, ada, at(2, 1000, 280))
	wants("an older one", "400 m 1m40s (1m52s), 1000 m 4m10s (4m40s)")
	ride := at(6, 1000, 100)
	w.add(t, ada, ride)
	wants("impossible", "400 m 1m40s (1m52s), 1000 m 4m10s (4m40s)")
	ride.Sport = "cycling"
	ridden := w.add(t, ada, ride)
	w.update(t, ada, fast.ID, activity.Patch{CountsForBests: new(false)})
	wants("excluded", "400 m 1m50s (1m52s), 1000 m 4m35s (4m40s)")
	w.update(t, ada, fast.ID, activity.Patch{CountsForBests: new(true)})
	wants("restored", "400 m 1m40s (1m52s), 1000 m 4m10s (4m40s)")
	w.update(t, ada, fast.ID, activity.Patch{Sport: new(session.Sport("cycling"))})
	wants("it was a ride", "400 m 1m50s (1m52s), 1000 m 4m35s (4m40s)")
	back := w.update(t, ada, fast.ID, activity.Patch{Sport: new(session.Running)})
	wants("it was not", "400 m 1m40s (1m52s), 1000 m 4m10s (4m40s)")
	if diff := cmp.Diff(fast.Statistics, back.Statistics, same); diff != "" || back.Version != 5 {
		t.Errorf("version %d, statistics:\n%s", back.Version, diff)
	}
	if got := w.update(t, ada, ridden.ID, activity.Patch{Sport: new(session.Running)}); got.Statistics.Cadence.Average != 360 || len(got.Statistics.Efforts) != 2 {
		t.Errorf("%+v", got.Statistics)
	}
	wants("a ride that was none, and impossible", "400 m 1m40s (1m52s), 1000 m 4m10s (4m40s)")
	w.delete(t, ada, fast.ID)
	wants("deleted", "400 m 1m50s (1m52s), 1000 m 4m35s (4m40s)")
	w.delete(t, ada, slow.ID)
	wants("another deleted", "400 m 1m50s (1m52s), 1000 m 4m35s (4m40s)")
}

func TestNoBestWithoutADay(t *testing.T) {
	w := newWorld(t)
	ada := w.runner(t, nil)
	early := at(0, 1000, 250)
	early.Start, early.Flags = 5000, []session.Flag{session.NoClock}
	one := w.add(t, ada, early)
	late := at(400, 1000, 250)
	two := w.add(t, ada, late)
	if one.CountsForBests || !one.Date.IsZero() || two.CountsForBests || two.Flags[len(two.Flags)-1] != activity.FutureDate {
		t.Errorf("%+v, %+v", one.Session, two.Session)
	}
	if got := brief(w.bests(t, ada)); got != "" {
		t.Error(got)
	}
	w.update(t, ada, two.ID, activity.Patch{CountsForBests: new(true)})
	if got := brief(w.bests(t, ada)); got != "400 m 1m40s, 1000 m 4m10s" {
		t.Errorf("although the runner says so: %s", got)
	}
}

func TestResultsByHand(t *testing.T) {
	w := newWorld(t)
	ada, bob := w.runner(t, nil), w.runner(t, nil)
	w.add(t, ada, at(0, 5000, 300))
	day := calendar.Of(2025, time.May, 4)
	enter := activity.NewResult{Result: race.Result{Distance: 5000, Time: 20 * time.Minute}, Date: day, Name: "City run"}
	r, p, err := w.service.AddResult(t.Context(), ada, enter, now)
	if err != nil || len(p.Results) != 1 {
		t.Fatal(r, p, err)
	}
	best := p.Standing[len(p.Standing)-1]
	if !best.ByHand || best.Source != r.ID || p.Date(best.Claim) != day || best.Previous != nil {
		t.Errorf("%+v", best)
	}
	if again, p, err := w.service.AddResult(t.Context(), ada, enter, now.Add(time.Hour)); err != nil || again.ID != r.ID || len(p.Results) != 1 || !again.Created.Equal(now) {
		t.Errorf("again: %+v, %v", again, err)
	}
	if err := w.service.DeleteResult(t.Context(), bob, r.ID, now); !errors.Is(err, fault.NotFound) {
		t.Errorf("another runner's: %v", err)
	}
	if err := w.service.DeleteResult(t.Context(), ada, r.ID, now); err != nil {
		t.Fatal(err)
	}
	if err := w.service.DeleteResult(t.Context(), ada, r.ID, now); !errors.Is(err, fault.NotFound) {
		t.Errorf("twice: %v", err)
	}
	if diff := cmp.Diff(w.recomputed(t, ada), w.bests(t, ada).Standing); diff != "" {
		t.Error(diff)
	}
	for want, bad := range map[string]activity.NewResult{
		"/distance_m": {Result: race.Result{Distance: 3000, Time: 12 * time.Minute}, Date: day},
		"/time":       {Result: race.Result{Distance: 5000, Time: 10 * time.Minute}, Date: day},
		"/time ":      {Result: race.Result{Distance: 5000, Time: 3 * time.Hour}, Date: day},
		"/date":       {Result: race.Result{Distance: 5000, Time: 20 * time.Minute}, Date: calendar.Of(2026, time.November, 27)},
		"/date ":      {Result: race.Result{Distance: 5000, Time: 20 * time.Minute}},
	} {
		_, _, err := w.service.AddResult(t.Context(), ada, bad, now)
		f, ok := errors.AsType[*fault.Fault](err)
		if !ok || len(f.Fields) != 1 || f.Fields[0].Pointer != strings.TrimSpace(want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	if _, _, err := w.service.AddResult(t.Context(), ada, activity.NewResult{}, now); err == nil || len(err.(*fault.Fault).Fields) != 2 { //nolint:errorlint // not wrapped
		t.Errorf("%v", err)
	}
}

func TestCriticalSpeedFollowsTheBests(t *testing.T) {
	w := newWorld(t)
	ada := w.runner(t, nil)
	if p := w.bests(t, ada); p.CriticalSpeed != nil || p.Unavailable == "" {
		t.Errorf("%+v", p)
	}
	enter := func(metres, seconds float64) *activity.PersonalBests {
		_, p, err := w.service.AddResult(t.Context(), ada, activity.NewResult{
			Result: race.Result{Distance: unitOf(metres), Time: time.Duration(seconds * 1e9)}, Date: calendar.Of(2026, time.May, 4),
		}, now)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	if p := enter(1000, 220); p.CriticalSpeed != nil || !strings.Contains(p.Unavailable, "2 all-out efforts") {
		t.Errorf("%+v", p)
	}
	enter(5000, 1250)
	before := enter(10000, 2550).CriticalSpeed // beyond 40 minutes: not used
	if before == nil || before.Quality.PointsUsed != 2 {
		t.Fatalf("%+v", before)
	}
	after := enter(1609.344, 372).CriticalSpeed
	if after == nil || after.Quality.PointsUsed != 3 || after.Quality.Numbers == nil || after.Linear.Speed == before.Linear.Speed {
		t.Errorf("%+v, before %+v", after, before)
	}
}

// TestBestsInAnyOrder does at random whatever changes bests, and compares them
// each time with those of a look at everything.
func TestBestsInAnyOrder(t *testing.T) {
	w := newWorld(t)
	for seed := range uint64(storetest.Size(8, 100)) {
		random := rand.New(rand.NewPCG(seed, 0))
		ada := w.runner(t, nil)
		var have []string
		for step := range 15 {
			r := at(random.IntN(20), []float64{500, 1000, 1700, 5000}[random.IntN(4)], float64(100+10*random.IntN(30)))
			what := random.IntN(8)
			switch {
			case what < 4 || len(have) == 0:
				have = append(have, w.add(t, ada, r).ID)
			case what == 4:
				n := random.IntN(len(have))
				w.delete(t, ada, have[n])
				for len(have) > 0 && n < len(have) { // the same file may have come twice
					id := have[n]
					have = deleteAll(have, id)
				}
			case what == 5:
				w.update(t, ada, have[random.IntN(len(have))], activity.Patch{CountsForBests: new(random.IntN(2) == 0)})
			case what == 6:
				sport := []session.Sport{session.Running, "cycling", session.Walking}[random.IntN(3)]
				w.update(t, ada, have[random.IntN(len(have))], activity.Patch{Sport: &sport})
			case what == 7:
				p := w.bests(t, ada)
				if len(p.Results) > 1 {
					if err := w.service.DeleteResult(t.Context(), ada, p.Results[0].ID, now); err != nil {
						t.Fatal(err)
					}
					break
				}
				_, _, err := w.service.AddResult(t.Context(), ada, activity.NewResult{
					Result: race.Result{Distance: 1000, Time: time.Duration(150+random.IntN(200)) * time.Second}, Date: calendar.Of(2026, time.January, 1+random.IntN(20)),
				}, now)
				if err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(w.recomputed(t, ada), w.bests(t, ada).Standing); diff != "" {
				t.Fatalf("seed %d, step %d, %d (-recomputed +kept):\n%s", seed, step, what, diff)
			}
		}
		for _, v := range w.sessions(t, ada) {
			w.delete(t, ada, v.ID)
		}
		for _, r := range w.bests(t, ada).Results {
			if err := w.service.DeleteResult(t.Context(), ada, r.ID, now); err != nil {
				t.Fatal(err)
			}
		}
		if left := w.snapshot(t, ada); strings.Contains(left, "EFFORT#") || strings.Contains(left, "BEST#") || strings.Contains(left, "TRASH#") || len(w.objects.Keys(ada+"/")) > 0 {
			t.Fatalf("seed %d: left\n%s", seed, left)
		}
	}
}

func deleteAll(ids []string, id string) []string {
	var left []string
	for _, other := range ids {
		if other != id {
			left = append(left, other)
		}
	}
	return left
}

// TestKilledWhileChanging: a change or deletion that is broken off is done or
// not, and bests are right in between; a deletion after it leaves no object.
func TestKilledWhileChanging(t *testing.T) {
	w := newWorld(t)
	for name, do := range map[string]func(s *activity.Service, runner, id string) error{
		"delete": func(s *activity.Service, runner, id string) error {
			return s.Delete(t.Context(), runner, id, nil, now)
		},
		"exclude": func(s *activity.Service, runner, id string) error {
			_, err := s.Update(t.Context(), runner, id, nil, activity.Patch{CountsForBests: new(false)}, now)
			return err
		},
		"sport": func(s *activity.Service, runner, id string) error {
			_, err := s.Update(t.Context(), runner, id, nil, activity.Patch{Sport: new(session.Walking)}, now)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			calls := w.everyKill(t, func(s *activity.Service, arm func()) {
				ada := w.runner(t, nil)
				w.add(t, ada, at(1, 1000, 300))
				one := w.add(t, ada, at(0, 1000, 250))
				arm()
				if err := do(s, ada, one.ID); err != nil && !errors.Is(err, errKilled) {
					t.Fatal(err)
				}
				if diff := cmp.Diff(w.recomputed(t, ada), w.bests(t, ada).Standing); diff != "" {
					t.Errorf("bests after the kill:\n%s", diff)
				}
				if err := do(w.service, ada, one.ID); err != nil && !errors.Is(err, fault.NotFound) {
					t.Fatal(err)
				}
				if got := brief(w.bests(t, ada)); got != "400 m 2m0s, 1000 m 5m0s" {
					t.Error(got)
				}
				for _, v := range w.sessions(t, ada) {
					w.delete(t, ada, v.ID)
				}
				if keys := w.objects.Keys(ada + "/"); len(keys) != 0 {
					t.Errorf("left %q", keys)
				}
			})
			if t.Logf("%d calls", calls); calls < 3 {
				t.Error("too few calls to have been killed at all")
			}
		})
	}
}
