package performance

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/race"
)

// Metrics is all that a runner's bests tell.
type Metrics struct {
	CriticalSpeed *CriticalSpeed // nil when it cannot be had
	Unavailable   string         // why it cannot be had, for people
	BestVDOT      float64
	VDOTs         []float64 // of each result, in the order given
	Paces         Paces     // of the best VDOT
	Predictions   []Prediction
	Warnings      []fault.Note
}

// VDOT is about endurance. In races under three minutes the share of the
// maximum that the equations assume is not what limits the runner, and VDOT
// comes out too high. Published tables cover VDOT 30 to 85.
const (
	shortestForVDOT  = 3 * time.Minute
	lowestKnownVDOT  = 30
	highestKnownVDOT = 85
)

// Measure computes the metrics of 1 to 50 results. The best VDOT is the
// highest of the results of three minutes and more or, when there is none,
// that of the longest. The error is an Invalid fault, as by Check; that
// critical speed cannot be had is no error.
func Measure(results []race.Result) (Metrics, error) {
	if err := Check(results); err != nil {
		return Metrics{}, err
	}
	var m Metrics
	f := forecaster{results: results}
	critical, err := FitCriticalSpeed(results)
	switch {
	case err != nil:
		m.Unavailable = reasons(err)
	default:
		m.CriticalSpeed = &critical
		if critical.Quality.Rating != Poor {
			f.linear, f.fitted = &critical.Linear, usedResults(critical.Efforts)
		}
	}
	f.racing = m.measureVDOT(results)
	f.vdots = extremes(f.racing)
	m.BestVDOT = f.vdots[1]
	m.Paces = TrainingPaces(m.BestVDOT)
	if m.BestVDOT < lowestKnownVDOT || m.BestVDOT > highestKnownVDOT {
		m.warn("vdot_extrapolated", "Published tables cover VDOT 30 to 85; paces and predictions beyond are an extrapolation.")
	}
	var consistent bool
	if m.Predictions, consistent = f.all(); !consistent {
		m.warn("critical_speed_disagrees", "Critical speed and the best race contradict each other; the predictions go by the race.")
	}
	return m, nil
}

func (m *Metrics) warn(code, message string) {
	m.Warnings = append(m.Warnings, fault.Note{Code: code, Field: bests, Message: message})
}

// measureVDOT fills in the VDOT of each result and returns the results that
// count for the best.
func (m *Metrics) measureVDOT(results []race.Result) (racing []race.Result) {
	for _, r := range results {
		m.VDOTs = append(m.VDOTs, VDOT(r))
		if r.Time >= shortestForVDOT {
			racing = append(racing, r)
		}
	}
	if racing == nil {
		m.warn("vdot_from_short_effort", "All bests are shorter than 3 minutes, so VDOT is a rough guess; give a best of 1500 m or more.")
		racing = []race.Result{slices.MaxFunc(results, func(a, b race.Result) int {
			return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.Distance, b.Distance))
		})}
	}
	return racing
}

// extremes are the lowest and the highest VDOT of at least one result.
func extremes(results []race.Result) [2]float64 {
	low, high := VDOT(results[0]), VDOT(results[0])
	for _, r := range results[1:] {
		low, high = min(low, VDOT(r)), max(high, VDOT(r))
	}
	return [2]float64{low, high}
}

func usedResults(efforts []Effort) []race.Result {
	var used []race.Result
	for _, e := range efforts {
		if e.Used {
			used = append(used, e.Result)
		}
	}
	return used
}

// reasons joins what is wrong into sentences, each once.
func reasons(err error) string {
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok {
		return err.Error()
	}
	var sentences []string
	for _, field := range f.Fields {
		if !slices.Contains(sentences, field.Message) {
			sentences = append(sentences, field.Message)
		}
	}
	return strings.Join(sentences, " ")
}
