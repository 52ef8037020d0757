package metrics

import (
	"net/http"

	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/api/criticalspeed"
	"github.com/stride-run/stride/internal/api/paces"
	"github.com/stride-run/stride/internal/performance"
	"github.com/stride-run/stride/internal/race"
)

// performanceMetrics is all that bests say. Units are in the names; VDOT is
// in ml/kg/min.
type performanceMetrics struct {
	CriticalSpeed   *criticalspeed.CriticalSpeed `json:"critical_speed"`
	Unavailable     string                       `json:"critical_speed_unavailable_reason,omitempty"`
	VDOT            vdots                        `json:"vdot"`
	TrainingPaces   paces.Paces                  `json:"training_paces"`
	RacePredictions []prediction                 `json:"race_predictions"`
	Warnings        []api.Note                   `json:"warnings"`
}

type vdots struct {
	Best    float64      `json:"best"`
	Efforts []vdotEffort `json:"efforts"`
}

type vdotEffort struct {
	DistanceM float64 `json:"distance_m"`
	TimeS     float64 `json:"time_s"`
	VDOT      float64 `json:"vdot"`
}

type prediction struct {
	Name      string  `json:"name"`
	DistanceM float64 `json:"distance_m"`
	estimate
	RangeS       [2]float64 `json:"range_s"`
	Alternatives []estimate `json:"alternatives"`
}

type estimate struct {
	Model    performance.Model `json:"model"`
	TimeS    float64           `json:"time_s"`
	Warnings []api.Note        `json:"warnings"`
}

// Performance answers POST /api/calculate_performance_metrics.
func Performance(r *http.Request) (api.Response, error) {
	in, err := api.ReadObject(r)
	if err != nil {
		return api.Response{}, err
	}
	var results []race.Result
	m, err := readBests(in, func(read []race.Result) (performance.Metrics, error) {
		results = read
		return performance.Measure(read)
	})
	if err != nil {
		return api.Response{}, err
	}
	return api.Response{Body: newPerformance(&m, results)}, nil
}

func newPerformance(m *performance.Metrics, results []race.Result) *performanceMetrics {
	out := &performanceMetrics{
		Unavailable:     m.Unavailable,
		VDOT:            vdots{Best: vdot(m.BestVDOT), Efforts: make([]vdotEffort, len(results))},
		TrainingPaces:   paces.New(m.Paces),
		RacePredictions: make([]prediction, len(m.Predictions)),
		Warnings:        api.Notes(m.Warnings),
	}
	if m.CriticalSpeed != nil {
		out.CriticalSpeed = criticalspeed.New(m.CriticalSpeed)
	}
	for i, r := range results {
		out.VDOT.Efforts[i] = vdotEffort{metres(r.Distance), seconds(r.Time), vdot(m.VDOTs[i])}
	}
	for i, p := range m.Predictions {
		out.RacePredictions[i] = newPrediction(p)
	}
	return out
}

func newPrediction(p performance.Prediction) prediction {
	out := prediction{
		Name:         p.Name,
		DistanceM:    metres(p.Distance),
		estimate:     newEstimate(p.Estimate),
		RangeS:       [2]float64{tenths(p.Range[0]), tenths(p.Range[1])},
		Alternatives: make([]estimate, len(p.Alternatives)),
	}
	for i, e := range p.Alternatives {
		out.Alternatives[i] = newEstimate(e)
	}
	return out
}

func newEstimate(e performance.Estimate) estimate {
	return estimate{Model: e.Model, TimeS: tenths(e.Time), Warnings: api.Notes(e.Warnings)}
}
