package performance_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/stride-run/stride/internal/performance"
	"github.com/stride-run/stride/internal/race"
	"github.com/stride-run/stride/internal/unit"
)

// Published paces are whole seconds; the tolerances are those over the whole
// table, and 0.05 s for our own rounding. The published marathon pace is
// slower than the published marathon time below VDOT 40. The tempo column
// also catches paces taken from a share of race pace instead of oxygen.
func TestPublishedPaces(t *testing.T) {
	for _, row := range table(t, "published_paces.csv") {
		vdot := row[0]
		p := performance.TrainingPaces(vdot)
		name := func(s string) string { return fmt.Sprintf("%s pace of VDOT %v", s, vdot) }
		within(t, name("easy fast"), p.Easy.Fast.Seconds(), row[1], 3.25)
		within(t, name("easy slow"), p.Easy.Slow.Seconds(), row[2], 3.25)
		marathon := 2.55
		if vdot < 40 {
			marathon = 10.95
		}
		within(t, name("marathon"), p.Marathon.Fast.Seconds(), row[3], marathon)
		within(t, name("tempo"), p.Tempo.Middle().Seconds(), row[4], 0.8)

		// The fourth frequent bug: a share of race speed where a share of
		// oxygen uptake belongs.
		racePace := unit.PaceOver(race.FiveK, performance.RaceTime(vdot, race.FiveK)).Seconds()
		if got := racePace / 0.88; math.Abs(got-row[4]) < 2 {
			t.Errorf("88 %% of 5 km speed is %v at VDOT %v: the row does not tell it from tempo pace", got, vdot)
		}
	}
}

// Marathon, tempo and interval pace of round targets: whole seconds per km,
// ours are tenths.
func TestMarathonPacesWorked(t *testing.T) {
	for _, tt := range []struct {
		target                    time.Duration
		marathon, tempo, interval float64
	}{
		{150 * time.Minute, 213, 203, 187},
		{180 * time.Minute, 256, 241, 222},
		{210 * time.Minute, 299, 280, 258},
		{240 * time.Minute, 341, 319, 294},
		{270 * time.Minute, 384, 358, 330},
		{300 * time.Minute, 427, 398, 367},
		{360 * time.Minute, 512, 477, 441},
	} {
		p := performance.MarathonPaces(tt.target)
		within(t, "marathon", p.Marathon.Middle().Seconds(), tt.marathon, 0.55)
		within(t, "tempo", p.Tempo.Middle().Seconds(), tt.tempo, 0.55)
		within(t, "interval", p.Interval.Middle().Seconds(), tt.interval, 0.55)
	}
}

func TestDefinitions(t *testing.T) {
	p := performance.MarathonPaces(4 * time.Hour)
	race := 14400 / 42.195
	within(t, "marathon", p.Marathon.Fast.Seconds(), 341.3, 1e-9)
	within(t, "long fast", p.Long.Fast.Seconds(), race*1.10, 0.05)
	within(t, "long slow", p.Long.Slow.Seconds(), race*1.20, 0.05)
	within(t, "recovery band", (p.Recovery.Slow - p.Recovery.Fast).Seconds(), 20, 1e-9)
	if p.Marathon.Fast != p.Marathon.Slow || p.Recovery.Fast != p.Easy.Slow {
		t.Errorf("MarathonPaces(4:00:00) = %+v: want one marathon pace, and recovery from the slow end of easy", p)
	}
	for name, r := range map[string]performance.Range{"tempo": p.Tempo, "interval": p.Interval, "repetition": p.Repetition} {
		within(t, name+" band", (r.Slow - r.Fast).Seconds(), 6, 1e-9)
	}
	within(t, "repetition below VDOT 50", (p.Interval.Middle() - p.Repetition.Middle()).Seconds(), 20, 1e-9)
	fast := performance.TrainingPaces(50)
	within(t, "repetition from VDOT 50", (fast.Interval.Middle() - fast.Repetition.Middle()).Seconds(), 15, 1e-9)
	within(t, "middle", performance.Range{Fast: 300, Slow: 301}.Middle().Seconds(), 300.5, 0)
}

func TestMarathonPaceIsTheTarget(t *testing.T) {
	for target := 2 * time.Hour; target <= 8*time.Hour; target += time.Second {
		p := performance.MarathonPaces(target)
		want := math.Round(target.Seconds()/42.195*10) / 10
		if p.Marathon.Fast.Seconds() != want {
			t.Fatalf("marathon pace of %v = %v, want %v", target, p.Marathon.Fast, want)
		}
	}
}

func TestTargetAndItsVDOTGiveTheSamePaces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		target := time.Duration(rapid.IntRange(7200, 28800).Draw(t, "seconds")) * time.Second
		a := performance.MarathonPaces(target)
		b := performance.TrainingPaces(performance.VDOT(race.Result{Distance: race.Marathon, Time: target}))
		if a != b {
			t.Fatalf("MarathonPaces(%v) = %+v, TrainingPaces of its VDOT = %+v", target, a, b)
		}
	})
}

// The order of the paces, their growth with the target, and the plausible
// range hold for every whole minute that a plan can be asked for.
func TestEveryTarget(t *testing.T) {
	var before performance.Paces
	for target := 2 * time.Hour; target <= 8*time.Hour; target += time.Minute {
		p := performance.MarathonPaces(target)
		rising := []unit.Pace{
			p.Repetition.Middle(), p.Interval.Middle(), p.Tempo.Middle(), p.Marathon.Middle(), p.Easy.Fast, p.Easy.Slow,
		}
		for i := 1; i < len(rising); i++ {
			if rising[i-1] >= rising[i] {
				t.Errorf("%v: pace %d of %v is not slower than the one before", target, i, rising)
			}
		}
		for _, r := range []performance.Range{p.Easy, p.Long, p.Marathon, p.Tempo, p.Interval, p.Repetition, p.Recovery} {
			if r.Fast > r.Slow || r.Fast < 120 || r.Slow > 900 || r.Fast != tenth(r.Fast) || r.Slow != tenth(r.Slow) {
				t.Errorf("%v: range %v is not one of tenths between 2:00 and 15:00 per km", target, r)
			}
		}
		// Repetition pace is left out: it steps at VDOT 50.
		if p.Easy.Fast <= before.Easy.Fast || p.Easy.Slow <= before.Easy.Slow || p.Marathon.Fast <= before.Marathon.Fast ||
			p.Tempo.Fast <= before.Tempo.Fast || p.Interval.Fast <= before.Interval.Fast || p.Long.Fast <= before.Long.Fast {
			t.Errorf("%v: %+v is not slower throughout than a minute before: %+v", target, p, before)
		}
		before = p
	}
}

func tenth(p unit.Pace) unit.Pace { return unit.Pace(math.Round(float64(p)*10) / 10) }
