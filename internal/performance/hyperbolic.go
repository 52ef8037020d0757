package performance

import (
	"math"

	"github.com/stride-run/stride/internal/unit"
)

// fitHyperbolic is the model t = D′/(v − CS), by least squares on t. For a
// given critical speed D′ is a linear regression, so what is left to find is
// one number between 0 and the speed of the slowest effort. There can be more
// than one minimum: a scan finds the valley, a golden-section search its
// bottom. It returns nil when the efforts, in order of distance, are too close
// to each other to tell the two parameters apart.
func fitHyperbolic(efforts []point) *Fit {
	const steps, decades = 120, 6
	slowest := efforts[len(efforts)-1].Speed()
	// speed is that of a step: below slowest by its 1st to 1e-6th part.
	speed := func(step float64) unit.Speed {
		return slowest * unit.Speed(1-math.Pow(10, -decades*step/steps))
	}
	sse := func(step float64) float64 {
		_, sse := hyperbola(efforts, speed(step))
		return sse
	}
	valley := 1.0
	for step := 2.0; step < steps; step++ {
		if sse(step) < sse(valley) {
			valley = step
		}
	}
	f, sum := hyperbola(efforts, speed(goldenSection(sse, valley-1, valley+1)))

	// The derivatives of t by speed and D′ give the covariance.
	var ss, sd, dd float64
	for _, p := range efforts {
		byDPrime := 1 / float64(p.Speed()-f.Speed)
		bySpeed := f.DPrime.Metres() * byDPrime * byDPrime
		ss += bySpeed * bySpeed
		sd += bySpeed * byDPrime
		dd += byDPrime * byDPrime
	}
	determinant := ss*dd - sd*sd
	if !(determinant > 0) {
		return nil
	}
	if len(efforts) > 2 {
		see := math.Sqrt(sum / float64(len(efforts)-2))
		f.Errors = &Errors{
			SEE:    see,
			Speed:  unit.Speed(see * math.Sqrt(dd/determinant)),
			DPrime: unit.Distance(see * math.Sqrt(ss/determinant)),
		}
	}
	return &f
}

// hyperbola is the best fit with the given critical speed, below that of
// every effort, and the sum of its squared residuals in s².
func hyperbola(efforts []point, speed unit.Speed) (f Fit, sse float64) {
	var ut, uu float64
	for _, p := range efforts {
		u := 1 / float64(p.Speed()-speed)
		ut += u * p.seconds()
		uu += u * u
	}
	f = Fit{Speed: speed, DPrime: unit.Distance(ut / uu)}
	for _, p := range efforts {
		residual := p.seconds() - f.Exhaustion(p.Speed())
		sse += residual * residual
	}
	return f, sse
}

// goldenSection returns where f is smallest between low and high, if f has
// one minimum there (Kiefer 1953).
func goldenSection(f func(float64) float64, low, high float64) float64 {
	const share, rounds = 1 / math.Phi, 60
	a, b := high-share*(high-low), low+share*(high-low)
	fa, fb := f(a), f(b)
	for range rounds {
		if fa < fb {
			high, b, fb = b, a, fa
			a = high - share*(high-low)
			fa = f(a)
		} else {
			low, a, fa = a, b, fb
			b = low + share*(high-low)
			fb = f(b)
		}
	}
	return (low + high) / 2
}
