// Package zones divides heart rate into five training zones. Heart rates are
// whole beats per minute (bpm).
package zones

import "github.com/stride-run/stride/internal/fault"

// A Method names what the zones are shares of.
type Method string

// The methods, best first: the more was measured, the better it is.
const (
	LactateThreshold Method = "lactate_threshold" // shares of the threshold heart rate, after Friel
	Karvonen         Method = "karvonen"          // shares of the reserve between resting and maximum
	PercentOfMaximum Method = "percent_of_maximum"
)

// A Source says where the maximum heart rate comes from.
type Source string

// The sources of a maximum.
const (
	HUNT  Source = "hunt"  // predicted from age
	Given Source = "given" // known to the runner
)

// StandardErrorBPM is the standard error of the HUNT prediction: one runner in
// three is farther from it than this (Nes et al. 2013).
const StandardErrorBPM = 10.8

// Zones are the five zones of a runner. Zone k reaches from above the end of
// zone k−1 to its own end.
type Zones struct {
	Method           Method
	MaxHeartRate     int
	Source           Source  // of MaxHeartRate
	StandardErrorBPM float64 // of MaxHeartRate; 0 when it was given
	Start            int     // where zone 1 starts; 0 for a threshold, which leaves it open
	Ends             [5]int  // the highest heart rate of each zone
	Warnings         []fault.Note
}

// Zone is the zone of a heart rate, 1 to 5, or 0 below all zones. A heart
// rate above the last end is in zone 5.
func (z Zones) Zone(bpm int) int {
	if bpm < z.Start {
		return 0
	}
	for i, end := range z.Ends {
		if bpm <= end {
			return i + 1
		}
	}
	return len(z.Ends)
}

// Shares, in per cent, at which zones end. Those of the maximum and of the
// reserve also say where zone 1 starts.
var (
	startPercent      = 50
	maximumPercents   = [5]int{60, 70, 80, 90, 100}
	thresholdPercents = [5]int{84, 89, 94, 99, 106}
)

// hundredths of a bpm hold the HUNT prediction exactly, so that zones are
// rounded once, and no binary fraction decides about a half.
type hundredths int

// hunt is the maximum heart rate at an age in years: 211 − 0.64·age (Nes et
// al. 2013, the HUNT fitness study).
func hunt(age int) hundredths { return hundredths(21100 - 64*age) }

// MaxHeartRate predicts the maximum heart rate from an age of 1 to 120 years
// by the HUNT formula. Its data are of adults of 18 to 90 years, and the
// standard error is StandardErrorBPM: zones built on it are a starting point,
// not a measurement.
func MaxHeartRate(age int) int { return share(0, hunt(age), 100) }

// share is the given per cent of the way from low to top, rounded to whole
// bpm, halves away from zero.
func share(low int, top hundredths, percent int) int {
	return (low*100*100 + percent*(int(top)-100*low) + 5000) / (100 * 100)
}
