package plan

import (
	"math"
	"time"
)

// taperLongRun and taperVolume are what the weeks of the taper keep of the
// peak long run and of the largest week: volume down by about half over the
// last two weeks, intensity kept (Bosquet 2007), falling every week.
var (
	taperLongRun = [2]float64{0.65, 0.45}
	taperVolume  = [2]float64{0.72, 0.52}
)

// perRuns holds what depends on the number of runs a week.
type perRuns struct {
	longShare float64 // the long run's share of an ordinary week,
	mostShare float64 // and the most that it may be
	raceWeek  float64 // the race week without the race, as a share of the largest week
}

// mix is indexed by runs per week. The shares of the long run follow what the
// field's plans do at each number of runs; with two or three runs the long
// run has to be most of the week.
var mix = [MaxRunsPerWeek + 1]perRuns{
	2: {longShare: 0.66, mostShare: 0.75, raceWeek: 0.17},
	3: {longShare: 0.52, mostShare: 0.60, raceWeek: 0.20},
	4: {longShare: 0.46, mostShare: 0.57, raceWeek: 0.22},
	5: {longShare: 0.40, mostShare: 0.50, raceWeek: 0.24},
	6: {longShare: 0.34, mostShare: 0.40, raceWeek: 0.26},
	7: {longShare: 0.30, mostShare: 0.35, raceWeek: 0.28},
}

const (
	volumeStepShare = 1.15 // a week grows to at most 115 % of the largest of the last four,
	volumeStep      = 50   // hm, or by 5 km, whichever is more,
	volumeMean      = 1.5  // and to at most 1.5 times their mean
	cutBackVolume   = 0.78 // of the week before,
	cutBackMost     = 0.93 // and never more than this
	otherShare      = 1.2  // the long run is at least this many times the next longest
	shortRun        = 30   // hm: the shortest easy run,
	shortRunShare   = 0.8  // unless 80 % of the long run is shorter still

	shortestInRaceWeek hm = 15

	longEasyRun = 100 * time.Minute // what runs beside the long run should take at most, on average
)

// bounds returns the shortest and the longest that a run beside a long run
// may be.
func bounds(long hm) (shortest, longest hm) {
	shortest = hm(math.Ceil(min(shortRun, shortRunShare*float64(long)) - 1e-9))
	return shortest, hm(math.Floor(float64(long)/otherShare + 1e-9))
}

// volumes returns the distance of every week without the race, from the long
// runs of the weeks before race week.
// Where its share of the week would make the other runs take longer than an
// easy run should, the long run gets a larger share, as far as it may.
func (g growth) volumes(long []hm, runsPerWeek int, longestEasy hm) []hm {
	others, shares := hm(runsPerWeek-1), mix[runsPerWeek]
	floors := g.floors(long, others)
	weeks := make([]hm, 0, len(long)+1)
	largest := hm(0)
	for i, l := range long[:g.buildWeeks] {
		v := min(share(l, 1/shares.longShare), l+others*longestEasy)
		v = max(v, hm(math.Ceil(float64(l)/shares.mostShare)))
		switch {
		case g.isCutBack(i + 1):
			v = share(weeks[i-1], cutBackVolume)
		case i > 0:
			v = min(v, volumeLimit(weeks))
		}
		v = max(min(v, ceiling(l, others)), floors[i])
		weeks = append(weeks, v)
		largest = max(largest, v)
	}
	for i, part := range taperVolume {
		l := long[g.buildWeeks+i]
		weeks = append(weeks, max(min(share(largest, part), ceiling(l, others)), floor(l, others)))
	}
	return append(weeks, share(largest, shares.raceWeek))
}

// floor and ceiling are the least and the most distance of a week whose runs
// keep to the bounds.
func floor(long, others hm) hm {
	shortest, _ := bounds(long)
	return long + others*shortest
}

func ceiling(long, others hm) hm {
	_, longest := bounds(long)
	return long + others*longest
}

// floors returns the least distance of every build week: what its own runs
// need at their shortest, and what lets the next week have its own least
// without too large a step. A run of 1 km trains nobody, so for runners who
// start very low this wins over the share of the long run.
func (g growth) floors(long []hm, others hm) []hm {
	floors := make([]hm, g.buildWeeks)
	for i := g.buildWeeks - 1; i >= 0; i-- {
		need := floor(long[i], others)
		if i+1 < g.buildWeeks {
			next := float64(floors[i+1])
			before := min(next/volumeStepShare, next-volumeStep)
			if g.isCutBack(i + 2) {
				before = next / cutBackMost
			}
			need = max(need, min(hm(math.Ceil(before-1e-9)), ceiling(long[i], others)))
		}
		floors[i] = need
	}
	return floors
}

// volumeLimit is the largest week that may follow these. It stays a hair below
// the limit, so that nobody's rounding finds it above.
func volumeLimit(before []hm) hm {
	last := before[max(0, len(before)-4):]
	largest, sum := hm(0), hm(0)
	for _, v := range last {
		largest, sum = max(largest, v), sum+v
	}
	step := max(volumeStepShare*float64(largest), float64(largest)+volumeStep)
	return hm(math.Floor(min(step, volumeMean*float64(sum)/float64(len(last))) - 1e-9))
}

// runsBeside are the distances of the runs beside the long run; a week has
// at most six.
type runsBeside [MaxRunsPerWeek - 1]hm

// divide shares a distance out over slots in proportion to their weights, each
// within the bounds, exactly. It needs n·shortest ≤ total ≤ n·longest.
func divide(total, shortest, longest hm, slots []slot) (runs runsBeside) {
	var fixed [MaxRunsPerWeek - 1]bool
	for {
		free, weight := total, 0.0
		for i, s := range slots {
			if fixed[i] {
				free -= runs[i]
			} else {
				weight += s.weight
			}
		}
		// One kind of bound a round: fixing some runs moves the rest.
		if !fixSome(&runs, &fixed, slots, float64(free)/weight, shortest, longest) {
			break
		}
	}
	left := total
	for _, r := range runs {
		left -= r
	}
	for left > 0 {
		for i := range slots {
			if left > 0 && runs[i] < longest {
				runs[i]++
				left--
			}
		}
	}
	return runs
}

// fixSome sets every free run to its share, rounded down, and fixes those that
// a bound stops: the lower or the upper, whichever moves more. It says whether
// it fixed any.
func fixSome(runs *runsBeside, fixed *[MaxRunsPerWeek - 1]bool, slots []slot, each float64, shortest, longest hm) bool {
	under, over := hm(0), hm(0)
	for i, s := range slots {
		if fixed[i] {
			continue
		}
		runs[i] = hm(each*s.weight + 1e-9)
		under += max(shortest-runs[i], 0)
		over += max(runs[i]-longest, 0)
	}
	moved := false
	for i := range slots {
		switch {
		case fixed[i]:
		case under >= over && runs[i] < shortest:
			runs[i], fixed[i], moved = shortest, true, true
		case over > under && runs[i] > longest:
			runs[i], fixed[i], moved = longest, true, true
		}
	}
	return moved
}
