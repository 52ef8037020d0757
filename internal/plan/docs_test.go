package plan_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/plan"
	"github.com/stride-run/stride/internal/unit"
)

// The examples of the document are what the generator makes today: a test
// writes them anew and compares.
func TestAlgorithmExamples(t *testing.T) {
	const path = "../../docs/algorithm.md"
	was, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	examples := map[string]func(*testing.T) string{
		"peaks": examplePeaks, "longruns": exampleLongRuns, "progress": exampleProgress,
		"paces": examplePaces, "plan": examplePlan, "workout": exampleWorkout,
	}
	block := regexp.MustCompile(`(?s)(<!-- example: (\w+) -->\n).*?(<!-- end -->)`)
	found := 0
	is := block.ReplaceAllStringFunc(string(was), func(old string) string {
		found++
		m := block.FindStringSubmatch(old)
		return m[1] + examples[m[2]](t) + m[3]
	})
	if found != len(examples) {
		t.Errorf("%d of %d examples are in the document", found, len(examples))
	}
	if *update {
		if err := os.WriteFile(path, []byte(is), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(was), is); diff != "" {
		t.Errorf("the document tells of other plans (run with -update):\n%s", diff)
	}
}

func example(t *testing.T, a plan.Answers) *plan.Plan {
	t.Helper()
	g, err := plan.NewGoal(a)
	if err != nil {
		t.Fatal(err)
	}
	return plan.Generate(g)
}

// table writes a Markdown table, head first.
func table(rows [][]string) string {
	var b strings.Builder
	for i, row := range rows {
		b.WriteString("| " + strings.Join(row, " | ") + " |\n")
		if i == 0 {
			b.WriteString(strings.Repeat("|---", len(row)) + "|\n")
		}
	}
	return b.String()
}

func km(d unit.Distance) string { return fmt.Sprintf("%.1f", d.Kilometres()) }

func examplePeaks(t *testing.T) string {
	rows := [][]string{{"target"}, {"peak long run, km"}, {"takes about"}}
	for _, minutes := range []int{150, 180, 210, 240, 270, 300, 360, 420} {
		a := sound()
		a.Weeks, a.RunsPerWeek, a.FirstLongRun, a.TargetTime = 24, 5, 16, time.Duration(minutes)*time.Minute
		p := example(t, a)
		w := p.Weeks[len(p.Weeks)-4].Workouts
		rows[0] = append(rows[0], unit.FormatClock(a.TargetTime))
		rows[1] = append(rows[1], km(p.Summary.PeakLongRun))
		rows[2] = append(rows[2], unit.FormatClock(time.Duration(w[len(w)-1].DurationS)*time.Second))
	}
	return table(rows)
}

func exampleLongRuns(t *testing.T) string {
	rows := [][]string{{"long runs of 16 weeks, km; bold: cut-back"}}
	for i := 1; i <= 15; i++ {
		rows[0] = append(rows[0], fmt.Sprint(i))
	}
	for _, tt := range []struct {
		first  float64
		target time.Duration
	}{{8, 4 * time.Hour}, {12, 4 * time.Hour}, {18, 4 * time.Hour}, {30, 5 * time.Hour}} {
		a := sound()
		a.Weeks, a.FirstLongRun, a.TargetTime = 16, tt.first, tt.target
		row := []string{fmt.Sprintf("first %v, target %s", tt.first, unit.FormatClock(tt.target))}
		for _, w := range example(t, a).Weeks[:15] {
			long := km(w.Workouts[len(w.Workouts)-1].Distance)
			if w.Kind == plan.CutBack {
				long = "**" + long + "**"
			}
			row = append(row, long)
		}
		rows = append(rows, row)
	}
	return table(rows)
}

func exampleProgress(t *testing.T) string {
	a := sound()
	a.RunsPerWeek, a.FirstLongRun, a.TargetTime = 6, 14, 3*time.Hour+30*time.Minute
	rows := [][]string{{"week of 18 (6 runs, 3:30:00)", "first hard run", "second hard run", "long run"}}
	d := plan.NewDescriber(unit.Km, 108)
	for _, w := range example(t, a).Weeks {
		row := []string{fmt.Sprintf("%d %s", w.Number, w.Kind), "–", "–", "–"}
		for i := range w.Workouts {
			o := &w.Workouts[i]
			title, _ := d.Describe(o)
			switch {
			case o.Type == plan.Interval:
				row[1] = title
			case o.Type.IsQuality():
				row[2] = title
			case o.Type == plan.Long:
				row[3] = km(o.Distance) + " km" + strings.TrimPrefix(title, "Long run")
			}
		}
		rows = append(rows, row)
	}
	return table(rows)
}

func examplePaces(t *testing.T) string {
	rows := [][]string{{"per km, target", "easy", "long", "marathon", "tempo", "interval", "repetition"}}
	keys := []plan.PaceKey{plan.EasyPace, plan.LongPace, plan.RacePace, plan.TempoPace, plan.IntervalPace, plan.RepetitionPace}
	for _, minutes := range []int{150, 180, 210, 240, 300, 360} {
		a := sound()
		a.TargetTime = time.Duration(minutes) * time.Minute
		p := example(t, a)
		row := []string{unit.FormatClock(a.TargetTime)}
		for _, k := range keys {
			r := plan.PaceRange(&p.Paces, k)
			if r.Fast == r.Slow {
				row = append(row, r.Fast.Format())
				continue
			}
			row = append(row, r.Fast.Format()+"–"+r.Slow.Format())
		}
		rows = append(rows, row)
	}
	return table(rows)
}

func examplePlan(t *testing.T) string {
	rows := [][]string{{"week", "kind", "km", "Tuesday", "Wednesday", "Friday", "Sunday"}}
	p := example(t, sound())
	for _, w := range p.Weeks {
		row := []string{fmt.Sprint(w.Number), string(w.Kind), km(w.Distance)}
		for _, o := range w.Workouts {
			row = append(row, fmt.Sprintf("%s %s", o.Type, km(o.Distance)))
		}
		rows = append(rows, row)
	}
	return table(rows)
}

func exampleWorkout(t *testing.T) string {
	p := example(t, sound())
	o := &p.Weeks[9].Workouts[1]
	title, text := plan.NewDescriber(unit.Km, 1).Describe(o)
	var b strings.Builder
	fmt.Fprintf(&b, "> **%s** (week 10, %s, %s km, about %s)\n>\n> %s\n>\n", title, o.Day, km(o.Distance), unit.FormatClock(time.Duration(o.DurationS)*time.Second), text)
	line := func(indent string, s plan.Step) {
		r := plan.PaceRange(&p.Paces, s.Pace)
		fmt.Fprintf(&b, "> %s- %s: %.0f m at %s–%s per km\n", indent, strings.ReplaceAll(s.Kind.String(), "_", "-"), s.Distance.Metres(), r.Fast.Format(), r.Slow.Format())
	}
	for _, s := range o.Steps {
		if s.Repeat == 0 {
			line("", s)
			continue
		}
		fmt.Fprintf(&b, "> - %d times:\n", s.Repeat)
		for _, part := range s.Steps {
			line("  ", part)
		}
	}
	return b.String()
}
