package plan

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/performance"
	"github.com/stride-run/stride/internal/race"
	"github.com/stride-run/stride/internal/unit"
)

// LastDay is the weekday that the plan's weeks end on: that of the race, or of
// the long run in a plan without dates.
func (p *Plan) LastDay() time.Weekday {
	if d := p.Answers.RaceDate; !d.IsZero() {
		return d.Weekday()
	}
	return p.Answers.LongRunDay
}

// Date is the date of a weekday in a week of the plan, zero in an undated
// plan.
func (p *Plan) Date(week int, day time.Weekday) calendar.Date {
	d := p.Answers.RaceDate
	if d.IsZero() {
		return d
	}
	return d.AddDays(-7*(p.Answers.Weeks-week) - daysFrom(day, p.LastDay()))
}

// Place is the week and the weekday of a date. It is false for a date outside
// the plan, and for every date in an undated plan.
func (p *Plan) Place(d calendar.Date) (week int, day time.Weekday, ok bool) {
	if p.Answers.RaceDate.IsZero() {
		return 0, 0, false
	}
	before := p.Answers.RaceDate.DaysSince(d)
	if before < 0 || before >= 7*p.Answers.Weeks {
		return 0, 0, false
	}
	return p.Answers.Weeks - before/7, d.Weekday(), true
}

// daysFrom counts the days from a weekday to the next that is last, 0 to 6.
func daysFrom(day, last time.Weekday) int { return (int(last) - int(day) + 7) % 7 }

// Redate returns the plan with another race date, or, with the zero date, with
// weekdays only. It is the plan that the same answers with that date would
// have given, whatever rules are in force today: ordinary weeks keep their
// weekdays, since the long run keeps its own, and race week keeps its
// distance from the race. What the runner did to the workouts, their ids
// too, goes with them. The plan itself is not changed.
func Redate(p *Plan, raceDate calendar.Date) *Plan {
	out := *p
	out.Weeks = slices.Clone(p.Weeks)
	for i := range out.Weeks {
		out.Weeks[i].Workouts = slices.Clone(out.Weeks[i].Workouts)
	}
	out.Warnings = slices.Clone(p.Warnings)
	out.Move(raceDate)
	return &out
}

// Move is Redate in place, for a plan that nobody else has.
func (p *Plan) Move(raceDate calendar.Date) {
	from := p.LastDay()
	p.Answers.RaceDate = raceDate
	turn := daysFrom(from, p.LastDay())
	for i := range p.Weeks {
		w := &p.Weeks[i]
		if w.Kind != RaceWeek {
			continue
		}
		for j := range w.Workouts {
			o := &w.Workouts[j]
			o.Day = (o.Day + time.Weekday(turn)) % 7
		}
	}
	p.Warnings = slices.DeleteFunc(p.Warnings, func(n fault.Note) bool { return n.Code == warnRaceDayDiffers })
	p.warnOfRaceDay()
	p.Settle()
}

// Settle puts every week in the order of its days and sets all that follows
// from where the workouts are: dates, and the sums of weeks and plan. Whoever
// adds, moves or takes away a workout calls it afterwards.
func (p *Plan) Settle() {
	last := p.LastDay()
	for i := range p.Weeks {
		w := &p.Weeks[i]
		w.Start = p.Date(w.Number, last)
		if !w.Start.IsZero() {
			w.Start = w.Start.AddDays(1 - raceDay)
		}
		w.Distance = 0
		for j := range w.Workouts {
			o := &w.Workouts[j]
			o.Date = p.Date(w.Number, o.Day)
			w.Distance += o.Distance
		}
		slices.SortFunc(w.Workouts, func(a, b Workout) int {
			return cmp.Compare(daysFrom(b.Day, last), daysFrom(a.Day, last))
		})
	}
	p.sum()
}

// sum adds up what the summary says of all weeks.
func (p *Plan) sum() {
	s := &p.Summary
	s.Weeks, s.Runs, s.TotalDistance, s.PeakWeek, s.PeakWeekDistance = len(p.Weeks), 0, 0, 0, 0
	for i := range p.Weeks {
		w := &p.Weeks[i]
		s.Runs += len(w.Workouts)
		s.TotalDistance += w.Distance
		training := w.Distance
		if w.Kind == RaceWeek {
			training -= race.Marathon
		}
		if training > s.PeakWeekDistance {
			s.PeakWeek, s.PeakWeekDistance = w.Number, training
		}
	}
}

// ruleOwn is the rule of the workouts that runners add themselves.
const ruleOwn = "own"

// Own makes a workout that the runner adds: one piece at the pace that its
// type is for. The type is any but Race.
func Own(t Type, d unit.Distance, paces *performance.Paces) Workout {
	w := Workout{Type: t, Distance: d, Pace: ownPaces[t], Rationale: Rationale{Rule: ruleOwn}}
	w.DurationS = int(math.Round(PaceRange(paces, w.Pace).Middle().Time(d)))
	w.Steps = []Step{{Kind: Work, Distance: d, Pace: w.Pace}}
	if t.IsQuality() {
		w.Rationale.Values.Hard = d
	}
	return w
}

var ownPaces = map[Type]PaceKey{
	Easy: EasyPace, Recovery: RecoveryPace, Long: LongPace, Tempo: TempoPace, Interval: IntervalPace, MarathonPace: RacePace,
}

// IsOwn says whether the runner added the workout.
func (w *Workout) IsOwn() bool { return w.Rationale.Rule == ruleOwn }
