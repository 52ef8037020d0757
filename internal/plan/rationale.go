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

// explain writes the reason for a workout into r, which is zero.
func (p *Plan) explain(r *Rationale, w *week, o *prescribed, daysToRace int) {
	r.Rule = o.rule
	v := &r.Values
	switch o.Type {
	case Long:
		v.AtMarathonPace = o.hard.distance()
		r.Rule = w.growth.explainLong(v, w)
		return
	case Race:
		v.TargetTime, v.RacePace = p.Answers.TargetTime, p.Paces.Marathon.Fast
		return
	case Tempo, Interval, MarathonPace:
		v.Hard, v.Repeats, v.Repeat = o.hard.distance(), o.repeats, o.each.distance()
		if w.kind != Build {
			v.WeeksToRace = w.toRace
		}
	case Easy, Recovery:
		v.Strides = o.repeats
	}
	v.Week = w.volume.distance()
	if w.kind == RaceWeek {
		v.DaysToRace = daysToRace
	}
}

// explainLong writes the numbers behind a long run and returns the rule.
func (g *growth) explainLong(v *Values, w *week) (rule string) {
	switch {
	case w.kind == Taper:
		v.PeakLongRun, v.ShareOfPeak = g.peak.distance(), float64(w.long)/float64(g.peak)
		v.WeeksToRace = w.toRace
		return "long_taper"
	case w.kind == CutBack:
		v.PreviousLongRun, v.ShareOfPrevious = w.longest.distance(), float64(w.long)/float64(w.longest)
		return "long_cut_back"
	case w.number == 1:
		v.FirstLongRun = g.first.distance()
		return "long_first"
	}
	v.PreviousLongest = w.longest.distance()
	switch {
	case w.long == w.longest:
		return "long_hold"
	case w.number == g.buildWeeks:
		v.WeeksToRace = taperWeeks
		return "long_peak"
	}
	v.StepLimit = max(hm(stepLimit(float64(w.longest))), w.long).distance()
	return "long_growth"
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
