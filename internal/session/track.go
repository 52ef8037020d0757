package session

import "math"

// tooFast is a speed that no runner holds from one sample to the next, in
// metres per second. The record over 100 m is faster, but a file that has it
// is far more often a jump of the position; 8.5 m/s is what public tools use.
const tooFast = 8.5

// A track is the way through a recording: instants that rise, with distances
// that never fall. Between two of its points the runner is taken to move
// evenly, also in a gap or a pause.
type track struct {
	t, d []float64
	at   []int32 // the sample of each point; nil: sample i is point i
}

func (k track) len() int { return len(k.t) }

// sample is the index of the sample behind point i.
func (k track) sample(i int) int {
	if k.at == nil {
		return i
	}
	return int(k.at[i])
}

// distance is the length of the track, in metres.
func (k track) distance() float64 {
	if k.len() == 0 {
		return 0
	}
	return k.d[k.len()-1] - k.d[0]
}

// trackOf makes the track from samples. A sample without distance, or from
// before the last one kept, is left out; of several at one instant the
// greatest distance counts; a distance below the greatest so far is raised to
// it. back and doubled count samples of the two kinds.
func trackOf(s Samples) (k track, back, doubled int) {
	if s.Distance == nil {
		return track{}, 0, 0
	}
	if orderly(s) {
		return track{t: s.Time, d: s.Distance}, 0, 0
	}
	for i, t := range s.Time {
		d, last := s.Distance[i], k.len()-1
		switch {
		case d != d: // no distance
		case last < 0 || t > k.t[last]:
			if last >= 0 {
				d = max(d, k.d[last])
			}
			k.add(t, d, i)
		case t == k.t[last]:
			doubled++
			k.d[last] = max(k.d[last], d)
		default:
			back++
		}
	}
	return k, back, doubled
}

func (k *track) add(t, d float64, sample int) {
	k.t, k.d, k.at = append(k.t, t), append(k.d, d), append(k.at, int32(sample))
}

// orderly says that the columns are a track as they are.
func orderly(s Samples) bool {
	t, d := math.Inf(-1), math.Inf(-1)
	for i, x := range s.Time {
		if !(x > t) || !(s.Distance[i] >= d) {
			return false
		}
		t, d = x, s.Distance[i]
	}
	return true
}

// withoutSpikes leaves out the samples that cannot be: those that would have
// been reached at more than limit since the last one kept, and those before
// it in time or distance. A lasting jump is so spread over the time that it
// takes at that limit. spikes counts what was left out for its speed or for
// going back in distance. With none the track is k itself.
func withoutSpikes(k track, s Samples, limit float64) (clean track, spikes int) {
	if !hasSpikes(s, limit) {
		return k, 0
	}
	for i, t := range s.Time {
		d, last := s.Distance[i], clean.len()-1
		switch {
		case d != d:
		case last < 0:
			clean.add(t, d, i)
		case t <= clean.t[last]:
		case d < clean.d[last], d-clean.d[last] > limit*(t-clean.t[last]):
			spikes++
		default:
			clean.add(t, d, i)
		}
	}
	return clean, spikes
}

// hasSpikes says whether a sample lies impossibly to the one before it.
func hasSpikes(s Samples, limit float64) bool {
	last := -1
	for i, d := range s.Distance {
		if d != d {
			continue
		}
		if last >= 0 {
			dt, dd := s.Time[i]-s.Time[last], d-s.Distance[last]
			if dd < 0 || dt <= 0 && dd != 0 || dd > limit*dt && dd > 0 {
				return true
			}
		}
		last = i
	}
	return false
}
