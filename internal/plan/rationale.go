package plan

import (
	"time"

	"github.com/stride-run/stride/internal/unit"
)

// A Rationale says why a workout is there: the rule that put it there and the
// numbers the rule used. The sentence is rendered when it is read.
type Rationale struct {
	Rule   string
	Values Values
}

// Values are the numbers that rules use. A rule leaves those that it does not
// use at zero.
type Values struct {
	FirstLongRun    unit.Distance // the one the runner named
	PreviousLongest unit.Distance // of the four weeks before
	StepLimit       unit.Distance // the longest that may follow it
	PreviousLongRun unit.Distance // of the week before
	ShareOfPrevious float64       // what a cut-back keeps of it
	PeakLongRun     unit.Distance
	ShareOfPeak     float64       // what the taper keeps of it
	AtMarathonPace  unit.Distance // inside a long run
	Hard            unit.Distance // at the pace that a quality workout is for
	Repeats         int
	Repeat          unit.Distance // of one of them
	Strides         int
	Week            unit.Distance // without the race
	WeeksToRace     int
	DaysToRace      int
	TargetTime      time.Duration
	RacePace        unit.Pace
}

// explain gives the reason for a workout.
func (p *Plan) explain(w *week, o *prescribed, daysToRace int) Rationale {
	switch o.Type {
	case Long:
		return w.growth.explainLong(w, o.hard)
	case Race:
		return Rationale{Rule: o.rule, Values: Values{TargetTime: p.Answers.TargetTime, RacePace: p.Paces.Marathon.Fast}}
	case Easy, Recovery, Tempo, Interval, MarathonPace:
	}
	v := Values{Week: w.volume.distance()}
	quality := o.IsQuality()
	if quality {
		v.Hard, v.Repeats, v.Repeat = o.hard.distance(), o.repeats, o.each.distance()
	} else {
		v.Strides = o.repeats
	}
	switch {
	case w.kind == RaceWeek:
		v.DaysToRace = daysToRace
	case w.kind != Build && quality:
		v.WeeksToRace = w.toRace
	}
	return Rationale{Rule: o.rule, Values: v}
}

// explainLong gives the reason for a long run with a hard piece, or none, in
// it.
func (g growth) explainLong(w *week, hard hm) Rationale {
	r := Rationale{Values: Values{AtMarathonPace: hard.distance()}}
	v := &r.Values
	switch {
	case w.kind == Taper:
		r.Rule = "long_taper"
		v.PeakLongRun, v.ShareOfPeak = g.peak.distance(), float64(w.long)/float64(g.peak)
		v.WeeksToRace = w.toRace
	case w.kind == CutBack:
		r.Rule = "long_cut_back"
		v.PreviousLongRun, v.ShareOfPrevious = w.longest.distance(), float64(w.long)/float64(w.longest)
	case w.number == 1:
		r.Rule = "long_first"
		v.FirstLongRun = g.first.distance()
	case w.long == w.longest:
		r.Rule = "long_hold"
		v.PreviousLongest = w.longest.distance()
	case w.number == g.buildWeeks:
		r.Rule = "long_peak"
		v.PreviousLongest, v.WeeksToRace = w.longest.distance(), taperWeeks
	default:
		r.Rule = "long_growth"
		v.PreviousLongest = w.longest.distance()
		v.StepLimit = max(hm(stepLimit(float64(w.longest))), w.long).distance()
	}
	return r
}

// A Describer renders workouts for people, with distances in one unit. All its
// texts share one growing buffer, since a plan has hundreds of them. It is not
// for concurrent use.
type Describer struct{ prose prose }

// NewDescriber returns a Describer for the runner's unit, with room for the
// texts of a number of workouts.
func NewDescriber(length unit.Length, workouts int) *Describer {
	const usual = 180 // bytes of title and reason
	d := &Describer{prose{length: length}}
	d.prose.text.Grow(usual * workouts)
	return d
}

// Describe renders a workout's title and the sentence that says why it is
// there.
func (d *Describer) Describe(w *Workout) (title, text string) {
	p := &d.prose
	start := p.text.Len()
	p.title(w)
	middle := p.text.Len()
	p.reason(w.Rationale.Rule, &w.Rationale.Values)
	all := p.text.String()
	return all[start:middle], all[middle:]
}
