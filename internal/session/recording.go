// Package session knows what a runner did: a recording as a watch made it,
// the statistics of it, and the personal bests that follow. It computes only;
// files are read by package recording.
package session

import (
	"math"
	"time"

	"github.com/stride-run/stride/internal/unit"
)

// A Sport is the name of a sport, as the API writes it.
type Sport string

// The sports that Stride treats in a way of their own. Others keep the name
// they were recorded with; the empty Sport is unknown.
const (
	Running Sport = "running"
	Walking Sport = "walking"
	Hiking  Sport = "hiking"
)

// OnFoot says whether cadence counts steps and speed has a runner's limit.
func (s Sport) OnFoot() bool { return s == Running || s == Walking || s == Hiking }

// A Recording is one session as it was recorded.
//
// Instants are seconds since 1970-01-01 UTC; with the flag NoClock they are
// seconds of the device's own clock and say nothing about the date.
type Recording struct {
	Sport    Sport
	SubSport string // the device's narrower name, such as "treadmill"; may be empty
	Device   Device
	Samples  Samples
	Laps     []Lap
	Pauses   []Span // in order of time; the timer stood still in them
	Reported Reported
	Flags    []Flag // in the order they were found, each once
}

// A Flag is a code for something unusual that a recording was kept in spite
// of. Codes are part of the API: they are added, never renamed.
type Flag string

// The flags of a recording.
const (
	NoClock       Flag = "no_clock"       // the device did not know the date
	NoPosition    Flag = "no_position"    // a treadmill, or GPS was off
	NoHeartRate   Flag = "no_heart_rate"  //
	NoDistance    Flag = "no_distance"    //
	NoSamples     Flag = "no_samples"     // only a summary was recorded
	NoSummary     Flag = "no_summary"     // made from samples alone
	TimeBackwards Flag = "time_backwards" // samples before the one they follow; left out of the statistics
	DoubledTimes  Flag = "doubled_times"  // several samples at one instant; they count as one
)

// A Device is what recorded. Zero values are unknown. Serial and Created
// together tell a repeated export of a session from another session.
type Device struct {
	Manufacturer, Product uint16 // numbers of the FIT profile
	Serial                uint32
	Created               time.Time
}

// Samples are columns of equal length, one row for each sample in the order of
// the file. A column without any value is nil. A missing value is NaN.
type Samples struct {
	Time      []float64 // instants; never NaN
	Distance  []float64 // metres since some start, as the device counted them
	Latitude  []float64 // degrees, WGS 84
	Longitude []float64 // degrees
	Speed     []float32 // metres per second
	HeartRate []float32 // beats per minute
	Cadence   []float32 // steps per minute on foot, both feet; else turns per minute
	Power     []float32 // watts
	Altitude  []float32 // metres above sea level
}

// Len is the number of samples.
func (s Samples) Len() int { return len(s.Time) }

// Slice returns the samples from i to before j. It shares their memory.
func (s Samples) Slice(i, j int) Samples {
	return Samples{
		Time: part(s.Time, i, j), Distance: part(s.Distance, i, j),
		Latitude: part(s.Latitude, i, j), Longitude: part(s.Longitude, i, j),
		Speed: part(s.Speed, i, j), HeartRate: part(s.HeartRate, i, j), Cadence: part(s.Cadence, i, j),
		Power: part(s.Power, i, j), Altitude: part(s.Altitude, i, j),
	}
}

// part is column[i:j], or nil where it has no value.
func part[F float32 | float64](column []F, i, j int) []F {
	if column == nil {
		return nil
	}
	for _, v := range column[i:j] {
		if v == v { // not NaN
			return column[i:j:j]
		}
	}
	return nil
}

// A Span is the time from one instant to a later one.
type Span struct{ Start, End float64 }

// A Lap is what the device counted between two presses of its button, or over
// a distance it was set to. Zero values are unknown.
type Lap struct {
	Start            float64 // instant
	Elapsed, Timer   time.Duration
	Distance         unit.Distance
	AverageHeartRate int // bpm
	MaxHeartRate     int // bpm
}

// Reported is the device's own summary. Zero values are unknown.
type Reported struct {
	Start            float64 // instant
	Elapsed, Timer   time.Duration
	Distance         unit.Distance
	AverageHeartRate int // bpm
	MaxHeartRate     int // bpm
	Ascent, Descent  unit.Distance
}

// Start is the instant at which the recording begins: that of its first
// sample, else the reported one.
func (r Recording) Start() float64 {
	if r.Samples.Len() > 0 {
		return r.Samples.Time[0]
	}
	return r.Reported.Start
}

// seconds turns a number of seconds into a duration, to the nanosecond.
func seconds(s float64) time.Duration { return time.Duration(math.Round(s * 1e9)) }
