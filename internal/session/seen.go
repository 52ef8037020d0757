package session

import (
	"time"

	"github.com/stride-run/stride/internal/unit"
)

const (
	// longestHole is how far apart samples of a recording are at most, in
	// seconds. Watches that save space write one every few seconds.
	longestHole = 60
	// mostUnseen is the share of an effort that may lie in holes. A tunnel on
	// the way of a marathon is no reason to doubt it; a distance that appears
	// at the end of one hole is.
	mostUnseen = 0.1
	// slowest is the pace above which nobody runs: 30 minutes a kilometre are a
	// third of a walk.
	slowest = unit.Pace(30 * 60)
)

// candidates are the efforts of a track that was watched: where more than
// mostUnseen of one lies in holes, the fastest that lies between holes is
// taken, if there is one. unseen counts the efforts that do not stand.
// An effort slower than slowest is none.
func candidates(k track, found []Effort) (seen []Effort, unseen int) {
	parts := k.parts()
	for _, e := range found {
		if isSeen := k.unseenIn(e) <= mostUnseen*e.Distance.Metres(); isSeen && !tooSlow(e) {
			seen = append(seen, e)
			continue
		}
		unseen++
		best, ok := Effort{}, false
		for _, part := range parts {
			if other, is := effort(part, e.Distance); is && !tooSlow(other) && (!ok || other.Time < best.Time) {
				other.StartDistance += unit.Distance(part.d[0] - k.d[0])
				best, ok = other, true
			}
		}
		if ok {
			seen = append(seen, best)
		}
	}
	if unseen == 0 {
		return found, 0
	}
	return seen, unseen
}

func tooSlow(e Effort) bool { return unit.PaceOver(e.Distance, e.Time) > slowest }

// unseenIn is how much of an effort lies in holes, in metres.
func (k track) unseenIn(e Effort) float64 {
	from, to := e.Start, e.Start+float64(e.Time)/float64(time.Second)
	sum := 0.0
	for i := 1; i < k.len(); i++ {
		if k.t[i]-k.t[i-1] > longestHole && k.t[i] > from && k.t[i-1] < to {
			begin, end := max(from, k.t[i-1]), min(to, k.t[i])
			sum += (k.d[i] - k.d[i-1]) * (end - begin) / (k.t[i] - k.t[i-1])
		}
	}
	return sum
}

// parts are the stretches of a track between its holes. A pause is a hole in
// which nothing is run, so it parts nothing.
func (k track) parts() []track {
	var parts []track
	first := 0
	for i := 1; i <= k.len(); i++ {
		if i < k.len() && (k.t[i]-k.t[i-1] <= longestHole || k.d[i] == k.d[i-1]) {
			continue
		}
		parts = append(parts, track{t: k.t[first:i], d: k.d[first:i]})
		first = i
	}
	return parts
}
