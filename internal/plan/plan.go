// Package plan generates marathon training plans: from a handful of answers
// to dated workouts with paces, structure and a reason for each. It is pure:
// the same goal gives the same plan, everywhere and always.
package plan

import (
	"time"

	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/fault"
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
type PaceKey uint8

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
type StepKind uint8

// The parts of a workout.
const (
	WarmUp StepKind = iota + 1
	Work
	Jog
	CoolDown
	Strides
)

var stepKinds = [...]string{"", "warm_up", "work", "recovery", "cool_down", "strides"}

// String is the name that the API uses.
func (k StepKind) String() string { return stepKinds[k] }

// A Step is a stretch at one pace, or, with Repeat above 0, a group of steps
// done that many times.
type Step struct {
	Distance unit.Distance // whole metres; of one pass, in a group's steps
	Steps    []Step
	Repeat   int32
	Kind     StepKind
	Pace     PaceKey
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

// A Plan is a training plan. It holds everything that its reader sees, so a
// plan that was kept can be put together again after the rules have changed.
type Plan struct {
	EngineVersion string
	Answers       Answers
	FirstLongRun  unit.Distance // the one of the answers, on the grid
	Paces         performance.Paces
	Summary       Summary
	Adjustments   []fault.Note // what was changed in the answers' sense
	Warnings      []fault.Note // what the runner should know
	Weeks         []Week
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

// middles are the middles of all paces, by key.
type middles [RecoveryPace + 1]unit.Pace

func middlesOf(p *performance.Paces) (all middles) {
	for k := range all {
		all[k] = PaceRange(p, PaceKey(k)).Middle()
	}
	return all
}

// time is how long steps take at the middles of their paces, in seconds.
func (m *middles) time(steps []Step) float64 {
	sum := 0.0
	for i := range steps {
		if s := &steps[i]; s.Repeat > 0 {
			sum += float64(s.Repeat) * m.time(s.Steps)
		} else {
			sum += m[s.Pace].Time(s.Distance)
		}
	}
	return sum
}

// workoutIDs names a week's workouts: "w03-1", "w03-2", … They are cut from
// one text.
func workoutIDs(week, n int) (ids [MaxRunsPerWeek]string) {
	const length = len("w03-1")
	all := make([]byte, 0, MaxRunsPerWeek*length)
	for i := range n {
		all = append(all, 'w', byte('0'+week/10), byte('0'+week%10), '-', byte('1'+i))
	}
	text := string(all)
	for i := range n {
		ids[i] = text[i*length : (i+1)*length]
	}
	return ids
}
