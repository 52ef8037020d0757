package plan

import "github.com/stride-run/stride/internal/unit"

// A Rationale says why a workout is there: the rule that put it there and the
// numbers the rule used. The sentence is rendered when it is read.
type Rationale struct {
	Rule   string
	Values []Value
}

// A Value is a number a rule used; the name ends in its unit.
type Value struct {
	Name   string
	Number float64
}

// Value returns the number of a name, 0 if the rule did not use it.
func (r Rationale) Value(name string) float64 {
	for _, v := range r.Values {
		if v.Name == name {
			return v.Number
		}
	}
	return 0
}

func metres(d hm) float64 { return d.distance().Metres() }

// explain gives the reason for a workout that is neither a long run nor the
// race.
func (w week) explain(t Type, ps prescription, total hm, daysToWeekEnd int) Rationale {
	r := Rationale{Rule: ps.rule}
	add := func(name string, v float64) { r.Values = append(r.Values, Value{name, v}) }
	switch {
	case t.IsQuality():
		r.Values = make([]Value, 0, 5)
		add("hard_m", metres(ps.hard))
		if ps.repeats > 0 {
			add("repeats", float64(ps.repeats))
			add("repeat_m", metres(ps.each))
		}
		add("week_m", metres(w.volume))
	case ps.repeats > 0:
		r.Values = make([]Value, 0, 3)
		add("strides", float64(ps.repeats))
		add("week_m", metres(w.volume))
	default:
		r.Values = make([]Value, 0, 2)
		add("week_m", metres(w.volume))
	}
	switch {
	case w.kind == RaceWeek:
		add("days_to_race", float64(daysToWeekEnd))
	case w.kind != Build && t.IsQuality():
		add("weeks_to_race", float64(w.toRace))
	}
	return r
}

// explainLong gives the reason for a long run.
func (g growth) explainLong(w week, ps prescription) Rationale {
	r := Rationale{Values: make([]Value, 0, 4)}
	add := func(name string, v float64) { r.Values = append(r.Values, Value{name, v}) }
	switch {
	case w.kind == Taper:
		r.Rule = "long_taper"
		add("peak_long_run_m", metres(g.peak))
		add("share_of_peak", float64(w.long)/float64(g.peak))
		add("weeks_to_race", float64(w.toRace))
	case w.kind == CutBack:
		r.Rule = "long_cut_back"
		add("previous_long_run_m", metres(w.longest))
		add("share_of_previous", float64(w.long)/float64(w.longest))
	case w.number == 1:
		r.Rule = "long_first"
		add("first_long_run_m", metres(g.first))
	case w.number == g.buildWeeks && g.rate > 0:
		r.Rule = "long_peak"
		add("previous_longest_m", metres(w.longest))
		add("weeks_to_race", taperWeeks)
	case w.long == w.longest:
		r.Rule = "long_hold"
		add("previous_longest_m", metres(w.longest))
	default:
		r.Rule = "long_growth"
		add("previous_longest_m", metres(w.longest))
		add("limit_m", metres(max(hm(stepLimit(float64(w.longest))), w.long)))
	}
	if ps.hard > 0 {
		add("marathon_pace_m", metres(ps.hard))
	}
	return r
}

// Describe renders a workout's title and the sentence that says why it is
// there, with distances in the runner's unit.
func Describe(w *Workout, length unit.Length) (title, text string) {
	s := sentence{length: length}
	return s.title(w), s.text(w)
}
