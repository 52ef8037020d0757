package performance_test

import (
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/performance"
	"github.com/stride-run/stride/internal/race"
	"github.com/stride-run/stride/internal/unit"
)

// resultsOf reads pairs of metres and seconds.
func resultsOf(pairs ...float64) []race.Result {
	var rs []race.Result
	for i := 0; i < len(pairs); i += 2 {
		rs = append(rs, result(unit.Distance(pairs[i]), pairs[i+1]))
	}
	return rs
}

func fit(t testing.TB, results []race.Result) performance.CriticalSpeed {
	t.Helper()
	c, err := performance.FitCriticalSpeed(results)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func codes(notes []fault.Note) []string {
	all := []string{}
	for _, n := range notes {
		all = append(all, n.Code)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func TestCriticalSpeedAnswer(t *testing.T) {
	c := fit(t, resultsOf(956, 180, 1500, 300, 3399, 720))
	n := c.Quality.Numbers
	within(t, "critical speed", float64(c.Linear.Speed), 4.52338, 5.1e-6)
	within(t, "D′", float64(c.Linear.DPrime), 142.313, 5.1e-4)
	within(t, "R²", n.RSquared, 0.9999998, 5.1e-8)
	within(t, "SEE", float64(n.SEE), 0.864, 5e-4)
	within(t, "error of critical speed", float64(n.SpeedStdErr), 0.00215, 5.1e-6)
	within(t, "in %", n.SpeedPercent, 0.215/4.52338, 1.2e-4)
	within(t, "error of D′", float64(n.DPrimeStdErr), 0.996, 5e-4)
	within(t, "in %", n.DPrimePercent, 0.700, 1e-3)
	within(t, "low critical speed", float64(n.SpeedCI95[0]), 4.52338-12.706*0.00215, 1e-4)
	within(t, "high critical speed", float64(n.SpeedCI95[1]), 4.52338+12.706*0.00215, 1e-4)
	within(t, "low D′", float64(n.DPrimeCI95[0]), 142.313-12.706*0.996, 0.01)
	within(t, "high D′", float64(n.DPrimeCI95[1]), 142.313+12.706*0.996, 0.01)
	within(t, "1/time", float64(c.InverseTime.Speed), 4.52544, 5.1e-6)
	within(t, "hyperbolic", float64(c.Hyperbolic.Speed), 4.52246, 5.1e-6)
	if c.Quality.Rating != performance.Good || c.Quality.PointsUsed != 3 || len(c.Warnings) != 0 {
		t.Errorf("quality %+v, warnings %+v: want good, 3 points, no warning", c.Quality, c.Warnings)
	}
}

func TestRatings(t *testing.T) {
	for _, tt := range []struct {
		name    string
		efforts []race.Result
		want    performance.Rating
		notes   []string
	}{
		{"good", resultsOf(1200, 240, 2400, 516, 3600, 798), performance.Good, []string{}},
		{"fair", resultsOf(1500, 324, 3000, 693, 5000, 1197), performance.Fair, []string{}},
		{"fair by the error of D′ alone", resultsOf(1500, 206, 3000, 437.55, 5000, 755.36), performance.Fair, []string{}},
		{"poor", resultsOf(1000, 200, 2000, 480, 3000, 725), performance.Poor, []string{"models_disagree"}},
		{"fair by the error of critical speed alone", resultsOf(866.8, 120, 1206.4, 240, 1646.8, 380), performance.Fair, []string{"models_disagree"}},
		{"poor by the error of critical speed alone", resultsOf(874, 120, 1192, 240, 1654, 380), performance.Poor, []string{"models_disagree"}},
		{"the hyperbolic model alone disagrees", resultsOf(800, 189, 4600, 1320, 6000, 1776), performance.Poor, []string{"long_effort", "models_disagree"}},
		{"two points are no evidence", resultsOf(1500, 325, 5000, 1200), performance.Unknown, []string{"two_efforts"}},
		{"two points with an impossible D′", resultsOf(1500, 240, 3000, 720), performance.Poor, []string{"d_prime_implausible", "two_efforts"}},
		{"an impossible D′ of good statistics", resultsOf(1300, 200, 2500, 600, 4300, 1200), performance.Poor, []string{"d_prime_implausible"}},
		{"long effort", resultsOf(1500, 325, 5000, 1200.001), performance.Unknown, []string{"long_effort", "two_efforts"}},
		{"narrow range", resultsOf(1500, 325, 3000, 700), performance.Unknown, []string{"narrow_range", "two_efforts"}},
		{"three times as long is wide", resultsOf(1500, 300, 4200, 900), performance.Unknown, []string{"two_efforts"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := fit(t, tt.efforts)
			if got := codes(c.Warnings); c.Quality.Rating != tt.want || !slices.Equal(got, tt.notes) {
				t.Errorf("rating %s, notes %v, D′ %.0f, numbers %+v, want %s, %v", c.Quality.Rating, got, c.Linear.DPrime, c.Quality.Numbers, tt.want, tt.notes)
			}
			if (c.Quality.Numbers == nil) != (len(tt.efforts) == 2) {
				t.Errorf("numbers %+v of %d efforts", c.Quality.Numbers, len(tt.efforts))
			}
		})
	}
}

func TestSelection(t *testing.T) {
	results := resultsOf(
		400, 119.999, // 0: too short
		800, 120, // 1: used
		1500, 330, // 2: slower repeat
		1500, 300, // 3: used
		1500, 300, // 4: the same again
		10000, 2400, // 5: used, with a note
		15000, 2400.001, // 6: too long
		100, 13, // 7: too short
		100, 121, // 8: long enough, but no best
	)
	want := []performance.Reason{
		performance.TooShort, "", performance.SlowerRepeat, "", performance.SlowerRepeat, "",
		performance.TooLong, performance.TooShort, performance.SlowerRepeat,
	}
	c := fit(t, results)
	for i, e := range c.Efforts {
		if e.Result != results[i] || e.Reason != want[i] || e.Used != (want[i] == "") || (e.Reason.Text() == "") != e.Used {
			t.Errorf("effort %d = %+v (%s), want %v, reason %q", i, e, e.Reason.Text(), results[i], want[i])
		}
	}
	if c.Quality.PointsUsed != 3 {
		t.Errorf("%d points used, want 3", c.Quality.PointsUsed)
	}
	if i := slices.IndexFunc(c.Warnings, func(n fault.Note) bool { return n.Code == "long_effort" }); i < 0 || c.Warnings[i].Field != "/personal_bests/5" {
		t.Errorf("warnings %+v: want long_effort of /personal_bests/5", c.Warnings)
	}
	// What is left out changes nothing but the notes.
	if only := fit(t, []race.Result{results[1], results[3], results[5]}); only.Linear.Speed != c.Linear.Speed || only.Linear.DPrime != c.Linear.DPrime {
		t.Errorf("with the efforts left out %+v, without %+v", c.Linear, only.Linear)
	}
}

// faults lists the pointers and codes of an Invalid fault.
func faults(t testing.TB, err error) []string {
	t.Helper()
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok || !errors.Is(err, fault.Invalid) {
		t.Fatalf("error %v, want an Invalid fault", err)
	}
	var all []string
	for _, field := range f.Fields {
		if field.Message == "" {
			t.Errorf("%s: %s says nothing", field.Pointer, field.Code)
		}
		all = append(all, field.Pointer+" "+string(field.Code))
	}
	return all
}

func TestRefusals(t *testing.T) {
	nan := unit.Distance(math.NaN())
	for _, tt := range []struct {
		name    string
		results []race.Result
		want    []string
	}{
		{"none", nil, []string{"/personal_bests out_of_range"}},
		{"too many", make([]race.Result, 51), []string{"/personal_bests out_of_range"}},
		{"no running", resultsOf(99.9, 20, 0, 0, -5, 300, 1e9, 1e6), []string{
			"/personal_bests/0/distance_m out_of_range", "/personal_bests/1/distance_m out_of_range", "/personal_bests/1/time out_of_range",
			"/personal_bests/2/distance_m out_of_range", "/personal_bests/3/distance_m out_of_range",
		}},
		{"no number", []race.Result{{Distance: nan, Time: time.Minute}, {Distance: unit.Distance(math.Inf(1)), Time: time.Minute}}, []string{
			"/personal_bests/0/distance_m out_of_range", "/personal_bests/1/distance_m out_of_range",
		}},
		{"pace", resultsOf(1000, 79.9, 1000, 80, 1000, 1800, 1000, 1800.1), []string{
			"/personal_bests/0/distance_m implausible_pace", "/personal_bests/0/time implausible_pace",
			"/personal_bests/3/distance_m implausible_pace", "/personal_bests/3/time implausible_pace",
		}},
		{"one", resultsOf(1500, 300), []string{"/personal_bests not_enough_efforts"}},
		{"one distance", resultsOf(1500, 300, 1500, 310), []string{"/personal_bests not_enough_efforts"}},
		{"out of the window", resultsOf(400, 80, 1500, 300, 21097.5, 6000), []string{"/personal_bests not_enough_efforts"}},
		{"time does not rise", resultsOf(3000, 600, 1500, 600), []string{
			"/personal_bests/1/time time_does_not_rise", "/personal_bests/0/time time_does_not_rise",
		}},
		{"speed does not fall", resultsOf(1500, 300, 3000, 600), []string{
			"/personal_bests/0/time speed_does_not_fall", "/personal_bests/1/time speed_does_not_fall",
		}},
		{"speed rises in the middle", resultsOf(1000, 200, 1500, 330, 3000, 640, 5000, 1100), []string{
			"/personal_bests/1/time speed_does_not_fall", "/personal_bests/2/time speed_does_not_fall",
		}},
		{"no D′ but for rounding", resultsOf(661.1999999999999, 174, 1485.7999999999995, 391, 2131.799999999999, 561), []string{"/personal_bests no_critical_speed"}},
		{"critical speed above the slowest", resultsOf(706, 120, 7000, 1190, 7001, 1200), []string{"/personal_bests no_critical_speed"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, err := performance.FitCriticalSpeed(tt.results)
			if got := faults(t, err); !slices.Equal(got, tt.want) || c.Efforts != nil {
				t.Errorf("FitCriticalSpeed = %+v, faults %q, want %q", c, got, tt.want)
			}
		})
	}
}

// exact draws efforts on one line of distance and time.
func exact(t *rapid.T) (speed, dPrime float64, results []race.Result) {
	speed = rapid.Float64Range(2, 6.5).Draw(t, "critical speed")
	dPrime = rapid.Float64Range(50, 500).Draw(t, "D′")
	seconds := rapid.SliceOfNDistinct(rapid.IntRange(120, 2400), 2, 50, rapid.ID[int]).Draw(t, "seconds")
	for _, s := range seconds {
		results = append(results, result(unit.Distance(dPrime+speed*float64(s)), float64(s)))
	}
	return speed, dPrime, results
}

func TestExactEffortsAreRecovered(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		speed, dPrime, results := exact(t)
		c, err := performance.FitCriticalSpeed(results)
		if err != nil {
			t.Fatal(err)
		}
		for name, f := range map[string]performance.Fit{"linear": c.Linear, "1/time": c.InverseTime} {
			if math.Abs(float64(f.Speed)-speed) > 1e-8 || math.Abs(float64(f.DPrime)-dPrime) > 1e-5 {
				t.Errorf("%s: %+v, want %v and %v", name, f, speed, dPrime)
			}
		}
		if h := c.Hyperbolic; h == nil || math.Abs(float64(h.Speed)-speed) > 1e-7 || math.Abs(float64(h.DPrime)-dPrime) > 1e-4 {
			t.Errorf("hyperbolic: %+v, want %v and %v", h, speed, dPrime)
		}
		if len(results) > 2 && c.Quality.Rating != performance.Good {
			t.Errorf("rating %+v of exact efforts", c.Quality)
		}
	})
}

// The hyperbolic fit is the best there is anywhere, in the fifth set too,
// which has a second minimum that a walk from the linear fit ends in.
func TestHyperbolicIsTheMinimum(t *testing.T) {
	for _, results := range [][]race.Result{
		resultsOf(1500, 324, 3000, 693, 5000, 1197),
		resultsOf(900, 221, 2300, 697, 5000, 1545),
		resultsOf(1300, 199, 1500, 249, 1700, 445, 5900, 1646),
		resultsOf(700, 139, 1200, 404, 3300, 1139),
		resultsOf(600, 142, 1700, 432, 2300, 715, 4400, 1377),
		resultsOf(900, 173, 1000, 300, 1700, 527),
	} {
		h := *fit(t, results).Hyperbolic
		slowest := results[len(results)-1].Speed()
		if h.Speed >= slowest || h.DPrime <= 0 {
			t.Errorf("%v: %+v has an effort of %v that could be held for ever", results, h, slowest)
		}
		least := squares(results, h)
		for speed := unit.Speed(0); speed < slowest; speed += slowest / 500 {
			for dPrime := unit.Distance(1); dPrime < 3000; dPrime += 5 {
				if f := (performance.Fit{Speed: speed, DPrime: dPrime}); squares(results, f) < least {
					t.Fatalf("%v: %+v fits better than %+v", results, f, h)
				}
			}
		}
		for _, step := range [][2]float64{{1e-5, 0}, {-1e-5, 0}, {0, 0.01}, {0, -0.01}, {1e-5, -0.01}, {-1e-5, 0.01}} {
			f := performance.Fit{Speed: h.Speed + unit.Speed(step[0]), DPrime: h.DPrime + unit.Distance(step[1])}
			if squares(results, f) < least {
				t.Errorf("%v: %+v fits better than %+v", results, f, h)
			}
		}
	}
}

// Efforts that hardly get longer have their best hyperbola below a critical
// speed of 0, where there is no running: the fit stops there.
func TestHyperbolicStaysAboveZero(t *testing.T) {
	if h := fit(t, resultsOf(1000, 120, 1010, 600, 1020, 1800)).Hyperbolic; h.Speed < 0 || h.Speed > 0.01 {
		t.Errorf("hyperbolic fit %+v, want one at the edge", h)
	}
}

// squares is the sum of the squared residuals of the hyperbolic model.
func squares(results []race.Result, f performance.Fit) (sum float64) {
	for _, r := range results {
		residual := r.Time.Seconds() - f.Exhaustion(r.Speed())
		sum += residual * residual
	}
	return sum
}

func TestOrderOfEffortsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, _, results := exact(t)
		for i := range results { // noise that keeps the order of speeds
			results[i].Time += time.Duration(rapid.IntRange(-50, 50).Draw(t, "noise")) * time.Millisecond
		}
		shuffled := rapid.Permutation(results).Draw(t, "shuffled")
		a, errA := performance.Measure(results)
		b, errB := performance.Measure(shuffled)
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if a.BestVDOT != b.BestVDOT || a.Paces != b.Paces || (a.CriticalSpeed == nil) != (b.CriticalSpeed == nil) {
			t.Fatalf("%+v and, in another order, %+v", a, b)
		}
		for i := range a.Predictions {
			if a.Predictions[i].Time != b.Predictions[i].Time || a.Predictions[i].Range != b.Predictions[i].Range {
				t.Fatalf("%+v and, in another order, %+v", a.Predictions[i], b.Predictions[i])
			}
		}
		if a.CriticalSpeed == nil {
			return
		}
		p, q := a.CriticalSpeed, b.CriticalSpeed
		if p.Linear.Speed != q.Linear.Speed || p.Linear.DPrime != q.Linear.DPrime || p.Hyperbolic.Speed != q.Hyperbolic.Speed ||
			p.InverseTime.DPrime != q.InverseTime.DPrime || p.Quality.Rating != q.Quality.Rating ||
			(p.Quality.Numbers != nil && *p.Quality.Numbers != *q.Quality.Numbers) {
			t.Fatalf("%+v and, in another order, %+v", p, q)
		}
	})
}
