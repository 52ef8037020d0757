package metrics

import (
	"net/http"

	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/performance"
	"github.com/stride-run/stride/internal/unit"
)

// criticalSpeed is what a fit says. Units are in the names.
type criticalSpeed struct {
	CriticalSpeedMPerS float64     `json:"critical_speed_m_per_s"`
	CriticalPaceSPerKm float64     `json:"critical_pace_s_per_km"`
	DPrimeM            float64     `json:"d_prime_m"`
	Model              string      `json:"model"`
	Quality            quality     `json:"quality"`
	CrossChecks        crossChecks `json:"cross_checks"`
	Efforts            []effort    `json:"efforts"`
	Warnings           []api.Note  `json:"warnings"`
}

// quality has null for every number that two efforts do not have.
type quality struct {
	Rating             performance.Rating `json:"rating"`
	RSquared           *float64           `json:"r_squared"`
	StandardErrorM     *float64           `json:"standard_error_of_estimate_m"`
	SpeedErrorMPerS    *float64           `json:"critical_speed_standard_error_m_per_s"`
	SpeedErrorPercent  *float64           `json:"critical_speed_standard_error_percent"`
	SpeedCI95MPerS     *[2]float64        `json:"critical_speed_ci95_m_per_s"`
	DPrimeErrorM       *float64           `json:"d_prime_standard_error_m"`
	DPrimeErrorPercent *float64           `json:"d_prime_standard_error_percent"`
	DPrimeCI95M        *[2]float64        `json:"d_prime_ci95_m"`
	PointsUsed         int                `json:"points_used"`
}

type crossChecks struct {
	InverseTime crossCheck  `json:"inverse_time"`
	Hyperbolic  *crossCheck `json:"hyperbolic"` // null: the efforts are too close together for it
}

type crossCheck struct {
	CriticalSpeedMPerS float64  `json:"critical_speed_m_per_s"`
	DPrimeM            float64  `json:"d_prime_m"`
	SpeedErrorMPerS    *float64 `json:"critical_speed_standard_error_m_per_s"`
	DPrimeErrorM       *float64 `json:"d_prime_standard_error_m"`
}

// effort says what the fit made of a best. Reason and message are null for
// one that was used.
type effort struct {
	DistanceM float64             `json:"distance_m"`
	TimeS     float64             `json:"time_s"`
	Used      bool                `json:"used"`
	Reason    *performance.Reason `json:"reason"`
	Message   *string             `json:"message"`
}

// CriticalSpeed answers POST /api/calculate_critical_speed.
func CriticalSpeed(r *http.Request) (api.Response, error) {
	in, err := api.ReadObject(r)
	if err != nil {
		return api.Response{}, err
	}
	c, err := readBests(in, performance.FitCriticalSpeed)
	if err != nil {
		return api.Response{}, err
	}
	return api.Response{Body: newCriticalSpeed(&c)}, nil
}

func newCriticalSpeed(c *performance.CriticalSpeed) *criticalSpeed {
	out := &criticalSpeed{
		CriticalSpeedMPerS: speed(c.Linear.Speed),
		CriticalPaceSPerKm: round(c.Linear.Speed.Pace().Seconds(), 1),
		DPrimeM:            metres(c.Linear.DPrime),
		Model:              "linear_distance_time",
		Quality:            newQuality(c.Quality),
		CrossChecks:        crossChecks{InverseTime: newCrossCheck(c.InverseTime)},
		Efforts:            make([]effort, len(c.Efforts)),
		Warnings:           api.Notes(c.Warnings),
	}
	if c.Hyperbolic != nil {
		out.CrossChecks.Hyperbolic = new(newCrossCheck(*c.Hyperbolic))
	}
	for i, e := range c.Efforts {
		out.Efforts[i] = effort{DistanceM: metres(e.Distance), TimeS: seconds(e.Time), Used: e.Used}
		if !e.Used {
			out.Efforts[i].Reason, out.Efforts[i].Message = new(e.Reason), new(e.Reason.Text())
		}
	}
	return out
}

func newQuality(q performance.Quality) quality {
	out := quality{Rating: q.Rating, PointsUsed: q.PointsUsed}
	if n := q.Numbers; n != nil {
		out.RSquared = new(round(n.RSquared, 7))
		out.StandardErrorM = new(metres(n.SEE))
		out.SpeedErrorMPerS = new(speed(n.SpeedStdErr))
		out.SpeedErrorPercent = new(percent(n.SpeedPercent))
		out.SpeedCI95MPerS = &[2]float64{speed(n.SpeedCI95[0]), speed(n.SpeedCI95[1])}
		out.DPrimeErrorM = new(metres(n.DPrimeStdErr))
		out.DPrimeErrorPercent = new(percent(n.DPrimePercent))
		out.DPrimeCI95M = &[2]float64{metres(n.DPrimeCI95[0]), metres(n.DPrimeCI95[1])}
	}
	return out
}

func newCrossCheck(f performance.Fit) crossCheck {
	out := crossCheck{CriticalSpeedMPerS: speed(f.Speed), DPrimeM: metres(f.DPrime)}
	if f.Errors != nil {
		out.SpeedErrorMPerS = new(speed(f.Errors.Speed))
		out.DPrimeErrorM = new(metres(unit.Distance(f.Errors.DPrime)))
	}
	return out
}
