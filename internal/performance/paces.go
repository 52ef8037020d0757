package performance

import (
	"math"
	"time"

	"github.com/stride-run/stride/internal/race"
	"github.com/stride-run/stride/internal/unit"
)

// Range is a band of paces. Fast is at most Slow, both in s/km.
type Range struct{ Fast, Slow unit.Pace }

// Middle is the pace half way between the two ends, unrounded.
func (r Range) Middle() unit.Pace { return (r.Fast + r.Slow) / 2 }

// Paces are the paces to train at, rounded to a tenth of a second per km.
type Paces struct{ Easy, Long, Marathon, Tempo, Interval, Repetition, Recovery Range }

// Shares of VDOT, as oxygen uptake, that define the training paces. Easy
// running is said to be 59 to 74 %; the band here is the part of it that
// runners are commonly given.
const (
	easyFastShare = 0.731
	easySlowShare = 0.631
	tempoShare    = 0.88
	intervalShare = 0.975
)

// Paces that are defined by others.
const (
	longFastFactor = 1.10 // of marathon pace
	longSlowFactor = 1.20
	halfBand       = 3.0  // s/km, each side of tempo, interval and repetition pace
	recoveryBand   = 20.0 // s/km, below the slow end of easy

	// Repetitions are run 6 s per 400 m faster than intervals, which is 15
	// s/km; less trained runners, whose repetitions are shorter efforts, get
	// 20 s/km. The step makes repetition pace the one that is not monotone.
	repetitionGain     = 15.0
	repetitionGainLow  = 20.0
	repetitionGainStep = 50.0 // VDOT
)

// TrainingPaces derives the paces of a runner with the given VDOT, which must
// be above 0. Marathon pace is that of the marathon predicted from it.
func TrainingPaces(vdot float64) Paces {
	return paces(vdot, unit.PaceOver(race.Marathon, RaceTime(vdot, race.Marathon)))
}

// MarathonPaces derives the paces for a marathon in the target time, which
// must be above zero: marathon pace is that of the target, and the others
// follow from its VDOT.
func MarathonPaces(target time.Duration) Paces {
	r := race.Result{Distance: race.Marathon, Time: target}
	return paces(VDOT(r), r.Pace())
}

func paces(vdot float64, marathon unit.Pace) Paces {
	interval := paceAt(intervalShare * vdot)
	gain := unit.Pace(repetitionGain)
	if vdot < repetitionGainStep {
		gain = repetitionGainLow
	}
	easySlow := paceAt(easySlowShare * vdot)
	return Paces{
		Easy:       rounded(paceAt(easyFastShare*vdot), easySlow),
		Long:       rounded(longFastFactor*marathon, longSlowFactor*marathon),
		Marathon:   rounded(marathon, marathon),
		Tempo:      around(paceAt(tempoShare * vdot)),
		Interval:   around(interval),
		Repetition: around(interval - gain),
		Recovery:   rounded(easySlow, easySlow+recoveryBand),
	}
}

// paceAt is the pace whose oxygen cost is vo2.
func paceAt(vo2 float64) unit.Pace {
	return unit.Speed(speedAtCost(vo2) / 60).Pace()
}

func around(p unit.Pace) Range { return rounded(p-halfBand, p+halfBand) }

// rounded makes a Range of tenths of a second per km, halves away from zero.
func rounded(fast, slow unit.Pace) Range { return Range{tenth(fast), tenth(slow)} }

func tenth(p unit.Pace) unit.Pace { return unit.Pace(math.Round(p.Seconds()*10) / 10) }
