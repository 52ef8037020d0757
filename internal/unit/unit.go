// Package unit holds the quantities of running: distance, speed, pace, and
// the clock durations that people type. Values are SI inside; formatting and
// the choice between kilometres and miles happen at the edge.
package unit

import "time"

// Distance is a length in metres.
type Distance float64

// The lengths that other lengths are counted in.
const (
	Metre     Distance = 1
	Kilometre Distance = 1000
	Mile      Distance = 1609.344 // exactly, by the international yard and pound agreement of 1959
)

// Metres returns the distance in metres.
func (d Distance) Metres() float64 { return float64(d) }

// Kilometres returns the distance in kilometres.
func (d Distance) Kilometres() float64 { return float64(d / Kilometre) }

// Miles returns the distance in miles.
func (d Distance) Miles() float64 { return float64(d / Mile) }

// Speed is in metres per second.
type Speed float64

// Pace is in seconds per kilometre. A smaller pace is a faster one.
type Pace float64

// PaceOver returns the pace of covering d in t. It is +Inf for a d of 0.
func PaceOver(d Distance, t time.Duration) Pace { return Pace(t.Seconds() / d.Kilometres()) }

// SpeedOver returns the speed of covering d in t.
func SpeedOver(d Distance, t time.Duration) Speed { return Speed(d.Metres() / t.Seconds()) }

// Speed converts a pace.
func (p Pace) Speed() Speed { return Speed(1000 / float64(p)) }

// Pace converts a speed. It is +Inf for a speed of 0.
func (s Speed) Pace() Pace { return Pace(1000 / float64(s)) }

// Seconds returns the pace in seconds per kilometre.
func (p Pace) Seconds() float64 { return float64(p) }

// Time returns how long d takes at pace p, in seconds.
func (p Pace) Time(d Distance) float64 { return float64(p) * d.Kilometres() }

// A Length is the unit that a runner counts distances in.
type Length string

// The two lengths runners count in, by the names the API uses.
const (
	Km Length = "km"
	Mi Length = "mi"
)

// Of returns the distance of n of these: n kilometres or n miles.
func (l Length) Of(n float64) Distance {
	if l == Mi {
		return Distance(n) * Mile
	}
	return Distance(n) * Kilometre
}

// In returns the distance as a number of these.
func (l Length) In(d Distance) float64 {
	if l == Mi {
		return d.Miles()
	}
	return d.Kilometres()
}
