package recording

import (
	"slices"

	"github.com/stride-run/stride/internal/session"
	"github.com/stride-run/stride/internal/unit"
)

// A summary is a session message.
type summary struct {
	sport, subSport uint32
	session.Reported
}

func summaryOf(v *values) summary {
	return summary{
		sport: v.get(sessionSport), subSport: v.get(sessionSubSport),
		Reported: session.Reported{
			Start: startOf(v), Elapsed: milliseconds(v.get(totalElapsed)), Timer: milliseconds(v.get(totalTimer)),
			Distance: unit.Distance(v.get(totalDistance)) / 100, AverageHeartRate: int(v.get(totalAverage)), MaxHeartRate: int(v.get(totalMax)),
			Ascent: unit.Distance(v.get(sessionAscent)), Descent: unit.Distance(v.get(sessionDescent)),
		},
	}
}

// slack is how far a sample may lie outside its session, in seconds: devices
// round the two for themselves.
const slack = 0.5

// recordings deals samples, laps and pauses out to the sessions. A single
// session has all of them, whenever they were. Of several, each has those
// within its time; what is in none is left out.
func (b *builder) recordings() []session.Recording {
	switch len(b.sessions) {
	case 0:
		if b.samples.Len() == 0 {
			return nil
		}
		r := b.recording(summary{sport: b.sport[0], subSport: b.sport[1]}, b.samples, b.laps, b.pauses)
		r.Flags = append(r.Flags, session.NoSummary)
		return []session.Recording{r}
	case 1:
		return []session.Recording{b.recording(b.sessions[0], b.samples, b.laps, b.pauses)}
	}
	var all []session.Recording
	for i, s := range b.sessions {
		if slices.IndexFunc(b.sessions[:i], func(other summary) bool { return other == s }) >= 0 {
			continue // a copy, chained
		}
		from, to := s.Start-slack, s.Start+s.Elapsed.Seconds()+slack
		inside := func(t float64) bool { return t >= from && t <= to }
		all = append(all, b.recording(s, within(b.samples, inside),
			kept(b.laps, func(l session.Lap) bool { return inside(l.Start) }),
			kept(b.pauses, func(p session.Span) bool { return p.End >= from && p.Start <= to })))
	}
	return all
}

// within returns the samples at the instants that are inside, without a copy
// where they follow each other.
func within(s session.Samples, inside func(float64) bool) session.Samples {
	var rows []int
	for i, t := range s.Time {
		if inside(t) {
			rows = append(rows, i)
		}
	}
	if len(rows) == 0 {
		return session.Samples{}
	}
	first, after := rows[0], rows[len(rows)-1]+1
	if after-first == len(rows) {
		return s.Slice(first, after)
	}
	return session.Samples{
		Time: pick(s.Time, rows), Distance: pick(s.Distance, rows), Latitude: pick(s.Latitude, rows), Longitude: pick(s.Longitude, rows),
		Speed: pick(s.Speed, rows), HeartRate: pick(s.HeartRate, rows), Cadence: pick(s.Cadence, rows), Power: pick(s.Power, rows), Altitude: pick(s.Altitude, rows),
	}.Slice(0, len(rows)) // which drops the columns without a value
}

func pick[F any](column []F, rows []int) []F {
	if column == nil {
		return nil
	}
	picked := make([]F, len(rows))
	for i, row := range rows {
		picked[i] = column[row]
	}
	return picked
}

func kept[T any](list []T, keep func(T) bool) []T {
	var some []T
	for _, x := range list {
		if keep(x) {
			some = append(some, x)
		}
	}
	return some
}

// recording puts one session together.
func (b *builder) recording(s summary, samples session.Samples, laps []session.Lap, pauses []session.Span) session.Recording {
	r := session.Recording{
		Sport: sportName(s.sport), SubSport: subSports[s.subSport], Device: b.device,
		Samples: samples, Laps: laps, Pauses: pauses, Reported: s.Reported,
	}
	if r.Sport.OnFoot() && samples.Cadence != nil { // FIT counts one foot
		r.Samples.Cadence = slices.Clone(samples.Cadence)
		for i := range r.Samples.Cadence {
			r.Samples.Cadence[i] *= 2
		}
	}
	back, doubled := disorder(samples.Time)
	for _, f := range []struct {
		flag session.Flag
		is   bool
	}{
		{session.NoSamples, samples.Len() == 0},
		{session.NoClock, r.Start() < fitEpoch},
		{session.NoPosition, samples.Latitude == nil},
		{session.NoHeartRate, samples.HeartRate == nil},
		{session.NoDistance, samples.Distance == nil},
		{session.TimeBackwards, back},
		{session.DoubledTimes, doubled},
	} {
		if f.is {
			r.Flags = append(r.Flags, f.flag)
		}
	}
	return r
}

// disorder says whether time goes back or stands still.
func disorder(times []float64) (back, doubled bool) {
	for i := 1; i < len(times); i++ {
		back = back || times[i] < times[i-1]
		doubled = doubled || times[i] == times[i-1]
	}
	return back, doubled
}

// Names of the FIT profile. The others are other.
var (
	sports = map[uint32]session.Sport{
		0: "generic", 1: session.Running, 2: "cycling", 3: "transition", 4: "fitness_equipment", 5: "swimming", 10: "training", 11: session.Walking,
		12: "cross_country_skiing", 13: "alpine_skiing", 15: "rowing", 16: "mountaineering", 17: session.Hiking, 18: "multisport",
	}
	subSports = map[uint32]string{
		1: "treadmill", 2: "street", 3: "trail", 4: "track", 5: "spin", 6: "indoor_cycling", 17: "lap_swimming", 18: "open_water",
		45: "indoor_running", 58: "virtual_activity", 59: "obstacle", 67: "ultra",
	}
)

func sportName(code uint32) session.Sport {
	if name, ok := sports[code]; ok {
		return name
	}
	return "other"
}
