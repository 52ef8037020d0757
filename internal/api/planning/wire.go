package planning

import (
	"math"
	"time"

	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/api/paces"
	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/performance"
	"github.com/stride-run/stride/internal/plan"
	"github.com/stride-run/stride/internal/unit"
)

// Plan is a plan on the wire. Distances are metres, durations seconds, paces
// seconds per kilometre, as their names say.
type Plan struct {
	EngineVersion string      `json:"engine_version"`
	Inputs        Inputs      `json:"inputs"`
	Summary       Summary     `json:"summary"`
	Paces         paces.Paces `json:"paces"`
	Adjustments   []api.Note  `json:"adjustments"`
	Warnings      []api.Note  `json:"warnings"`
	Weeks         []Week      `json:"weeks"`
}

// Inputs are the answers in their canonical form, defaults filled in.
type Inputs struct {
	Weeks         int         `json:"weeks"`
	RunsPerWeek   int         `json:"runs_per_week"`
	TargetTime    string      `json:"target_time"`
	FirstLongRun  float64     `json:"first_long_run"`
	Unit          unit.Length `json:"unit"`
	LongRunDay    string      `json:"long_run_day"`
	RaceDate      string      `json:"race_date,omitempty"`
	FirstLongRunM int         `json:"first_long_run_m"`
}

// Summary holds the headline numbers.
type Summary struct {
	Weeks              int     `json:"weeks"`
	Runs               int     `json:"runs"`
	TotalDistanceM     int     `json:"total_distance_m"`
	PeakWeek           int     `json:"peak_week"`
	PeakWeekDistanceM  int     `json:"peak_week_distance_m"`
	PeakLongRunM       int     `json:"peak_long_run_m"`
	WeeklyIncreaseRate float64 `json:"weekly_increase_rate"`
	RacePaceSPerKm     float64 `json:"race_pace_s_per_km"`
}

// Week is seven days of the plan.
type Week struct {
	Week      int           `json:"week"`
	Kind      plan.WeekKind `json:"kind"`
	StartDate string        `json:"start_date,omitempty"`
	DistanceM int           `json:"distance_m"`
	Workouts  []Workout     `json:"workouts"`
}

// Workout is a prescribed run.
type Workout struct {
	ID        string     `json:"id"`
	Day       string     `json:"day"`
	Date      string     `json:"date,omitempty"`
	Type      plan.Type  `json:"type"`
	Title     string     `json:"title"`
	DistanceM int        `json:"distance_m"`
	DurationS int        `json:"duration_s"`
	Pace      paces.Pace `json:"pace"`
	Steps     []Step     `json:"steps"`
	Rationale Rationale  `json:"rationale"`
}

// Step is a part of a workout, or a group of parts that repeats.
type Step struct {
	Kind      string      `json:"kind,omitempty"`
	DistanceM int         `json:"distance_m,omitempty"`
	DurationS int         `json:"duration_s,omitempty"`
	Pace      *paces.Pace `json:"pace,omitempty"`
	Repeat    int         `json:"repeat,omitempty"`
	Steps     []Step      `json:"steps,omitempty"`
}

// Rationale says why a workout is there.
type Rationale struct {
	Rule   string `json:"rule"`
	Text   string `json:"text"`
	Values Values `json:"values"`
}

// Values are the numbers that a rule used, and only those.
type Values struct {
	FirstLongRunM    int     `json:"first_long_run_m,omitempty"`
	PreviousLongestM int     `json:"previous_longest_m,omitempty"`
	StepLimitM       int     `json:"step_limit_m,omitempty"`
	PreviousLongRunM int     `json:"previous_long_run_m,omitempty"`
	ShareOfPrevious  float64 `json:"share_of_previous,omitempty"`
	PeakLongRunM     int     `json:"peak_long_run_m,omitempty"`
	ShareOfPeak      float64 `json:"share_of_peak,omitempty"`
	AtMarathonPaceM  int     `json:"at_marathon_pace_m,omitempty"`
	HardM            int     `json:"hard_m,omitempty"`
	Repeats          int     `json:"repeats,omitempty"`
	RepeatM          int     `json:"repeat_m,omitempty"`
	Strides          int     `json:"strides,omitempty"`
	WeekM            int     `json:"week_m,omitempty"`
	WeeksToRace      int     `json:"weeks_to_race,omitempty"`
	DaysToRace       int     `json:"days_to_race,omitempty"`
	TargetTimeS      int     `json:"target_time_s,omitempty"`
	RacePaceSPerKm   float64 `json:"race_pace_s_per_km,omitempty"`
}

// NewPlan writes a plan in the API's form, sentences rendered in the runner's
// unit.
func NewPlan(p *plan.Plan) Plan {
	a, s := p.Answers, p.Summary
	w := writer{describe: plan.NewDescriber(a.Unit, s.Runs).Describe, bands: bands(&p.Paces)}
	out := Plan{
		EngineVersion: p.EngineVersion,
		Inputs: Inputs{
			Weeks:         a.Weeks,
			RunsPerWeek:   a.RunsPerWeek,
			TargetTime:    unit.FormatClock(a.TargetTime),
			FirstLongRun:  a.FirstLongRun,
			Unit:          a.Unit,
			LongRunDay:    calendar.WeekdayName(a.LongRunDay),
			RaceDate:      a.RaceDate.String(),
			FirstLongRunM: metres(p.FirstLongRun),
		},
		Summary: Summary{
			Weeks:              s.Weeks,
			Runs:               s.Runs,
			TotalDistanceM:     metres(s.TotalDistance),
			PeakWeek:           s.PeakWeek,
			PeakWeekDistanceM:  metres(s.PeakWeekDistance),
			PeakLongRunM:       metres(s.PeakLongRun),
			WeeklyIncreaseRate: math.Round(s.WeeklyIncreaseRate*1e4) / 1e4,
			RacePaceSPerKm:     tenth(s.RacePace.Seconds()),
		},
		Paces:       paces.New(p.Paces),
		Adjustments: api.Notes(p.Adjustments),
		Warnings:    api.Notes(p.Warnings),
		Weeks:       make([]Week, len(p.Weeks)),
	}
	workouts := make([]Workout, s.Runs)
	for i := range p.Weeks {
		n := len(p.Weeks[i].Workouts)
		out.Weeks[i] = w.week(&p.Weeks[i], workouts[:n:n])
		workouts = workouts[n:]
	}
	return out
}

// writer holds what all workouts of a plan share.
type writer struct {
	describe func(*plan.Workout) (title, text string)
	bands    [plan.RecoveryPace + 1]paces.Pace
	supply   []Step
}

func bands(p *performance.Paces) (all [plan.RecoveryPace + 1]paces.Pace) {
	for k := range all {
		all[k] = paces.NewPace(plan.PaceRange(p, plan.PaceKey(k)))
	}
	return all
}

func (w *writer) week(in *plan.Week, workouts []Workout) Week {
	out := Week{
		Week:      in.Number,
		Kind:      in.Kind,
		StartDate: in.Start.String(),
		DistanceM: metres(in.Distance),
		Workouts:  workouts,
	}
	for i := range in.Workouts {
		w.workout(&out.Workouts[i], &in.Workouts[i])
	}
	return out
}

func (w *writer) workout(out *Workout, in *plan.Workout) {
	out.ID = in.ID
	out.Day = calendar.WeekdayName(in.Day)
	out.Date = in.Date.String()
	out.Type = in.Type
	out.DistanceM = metres(in.Distance)
	out.DurationS = in.DurationS
	out.Pace = w.bands[in.Pace]
	out.Steps = w.steps(in.Steps)
	out.Rationale.Rule = in.Rationale.Rule
	out.Title, out.Rationale.Text = w.describe(in)
	out.Rationale.Values.set(&in.Rationale.Values)
}

func (w *writer) steps(in []plan.Step) []Step {
	out := w.take(len(in))
	for i, s := range in {
		if s.Repeat > 0 {
			out[i] = Step{Repeat: int(s.Repeat), Steps: w.steps(s.Steps)}
			continue
		}
		band := &w.bands[s.Pace]
		middle := unit.Pace((band.FastSPerKm + band.SlowSPerKm) / 2)
		out[i] = Step{
			Kind:      s.Kind.String(),
			DistanceM: metres(s.Distance),
			DurationS: int(middle.Time(s.Distance) + 0.5),
			Pace:      band,
		}
	}
	return out
}

// take cuts n steps off a supply that serves many workouts.
func (w *writer) take(n int) []Step {
	const supply = 256
	if len(w.supply) < n {
		w.supply = make([]Step, max(n, supply))
	}
	steps := w.supply[:n:n]
	w.supply = w.supply[n:]
	return steps
}

// set writes numbers in place, since a plan has hundreds of them.
func (out *Values) set(v *plan.Values) {
	out.FirstLongRunM = metres(v.FirstLongRun)
	out.PreviousLongestM = metres(v.PreviousLongest)
	out.StepLimitM = metres(v.StepLimit)
	out.PreviousLongRunM = metres(v.PreviousLongRun)
	out.ShareOfPrevious = percent(v.ShareOfPrevious)
	out.PeakLongRunM = metres(v.PeakLongRun)
	out.ShareOfPeak = percent(v.ShareOfPeak)
	out.AtMarathonPaceM = metres(v.AtMarathonPace)
	out.HardM = metres(v.Hard)
	out.Repeats = v.Repeats
	out.RepeatM = metres(v.Repeat)
	out.Strides = v.Strides
	out.WeekM = metres(v.Week)
	out.WeeksToRace = v.WeeksToRace
	out.DaysToRace = v.DaysToRace
	out.TargetTimeS = int(v.TargetTime / time.Second)
	out.RacePaceSPerKm = tenth(v.RacePace.Seconds())
}

// metres rounds a distance, which is never negative, to a whole number.
func metres(d unit.Distance) int { return int(d + 0.5) }

// tenth and percent keep a number to a tenth and to a hundredth, so that the
// last bits of a calculation do not reach the wire.
func tenth(v float64) float64 { return math.Round(v*10) / 10 }

func percent(v float64) float64 { return math.Round(v*100) / 100 }
