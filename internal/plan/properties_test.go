package plan_test

import (
	"fmt"
	"math"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/plan"
	"github.com/stride-run/stride/internal/unit"
)

// sunday is a race date on a Sunday; races on other weekdays follow it.
var sunday = calendar.Of(2027, time.April, 25)

// TestInvariantsOverTheGrid makes every plan of the input grid. The days are
// turned with the other inputs, so that all 7 × 8 pairs of long-run day and
// race weekday (or none) occur hundreds of times.
func TestInvariantsOverTheGrid(t *testing.T) {
	firsts := []float64{3, 3.1, 3.4, 4, 5, 6, 7, 8, 9.9, 10, 12, 13.3, 15, 16, 18, 20, 21, 21.1, 24, 26, 27.7, 30, 31.9, 32, 34, 35}
	targets := []time.Duration{2 * time.Hour, 2*time.Hour + 9*time.Minute, 2*time.Hour + 45*time.Minute, 2*time.Hour + 46*time.Minute, 3*time.Hour + 10*time.Minute, 4 * time.Hour, 4*time.Hour + 30*time.Minute, 5 * time.Hour, 6*time.Hour + time.Second, 8 * time.Hour}
	var grid []plan.Answers
	for weeks := plan.MinWeeks; weeks <= plan.MaxWeeks; weeks++ {
		for runs := plan.MinRunsPerWeek; runs <= plan.MaxRunsPerWeek; runs++ {
			for _, first := range firsts {
				for _, target := range targets {
					a := plan.Answers{Weeks: weeks, RunsPerWeek: runs, TargetTime: target, FirstLongRun: first, Unit: unit.Km}
					turn := len(grid)
					a.LongRunDay = time.Weekday(turn % 7)
					if race := turn / 7 % 8; race < 7 {
						a.RaceDate = sunday.AddDays(race)
					}
					if turn%3 == 0 && first < 21 {
						a.Unit, a.FirstLongRun = unit.Mi, math.Max(first/1.609344, 1.865)
					}
					grid = append(grid, a)
				}
			}
		}
	}
	made, refused := checkAll(t, grid)
	t.Logf("%d plans made, %d answers refused", made, refused)
	if made < 30000 || refused < 1000 {
		t.Errorf("made %d, refused %d: the grid does not cover both", made, refused)
	}
}

// TestInvariantsOverAllDays takes fewer other inputs and all days.
func TestInvariantsOverAllDays(t *testing.T) {
	var grid []plan.Answers
	for _, weeks := range []int{8, 11, 12, 18, 30} {
		for runs := plan.MinRunsPerWeek; runs <= plan.MaxRunsPerWeek; runs++ {
			for day := time.Sunday; day <= time.Saturday; day++ {
				for race := range 8 {
					a := plan.Answers{Weeks: weeks, RunsPerWeek: runs, TargetTime: 4 * time.Hour, FirstLongRun: 16, Unit: unit.Km, LongRunDay: day}
					if race < 7 {
						a.RaceDate = sunday.AddDays(race)
					}
					grid = append(grid, a)
				}
			}
		}
	}
	if made, refused := checkAll(t, grid); refused > 0 || made != len(grid) {
		t.Errorf("%d of %d answers refused", refused, len(grid))
	}
}

func checkAll(t *testing.T, grid []plan.Answers) (made, refused int) {
	t.Helper()
	var wg sync.WaitGroup
	var mu sync.Mutex
	failures := map[string][]string{}
	workers := runtime.GOMAXPROCS(0)
	for worker := range workers {
		wg.Go(func() {
			ok, no := 0, 0
			for i := worker; i < len(grid); i += workers {
				g, err := plan.NewGoal(grid[i])
				if err != nil {
					no++
					continue
				}
				ok++
				for _, v := range violations(plan.Generate(g)) {
					rule, _, _ := strings.Cut(v, ":")
					mu.Lock()
					failures[rule] = append(failures[rule], fmt.Sprintf("%s\n    %+v", v, grid[i]))
					mu.Unlock()
				}
			}
			mu.Lock()
			made, refused = made+ok, refused+no
			mu.Unlock()
		})
	}
	wg.Wait()
	for rule, all := range failures {
		t.Errorf("invariant %s: %d plans, first: %s", rule, len(all), all[0])
	}
	return made, refused
}

// anyAnswers draws answers from the whole space, not just from a grid.
func anyAnswers(t *rapid.T) plan.Answers {
	a := plan.Answers{
		Weeks:        rapid.IntRange(plan.MinWeeks, plan.MaxWeeks).Draw(t, "weeks"),
		RunsPerWeek:  rapid.IntRange(plan.MinRunsPerWeek, plan.MaxRunsPerWeek).Draw(t, "runs"),
		TargetTime:   time.Duration(rapid.IntRange(7200, 28800).Draw(t, "target")) * time.Second,
		FirstLongRun: rapid.Float64Range(3, 35).Draw(t, "first"),
		Unit:         unit.Km,
		LongRunDay:   time.Weekday(rapid.IntRange(0, 6).Draw(t, "day")),
	}
	if rapid.Bool().Draw(t, "miles") {
		a.Unit, a.FirstLongRun = unit.Mi, rapid.Float64Range(1.865, 21.74).Draw(t, "first mi")
	}
	if rapid.Bool().Draw(t, "dated") {
		a.RaceDate = calendar.Of(2024, time.January, 1).AddDays(rapid.IntRange(0, 4000).Draw(t, "race"))
	}
	return a
}

// goalFor skips the draws that are refused.
func goalFor(t *rapid.T, a plan.Answers) plan.Goal {
	g, err := plan.NewGoal(a)
	if err != nil {
		t.SkipNow()
	}
	return g
}

func TestInvariantsOfAnyAnswers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := anyAnswers(t)
		if bad := violations(plan.Generate(goalFor(t, a))); len(bad) > 0 {
			t.Fatalf("%+v\n%s", a, strings.Join(bad, "\n"))
		}
	})
}

// Invariant 28, first half, and 30: the plan depends on the goal alone.
func TestSameGoalSamePlan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := anyAnswers(t)
		one, two := plan.Generate(goalFor(t, a)), plan.Generate(goalFor(t, a))
		if diff := cmp.Diff(one.Weeks, two.Weeks, cmp.Comparer(func(x, y calendar.Date) bool { return x == y })); diff != "" {
			t.Fatal(diff)
		}
	})
}

// Invariant 28, second half: another long-run day turns the week and leaves
// its runs as they are. Race week is free where the race has a date.
func TestLongRunDayOnlyTurnsTheWeek(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := anyAnswers(t)
		b := a
		b.LongRunDay = time.Weekday(rapid.IntRange(0, 6).Draw(t, "other day"))
		one, two := plan.Generate(goalFor(t, a)), plan.Generate(goalFor(t, b))
		for i, w := range one.Weeks {
			if w.Kind == plan.RaceWeek && !a.RaceDate.IsZero() {
				continue
			}
			turned := map[string]int{}
			for _, o := range w.Workouts {
				turned[fmt.Sprint((int(o.Day)-int(a.LongRunDay)+7)%7, o.Type, o.Distance, o.DurationS)]++
			}
			for _, o := range two.Weeks[i].Workouts {
				turned[fmt.Sprint((int(o.Day)-int(b.LongRunDay)+7)%7, o.Type, o.Distance, o.DurationS)]--
			}
			for k, n := range turned {
				if n != 0 {
					t.Fatalf("week %d of %+v, long run on %v: %s %+d", w.Number, a, b.LongRunDay, k, n)
				}
			}
		}
	})
}

// Invariant 29: more weeks never need a steeper increase. The peak lies on a
// grid of 100 m, which moves the rate by as much as that is of the peak.
func TestMoreWeeksNeedNoSteeperIncrease(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := anyAnswers(t)
		b := a
		b.Weeks = rapid.IntRange(a.Weeks, plan.MaxWeeks).Draw(t, "more weeks")
		one, two := plan.Generate(goalFor(t, a)), plan.Generate(goalFor(t, b))
		slack := 0.1 / one.Summary.PeakLongRun.Kilometres()
		if two.Summary.WeeklyIncreaseRate > one.Summary.WeeklyIncreaseRate+slack {
			t.Fatalf("%+v: %v, in %d weeks %v", a, one.Summary.WeeklyIncreaseRate, b.Weeks, two.Summary.WeeklyIncreaseRate)
		}
	})
}

// Invariant 29, second half: a longer first long run shortens no later one.
func TestLongerFirstLongRunShortensNone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := anyAnswers(t)
		b := a
		b.FirstLongRun = rapid.Float64Range(a.FirstLongRun, map[unit.Length]float64{unit.Km: 35, unit.Mi: 21.74}[a.Unit]).Draw(t, "longer")
		one, two := viewOf(plan.Generate(goalFor(t, a))), viewOf(plan.Generate(goalFor(t, b)))
		for i := range one.long {
			if two.long[i] < one.long[i]-near {
				t.Fatalf("%+v: week %d has %v km, with a first of %v only %v km", a, i+1, one.long[i], b.FirstLongRun, two.long[i])
			}
		}
	})
}

// Invariant 24, second half: a slower target makes no pace faster, but for
// repetition pace at its step.
func TestSlowerTargetMakesNoPaceFaster(t *testing.T) {
	a := plan.Answers{Weeks: 20, RunsPerWeek: 4, FirstLongRun: 10, Unit: unit.Km, TargetTime: plan.MinTarget}
	previous := plan.Plan{}
	for ; a.TargetTime <= plan.MaxTarget; a.TargetTime += 7 * time.Second {
		g, err := plan.NewGoal(a)
		if err != nil {
			t.Fatal(err)
		}
		p := plan.Generate(g)
		for k := plan.EasyPace; k <= plan.RecoveryPace; k++ {
			one, two := plan.PaceRange(&previous.Paces, k), plan.PaceRange(&p.Paces, k)
			if k != plan.RepetitionPace && (two.Fast < one.Fast || two.Slow < one.Slow) {
				t.Fatalf("pace %d at %v: %v after %v", k, a.TargetTime, two, one)
			}
		}
		previous = *p
	}
}
