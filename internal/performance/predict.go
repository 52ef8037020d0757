package performance

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/race"
	"github.com/stride-run/stride/internal/unit"
)

// A Model names a way to predict a race time.
type Model string

// The models of race times.
const (
	ByVDOT          Model = "vdot"
	ByCriticalSpeed Model = "critical_speed"
	ByRiegel        Model = "riegel"
)

// An Estimate is a race time by one model, with what limits it.
type Estimate struct {
	Model    Model
	Time     time.Duration
	Warnings []fault.Note
}

// A Prediction is the time expected over a standard distance.
type Prediction struct {
	race.Standard
	Estimate
	Range        [2]time.Duration // over all models and single efforts, at least ±1 %
	Alternatives []Estimate       // by the models that were not chosen
}

// Riegel's formula was found for races of 3.5 to 230 minutes.
const (
	riegelExponent = 1.06
	riegelShortest = 210 * time.Second
	riegelLongest  = 230 * time.Minute
)

// Riegel predicts the time over d from one result: T₂ = T₁ (d₂/d₁)^1.06
// (Riegel 1981). The estimate carries a warning where the formula was not
// made for the times, and one for a marathon from a shorter race.
func Riegel(r race.Result, d unit.Distance) Estimate {
	t := time.Duration(float64(r.Time) * math.Pow(float64(d/r.Distance), riegelExponent))
	e := Estimate{Model: ByRiegel, Time: t}
	if min(t, r.Time) < riegelShortest || max(t, r.Time) > riegelLongest {
		e.warn("outside_model_range", "The formula was made for races of 3.5 to 230 minutes.")
	}
	e.warnMarathon(d, r.Distance)
	return e
}

func (e *Estimate) warn(code, message string) {
	e.Warnings = append(e.Warnings, fault.Note{Code: code, Field: bests, Message: message})
}

// Of 2303 runners, half ran their marathon slower by ten minutes or more than
// Riegel's formula said from shorter races (Vickers and Vertosick 2016).
const marathonSlack = 10 * time.Minute

// uncertainMarathon says whether d is a marathon that is predicted from
// shorter races only.
func uncertainMarathon(d, longest unit.Distance) bool {
	return d >= race.Marathon && longest < race.Marathon
}

func (e *Estimate) warnMarathon(d, longest unit.Distance) {
	if uncertainMarathon(d, longest) {
		e.warn("marathon_uncertain", "A marathon is hard to predict from shorter races: of 2303 runners, half were slower by 10 minutes or more than a common formula said. Weekly distance and long runs decide.")
	}
}

// warnExtrapolation warns of a distance outside those of the results that the
// model was given.
func (e *Estimate) warnExtrapolation(d unit.Distance, from []race.Result) {
	shortest, longest := distances(from)
	if d < shortest || d > longest {
		e.warn("extrapolated", "This distance lies outside those of the bests that the prediction is made from.")
	}
}

// distances are the shortest and the longest of at least one result.
func distances(results []race.Result) (shortest, longest unit.Distance) {
	byDistance := func(a, b race.Result) int { return cmp.Compare(a.Distance, b.Distance) }
	return slices.MinFunc(results, byDistance).Distance, slices.MaxFunc(results, byDistance).Distance
}

// A forecaster predicts from a runner's results.
type forecaster struct {
	results []race.Result // all of them, at least one
	racing  []race.Result // those long enough for VDOT, at least one
	vdots   [2]float64    // lowest and highest VDOT of racing
	linear  *Fit          // nil when critical speed is not to be used
	fitted  []race.Result // what linear was fitted to
}

// all predicts every standard distance. Should critical speed and VDOT
// contradict each other so much that a longer race would take less time,
// critical speed is left out: consistent is then false.
func (f forecaster) all() (predictions []Prediction, consistent bool) {
	for _, s := range race.Standards {
		predictions = append(predictions, f.predict(s))
	}
	rising := slices.IsSortedFunc(predictions, func(a, b Prediction) int { return cmp.Compare(a.Time, b.Time) })
	if !rising && f.linear != nil {
		f.linear = nil
		predictions, _ = f.all()
		return predictions, false
	}
	return predictions, true
}

// predict gives the time over one distance: by critical speed where that is
// at home, else by the best VDOT.
func (f forecaster) predict(s race.Standard) Prediction {
	estimates := []Estimate{f.byVDOT(s.Distance), f.byRiegel(s.Distance)}
	if f.linear != nil {
		if t := f.linear.Time(s.Distance); t >= shortestEffort && t <= comfortableEffort {
			e := Estimate{Model: ByCriticalSpeed, Time: t}
			if len(f.fitted) == 2 {
				e.warn("two_efforts", "Critical speed from two efforts: nothing shows how good it is.")
			}
			e.warnExtrapolation(s.Distance, f.fitted)
			estimates = slices.Insert(estimates, 0, e)
		}
	}
	p := Prediction{Standard: s, Estimate: estimates[0], Alternatives: estimates[1:]}
	margin := p.Time / 100
	p.Range = [2]time.Duration{p.Time - margin, max(p.Time+margin, RaceTime(f.vdots[0], s.Distance))}
	for _, e := range p.Alternatives {
		p.Range[0], p.Range[1] = min(p.Range[0], e.Time), max(p.Range[1], e.Time)
	}
	if uncertainMarathon(s.Distance, f.longest()) {
		p.Range[1] = max(p.Range[1], p.Time+marathonSlack)
	}
	return p
}

func (f forecaster) byVDOT(d unit.Distance) Estimate {
	e := Estimate{Model: ByVDOT, Time: RaceTime(f.vdots[1], d)}
	if e.Time < shortestForVDOT {
		e.warn("outside_model_range", "In races under 3 minutes sprint speed counts, which longer races do not show.")
	}
	e.warnExtrapolation(d, f.racing)
	e.warnMarathon(d, f.longest())
	return e
}

// longest is the longest distance that VDOT is taken from.
func (f forecaster) longest() unit.Distance {
	_, longest := distances(f.racing)
	return longest
}

// byRiegel starts from the result whose distance is nearest, as a ratio.
func (f forecaster) byRiegel(d unit.Distance) Estimate {
	nearest := slices.MinFunc(f.results, func(a, b race.Result) int {
		return cmp.Or(
			cmp.Compare(math.Abs(math.Log(float64(a.Distance/d))), math.Abs(math.Log(float64(b.Distance/d)))),
			cmp.Compare(a.Distance, b.Distance),
			cmp.Compare(a.Time, b.Time),
		)
	})
	e := Riegel(nearest, d)
	e.warnExtrapolation(d, f.results)
	return e
}
