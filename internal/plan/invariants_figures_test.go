package plan_test

import (
	"fmt"
	"math"
	"strings"

	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/plan"
	"github.com/stride-run/stride/internal/unit"
)

func sums(v view) string {
	total := 0.0
	for i, w := range v.Weeks {
		sum := 0.0
		for _, o := range w.Workouts {
			sum += o.Distance.Metres()
		}
		if sum != w.Distance.Metres() {
			return fmt.Sprintf("week %d: %v, workouts %v", w.Number, w.Distance, sum)
		}
		if v.volume[i]*1000 > v.Summary.PeakWeekDistance.Metres()+near {
			return fmt.Sprintf("week %d is larger than the peak week", w.Number)
		}
		total += sum
	}
	first := 0
	for i := range v.volume {
		if math.Abs(v.volume[i]*1000-v.Summary.PeakWeekDistance.Metres()) < near {
			first = i + 1
			break
		}
	}
	return bad(total == v.Summary.TotalDistance.Metres() && first == v.Summary.PeakWeek, "summary %+v, total %v, first largest week %d", v.Summary, total, first)
}

func distances(v view) string {
	for i, w := range v.Weeks {
		for _, o := range w.Workouts {
			m := o.Distance.Metres()
			if m <= 0 || o.Type != plan.Race && math.Mod(m, 100) != 0 {
				return fmt.Sprintf("%s: %v m", o.ID, m)
			}
			if w.Kind != plan.RaceWeek && o.Type != plan.Long && (o.Distance.Kilometres() < min(3, .8*v.long[i])-near) {
				return fmt.Sprintf("%s: %v km beside a long run of %v km", o.ID, o.Distance.Kilometres(), v.long[i])
			}
			if problem := steps(v, o); problem != "" {
				return o.ID + ": " + problem
			}
		}
	}
	return ""
}

func steps(v view, o plan.Workout) string {
	sum, seconds := 0.0, 0.0
	for _, s := range o.Steps {
		times := 1.0
		parts := []plan.Step{s}
		if s.Repeat > 0 {
			times, parts = float64(s.Repeat), s.Steps
		}
		if s.Repeat == 1 || s.Repeat < 0 || len(parts) == 0 {
			return fmt.Sprintf("a group of %d × %d steps", s.Repeat, len(parts))
		}
		for _, part := range parts {
			m := part.Distance.Metres()
			if m <= 0 || m != math.Trunc(m) || part.Repeat != 0 || part.Kind == 0 {
				return fmt.Sprintf("step %+v", part)
			}
			r := plan.PaceRange(&v.Paces, part.Pace)
			sum += times * m
			seconds += times * m / 1000 * float64(r.Fast+r.Slow) / 2
		}
	}
	if sum != o.Distance.Metres() || math.Abs(seconds-float64(o.DurationS)) > 0.5+near {
		return fmt.Sprintf("steps make %v m in %v s, the workout says %v m in %d s", sum, seconds, o.Distance.Metres(), o.DurationS)
	}
	return ""
}

func dates(v view) string {
	for i, w := range v.Weeks {
		if v.answers.RaceDate.IsZero() {
			if !w.Start.IsZero() {
				return "an undated plan has dates"
			}
			continue
		}
		if want := v.answers.RaceDate.AddDays(-6 - 7*(len(v.Weeks)-1-i)); w.Start != want {
			return fmt.Sprintf("week %d starts %v, want %v", w.Number, w.Start, want)
		}
		previous := calendar.Date{}
		for _, o := range w.Workouts {
			if n := o.Date.DaysSince(w.Start); n < 0 || n > 6 || o.Date.Weekday() != o.Day {
				return fmt.Sprintf("%s on %v (%v)", o.ID, o.Date, o.Day)
			}
			if !previous.IsZero() && !previous.Before(o.Date) {
				return fmt.Sprintf("%s is not after the run before", o.ID)
			}
			previous = o.Date
		}
	}
	return ""
}

// untrue says what a rule's sentence claims about the days around it that is
// not so.
func untrue(v view, w plan.Week, o plan.Workout) string {
	at := (w.Number-1)*7 + v.position(o) - 1
	day := func(n int) plan.Type {
		if at+n < 0 || at+n >= len(v.days) {
			return ""
		}
		return v.days[at+n]
	}
	switch o.Rationale.Rule {
	case "easy_before_long":
		return bad(day(1) == plan.Long, "tomorrow is %q", day(1))
	case "easy_after_long":
		return bad(day(-1) == plan.Long || day(-2) == plan.Long, "no long run in the two days before")
	case "easy_strides":
		return bad(o.DurationS <= 75*60, "strides after %d s", o.DurationS)
	}
	return ""
}

func reasons(v view) string {
	describer := plan.NewDescriber(v.answers.Unit, v.Summary.Runs)
	for _, w := range v.Weeks {
		for j, o := range w.Workouts {
			title, text := describer.Describe(&o)
			if want := fmt.Sprintf("w%02d-%d", w.Number, j+1); o.ID != want {
				return fmt.Sprintf("id %q, want %q", o.ID, want)
			}
			if len(o.Steps) == 0 || o.Rationale.Rule == "" || o.Rationale.Values == (plan.Values{}) {
				return fmt.Sprintf("%s: %+v", o.ID, o)
			}
			if problem := untrue(v, w, o); problem != "" {
				return fmt.Sprintf("%s says %q: %s", o.ID, text, problem)
			}
			if title == "" || len(text) < 40 || !strings.HasSuffix(text, ".") || strings.Contains(text, " 0 ") || strings.Contains(text, "NaN") {
				return fmt.Sprintf("%s: %q, %q", o.ID, title, text)
			}
			if other := map[unit.Length]string{unit.Km: " mi", unit.Mi: " km"}[v.answers.Unit]; strings.Contains(text, other+" ") {
				return fmt.Sprintf("%s speaks of the other unit: %q", o.ID, text)
			}
		}
	}
	return ""
}
