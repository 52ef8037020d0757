package performance

import (
	"math"
	"time"

	"github.com/stride-run/stride/internal/unit"
)

// A Fit is what one model makes of the efforts: critical speed, the asymptote
// of the relation of speed and time, and D′, the distance that can be run
// above it before exhaustion.
type Fit struct {
	Speed  unit.Speed
	DPrime unit.Distance
	Errors *Errors // nil for two efforts, which every model fits exactly
}

// Errors are the statistics of a regression. SEE is the standard error of
// estimate, with n−2 degrees of freedom, in the unit that the model predicts:
// m for the linear model, m/s for the inverse-time one, s for the hyperbolic.
type Errors struct {
	SEE      float64
	RSquared float64       // 0 for the hyperbolic model, where it has no meaning
	Speed    unit.Speed    // standard error of the critical speed
	DPrime   unit.Distance // standard error of D′
}

// Time is how long d takes by the linear model: (d − D′) / CS. It is negative
// for a d below D′, where the model does not apply.
func (f Fit) Time(d unit.Distance) time.Duration {
	return time.Duration((d - f.DPrime).Metres() / float64(f.Speed) * float64(time.Second))
}

// Exhaustion is how long v can be held, in seconds: D′ / (v − CS) for a v
// above the critical speed.
func (f Fit) Exhaustion(v unit.Speed) float64 { return f.DPrime.Metres() / float64(v-f.Speed) }

// fitLinear is the distance-time model D = D′ + CS·t (Moritani 1981;
// Hill 1993), by least squares on D.
func fitLinear(efforts []point) Fit {
	l := fitLine(efforts, point.seconds, func(p point) float64 { return p.Distance.Metres() })
	return l.fit(l.slope, l.intercept, l.slopeError, l.interceptError, len(efforts))
}

// fitInverseTime is the model v = CS + D′/t (Whipp 1982), by least squares
// on v.
func fitInverseTime(efforts []point) Fit {
	l := fitLine(efforts, func(p point) float64 { return 1 / p.seconds() }, func(p point) float64 { return float64(p.Speed()) })
	return l.fit(l.intercept, l.slope, l.interceptError, l.slopeError, len(efforts))
}

// A line is an ordinary least-squares regression of y on x.
type line struct {
	slope, intercept, slopeError, interceptError, see, rSquared float64
}

// fitLine needs at least two efforts that differ in x and y. With two, the
// errors are not numbers.
func fitLine(efforts []point, x, y func(point) float64) line {
	n := float64(len(efforts))
	var meanX, meanY float64
	for _, p := range efforts {
		meanX += x(p) / n
		meanY += y(p) / n
	}
	var sxx, sxy, syy float64
	for _, p := range efforts {
		dx, dy := x(p)-meanX, y(p)-meanY
		sxx += dx * dx
		sxy += dx * dy
		syy += dy * dy
	}
	slope := sxy / sxx
	var sse float64
	for _, p := range efforts {
		residual := y(p) - meanY - slope*(x(p)-meanX)
		sse += residual * residual
	}
	see := math.Sqrt(sse / (n - 2))
	return line{
		slope: slope, intercept: meanY - slope*meanX,
		slopeError: see / math.Sqrt(sxx), interceptError: see * math.Sqrt(1/n+meanX*meanX/sxx),
		see: see, rSquared: 1 - sse/syy,
	}
}

func (l line) fit(speed, dPrime, speedError, dPrimeError float64, n int) Fit {
	f := Fit{Speed: unit.Speed(speed), DPrime: unit.Distance(dPrime)}
	if n > 2 {
		f.Errors = &Errors{
			SEE: l.see, RSquared: l.rSquared,
			Speed: unit.Speed(speedError), DPrime: unit.Distance(dPrimeError),
		}
	}
	return f
}
