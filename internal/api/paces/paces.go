// Package paces has the training paces as the API writes them, for every
// answer that holds some.
package paces

import "github.com/stride-run/stride/internal/performance"

// Paces are the paces to train at.
type Paces struct {
	Easy       Pace `json:"easy"`
	Long       Pace `json:"long"`
	Marathon   Pace `json:"marathon"`
	Tempo      Pace `json:"tempo"`
	Interval   Pace `json:"interval"`
	Repetition Pace `json:"repetition"`
	Recovery   Pace `json:"recovery"`
}

// Pace is a band of paces.
type Pace struct {
	FastSPerKm float64 `json:"fast_s_per_km"`
	SlowSPerKm float64 `json:"slow_s_per_km"`
}

// New writes training paces.
func New(p performance.Paces) Paces {
	return Paces{
		Easy:       NewPace(p.Easy),
		Long:       NewPace(p.Long),
		Marathon:   NewPace(p.Marathon),
		Tempo:      NewPace(p.Tempo),
		Interval:   NewPace(p.Interval),
		Repetition: NewPace(p.Repetition),
		Recovery:   NewPace(p.Recovery),
	}
}

// NewPace writes a band of paces. It is rounded to a tenth of a second per km
// already.
func NewPace(r performance.Range) Pace { return Pace{r.Fast.Seconds(), r.Slow.Seconds()} }
