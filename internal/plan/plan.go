// Package plan generates marathon training plans: from a handful of answers
// to dated workouts with paces, structure and a reason for each. It is pure:
// the same goal gives the same plan, everywhere and always.
package plan

import (
	"strconv"
	"time"

	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/performance"
	"github.com/stride-run/stride/internal/unit"
)

// EngineVersion names the rules that made a plan. It changes whenever the
// same goal would give another plan.
const EngineVersion = "1"

// A Type is what a workout is for.
type Type string

// The run types. Tempo, Interval and MarathonPace are the quality workouts.
const (
	Easy         Type = "easy"
	Recovery     Type = "recovery"
	Long         Type = "long"
	Tempo        Type = "tempo"
	Interval     Type = "interval"
	MarathonPace Type = "marathon_pace"
	Race         Type = "race"
)

// IsQuality says whether a workout of this type is a hard one, which needs an
// easy day on both sides.
func (t Type) IsQuality() bool { return t == Tempo || t == Interval || t == MarathonPace }

// A WeekKind is a week's place in the plan.
type WeekKind string

// The kinds of week, in the order they occur.
const (
	Build    WeekKind = "build"
	CutBack  WeekKind = "cut_back"
	Taper    WeekKind = "taper"
	RaceWeek WeekKind = "race"
)

// A PaceKey names one of the plan's paces.
type PaceKey int

// The paces a step can be run at.
const (
	EasyPace PaceKey = iota
	LongPace
	RacePace
	TempoPace
	IntervalPace
	RepetitionPace
	RecoveryPace
)

// IsHard says whether work at this pace counts as hard running.
func (k PaceKey) IsHard() bool {
	return k == RacePace || k == TempoPace || k == IntervalPace || k == RepetitionPace
}

// A StepKind is a part of a workout.
type StepKind string

// The parts of a workout.
const (
	WarmUp   StepKind = "warm_up"
	Work     StepKind = "work"
	Jog      StepKind = "recovery"
	CoolDown StepKind = "cool_down"
	Strides  StepKind = "strides"
)

// A Step is a stretch at one pace, or, with Repeat above 0, a group of steps
// done that many times.
type Step struct {
	Kind     StepKind
	Distance unit.Distance // whole metres; of one pass, in a group's steps
	Pace     PaceKey
	Repeat   int
	Steps    []Step
}

// A Workout is one day's prescribed run.
type Workout struct {
	ID        string // "w03-2": the second workout of week 3
	Day       time.Weekday
	Date      calendar.Date // zero in an undated plan
	Type      Type
	Distance  unit.Distance // whole metres, on a grid of 100 m unless it is the race
	DurationS int           // whole seconds, at the middle of every step's pace
	Pace      PaceKey       // of the part that the workout is for
	Steps     []Step
	Rationale Rationale
}

// A Week is seven days that end on race day, or on the weekday of the race in
// an undated plan.
type Week struct {
	Number   int // from 1
	Kind     WeekKind
	Start    calendar.Date // zero in an undated plan
	Distance unit.Distance // of all workouts, the race too
	Workouts []Workout     // in order of days
}

// A Note tells the runner what was changed or what to be careful with.
type Note struct {
	Code    string
	Field   string // the answer that it comes from
	Message string
}

// A Summary holds a plan's headline numbers.
type Summary struct {
	Weeks              int
	Runs               int           // all workouts, the race too
	TotalDistance      unit.Distance // the race too
	PeakWeek           int           // the first of the largest, without the race
	PeakWeekDistance   unit.Distance // without the race
	PeakLongRun        unit.Distance
	WeeklyIncreaseRate float64   // fraction by which the long run grows a step
	RacePace           unit.Pace // exact, not rounded
}

// A Plan is a goal's training plan.
type Plan struct {
	Goal        Goal
	Paces       performance.Paces
	Summary     Summary
	Adjustments []Note // what was changed in the answers' sense
	Warnings    []Note // what the runner should know
	Weeks       []Week
}

// PaceRange resolves a pace key.
func PaceRange(p *performance.Paces, k PaceKey) performance.Range {
	switch k {
	case LongPace:
		return p.Long
	case RacePace:
		return p.Marathon
	case TempoPace:
		return p.Tempo
	case IntervalPace:
		return p.Interval
	case RepetitionPace:
		return p.Repetition
	case RecoveryPace:
		return p.Recovery
	case EasyPace:
	}
	return p.Easy
}

// Time is how long the step takes at the middle of its pace, in seconds; a
// group's time is that of all its passes.
func (s Step) Time(p *performance.Paces) float64 {
	if s.Repeat == 0 {
		return PaceRange(p, s.Pace).Middle().Time(s.Distance)
	}
	return float64(s.Repeat) * stepsTime(p, s.Steps)
}

// Total is the step's whole distance; a group's is that of all its passes.
func (s Step) Total() unit.Distance {
	if s.Repeat == 0 {
		return s.Distance
	}
	return unit.Distance(s.Repeat) * stepsTotal(s.Steps)
}

func stepsTime(p *performance.Paces, steps []Step) float64 {
	sum := 0.0
	for _, s := range steps {
		sum += s.Time(p)
	}
	return sum
}

func stepsTotal(steps []Step) unit.Distance {
	sum := unit.Distance(0)
	for _, s := range steps {
		sum += s.Total()
	}
	return sum
}

// workoutID names the nth workout of a week, both from 1.
func workoutID(week, n int) string {
	b := make([]byte, 0, 6)
	b = append(b, 'w', byte('0'+week/10), byte('0'+week%10), '-')
	return string(strconv.AppendInt(b, int64(n), 10))
}
