package session

import (
	"slices"

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
	holes := k.holes()
	for _, e := range found {
		if isSeen := k.unseenIn(e, holes) <= mostUnseen*e.Distance.Metres(); isSeen && !tooSlow(e) {
			seen = append(seen, e)
			continue
		}
		unseen++
		best, ok := Effort{}, false
		for _, part := range k.without(holes) {
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

// holes are the points behind holes: those that are longer than longestHole
// after the one before them, and further on. A pause is none, since nothing is
// run in it.
func (k track) holes() []int {
	var holes []int
	for i := 1; i < k.len(); i++ {
		if k.t[i]-k.t[i-1] > longestHole && k.d[i] > k.d[i-1] {
			holes = append(holes, i)
		}
	}
	return holes
}

// unseenIn is how much of an effort lies in holes, in metres.
func (k track) unseenIn(e Effort, holes []int) float64 {
	from, to := e.Start, e.Start+e.Time.Seconds()
	sum := 0.0
	for _, i := range holes {
		if begin, end := max(from, k.t[i-1]), min(to, k.t[i]); begin < end {
			sum += (k.d[i] - k.d[i-1]) * (end - begin) / (k.t[i] - k.t[i-1])
		}
	}
	return sum
}

// without are the stretches of a track between holes.
func (k track) without(holes []int) []track {
	parts := make([]track, 0, len(holes)+1)
	first := 0
	for _, i := range append(slices.Clone(holes), k.len()) {
		parts = append(parts, track{t: k.t[first:i], d: k.d[first:i]})
		first = i
	}
	return parts
}
