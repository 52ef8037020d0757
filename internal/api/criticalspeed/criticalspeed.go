// Package criticalspeed has the critical speed as the API writes it, for every
// answer that holds one.
package criticalspeed

import (
	"time"

	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/performance"
	"github.com/stride-run/stride/internal/unit"
)

// CriticalSpeed is what a fit says. Units are in the names.
type CriticalSpeed struct {
	CriticalSpeedMPerS float64     `json:"critical_speed_m_per_s"`
	CriticalPaceSPerKm float64     `json:"critical_pace_s_per_km"`
	DPrimeM            float64     `json:"d_prime_m"`
	Model              string      `json:"model"`
	Quality            Quality     `json:"quality"`
	CrossChecks        CrossChecks `json:"cross_checks"`
	Efforts            []Effort    `json:"efforts"`
	Warnings           []api.Note  `json:"warnings"`
}

// Quality has null for every number that two efforts do not have.
type Quality struct {
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

// CrossChecks are what other models make of the same efforts.
type CrossChecks struct {
	InverseTime CrossCheck  `json:"inverse_time"`
	Hyperbolic  *CrossCheck `json:"hyperbolic"` // null: the efforts are too close together for it
}

// CrossCheck is what one of them makes of them.
type CrossCheck struct {
	CriticalSpeedMPerS float64  `json:"critical_speed_m_per_s"`
	DPrimeM            float64  `json:"d_prime_m"`
	SpeedErrorMPerS    *float64 `json:"critical_speed_standard_error_m_per_s"`
	DPrimeErrorM       *float64 `json:"d_prime_standard_error_m"`
}

// Effort says what the fit made of a best. Reason and message are null for
// one that was used.
type Effort struct {
	DistanceM float64             `json:"distance_m"`
	TimeS     float64             `json:"time_s"`
	Used      bool                `json:"used"`
	Reason    *performance.Reason `json:"reason"`
	Message   *string             `json:"message"`
}

// New writes a fit.
func New(c *performance.CriticalSpeed) *CriticalSpeed {
	out := &CriticalSpeed{
		CriticalSpeedMPerS: speed(c.Linear.Speed),
		CriticalPaceSPerKm: api.Round(c.Linear.Speed.Pace().Seconds(), 1),
		DPrimeM:            metres(c.Linear.DPrime),
		Model:              "linear_distance_time",
		Quality:            newQuality(c.Quality),
		CrossChecks:        CrossChecks{InverseTime: newCrossCheck(c.InverseTime)},
		Efforts:            make([]Effort, len(c.Efforts)),
		Warnings:           api.Notes(c.Warnings),
	}
	if c.Hyperbolic != nil {
		out.CrossChecks.Hyperbolic = new(newCrossCheck(*c.Hyperbolic))
	}
	for i, e := range c.Efforts {
		out.Efforts[i] = Effort{DistanceM: metres(e.Distance), TimeS: seconds(e.Time), Used: e.Used}
		if !e.Used {
			out.Efforts[i].Reason, out.Efforts[i].Message = new(e.Reason), new(e.Reason.Text())
		}
	}
	return out
}

func newQuality(q performance.Quality) Quality {
	out := Quality{Rating: q.Rating, PointsUsed: q.PointsUsed}
	if n := q.Numbers; n != nil {
		out.RSquared = new(api.Round(n.RSquared, 7))
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

func newCrossCheck(f performance.Fit) CrossCheck {
	out := CrossCheck{CriticalSpeedMPerS: speed(f.Speed), DPrimeM: metres(f.DPrime)}
	if f.Errors != nil {
		out.SpeedErrorMPerS = new(speed(f.Errors.Speed))
		out.DPrimeErrorM = new(metres(unit.Distance(f.Errors.DPrime)))
	}
	return out
}

// What is left of the quantities on the wire. Seconds are kept as they were
// typed.

func speed(v unit.Speed) float64      { return api.Round(float64(v), 5) }
func metres(d unit.Distance) float64  { return api.Round(d.Metres(), 3) }
func percent(v float64) float64       { return api.Round(v, 3) }
func seconds(t time.Duration) float64 { return api.Round(t.Seconds(), 3) }
