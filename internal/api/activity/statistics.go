package activity

import (
	"github.com/stride-run/stride/internal/activity"
	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/race"
	"github.com/stride-run/stride/internal/session"
	"github.com/stride-run/stride/internal/unit"
	"github.com/stride-run/stride/internal/zones"
)

// Summary is the statistics of a session. What is not known is left out.
type Summary struct {
	DistanceM               float64 `json:"distance_m"`
	ElapsedS                float64 `json:"elapsed_s"`
	TimerS                  float64 `json:"timer_s"`
	MovingS                 float64 `json:"moving_s"`
	PaceSPerKm              float64 `json:"pace_s_per_km,omitempty"`
	GradeAdjustedPaceSPerKm float64 `json:"grade_adjusted_pace_s_per_km,omitempty"`
	AverageHeartRateBPM     float64 `json:"average_heart_rate_bpm,omitempty"`
	MaxHeartRateBPM         float64 `json:"max_heart_rate_bpm,omitempty"`
	AverageCadencePerMin    float64 `json:"average_cadence_per_min,omitempty"`
	MaxCadencePerMin        float64 `json:"max_cadence_per_min,omitempty"`
	AveragePowerW           float64 `json:"average_power_w,omitempty"`
	MaxPowerW               float64 `json:"max_power_w,omitempty"`
	AscentM                 float64 `json:"ascent_m"`
	DescentM                float64 `json:"descent_m"`
}

// Effort is the fastest stretch over a standard distance.
type Effort struct {
	Name           string  `json:"name"`
	DistanceM      float64 `json:"distance_m"`
	TimeS          float64 `json:"time_s"`
	StartS         float64 `json:"start_s"`
	StartDistanceM float64 `json:"start_distance_m"`
	// CountingTimeS is the time after impossible samples are left out, which
	// is what counts for bests; left out where there is none.
	CountingTimeS float64 `json:"counting_time_s,omitempty"`
}

// Lap is a lap of the device. What it did not say is left out.
type Lap struct {
	StartS              float64 `json:"start_s"`
	DistanceM           float64 `json:"distance_m,omitempty"`
	ElapsedS            float64 `json:"elapsed_s,omitempty"`
	TimerS              float64 `json:"timer_s,omitempty"`
	AverageHeartRateBPM int     `json:"average_heart_rate_bpm,omitempty"`
	MaxHeartRateBPM     int     `json:"max_heart_rate_bpm,omitempty"`
}

// Split is a kilometre or a mile; the last one is what is left over.
type Split struct {
	DistanceM           float64 `json:"distance_m"`
	ElapsedS            float64 `json:"elapsed_s"`
	MovingS             float64 `json:"moving_s"`
	AverageHeartRateBPM float64 `json:"average_heart_rate_bpm,omitempty"`
	AscentM             float64 `json:"ascent_m"`
	DescentM            float64 `json:"descent_m"`
}

// Zones is the time in the zones of the day, lowest first.
type Zones struct {
	Method          zones.Method `json:"method"`
	MaxHeartRateBPM int          `json:"max_heart_rate_bpm"`
	Zones           []Zone       `json:"zones"`
}

// Zone is the time in one zone; 0 is below zone 1.
type Zone struct {
	Zone  int     `json:"zone"`
	ToBPM int     `json:"to_bpm"` // its highest heart rate
	TimeS float64 `json:"time_s"`
}

func newSummary(s session.Statistics) Summary {
	return Summary{
		DistanceM: cents(s.Distance.Metres()), ElapsedS: seconds(s.Elapsed), TimerS: seconds(s.Timer), MovingS: seconds(s.Moving),
		PaceSPerKm: tenths(s.AveragePace.Seconds()), GradeAdjustedPaceSPerKm: tenths(s.GradeAdjustedPace.Seconds()),
		AverageHeartRateBPM: tenths(s.HeartRate.Average), MaxHeartRateBPM: tenths(s.HeartRate.Max),
		AverageCadencePerMin: tenths(s.Cadence.Average), MaxCadencePerMin: tenths(s.Cadence.Max),
		AveragePowerW: tenths(s.Power.Average), MaxPowerW: tenths(s.Power.Max),
		AscentM: tenths(s.Ascent.Metres()), DescentM: tenths(s.Descent.Metres()),
	}
}

// newEffort writes an effort of a session that begins at an instant.
func newEffort(e session.Effort, start float64, counting []session.Effort) Effort {
	out := Effort{
		Name: nameOf(e.Distance), DistanceM: e.Distance.Metres(), TimeS: seconds(e.Time),
		StartS: api.Round(e.Start-start, 3), StartDistanceM: cents(e.StartDistance.Metres()),
	}
	if t, ok := session.Fastest(counting, e.Distance); ok {
		out.CountingTimeS = seconds(t)
	}
	return out
}

func newLap(l session.Lap, start float64) Lap {
	return Lap{
		StartS: api.Round(l.Start-start, 3), DistanceM: cents(l.Distance.Metres()),
		ElapsedS: seconds(l.Elapsed), TimerS: seconds(l.Timer),
		AverageHeartRateBPM: l.AverageHeartRate, MaxHeartRateBPM: l.MaxHeartRate,
	}
}

func newSplits(splits []session.Split) []Split {
	out := make([]Split, len(splits))
	for i, s := range splits {
		out[i] = Split{
			DistanceM: cents(s.Distance.Metres()), ElapsedS: seconds(s.Elapsed), MovingS: seconds(s.Moving),
			AverageHeartRateBPM: tenths(s.AverageHeartRate),
			AscentM:             tenths(s.Ascent.Metres()), DescentM: tenths(s.Descent.Metres()),
		}
	}
	return out
}

func newZones(v *activity.View) *Zones {
	if v.TimeInZones == nil {
		return nil
	}
	out := &Zones{Method: v.Zones.Method, MaxHeartRateBPM: v.Zones.MaxHeartRate}
	for zone, t := range v.TimeInZones {
		to := v.Zones.Start - 1
		if zone > 0 {
			to = v.Zones.Ends[zone-1]
		}
		if to > 0 { // by a threshold there is nothing below zone 1
			out.Zones = append(out.Zones, Zone{zone, to, seconds(t)})
		}
	}
	return out
}

// nameOf is the name of a standard distance.
func nameOf(distance unit.Distance) string {
	for _, standard := range race.Standards {
		if standard.Distance == distance {
			return standard.Name
		}
	}
	return ""
}
