package session

import "math"

// step is how far the altitude has to leave its last level before it counts
// as a climb or a descent, in metres. Barometers and satellites wander by
// less; with 2 m the sums agree with what devices report. Altitudes come in
// steps of 0.2 m, so a little less than 2 m takes in what float32 cuts off.
const step = 2 - 1e-3

// climb adds up ascent and descent with hysteresis: each time the altitude is
// step or more away from the level, the level moves there.
type climb struct {
	level, ascent, descent float64 // metres
	begun                  bool
}

func (c *climb) add(altitude float64) {
	switch rise := altitude - c.level; {
	case altitude != altitude:
	case !c.begun:
		c.level, c.begun = altitude, true
	case rise >= step:
		c.ascent, c.level = c.ascent+rise, altitude
	case rise <= -step:
		c.descent, c.level = c.descent-rise, altitude
	}
}

const (
	steepest   = 0.45 // the grade at which measurements end, up and down
	smoothing  = 30   // metres to each side over which altitude is averaged
	gradeReach = 25   // metres at least over which a grade is taken
)

// CostFactor is how many times the energy of level running a metre takes at a
// grade (rise over run), by the polynomial of Minetti et al. 2002 (J Appl
// Physiol 93). Grades beyond ±0.45, where the measurements end, count as
// ±0.45. It is 1 at grade 0 and least, 0.49, at −0.18.
func CostFactor(grade float64) float64 {
	i := min(max(grade, -steepest), steepest)
	return (((((155.4*i-30.4)*i-43.3)*i+46.3)*i+19.5)*i + 3.6) / 3.6
}

// gradedDistance is the level distance that would have cost as much as the
// track, in metres; false without altitude.
func gradedDistance(k track, altitude []float32) (float64, bool) {
	if altitude == nil || k.len() < 2 {
		return 0, false
	}
	smooth := smoother{track: k, altitude: altitude}
	total, from := 0.0, 0
	level := smooth.at(0)
	for i := 1; i < k.len(); i++ {
		run := k.d[i] - k.d[from]
		if run < gradeReach && i < k.len()-1 {
			continue
		}
		next := smooth.at(i)
		switch grade := (next - level) / run; {
		case run < gradeReach || math.IsNaN(grade): // the last metres, or no altitude here
			total += run
		default:
			total += run * CostFactor(grade)
		}
		level, from = next, i
	}
	return total, true
}

// smoother averages altitude over the points near one. Points are asked for in
// rising order, so that every point enters and leaves the sum once.
type smoother struct {
	track
	altitude    []float32
	first, next int // the points first to next−1 are in the sum
	sum         float64
	count       int
}

func (s *smoother) at(i int) float64 {
	for s.next < s.len() && s.d[s.next] <= s.d[i]+smoothing {
		s.put(s.next, 1)
		s.next++
	}
	for s.d[s.first] < s.d[i]-smoothing {
		s.put(s.first, -1)
		s.first++
	}
	return s.sum / float64(s.count) // NaN without any
}

func (s *smoother) put(i, sign int) {
	if a := float64(s.altitude[s.sample(i)]); a == a {
		s.sum += float64(sign) * a
		s.count += sign
	}
}
