package plan

import (
	"math"
	"strconv"
	"time"

	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/unit"
)

// What a runner is told about a plan, by code. Codes are part of the API:
// they are added, never renamed.
const (
	// Adjustments: the plan differs from what the answers ask for.
	PeakLowered          = "peak_lowered"
	FirstLongRunAtPeak   = "first_long_run_at_or_above_peak"
	warnExtrapolatedPace = "extrapolated_pace"
	warnNearLimit        = "target_near_limit"
	warnTwoRuns          = "two_runs_per_week"
	warnLongRunShare     = "long_run_share_high"
	warnPeakFarBelow     = "peak_far_below_target"
	warnLongRunOver3h30  = "long_run_over_3h30"
	warnLongRunOver4h30  = "long_run_over_4h30"
	warnRaceDayDiffers   = "race_day_differs_from_long_run_day"
)

const (
	extrapolatedFrom = 6 * time.Hour                // slower targets lie outside the data behind the paces
	nearLimitUntil   = 2*time.Hour + 10*time.Minute // faster ones at the end of it
	farBelow         = 0.80                         // of the peak that the target asks for
	highShare        = 0.50                         // of a week, in one run
	longRunLong      = 3*time.Hour + 30*time.Minute
	longRunVeryLong  = 4*time.Hour + 30*time.Minute
)

// annotate collects what the runner has to be told: no change and no risk is
// silent.
func (p *Plan) annotate(g growth) {
	a := p.Answers
	peak, target := distanceText(g.peak.distance(), a.Unit), distanceText(g.target.distance(), a.Unit)
	if g.first >= g.target {
		p.adjust(FirstLongRunAtPeak, "first_long_run", "You already run "+peak+", and your target asks for no more than "+target+": the long run stays where it is instead of growing, with a cut-back every fourth week.")
	}
	if g.peak < g.target {
		p.adjust(PeakLowered, "weeks", "Your target asks for a longest run of "+target+"; from "+distanceText(g.first.distance(), a.Unit)+" these weeks lead safely to "+peak+". More weeks or a longer first long run get you further.")
	}
	if float64(g.peak) < farBelow*g.wanted {
		p.warn(warnPeakFarBelow, "weeks", "Your longest run will be "+peak+", less than 80 % of the "+target+" that your target asks for. Choose more weeks, or build up to a longer first long run before you start.")
	}
	if a.TargetTime > extrapolatedFrom {
		p.warn(warnExtrapolatedPace, "target_time", "Few runners slower than 6:00:00 stand behind the paces of this plan; go by effort where they feel wrong.")
	}
	if a.TargetTime < nearLimitUntil {
		p.warn(warnNearLimit, "target_time", "Your target is near the world record, at the end of what the paces are known for.")
	}
	if a.RunsPerWeek == 2 {
		p.warn(warnTwoRuns, "runs_per_week", "Two runs a week carry you through a marathon at best; three or more make it safer and faster.")
	}
	if share := p.highestLongRunShare(g.buildWeeks); share > highShare {
		p.warn(warnLongRunShare, "runs_per_week", "The long run is up to "+strconv.Itoa(int(math.Round(share*100)))+" % of your week. More runs a week would spread the load.")
	}
	p.warnOfLongRuns()
	p.warnOfRaceDay()
}

// warnOfRaceDay is the one note that depends on the race date.
func (p *Plan) warnOfRaceDay() {
	a := p.Answers
	if !a.RaceDate.IsZero() && a.RaceDate.Weekday() != a.LongRunDay {
		p.warn(warnRaceDayDiffers, "long_run_day", "Your race is on a "+a.RaceDate.Weekday().String()+", your long runs are on a "+a.LongRunDay.String()+"; the weeks of the plan end on race day.")
	}
}

// highestLongRunShare looks at build weeks of 20 km and more; below that a
// share says little.
func (p *Plan) highestLongRunShare(buildWeeks int) float64 {
	highest := 0.0
	for i := range buildWeeks {
		if w := &p.Weeks[i]; w.Distance >= 20*unit.Kilometre {
			highest = max(highest, float64(w.longRun().Distance/w.Distance))
		}
	}
	return highest
}

// longRun finds a week's long run; race week has none.
func (w *Week) longRun() *Workout {
	for i := range w.Workouts {
		if w.Workouts[i].Type == Long {
			return &w.Workouts[i]
		}
	}
	return nil
}

func (p *Plan) warnOfLongRuns() {
	longest := 0
	for i := range p.Weeks {
		if run := p.Weeks[i].longRun(); run != nil {
			longest = max(longest, run.DurationS)
		}
	}
	took := time.Duration(longest) * time.Second
	if took > longRunLong {
		p.warn(warnLongRunOver3h30, "target_time", "Your longest run takes about "+unit.FormatClock(took)+". Beyond 3:30:00 it tires more than it trains: drink, eat, and walk when you need to.")
	}
	if took > longRunVeryLong {
		p.warn(warnLongRunOver4h30, "target_time", "Your longest run takes about "+unit.FormatClock(took)+". Beyond 4:30:00 even the longest run costs more than it gives: plan walking breaks from the start.")
	}
}

func (p *Plan) adjust(code, field, message string) {
	p.Adjustments = append(p.Adjustments, fault.Note{Code: code, Field: field, Message: message})
}

func (p *Plan) warn(code, field, message string) {
	p.Warnings = append(p.Warnings, fault.Note{Code: code, Field: field, Message: message})
}
