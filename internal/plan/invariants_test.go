package plan_test

import (
	"fmt"
	"time"

	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/plan"
)

// The invariants a plan has to keep, by the numbers that docs/algorithm.md
// gives them. Each looks at the finished plan only, from outside, and says
// what is wrong with it. 28 to 30 compare plans: see properties_test.go.
var invariants = []struct {
	number int
	name   string
	check  func(v view) string
}{
	{1, "exactly the weeks and the runs asked for", weeksAndRuns},
	{2, "the race is the last run, on its day", raceIsLast},
	{3, "one long run a week, on its day, and one run a day", longRunOnItsDay},
	{4, "no long run in the six days before the race", noLongRunBeforeRace},
	{5, "the long run is the longest by a fifth", longRunIsLongest},
	{6, "the longest is the peak, three weeks before the race", peakInPlace},
	{7, "the first long run is the one asked for", firstLongRun},
	{8, "long runs never fall but in cut-backs", longRunsGrow},
	{9, "cut-backs every fourth week, by the right amount", cutBacks},
	{10, "the long run keeps to the step limit", stepLimit},
	{11, "the week keeps to its limit", volumeLimit},
	{12, "no long run beyond peak and 35 km; long ones are warned of", longRunDuration},
	{13, "the long run's share of the week", longRunShare},
	{14, "the taper falls every week", taperFalls},
	{15, "the taper's volume", taperVolume},
	{16, "the taper's long runs", taperLongRuns},
	{17, "the taper keeps intensity", taperIntensity},
	{18, "no quality on two days in a row", qualityApart},
	{19, "no quality beside the long run", qualityAndLongRun},
	{20, "at most two quality workouts, none just before the race", qualityCount},
	{21, "rest days", restDays},
	{22, "three quarters of the distance are easy", easyShare},
	{23, "paces in order and in range", paceOrder},
	{24, "marathon pace is the target's", racePace},
	{25, "sums agree", sums},
	{26, "distances on the grid, easy runs in bounds, steps and durations exact", distances},
	{27, "dates are consecutive and in their weeks", dates},
	{31, "every workout has structure, a title and a reason", reasons},
}

// violations lists what is wrong with a plan.
func violations(p *plan.Plan) []string {
	var bad []string
	v := viewOf(p)
	for _, inv := range invariants {
		if problem := inv.check(v); problem != "" {
			bad = append(bad, fmt.Sprintf("%d (%s): %s", inv.number, inv.name, problem))
		}
	}
	return bad
}

// view is a plan as the invariants look at it.
type view struct {
	*plan.Plan
	answers plan.Answers
	long    []float64 // km, by week; 0 in race week
	volume  []float64 // km, by week, without the race
	build   int       // weeks before the taper
	days    []plan.Type
}

func viewOf(p *plan.Plan) view {
	v := view{Plan: p, answers: p.Answers, build: len(p.Weeks) - 3}
	for _, w := range p.Weeks {
		long, volume := 0.0, 0.0
		days := make([]plan.Type, 7)
		for _, o := range w.Workouts {
			days[v.position(o)-1] = o.Type
			switch o.Type {
			case plan.Long:
				long = o.Distance.Kilometres()
				volume += long
			case plan.Race:
			default:
				volume += o.Distance.Kilometres()
			}
		}
		v.long, v.volume, v.days = append(v.long, long), append(v.volume, volume), append(v.days, days...)
	}
	return v
}

// last is the weekday that training weeks end on.
func (v view) last() time.Weekday {
	if v.answers.RaceDate.IsZero() {
		return v.answers.LongRunDay
	}
	return v.answers.RaceDate.Weekday()
}

func (v view) position(o plan.Workout) int { return 7 - (int(v.last())-int(o.Day)+7)%7 }

const near = 1e-6

func bad(ok bool, format string, args ...any) string {
	if ok {
		return ""
	}
	return fmt.Sprintf(format, args...)
}

func weeksAndRuns(v view) string {
	if len(v.Weeks) != v.answers.Weeks || v.Summary.Weeks != v.answers.Weeks {
		return fmt.Sprintf("%d weeks, summary says %d", len(v.Weeks), v.Summary.Weeks)
	}
	for _, w := range v.Weeks {
		if len(w.Workouts) != v.answers.RunsPerWeek {
			return fmt.Sprintf("week %d has %d runs", w.Number, len(w.Workouts))
		}
	}
	return bad(v.Summary.Runs == v.answers.Weeks*v.answers.RunsPerWeek, "summary says %d runs", v.Summary.Runs)
}

func raceIsLast(v view) string {
	for _, w := range v.Weeks {
		for j, o := range w.Workouts {
			last := w.Number == len(v.Weeks) && j == len(w.Workouts)-1
			if (o.Type == plan.Race) != last {
				return fmt.Sprintf("%s is a %s", o.ID, o.Type)
			}
			if !last {
				continue
			}
			if o.Distance != 42195 || o.Day != v.last() || o.Date != v.answers.RaceDate {
				return fmt.Sprintf("the race: %v on %v %v", o.Distance, o.Day, o.Date)
			}
		}
	}
	return ""
}

func hasNote(notes []fault.Note, code string) bool {
	for _, n := range notes {
		if n.Code == code {
			return true
		}
	}
	return false
}
