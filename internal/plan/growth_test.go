package plan

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The worked values of the interval calculator: growing steps by weeks, and
// the longest peak that is reached from a first long run, in km.
func TestReach(t *testing.T) {
	firsts := []hm{50, 60, 80, 100, 120, 160, 200}
	for _, tt := range []struct {
		weeks, steps int
		reach        []float64
	}{
		{8, 3, []float64{11.0, 12.0, 14.0, 16.0, 18.0, 22.0, 26.6}},
		{9, 4, []float64{13.0, 14.0, 16.0, 18.0, 20.0, 24.2, 29.3}},
		{10, 5, []float64{15.0, 16.0, 18.0, 20.0, 22.0, 26.6, 32.2}},
		{11, 6, []float64{17.0, 18.0, 20.0, 22.0, 24.2, 29.3, 35.4}},
		{12, 6, []float64{17.0, 18.0, 20.0, 22.0, 24.2, 29.3, 35.4}},
		{14, 8, []float64{21.0, 22.0, 24.2, 26.6, 29.3, 35.4, 42.9}},
		{16, 9, []float64{23.1, 24.2, 26.6, 29.3, 32.2, 39.0, 47.2}},
		{18, 11, []float64{28.0, 29.3, 32.2, 35.4, 39.0, 47.2, 57.1}},
		{20, 12, []float64{30.7, 32.2, 35.4, 39.0, 42.9, 51.9, 62.8}},
	} {
		if g := newGrowth(tt.weeks, 4, 4*time.Hour, 80); g.steps != tt.steps {
			t.Errorf("%d weeks: %d steps, want %d", tt.weeks, g.steps, tt.steps)
		}
		for i, first := range firsts {
			// The table is rounded, the peak is floored to the grid.
			if got := reach(first, tt.steps).distance().Kilometres(); got > tt.reach[i]+0.051 || got < tt.reach[i]-0.1 {
				t.Errorf("reach(%v, %d) = %v km, want %v", first, tt.steps, got, tt.reach[i])
			}
		}
	}
}

// The rates that geometric growth needs, in percent.
func TestRequiredRate(t *testing.T) {
	for _, tt := range []struct {
		steps       int
		first, peak float64
		percent     float64
	}{
		{3, 8, 26, 48.1},
		{3, 16, 32, 26.0},
		{5, 10, 30, 24.6},
		{8, 8, 32, 18.9},
		{9, 12, 30, 10.7},
		{11, 8, 26, 11.3},
		{11, 10, 32, 11.2},
		{12, 12, 30, 7.9},
		{15, 16, 32, 4.7},
	} {
		got := (math.Pow(tt.peak/tt.first, 1/float64(tt.steps)) - 1) * 100
		if math.Abs(got-tt.percent) > 0.051 {
			t.Errorf("from %v to %v in %d steps: %.2f %%, want %.1f", tt.first, tt.peak, tt.steps, got, tt.percent)
		}
	}
	g := newGrowth(18, 4, 4*time.Hour, 100)
	if g.peak != 320 || math.Abs(g.rate*100-11.2) > 0.051 {
		t.Errorf("18 weeks from 10 km: peak %v, rate %.4f, want 32 km at 11.2 %%", g.peak, g.rate)
	}
}

func TestTargetPeak(t *testing.T) {
	for _, tt := range []struct {
		target time.Duration
		runs   int
		want   hm
	}{
		{2*time.Hour + 30*time.Minute, 5, 350}, // 51.4 km fit into 3½ hours
		{2*time.Hour + 45*time.Minute, 5, 350},
		{2*time.Hour + 45*time.Minute, 4, 320}, // too few runs
		{2*time.Hour + 45*time.Minute + time.Second, 7, 320},
		{3 * time.Hour, 6, 320},
		{4 * time.Hour, 4, 320},                // 32.1 km
		{4*time.Hour + 30*time.Minute, 4, 285}, // 28.5 km
		{5 * time.Hour, 4, 260},                // 25.7 km, floor 26
		{8 * time.Hour, 2, 260},
	} {
		if got := hm(targetPeak(tt.target, tt.runs)); got != tt.want {
			t.Errorf("targetPeak(%v, %d) = %d hm, want %d", tt.target, tt.runs, got, tt.want)
		}
	}
}

func TestLongRunsOfAShortPlan(t *testing.T) {
	g := newGrowth(8, 4, 4*time.Hour, 160)
	// Two kilometres a step up to 20 km, then 10 %; week 4 is a cut-back.
	want := []hm{160, 180, 200, 150, 220, 143, 99}
	if diff := cmp.Diff(want, g.longRuns()); diff != "" {
		t.Error(diff)
	}
}

func TestHoldsALongRunAtOrAboveThePeak(t *testing.T) {
	g := newGrowth(8, 4, 5*time.Hour, 300)
	want := []hm{300, 300, 300, 225, 300, 195, 135}
	if diff := cmp.Diff(want, g.longRuns()); diff != "" || g.rate != 0 {
		t.Error(g.rate, diff)
	}
}

func TestDivide(t *testing.T) {
	for _, tt := range []struct {
		name                     string
		total, shortest, longest hm
		weights                  []float64
		want                     []hm
	}{
		{"in proportion", 60, 0, 100, []float64{1, 2, 3}, []hm{10, 20, 30}},
		{"what is left goes to the first", 61, 0, 100, []float64{1, 1, 1}, []hm{21, 20, 20}},
		{"a long one is cut", 60, 0, 25, []float64{1, 2, 3}, []hm{12, 23, 25}},
		{"a short one is raised", 60, 15, 100, []float64{1, 2, 3}, []hm{15, 18, 27}},
		{"all at the least", 45, 15, 100, []float64{1, 2, 3}, []hm{15, 15, 15}},
		{"all at the most", 75, 15, 25, []float64{1, 2, 3}, []hm{25, 25, 25}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var slots []slot
			for _, weight := range tt.weights {
				slots = append(slots, slot{weight: weight})
			}
			got := divide(tt.total, tt.shortest, tt.longest, slots)
			if diff := cmp.Diff(tt.want, got[:len(slots)]); diff != "" {
				t.Error(diff)
			}
		})
	}
}
