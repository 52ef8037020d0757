package plan_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/plan"
	"github.com/stride-run/stride/internal/unit"
)

// drawGoal draws answers that a plan can be made from.
func drawGoal(t *rapid.T) plan.Goal {
	a := plan.Answers{
		Weeks:       rapid.IntRange(12, plan.MaxWeeks).Draw(t, "weeks"),
		RunsPerWeek: rapid.IntRange(plan.MinRunsPerWeek, plan.MaxRunsPerWeek).Draw(t, "runs"),
		TargetTime:  time.Duration(rapid.IntRange(2*3600, 8*3600).Draw(t, "target")) * time.Second,
		Unit:        rapid.SampledFrom([]unit.Length{unit.Km, unit.Mi}).Draw(t, "unit"),
		LongRunDay:  time.Weekday(rapid.IntRange(0, 6).Draw(t, "long run day")),
		RaceDate:    drawDate(t),
	}
	a.FirstLongRun = a.Unit.In(unit.Distance(rapid.IntRange(14000, 35000).Draw(t, "first")))
	g, err := plan.NewGoal(a)
	if err != nil {
		t.Skip(err)
	}
	return g
}

// drawDate draws a race date or none.
func drawDate(t *rapid.T) calendar.Date {
	n := rapid.IntRange(0, 500).Draw(t, "race day")
	if n == 0 {
		return calendar.Date{}
	}
	return sunday.AddDays(n)
}

var sameDates = cmp.Options{
	cmp.Comparer(func(a, b calendar.Date) bool { return a == b }),
	cmpopts.EquateEmpty(),
}

// A plan that is given another date is the plan that the answers with that
// date give, but for the ids, which stay with their workouts.
func TestRedateIsGenerateWithTheDate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGoal(t)
		p, date := plan.Generate(g), drawDate(t)
		a := g.Answers()
		a.RaceDate = date
		other, err := plan.NewGoal(a)
		if err != nil {
			t.Fatal(err)
		}
		got, want := plan.Redate(p, date), plan.Generate(other)
		if diff := cmp.Diff(want, got, sameDates, cmpopts.IgnoreFields(plan.Workout{}, "ID")); diff != "" {
			t.Fatalf("(-generated +re-dated):\n%s", diff)
		}
		if back := plan.Redate(got, p.Answers.RaceDate); !cmp.Equal(p, back, sameDates) {
			t.Fatalf("there and back (-before +after):\n%s", cmp.Diff(p, back, sameDates))
		}
	})
}

func TestPlaceAndDateAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := plan.Generate(drawGoal(t))
		if p.Answers.RaceDate.IsZero() {
			if _, _, ok := p.Place(sunday); ok || !p.Date(1, time.Sunday).IsZero() {
				t.Fatal("an undated plan has dates")
			}
			return
		}
		for _, w := range p.Weeks {
			for _, o := range w.Workouts {
				week, day, ok := p.Place(o.Date)
				if !ok || week != w.Number || day != o.Day || p.Date(week, day) != o.Date {
					t.Fatalf("%s on %s is placed in week %d on %s, %v", o.ID, o.Date, week, day, ok)
				}
			}
		}
		for _, outside := range []calendar.Date{p.Weeks[0].Start.AddDays(-1), p.Answers.RaceDate.AddDays(1)} {
			if _, _, ok := p.Place(outside); ok {
				t.Fatalf("%s is in the plan", outside)
			}
		}
	})
}

func TestOwnWorkout(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := plan.Generate(drawGoal(t))
		kind := rapid.SampledFrom([]plan.Type{plan.Easy, plan.Recovery, plan.Long, plan.Tempo, plan.Interval, plan.MarathonPace}).Draw(t, "type")
		w := plan.Own(kind, 8000, &p.Paces)
		if !w.IsOwn() || w.DurationS <= 0 || len(w.Steps) != 1 || w.Steps[0].Distance != 8000 {
			t.Fatalf("Own = %+v", w)
		}
		title, text := plan.NewDescriber(unit.Km, 1).Describe(&w)
		if title == "" || text != "You added this run yourself." {
			t.Fatalf("%q, %q", title, text)
		}
	})
}
