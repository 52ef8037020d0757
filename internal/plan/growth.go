package plan

import (
	"math"
	"time"

	"github.com/stride-run/stride/internal/unit"
)

// hm counts hundreds of metres: the grid that every planned distance but the
// race lies on. Whole numbers keep sums exact.
type hm int

func (d hm) distance() unit.Distance { return unit.Distance(d) * 100 }

// toGrid rounds a distance to the nearest step of the grid.
func toGrid(d unit.Distance) hm { return hm(math.Round(d.Metres() / 100)) }

const (
	taperWeeks = 3 // the best of 158,000 recreational tapers (Smyth & Lawlor 2021)

	cutBackEvery = 4    // every fourth build week is a cut-back
	cutBackShare = 0.75 // of the long run before it

	shortestPeak hm = 211 // a half marathon, on the grid
	usualFloor   hm = 260 // no plan of the field has a shorter peak
	usualCeiling hm = 320 // what plans for most runners end at
	fastCeiling  hm = 350 // for fast runners who run often

	fastTarget      = 2*time.Hour + 45*time.Minute
	fastRunsPerWeek = 5

	longRunLimit    = 210 * time.Minute // time on feet beyond which recovery costs more than the run gives
	longRunSlowdown = 1.15              // long-run pace as a share of marathon pace, middle of 1.10-1.20

	stepShare    = 1.10 // the long run may grow to 110 % of the longest run of the last 30 days,
	stepHM    hm = 20   // or by 2 km, whichever is more (single-session spike, Frandsen 2025)
)

// growth is how the long run gets from the first to the peak.
type growth struct {
	buildWeeks int     // weeks before the taper; the last of them is the peak week
	steps      int     // weeks in which the long run may grow
	first      hm      // long run of week 1
	wanted     float64 // the peak that the target time asks for, in hm
	target     hm      // the same on the grid
	peak       hm      // the peak that is really reached
	rate       float64 // increase a step, as a fraction: first·(1+rate)^steps = peak
}

// newGrowth is the interval calculator: from weeks and first long run to the
// peak that can be reached and the rate that reaches it.
func newGrowth(weeks, runsPerWeek int, target time.Duration, first hm) growth {
	g := growth{buildWeeks: weeks - taperWeeks, first: first, wanted: targetPeak(target, runsPerWeek)}
	g.target = hm(g.wanted)
	g.steps = growingSteps(g.buildWeeks)
	if first >= g.target {
		// Nothing to build: hold what the runner already does.
		g.peak = first
		return g
	}
	g.peak = min(g.target, reach(first, g.steps))
	g.rate = math.Pow(float64(g.peak)/float64(first), 1/float64(g.steps)) - 1
	return g
}

// growingSteps counts the build weeks in which the long run may grow: all but
// the first and the cut-backs.
func growingSteps(buildWeeks int) int { return buildWeeks - (buildWeeks-1)/cutBackEvery - 1 }

// suffice says whether weeks lead from a first long run to the shortest peak
// there is. What the target asks for is always more.
func suffice(weeks int, first hm) bool {
	return reach(first, growingSteps(weeks-taperWeeks)) >= shortestPeak
}

// targetPeak is the longest run that a target time asks for: what fits into
// 3½ hours at long-run pace, but no less than 26 km and no more than 32 km, or
// 35 km for fast runners who run often.
func targetPeak(target time.Duration, runsPerWeek int) float64 {
	pace := unit.PaceOver(42195, target).Seconds() * longRunSlowdown
	ceiling := usualCeiling
	if target <= fastTarget && runsPerWeek >= fastRunsPerWeek {
		ceiling = fastCeiling
	}
	return min(max(longRunLimit.Seconds()/pace*10, float64(usualFloor)), float64(ceiling))
}

// reach is the longest run after a number of steps that all go to the limit.
func reach(first hm, steps int) hm {
	longest := float64(first)
	for range steps {
		longest = stepLimit(longest)
	}
	return hm(math.Floor(longest + 1e-9))
}

// stepLimit is the longest run allowed after a longest run of the last 30
// days, both in hm.
func stepLimit(longest float64) float64 {
	return max(stepShare*longest, longest+float64(stepHM))
}

// stepNeeded is the inverse of stepLimit: the shortest longest run from which
// the next may be d.
func stepNeeded(d float64) float64 {
	return min(d/stepShare, d-float64(stepHM))
}

// longRuns returns the long run of every week before the race week; index 0
// is week 1. Growth is geometric, raised where the step limit would otherwise
// keep the last steps from reaching the peak: both curves grow with the first
// long run, so a longer first run never shortens a later one.
func (g growth) longRuns() []hm {
	grown := g.curve()
	runs := make([]hm, 0, g.buildWeeks+taperWeeks-1)
	step := 0
	for week := 1; week <= g.buildWeeks; week++ {
		if g.isCutBack(week) {
			runs = append(runs, share(grown[step-1], cutBackShare))
			continue
		}
		runs = append(runs, grown[step])
		step++
	}
	return append(runs, share(g.peak, taperLongRun[0]), share(g.peak, taperLongRun[1]))
}

// curve returns the long runs of the growing weeks: steps+1 of them.
func (g growth) curve() []hm {
	least := g.least(true)
	if least[0] > g.first {
		// The peak is so near the limit that the grid has no room for it:
		// single steps may then go beyond by less than one step of the grid.
		least = g.least(false)
	}
	runs := make([]hm, g.steps+1)
	for k := range runs {
		geometric := math.Round(float64(g.first) * math.Pow(1+g.rate, float64(k)))
		runs[k] = max(hm(geometric), least[k])
	}
	runs[0], runs[g.steps] = g.first, g.peak
	return runs
}

// least returns what each growing week's long run has to be for the peak to
// stay within reach, counted back from the peak. On the grid, every step back
// starts from a whole step of the grid; else only the results are rounded.
func (g growth) least(onGrid bool) []hm {
	runs := make([]hm, g.steps+1)
	need := float64(g.peak)
	for k := g.steps; k >= 0; k-- {
		runs[k] = hm(math.Ceil(need - 1e-9))
		if onGrid {
			need = float64(runs[k])
		}
		need = stepNeeded(need)
	}
	return runs
}

// isCutBack says whether a build week is a cut-back. The peak week never is.
func (g growth) isCutBack(week int) bool {
	return week < g.buildWeeks && week%cutBackEvery == 0
}

// share rounds a share of a distance to the grid.
func share(d hm, part float64) hm { return hm(math.Round(float64(d) * part)) }
