// Package performance says what race results tell about a runner: VDOT and
// the training paces that follow from it, critical speed with the quality of
// its fit, and predicted race times.
package performance

import (
	"math"
	"time"

	"github.com/stride-run/stride/internal/race"
	"github.com/stride-run/stride/internal/unit"
)

// metresPerMinute is the speed that the VDOT equations are written in.
type metresPerMinute float64

// The oxygen cost of running at v is a quadratic in v, in ml/kg/min.
const (
	costBase   = -4.60
	costLinear = 0.182258
	costSquare = 0.000104
)

// oxygenCost is the oxygen that running at v takes, in ml/kg/min (Daniels and
// Gilbert 1979). It is negative below about 25 m/min, where nobody runs.
func oxygenCost(v metresPerMinute) float64 {
	return costBase + costLinear*float64(v) + costSquare*float64(v)*float64(v)
}

// speedAtCost is the inverse of oxygenCost for costs of at least costBase.
func speedAtCost(vo2 float64) metresPerMinute {
	root := math.Sqrt(costLinear*costLinear + 4*costSquare*(vo2-costBase))
	return metresPerMinute((root - costLinear) / (2 * costSquare))
}

// sustainable is the share of the maximal oxygen uptake that can be held for
// t (Daniels and Gilbert 1979). It falls from 1.29 towards 0.8.
func sustainable(t time.Duration) float64 {
	minutes := t.Minutes()
	return 0.8 + 0.1894393*math.Exp(-0.012778*minutes) + 0.2989558*math.Exp(-0.1932605*minutes)
}

// VDOT is the maximal oxygen uptake, in ml/kg/min, that a runner of average
// economy needs for the result: the oxygen cost of its speed, divided by the
// share of the maximum that can be held for its time. Distance and time must
// be above zero. Published tables go from 30 to 85; the equations stay
// monotone outside, but are an extrapolation there.
func VDOT(r race.Result) float64 {
	v := metresPerMinute(r.Distance.Metres() / r.Time.Minutes())
	return oxygenCost(v) / sustainable(r.Time)
}

// The speeds between which RaceTime looks for an answer: a slow walk and
// three times the speed of the fastest man.
const (
	slowest metresPerMinute = 20
	fastest metresPerMinute = 1800
)

// RaceTime is the time over d that has the given VDOT, to the nanosecond: the
// inverse of VDOT. It is found by bisection, because VDOT falls strictly with
// time. A vdot of 0 or less, where there is no running, gives the time of a
// walk.
func RaceTime(vdot float64, d unit.Distance) time.Duration {
	at := func(v metresPerMinute) time.Duration {
		return time.Duration(d.Metres() / float64(v) * float64(time.Minute))
	}
	short, long := at(fastest), at(slowest)
	for long-short > 1 {
		middle := short + (long-short)/2
		if VDOT(race.Result{Distance: d, Time: middle}) > vdot {
			short = middle
		} else {
			long = middle
		}
	}
	return long
}
