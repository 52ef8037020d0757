package performance

import (
	"fmt"
	"math"

	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/race"
	"github.com/stride-run/stride/internal/unit"
)

// CriticalSpeed is what a runner's all-out efforts say about endurance. The
// answer is the linear fit. On real efforts the three models differ, so one
// is chosen beforehand and kept; how far the others are from it is a sign of
// quality.
type CriticalSpeed struct {
	Linear      Fit
	InverseTime Fit
	Hyperbolic  *Fit // nil when the efforts are too close together for it
	Quality     Quality
	Efforts     []Effort // as given, in the order given
	Warnings    []fault.Note
}

// A Rating says how far a fit can be trusted.
type Rating string

// The ratings. Unknown is for two efforts, which say nothing about the fit.
const (
	Good    Rating = "good"
	Fair    Rating = "fair"
	Poor    Rating = "poor"
	Unknown Rating = "unknown"
)

// Quality is how well the linear fit is known.
type Quality struct {
	Rating     Rating
	PointsUsed int
	Numbers    *QualityNumbers // nil for two efforts
}

// QualityNumbers are the statistics of the linear fit. R² comes near 1 even
// for a useless fit, because distance grows with time; the standard errors
// tell the fits apart.
type QualityNumbers struct {
	RSquared      float64
	SEE           unit.Distance // standard error of estimate, n−2 degrees of freedom
	SpeedStdErr   unit.Speed
	SpeedPercent  float64 // standard error in % of the critical speed
	SpeedCI95     [2]unit.Speed
	DPrimeStdErr  unit.Distance
	DPrimePercent float64 // standard error in % of D′
	DPrimeCI95    [2]unit.Distance
}

// Limits of the ratings, in % of standard error, and of a plausible D′: elite
// runners have 80 to 300 m. The percentages are a convention.
const (
	goodSpeedPercent, goodDPrimePercent = 2, 10
	fairSpeedPercent, fairDPrimePercent = 5, 20
	maxDPrime                           = 600 * unit.Metre
)

// Beyond these, a note is added.
const (
	minTimeRatio     = 3    // longest time : shortest time
	maxDisagreement  = 0.02 // of the critical speed, between the models
	minEffortsForFit = 2
)

// FitCriticalSpeed fits critical speed to 1 to 50 all-out efforts. Of efforts
// over the same distance the fastest counts, and only those between 2 and 40
// minutes are used. The error is an Invalid fault: when a result cannot be
// one (as by Check), when fewer than two can be used, or when they contradict
// each other.
func FitCriticalSpeed(results []race.Result) (CriticalSpeed, error) {
	if err := Check(results); err != nil {
		return CriticalSpeed{}, err
	}
	efforts := choose(results)
	used := points(efforts)
	if len(used) < minEffortsForFit {
		return CriticalSpeed{}, fault.Fields([]fault.Field{{
			Pointer: bests, Code: "not_enough_efforts",
			Message: fmt.Sprintf("Give at least 2 all-out efforts over different distances, each of 2 to 40 minutes; %d can be used.", len(used)),
		}})
	}
	if fields := contradictions(used); fields != nil {
		return CriticalSpeed{}, fault.Fields(fields)
	}
	c := CriticalSpeed{Linear: fitLinear(used), InverseTime: fitInverseTime(used), Efforts: efforts}
	if slowest := used[len(used)-1].Speed(); !(c.Linear.DPrime > 0) || c.Linear.Speed >= slowest {
		return CriticalSpeed{}, fault.Fields([]fault.Field{{
			Pointer: bests, Code: "no_critical_speed",
			Message: "These efforts do not lie on a line of distance and time; give all-out efforts of the same months.",
		}})
	}
	c.Hyperbolic = fitHyperbolic(used)
	c.Quality = rate(c.Linear, len(used))
	c.Warnings = c.notes(used)
	return c, nil
}

// rate judges the linear fit of n efforts.
func rate(f Fit, n int) Quality {
	q := Quality{Rating: Unknown, PointsUsed: n}
	if e := f.Errors; e != nil {
		t := student975(n - 2)
		speed, dPrime := unit.Speed(t)*e.Speed, unit.Distance(t)*e.DPrime
		q.Numbers = &QualityNumbers{
			RSquared:      e.RSquared,
			SEE:           unit.Distance(e.SEE),
			SpeedStdErr:   e.Speed,
			SpeedPercent:  float64(e.Speed / f.Speed * 100),
			SpeedCI95:     [2]unit.Speed{f.Speed - speed, f.Speed + speed},
			DPrimeStdErr:  e.DPrime,
			DPrimePercent: float64(e.DPrime / f.DPrime * 100),
			DPrimeCI95:    [2]unit.Distance{f.DPrime - dPrime, f.DPrime + dPrime},
		}
		switch n := q.Numbers; {
		case n.SpeedPercent <= goodSpeedPercent && n.DPrimePercent <= goodDPrimePercent:
			q.Rating = Good
		case n.SpeedPercent <= fairSpeedPercent && n.DPrimePercent <= fairDPrimePercent:
			q.Rating = Fair
		default:
			q.Rating = Poor
		}
	}
	if f.DPrime > maxDPrime {
		q.Rating = Poor
	}
	return q
}

// notes says what makes the fit doubtful.
func (c *CriticalSpeed) notes(used []point) []fault.Note {
	var notes []fault.Note
	add := func(code, field, format string, args ...any) {
		notes = append(notes, fault.Note{Code: code, Field: field, Message: fmt.Sprintf(format, args...)})
	}
	if len(used) == minEffortsForFit {
		add("two_efforts", bests, "Two points: no quality estimate. A third effort would show how well they agree.")
	}
	for _, p := range used {
		if p.Time > comfortableEffort {
			add("long_effort", best(p.index), "%g m took more than 20 minutes: so long an effort makes critical speed come out too low and D′ too large.", p.Distance.Metres())
		}
	}
	if first, last := used[0].seconds(), used[len(used)-1].seconds(); last < minTimeRatio*first {
		add("narrow_range", bests, "The longest effort took %.1f times as long as the shortest; with 3 times or more the result is steadier.", last/first)
	}
	if c.Linear.DPrime > maxDPrime {
		add("d_prime_implausible", bests, "A D′ of %.0f m is not plausible: the short efforts are too fast, or the long ones too slow, to have been all-out at the same fitness.", c.Linear.DPrime.Metres())
	}
	if spread := c.disagreement(); spread > maxDisagreement {
		add("models_disagree", bests, "Other models give a critical speed that differs by %.1f %%.", spread*100)
	}
	return notes
}

// disagreement is the largest difference of the other models' critical speed
// from the linear one, as a fraction of it.
func (c *CriticalSpeed) disagreement() float64 {
	spread := math.Abs(float64(c.InverseTime.Speed/c.Linear.Speed) - 1)
	if c.Hyperbolic != nil {
		spread = max(spread, math.Abs(float64(c.Hyperbolic.Speed/c.Linear.Speed)-1))
	}
	return spread
}
