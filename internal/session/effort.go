package session

import (
	"math"
	"time"

	"github.com/stride-run/stride/internal/race"
	"github.com/stride-run/stride/internal/unit"
)

// An Effort is the fastest stretch of a session over a distance.
type Effort struct {
	race.Result
	Start         float64       // instant at which it begins
	StartDistance unit.Distance // since the first sample
}

// grain is far below what devices count in. It keeps a distance that is a sum
// of centimetres from missing a full kilometre by a rounding of binary
// fractions.
const grain = 1e-6

// efforts finds the fastest stretch over every standard distance that the
// track covers. Time is elapsed time, so pauses count; both ends are
// interpolated; a stretch begins at the last instant of its first distance
// and ends at the first instant of its last.
func efforts(k track) []Effort {
	var found []Effort
	for _, standard := range race.Standards {
		if e, ok := effort(k, standard.Distance); ok {
			found = append(found, e)
		}
	}
	return found
}

// effort finds the fastest stretch over one distance. The best of all
// stretches has an end on a point, because the way between points is a
// straight line in time. So all starts on a point are tried, then all ends on
// one, each with a second pointer that only moves on: O(n).
func effort(k track, distance unit.Distance) (Effort, bool) {
	length := distance.Metres()
	n := k.len()
	if k.distance() < length-grain {
		return Effort{}, false
	}
	t, d := k.t, k.d
	best, start := math.Inf(1), 0.0
	for i, j := 0, 0; i < n; i++ { // from point i to between j−1 and j
		goal := d[i] + length - grain
		for j < n && d[j] < goal {
			j++
		}
		if j == n {
			break
		}
		if t[j-1]-t[i] >= best {
			continue
		}
		if end := between(d[j-1], t[j-1], d[j], t[j], d[i]+length); end-t[i] < best {
			best, start = end-t[i], t[i]
		}
	}
	for i, j := 0, 0; j < n; j++ { // from between i and i+1 to point j
		from := d[j] - length
		if from < d[0]-grain {
			continue
		}
		for d[i+1] <= from {
			i++
		}
		if t[j]-t[i+1] >= best {
			continue
		}
		if begin := between(d[i], t[i], d[i+1], t[i+1], from); t[j]-begin < best {
			best, start = t[j]-begin, begin
		}
	}
	return Effort{
		Result: race.Result{Distance: distance, Time: seconds(best)},
		Start:  start, StartDistance: unit.Distance(k.distanceAt(start) - d[0]),
	}, true
}

// between is the y at x on the straight line from (x0, y0) to (x1, y1), held
// between y0 and y1. x1 is above x0.
func between(x0, y0, x1, y1, x float64) float64 {
	return y0 + (y1-y0)*min(max((x-x0)/(x1-x0), 0), 1)
}

// distanceAt is the distance at an instant within the track.
func (k track) distanceAt(t float64) float64 {
	low, high := 0, k.len()-1
	for high-low > 1 {
		if middle := (low + high) / 2; k.t[middle] <= t {
			low = middle
		} else {
			high = middle
		}
	}
	if low == high {
		return k.d[low]
	}
	return between(k.t[low], k.d[low], k.t[high], k.d[high], t)
}

// Fastest returns the effort over a distance, if there is one.
func Fastest(efforts []Effort, distance unit.Distance) (time.Duration, bool) {
	for _, e := range efforts {
		if e.Distance == distance {
			return e.Time, true
		}
	}
	return 0, false
}
