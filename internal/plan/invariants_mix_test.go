package plan_test

import (
	"fmt"
	"math"

	"github.com/stride-run/stride/internal/performance"
	"github.com/stride-run/stride/internal/plan"
)

func qualityApart(v view) string {
	for i := 1; i < len(v.days); i++ {
		if v.days[i].IsQuality() && v.days[i-1].IsQuality() {
			return fmt.Sprintf("day %d of week %d and the day before", i%7+1, i/7+1)
		}
	}
	return ""
}

func qualityAndLongRun(v view) string {
	for i, t := range v.days {
		if t != plan.Long {
			continue
		}
		if i+1 < len(v.days) && v.days[i+1].IsQuality() {
			return fmt.Sprintf("quality on the day after the long run of week %d", i/7+1)
		}
		if i > 0 && v.days[i-1].IsQuality() {
			return fmt.Sprintf("quality on the day before the long run of week %d", i/7+1)
		}
	}
	return ""
}

func qualityCount(v view) string {
	for _, w := range v.Weeks {
		n, tempo, easy := 0, 0, 0
		for _, o := range w.Workouts {
			if o.Type.IsQuality() {
				n++
				if w.Kind == plan.RaceWeek && v.position(o) >= 4 {
					return fmt.Sprintf("%s is %d days before the race", o.ID, 7-v.position(o))
				}
			}
			switch o.Type {
			case plan.Tempo:
				tempo++
			case plan.Easy:
				easy++
			default:
			}
		}
		if n > 2 {
			return fmt.Sprintf("week %d has %d", w.Number, n)
		}
		if v.answers.RunsPerWeek == 2 && n > 0 {
			return fmt.Sprintf("two runs a week, and week %d has a hard one", w.Number)
		}
		if v.answers.RunsPerWeek == 4 && w.Kind == plan.Build && (tempo != 1 || easy != 2) {
			return fmt.Sprintf("week %d: %d tempo, %d easy", w.Number, tempo, easy)
		}
	}
	return ""
}

func restDays(v view) string {
	running := 0
	for i, t := range v.days {
		if t == "" {
			running = 0
			continue
		}
		if running++; running > 3 && v.answers.RunsPerWeek <= 4 {
			return fmt.Sprintf("%d days of running up to day %d of week %d", running, i%7+1, i/7+1)
		}
	}
	return ""
}

// hard sums the work at tempo, interval, repetition or marathon pace.
func hard(steps []plan.Step) float64 {
	sum := 0.0
	for _, s := range steps {
		switch {
		case s.Repeat > 0:
			sum += float64(s.Repeat) * hard(s.Steps)
		case s.Kind == plan.Work && s.Pace.IsHard():
			sum += s.Distance.Kilometres()
		}
	}
	return sum
}

func easyShare(v view) string {
	for i, w := range v.Weeks[:v.build] {
		sum := 0.0
		for _, o := range w.Workouts {
			sum += hard(o.Steps)
			if o.Type.IsQuality() && hard(o.Steps) == 0 {
				return o.ID + " has no hard work"
			}
		}
		if sum > 0.25*v.volume[i]+near {
			return fmt.Sprintf("week %d: %v of %v km are hard", w.Number, sum, v.volume[i])
		}
	}
	return ""
}

func paceOrder(v view) string {
	p := v.Paces
	for _, r := range []performance.Range{p.Repetition, p.Interval, p.Tempo, p.Marathon, p.Easy, p.Long, p.Recovery} {
		if r.Fast > r.Slow || r.Fast < 120 || r.Slow > 900 {
			return fmt.Sprintf("%v", r)
		}
	}
	ok := p.Repetition.Fast <= p.Interval.Fast && p.Interval.Middle() < p.Tempo.Middle() &&
		p.Tempo.Middle() < p.Marathon.Fast && p.Marathon.Fast < p.Easy.Fast && p.Easy.Fast < p.Easy.Slow
	return bad(ok, "%+v", p)
}

func racePace(v view) string {
	want := v.answers.TargetTime.Seconds() / 42.195
	return bad(math.Abs(float64(v.Paces.Marathon.Fast)-want) <= 0.05+near && math.Abs(float64(v.Summary.RacePace)-want) < near,
		"%v, want %v", v.Paces.Marathon, want)
}
