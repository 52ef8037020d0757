package performance

import (
	"math"
	"testing"
	"time"

	"github.com/stride-run/stride/internal/race"
	"github.com/stride-run/stride/internal/unit"
)

// pointsOf reads pairs of metres and seconds.
func pointsOf(pairs ...float64) []point {
	var efforts []point
	for i := 0; i < len(pairs); i += 2 {
		t := time.Duration(math.Round(pairs[i+1] * float64(time.Second)))
		efforts = append(efforts, point{race.Result{Distance: unit.Distance(pairs[i]), Time: t}, i / 2})
	}
	return efforts
}

func near(t *testing.T, name string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s = %.8g, want %.8g within %g", name, got, want, tolerance)
	}
}

var (
	threeMinutesTo12 = pointsOf(956, 180, 1500, 300, 3399, 720) // published with the answers of all three models
	exact            = pointsOf(1500, 325, 3000, 700, 5000, 1200)
	vdot50           = pointsOf(1500, 324, 3000, 693, 5000, 1197)
	vdot50And10K     = pointsOf(1500, 324, 3000, 693, 5000, 1197, 10000, 2481)
	records          = pointsOf(1500, 206, 3000, 437.55, 5000, 755.36)
	track            = pointsOf(1200, 240, 2400, 516, 3600, 798)
)

func TestModelsWorked(t *testing.T) {
	linear := fitLinear
	inverse := fitInverseTime
	hyperbolic := func(efforts []point) Fit { return *fitHyperbolic(efforts) }
	const unknown = -1 // not given by the reference
	for _, tt := range []struct {
		name                                            string
		model                                           func([]point) Fit
		efforts                                         []point
		speed, dPrime, speedErr, dPrimeErr, see, square float64
	}{
		{"published, linear", linear, threeMinutesTo12, 4.52338, 142.313, 0.00215, 0.996, 0.864, 0.9999998},
		{"published, 1/time", inverse, threeMinutesTo12, 4.52544, 141.627, 0.00392, 1.025, 0.00302, 0.999948},
		{"published, hyperbolic", hyperbolic, threeMinutesTo12, 4.52246, 142.846, 0.00142, 0.935, 1.427, unknown},
		{"exact, linear", linear, exact, 4, 200, 0, 0, 0, 1},
		{"exact, 1/time", inverse, exact, 4, 200, 0, 0, 0, 1},
		{"exact, hyperbolic", hyperbolic, exact, 4, 200, 0, 0, 0, unknown},
		{"VDOT 50, linear", linear, vdot50, 4.00675, 209.686, 0.02706, 22.19, 16.77, 0.9999544},
		{"VDOT 50, 1/time", inverse, vdot50, 4.02585, 197.243, 0.02887, 14.26, unknown, 0.9948},
		{"VDOT 50, hyperbolic", hyperbolic, vdot50, 3.98774, 227.674, 0.02312, 24.71, 40.5, unknown},
		{"VDOT 50 and a 10 km, linear", linear, vdot50And10K, 3.93289, 258.766, 0.02264, 32.36, 36.94, 0.9999337},
		{"records, linear", linear, records, 6.36637, 198.009, 0.0517, 26.8, 20.15, 0.9999341},
		{"track, linear", linear, track, 4.30091, 172.129, 0.02670, 15.11, 10.54, 0.9999615},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := tt.model(tt.efforts)
			near(t, "critical speed", float64(f.Speed), tt.speed, 5.1e-6)
			near(t, "D′", float64(f.DPrime), tt.dPrime, 5.1e-4)
			near(t, "error of critical speed", float64(f.Errors.Speed), tt.speedErr, max(tt.speedErr*1e-3, 5.1e-6))
			near(t, "error of D′", float64(f.Errors.DPrime), tt.dPrimeErr, max(tt.dPrimeErr*2e-3, 5.1e-4))
			if tt.see != unknown {
				near(t, "SEE", f.Errors.SEE, tt.see, max(tt.see*2e-3, 5.1e-6))
			}
			if tt.square != unknown {
				near(t, "R²", f.Errors.RSquared, tt.square, max(5.1e-5*(1-tt.square)/5e-3, 5.1e-8))
			}
		})
	}
}

// With n for n−2 in the denominator, the error of estimate of the published
// set would be 0.499 m.
func TestSEEIsNotRMSE(t *testing.T) {
	see := fitLinear(threeMinutesTo12).Errors.SEE
	near(t, "root of the mean square", see*math.Sqrt(1.0/3), 0.499, 5e-4)
}

func TestTwoEffortsFitExactly(t *testing.T) {
	efforts := pointsOf(1500, 325, 5000, 1200)
	for name, f := range map[string]Fit{"linear": fitLinear(efforts), "1/time": fitInverseTime(efforts), "hyperbolic": *fitHyperbolic(efforts)} {
		near(t, name+" critical speed", float64(f.Speed), 4, 1e-9)
		near(t, name+" D′", float64(f.DPrime), 200, 1e-6)
		if f.Errors != nil {
			t.Errorf("%s: errors of two efforts = %+v, want none", name, f.Errors)
		}
	}
}

// Efforts a few billionths of a second apart have a line, but nothing tells
// the parameters of a curve apart.
func TestHyperbolicNeedsEffortsApart(t *testing.T) {
	for _, efforts := range [][]point{
		pointsOf(5141.500472759891, 1798.099751621, 5141.500472779399, 1798.099751639, 5141.500472788555, 1798.099751645),
		pointsOf(2546.3335177119693, 519.250135557, 2546.3335177482472, 519.250135575, 2546.3335177521953, 519.250135577),
	} {
		if f := fitHyperbolic(efforts); f != nil {
			t.Errorf("fitHyperbolic(%v) = %+v, want none", efforts, *f.Errors)
		}
	}
}

func TestFitTimes(t *testing.T) {
	f := Fit{Speed: 4, DPrime: 200}
	for d, want := range map[unit.Distance]time.Duration{1000: 200 * time.Second, 5000: 1200 * time.Second, 10000: 2450 * time.Second} {
		if got := f.Time(d); got != want {
			t.Errorf("Time(%v) = %v, want %v", d, got, want)
		}
	}
	near(t, "Exhaustion(4.5 m/s)", f.Exhaustion(4.5), 400, 1e-9)
}

// Quantiles from printed tables of the t distribution.
func TestStudent(t *testing.T) {
	for df, want := range map[int]float64{
		1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262, 10: 2.228,
		15: 2.131, 20: 2.086, 24: 2.064, 25: 2.060, 29: 2.045, 30: 2.042, 40: 2.021, 48: 2.011, 60: 2.000, 120: 1.980,
	} {
		near(t, "quantile", student975(df), want, 5.1e-4)
	}
	near(t, "one degree of freedom", student975(1), math.Tan(0.475*math.Pi), 1e-9)
	near(t, "two degrees of freedom", student975(2), 0.95/math.Sqrt(2*0.975*0.025), 1e-9)
	for df := 1; df < 120; df++ {
		if student975(df+1) >= student975(df) {
			t.Errorf("the quantile does not fall from %d to %d degrees of freedom", df, df+1)
		}
	}
}
