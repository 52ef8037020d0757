package session

import (
	"cmp"
	"slices"

	"github.com/stride-run/stride/internal/unit"
)

// splits cuts a track into pieces of a length. A cut is at the first instant
// of its distance.
func splits(k track, s Samples, pauses []Span, length unit.Distance) []Split {
	var (
		done    []Split
		c       = cursor{spans: pauses}
		up      climb
		current = piece{t: k.t[0], d: k.d[0]}
		cut     = k.d[0] + length.Metres()
	)
	current.sample(s, k.sample(0), &up)
	for i := 1; i < k.len(); i++ {
		d := k.d[i-1] // up to where the way to point i is dealt out
		moving := c.moving(k, i)
		for cut <= k.d[i]+grain {
			at := between(k.d[i-1], k.t[i-1], k.d[i], k.t[i], cut)
			share := (cut - d) / (k.d[i] - k.d[i-1])
			current.moving += moving * share
			done = append(done, current.split(at, cut, up))
			current = piece{t: at, d: cut, ascent: up.ascent, descent: up.descent}
			d = cut
			cut += length.Metres()
		}
		if rest := k.d[i] - d; rest > grain {
			current.moving += moving * rest / (k.d[i] - k.d[i-1])
		}
		current.sample(s, k.sample(i), &up)
	}
	last := k.len() - 1
	if k.d[last]-current.d > grain {
		return append(done, current.split(k.t[last], k.d[last], up))
	}
	if len(done) > 0 { // standing at the end belongs to the last split
		done[len(done)-1].Elapsed += seconds(k.t[last] - current.t)
	}
	return done
}

// A piece is a split that is not over.
type piece struct {
	t, d            float64 // where it began
	moving          float64 // seconds
	beats           float64 // sum of heart rates
	count           int     // of samples with one
	ascent, descent float64 // until it began
}

// sample takes in the sample of a point.
func (p *piece) sample(s Samples, i int, up *climb) {
	if s.Altitude != nil {
		up.add(float64(s.Altitude[i]))
	}
	if s.HeartRate != nil && s.HeartRate[i] > 0 {
		p.beats += float64(s.HeartRate[i])
		p.count++
	}
}

// split ends the piece.
func (p *piece) split(t, d float64, up climb) Split {
	s := Split{
		Distance: unit.Distance(d - p.d), Elapsed: seconds(t - p.t), Moving: seconds(min(p.moving, t-p.t)),
		Ascent: unit.Distance(up.ascent - p.ascent), Descent: unit.Distance(up.descent - p.descent),
	}
	if p.count > 0 {
		s.AverageHeartRate = p.beats / float64(p.count)
	}
	return s
}

// merged returns spans in order, those that overlap made one, and those that
// do not end after they start left out.
func merged(spans []Span) []Span {
	sorted := slices.Clone(spans)
	slices.SortFunc(sorted, func(a, b Span) int { return cmp.Compare(a.Start, b.Start) })
	kept := sorted[:0]
	for _, s := range sorted {
		last := len(kept) - 1
		switch {
		case !(s.End > s.Start):
		case last >= 0 && s.Start <= kept[last].End:
			kept[last].End = max(kept[last].End, s.End)
		default:
			kept = append(kept, s)
		}
	}
	return kept
}

// A cursor goes along merged spans with an instant that only rises.
type cursor struct {
	spans []Span
	next  int // the spans before end before the instant
}

// overlap is how many of the seconds between two instants are in a span. The
// first must not fall from call to call.
func (c *cursor) overlap(from, to float64) float64 {
	for c.next < len(c.spans) && c.spans[c.next].End <= from {
		c.next++
	}
	sum := 0.0
	for _, s := range c.spans[c.next:] {
		if s.Start >= to {
			break
		}
		sum += min(s.End, to) - max(s.Start, from)
	}
	return sum
}

// moving is how many seconds between point i−1 and point i the runner was
// under way: all outside pauses, or none when that is slower than
// StandingSpeed.
func (c *cursor) moving(k track, i int) float64 {
	active := k.t[i] - k.t[i-1] - c.overlap(k.t[i-1], k.t[i])
	if k.d[i]-k.d[i-1] < float64(StandingSpeed)*active {
		return 0
	}
	return active
}
