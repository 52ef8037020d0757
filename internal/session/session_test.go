package session_test

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/stride-run/stride/internal/race"
	"github.com/stride-run/stride/internal/session"
	"github.com/stride-run/stride/internal/unit"
	"github.com/stride-run/stride/internal/zones"
)

const epoch = 1.8e9 // an instant to begin at

// run makes a running session from pairs of seconds and metres.
func run(pairs ...float64) session.Recording {
	r := session.Recording{Sport: session.Running}
	for i := 0; i < len(pairs); i += 2 {
		r.Samples.Time = append(r.Samples.Time, epoch+pairs[i])
		r.Samples.Distance = append(r.Samples.Distance, pairs[i+1])
	}
	return r
}

// even runs at a speed, with a sample every second.
func even(seconds int, speed float64) session.Recording {
	var pairs []float64
	for i := range seconds + 1 {
		pairs = append(pairs, float64(i), speed*float64(i))
	}
	return run(pairs...)
}

func near(t *testing.T, name string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s = %v, want %v ± %v", name, got, want, tolerance)
	}
}

// The worked example of sparse samples: without interpolation 1 km would be
// 360 s and a mile 600 s.
func TestEffortsAreInterpolated(t *testing.T) {
	s := session.Analyse(run(0, 0, 600, 2000, 960, 3500, 1785, 6000))
	for distance, want := range map[unit.Distance]float64{400: 96, 1000: 240, unit.Mile: 392.803, 5000: 1455} {
		got, ok := session.Fastest(s.Efforts, distance)
		if !ok {
			t.Errorf("no effort over %v m", distance)
		}
		near(t, "effort", got.Seconds(), want, 0.001)
	}
	if len(s.Efforts) != 4 {
		t.Errorf("%d efforts, want 4: 10 km is not covered", len(s.Efforts))
	}
}

func TestPausesCountInEfforts(t *testing.T) {
	speed := 1000.0 / 300
	r := run(0, 0, 900, 3000, 960, 3000, 1560, 5000)
	r.Pauses = []session.Span{{Start: epoch + 900, End: epoch + 960}}
	s := session.Analyse(r)
	five, _ := session.Fastest(s.Efforts, 5000)
	one, _ := session.Fastest(s.Efforts, 1000)
	near(t, "5 km", five.Seconds(), 1560, 1e-6)
	near(t, "1 km", one.Seconds(), 300, 1e-6)
	if s.Elapsed != 1560*time.Second || s.Timer != 1500*time.Second || s.Moving != 1500*time.Second {
		t.Errorf("times %v, %v, %v", s.Elapsed, s.Timer, s.Moving)
	}
	near(t, "pace", s.AveragePace.Seconds(), 1000/speed, 1e-9)
	// The stop at 3 km is after the cut, so it belongs to the fourth km.
	if s.Kilometres[2].Elapsed != 300*time.Second || s.Kilometres[3].Elapsed != 360*time.Second || s.Kilometres[3].Moving != 300*time.Second {
		t.Errorf("splits %+v", s.Kilometres)
	}
}

func TestCostFactor(t *testing.T) {
	for grade, want := range map[float64]float64{
		-0.20: 0.50001, -0.10: 0.59770, -0.05: 0.76276, -0.02: 0.89691, 0: 1, 0.01: 1.05544,
		0.02: 1.11338, 0.05: 1.30144, 0.10: 1.65784, 0.20: 2.50186, 0.45: 5.39612, 0.9: 5.39612,
	} {
		near(t, "CostFactor", session.CostFactor(grade), want, 5e-6)
	}
}

func TestGradeAdjustedPace(t *testing.T) {
	r := even(1200, 1000.0/300)
	for _, d := range r.Samples.Distance {
		r.Samples.Altitude = append(r.Samples.Altitude, float32(100+0.05*d))
	}
	s := session.Analyse(r)
	near(t, "5:00 at +5 %", s.GradeAdjustedPace.Seconds(), 230.5, 1)
	near(t, "ascent", s.Ascent.Metres(), 200, 2)
	if s.Descent != 0 {
		t.Errorf("descent %v on a climb", s.Descent)
	}
}

func TestWanderingAltitudeIsNoClimb(t *testing.T) {
	r := even(600, 3)
	for i := range r.Samples.Time {
		r.Samples.Altitude = append(r.Samples.Altitude, float32(100+0.9*math.Sin(float64(i))))
	}
	if s := session.Analyse(r); s.Ascent != 0 || s.Descent != 0 {
		t.Errorf("ascent %v, descent %v", s.Ascent, s.Descent)
	}
}

func TestTimeInZones(t *testing.T) {
	z, err := zones.Calculate(zones.Known{Max: new(200)}) // 100: 120, 140, 160, 180, 200
	if err != nil {
		t.Fatal(err)
	}
	r := even(100, 3)
	for i := range r.Samples.Time {
		r.Samples.HeartRate = append(r.Samples.HeartRate, []float32{90, 110, 130, 210, float32(math.NaN())}[min(i/20, 4)])
	}
	r.Pauses = []session.Span{{Start: epoch + 25, End: epoch + 30}}
	s := session.Analyse(r)
	want := []time.Duration{20 * time.Second, 15 * time.Second, 20 * time.Second, 0, 0, 20 * time.Second}
	if diff := cmp.Diff(want, session.TimeInZones(s.HeartRates, z)); diff != "" {
		t.Error(diff)
	}
	if s.HeartRate.Max != 210 || s.HeartRate.Samples != 80 {
		t.Errorf("heart rate %+v", s.HeartRate)
	}
	near(t, "average", s.HeartRate.Average, 135, 1e-9)
}

func TestDisorderedSamples(t *testing.T) {
	s := session.Analyse(run(0, 0, 10, 30, 10, 31, 5, 500, 20, 29, 30, 90, 40, math.NaN()))
	if s.Backwards != 1 || s.Doubled != 1 || s.Distance != 90 || s.Elapsed != 40*time.Second {
		t.Errorf("%+v", s)
	}
}

func TestSummaryOnly(t *testing.T) {
	s := session.Analyse(session.Recording{Reported: session.Reported{
		Distance: 750, Elapsed: 20 * time.Minute, Timer: 18 * time.Minute, Ascent: 3,
	}})
	if s.Distance != 750 || s.Elapsed != 20*time.Minute || s.Timer != 18*time.Minute || s.Moving != s.Timer || s.Ascent != 3 {
		t.Errorf("%+v", s)
	}
	if s := session.Analyse(session.Recording{}); s.Elapsed != 0 || s.AveragePace != 0 || s.Kilometres != nil {
		t.Errorf("nothing gives %+v", s)
	}
}

func TestPlotKeepsPeaks(t *testing.T) {
	column := make([]float32, 10000)
	for i := range column {
		column[i] = float32(i % 7)
	}
	column[4321], column[17] = 1000, float32(math.NaN())
	got := session.Plot(column, 200)
	if len(got) > 200 || got[0] != 0 || got[len(got)-1] != 9999 {
		t.Fatalf("%d points from %d to %d", len(got), got[0], got[len(got)-1])
	}
	peak := false
	for i, at := range got {
		peak = peak || at == 4321
		if at == 17 || i > 0 && at <= got[i-1] {
			t.Errorf("point %d is sample %d", i, at)
		}
	}
	if !peak {
		t.Error("the peak is lost")
	}
	if got := session.Plot(column[:3], 1); len(got) != 3 {
		t.Errorf("a short column gives %v", got)
	}
}

// drawn is any session: steps of time and distance that may stand still, go
// back, or leave out a distance; and pauses anywhere.
func drawn(t *rapid.T) session.Recording {
	r := session.Recording{Sport: session.Running}
	at, d := epoch, 0.0
	for range rapid.IntRange(0, 60).Draw(t, "samples") {
		at += float64(rapid.IntRange(-2, 90).Draw(t, "dt"))
		d += rapid.Float64Range(-5, 400).Draw(t, "dd")
		r.Samples.Time = append(r.Samples.Time, at)
		r.Samples.Distance = append(r.Samples.Distance, d)
		if rapid.IntRange(0, 9).Draw(t, "gap") == 0 {
			r.Samples.Distance[len(r.Samples.Distance)-1] = math.NaN()
		}
		r.Samples.Altitude = append(r.Samples.Altitude, float32(rapid.IntRange(0, 50).Draw(t, "altitude")))
	}
	for range rapid.IntRange(0, 4).Draw(t, "pauses") {
		from := epoch + rapid.Float64Range(-100, 4000).Draw(t, "from")
		r.Pauses = append(r.Pauses, session.Span{Start: from, End: from + rapid.Float64Range(-5, 600).Draw(t, "long")})
	}
	if rapid.Bool().Draw(t, "reported") {
		r.Reported.Timer = time.Duration(rapid.IntRange(0, 6000).Draw(t, "timer")) * time.Second
	}
	return r
}

func TestTimesAndSplitsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawn(t)
		s := session.Analyse(r)
		if s.Moving < 0 || s.Moving > s.Timer || s.Timer > s.Elapsed {
			t.Fatalf("moving %v, timer %v, elapsed %v", s.Moving, s.Timer, s.Elapsed)
		}
		for _, splits := range [][]session.Split{s.Kilometres, s.Miles} {
			var sum unit.Distance
			for _, split := range splits {
				sum += split.Distance
				if split.Moving > split.Elapsed || split.Elapsed < 0 {
					t.Fatalf("split %+v", split)
				}
			}
			if math.Abs(float64(sum-s.Distance)) > 1e-6 && s.Kilometres != nil {
				t.Fatalf("splits of %v m for %v m", sum, s.Distance)
			}
		}
		if diff := cmp.Diff(s, session.Analyse(r)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// slowest is the definition without any cleverness: all starts on a point and
// all ends on one.
func slowest(r session.Recording, length float64) float64 {
	at, d := r.Samples.Time, r.Samples.Distance
	best := math.Inf(1)
	for i := range at {
		for j := 1; j < len(at); j++ {
			run := d[j] - d[j-1]
			if goal := d[i] + length; d[j-1] < goal && goal <= d[j] {
				best = min(best, at[j-1]+(at[j]-at[j-1])*(goal-d[j-1])/run-at[i])
			}
			if goal := d[i] - length; d[j-1] <= goal && goal < d[j] {
				best = min(best, at[i]-at[j-1]-(at[j]-at[j-1])*(goal-d[j-1])/run)
			}
		}
	}
	return best
}

func TestEffortsEqualTheSlowSearch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pairs := []float64{0, 0}
		for range rapid.IntRange(1, 40).Draw(t, "samples") {
			n := len(pairs)
			pairs = append(pairs, pairs[n-2]+float64(rapid.IntRange(1, 60).Draw(t, "dt")),
				pairs[n-1]+float64(rapid.IntRange(0, 40000).Draw(t, "cm"))/100)
		}
		r := run(pairs...)
		s := session.Analyse(r)
		for _, standard := range race.Standards {
			want := slowest(r, standard.Distance.Metres())
			got, ok := session.Fastest(s.Efforts, standard.Distance)
			if ok == math.IsInf(want, 1) || ok && math.Abs(got.Seconds()-want) > 1e-5 {
				t.Fatalf("%s: %v, %v, want %v", standard.Name, got, ok, want)
			}
		}
	})
}

// One sample that cannot be, wherever it is put, makes nothing faster that
// could be a best.
func TestAnOutlierMakesNoBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := even(1200, rapid.Float64Range(1, 5).Draw(t, "speed"))
		clean := session.Analyse(r)
		i := rapid.IntRange(1, 1199).Draw(t, "where")
		off := rapid.Float64Range(10, 1e6).Draw(t, "off")
		if rapid.Bool().Draw(t, "below") {
			off = -off
		}
		s := &r.Samples
		at := s.Time[i] + rapid.Float64Range(0.01, 0.99).Draw(t, "when")
		s.Time = append(s.Time[:i+1:i+1], append([]float64{at}, s.Time[i+1:]...)...)
		s.Distance = append(s.Distance[:i+1:i+1], append([]float64{s.Distance[i] + off}, s.Distance[i+1:]...)...)
		spiked := session.Analyse(r)
		if spiked.Spikes == 0 {
			t.Fatal("the outlier is not seen")
		}
		for _, e := range spiked.Candidates {
			if was, ok := session.Fastest(clean.Candidates, e.Distance); !ok || e.Time < was {
				t.Fatalf("%v m in %v, was %v", e.Distance, e.Time, was)
			}
		}
	})
}
