package session

import (
	"math"
	"time"

	"github.com/stride-run/stride/internal/unit"
	"github.com/stride-run/stride/internal/zones"
)

// Statistics are what a recording says about a session. They depend on the
// recording alone. Zero values of times, distances and paces
// are unknown.
type Statistics struct {
	Distance unit.Distance // between the first and the last sample; else as reported

	// Elapsed is the time from the first to the last sample. Timer is Elapsed
	// without pauses: as the device reports it, else by its pauses. Moving is
	// the part of Timer in which the runner was faster than StandingSpeed.
	// Moving ≤ Timer ≤ Elapsed.
	Elapsed, Timer, Moving time.Duration

	AveragePace       unit.Pace // over Moving
	GradeAdjustedPace unit.Pace // on level ground for the same energy, over Moving; 0 without altitude

	HeartRate Measure // bpm; samples of 0 do not count
	Cadence   Measure // as in Samples; samples of 0, standing, do not count
	Power     Measure // watts

	Ascent, Descent unit.Distance // sums of climbs, with a hysteresis of 2 m

	Kilometres, Miles []Split // nil without distance, and above 1000 km
	Laps              []Lap   // the recording's

	// HeartRates say how long heart rate was at each whole number of beats per
	// minute, lowest first; pauses do not count. From them follows the time in
	// any zones, also in those of settings that are changed later.
	HeartRates []AtHeartRate

	// Efforts are the fastest stretches over the standard distances, shortest
	// first, nil unless the sport is running. Candidates are the same after
	// impossible samples are left out, and without what nobody saw being run:
	// only they can be personal bests. The two are equal when Spikes and
	// Unseen are 0.
	Efforts, Candidates []Effort

	Unseen    int // efforts that lie in holes of the recording, or are slower than anybody runs
	Spikes    int // samples that a runner cannot have reached
	Backwards int // samples from before the one they follow
	Doubled   int // samples at an instant that has one already
}

// A Measure sums up a column. All is zero when Samples is.
type Measure struct {
	Average, Max float64
	Samples      int
}

// A Split is a stretch of one kilometre or mile, counted from the first
// sample. The last one is what is left over. Their distances add up to that of
// the session.
type Split struct {
	Distance         unit.Distance
	Elapsed, Moving  time.Duration
	AverageHeartRate float64 // bpm; 0 without
	Ascent, Descent  unit.Distance
}

// AtHeartRate is how long heart rate was at a value, in beats per minute.
type AtHeartRate struct {
	BPM  int // 1 to 255
	Time time.Duration
}

// StandingSpeed is the speed below which a runner counts as standing: 30
// minutes for a mile, as Strava has it for runs.
const StandingSpeed unit.Speed = 0.894

// Analyse computes the statistics of a recording, in time linear in the number
// of samples and laps. It does not change the recording; the laps are shared.
func Analyse(r Recording) Statistics {
	s := r.Samples
	track, back, doubled := trackOf(s)
	pauses := merged(r.Pauses)
	stats := Statistics{
		HeartRate: measure(s.HeartRate, true),
		Cadence:   measure(s.Cadence, true),
		Power:     measure(s.Power, false),
		Laps:      r.Laps,
		Backwards: back, Doubled: doubled,
	}
	stats.times(r, track, pauses)
	stats.Distance = unit.Distance(track.distance())
	if track.len() == 0 {
		stats.Distance = r.Reported.Distance
	}
	stats.climbed(r)
	if stats.Moving > 0 && stats.Distance > 0 {
		stats.AveragePace = unit.PaceOver(stats.Distance, stats.Moving)
		if graded, ok := gradedDistance(track, s.Altitude); ok && graded > 0 {
			stats.GradeAdjustedPace = unit.PaceOver(unit.Distance(graded), stats.Moving)
		}
	}
	if distance := track.distance(); distance > 0 && distance <= longestSplit {
		stats.Kilometres = splits(track, s, pauses, unit.Kilometre)
		stats.Miles = splits(track, s, pauses, unit.Mile)
	}
	stats.HeartRates = heartRates(s, pauses)
	if r.Sport == Running {
		clean, spikes := withoutSpikes(track, s, tooFast)
		stats.Spikes = spikes
		stats.Efforts = efforts(track)
		stats.Candidates = stats.Efforts
		if spikes > 0 {
			stats.Candidates = efforts(clean)
		}
		stats.Candidates, stats.Unseen = candidates(clean, stats.Candidates)
	}
	return stats
}

// longestSplit is the distance up to which splits are made, in metres.
const longestSplit = 1e6

// times sets the three times.
func (st *Statistics) times(r Recording, k track, pauses []Span) {
	elapsed, paused, moving := 0.0, 0.0, 0.0
	if n := r.Samples.Len(); n > 0 {
		first, last := r.Samples.Time[0], r.Samples.Time[0]
		for _, t := range r.Samples.Time {
			last = max(last, t)
		}
		elapsed = last - first
		paused = (&cursor{spans: pauses}).overlap(first, last)
	}
	st.Elapsed = seconds(elapsed)
	if st.Elapsed == 0 {
		st.Elapsed = max(r.Reported.Elapsed, r.Reported.Timer)
	}
	st.Timer = min(st.Elapsed, st.Elapsed-seconds(paused))
	if reported := r.Reported.Timer; reported > 0 {
		st.Timer = min(st.Elapsed, reported)
	}
	if k.len() < 2 {
		st.Moving = st.Timer // nothing tells
		return
	}
	c := cursor{spans: pauses}
	for i := 1; i < k.len(); i++ {
		moving += c.moving(k, i)
	}
	st.Moving = min(st.Timer, seconds(moving))
}

// climbed sets ascent and descent from the altitudes, else as reported.
func (st *Statistics) climbed(r Recording) {
	if r.Samples.Altitude == nil {
		st.Ascent, st.Descent = r.Reported.Ascent, r.Reported.Descent
		return
	}
	var c climb
	last := r.Samples.Time[0]
	for i, a := range r.Samples.Altitude {
		if t := r.Samples.Time[i]; t >= last {
			c.add(float64(a))
			last = t
		}
	}
	st.Ascent, st.Descent = unit.Distance(c.ascent), unit.Distance(c.descent)
}

// measure sums up a column, with or without the values that are not above 0.
func measure(column []float32, positive bool) Measure {
	var m Measure
	sum := 0.0
	for _, x := range column {
		v := float64(x)
		if v != v || positive && v <= 0 {
			continue
		}
		m.Samples++
		sum += v
		m.Max = max(m.Max, v)
	}
	if m.Samples > 0 {
		m.Average = sum / float64(m.Samples)
	}
	return m
}

// highest is the heart rate that higher ones count as.
const highest = 255

// heartRates lets the heart rate of a sample hold until the next one.
func heartRates(s Samples, pauses []Span) []AtHeartRate {
	var at [highest + 1]float64
	c := cursor{spans: pauses}
	for i := 1; i < len(s.HeartRate); i++ {
		bpm, from, to := s.HeartRate[i-1], s.Time[i-1], s.Time[i]
		if bpm > 0 && to > from {
			at[min(int(math.Round(float64(bpm))), highest)] += to - from - c.overlap(from, to)
		}
	}
	var found []AtHeartRate
	for bpm, t := range at {
		if bpm > 0 && t > 0 {
			found = append(found, AtHeartRate{bpm, seconds(t)})
		}
	}
	return found
}

// TimeInZones says how long heart rate was in zone 1 to 5, at index 0 below
// zone 1. It is nil without heart rates.
func TimeInZones(rates []AtHeartRate, z zones.Zones) []time.Duration {
	if rates == nil {
		return nil
	}
	in := make([]time.Duration, len(z.Ends)+1)
	for _, r := range rates {
		in[z.Zone(r.BPM)] += r.Time
	}
	return in
}
