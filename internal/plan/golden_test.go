package plan_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/plan"
	"github.com/stride-run/stride/internal/unit"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The golden plans are read by people: a change of a rule shows as a change
// of a plan, workout by workout.
func TestGoldenPlans(t *testing.T) {
	for name, a := range map[string]plan.Answers{
		"18_weeks_4_runs_4h00":       {Weeks: 18, RunsPerWeek: 4, TargetTime: 4 * time.Hour, FirstLongRun: 10, Unit: unit.Km, LongRunDay: time.Sunday, RaceDate: calendar.Of(2027, time.April, 25)},
		"16_weeks_6_runs_3h00_miles": {Weeks: 16, RunsPerWeek: 6, TargetTime: 3 * time.Hour, FirstLongRun: 10, Unit: unit.Mi, LongRunDay: time.Saturday},
		"20_weeks_3_runs_5h00":       {Weeks: 20, RunsPerWeek: 3, TargetTime: 5 * time.Hour, FirstLongRun: 8, Unit: unit.Km, LongRunDay: time.Sunday},
		"12_weeks_7_runs_2h40_hold":  {Weeks: 12, RunsPerWeek: 7, TargetTime: 2*time.Hour + 40*time.Minute, FirstLongRun: 35, Unit: unit.Km, LongRunDay: time.Sunday},
		"24_weeks_2_runs_6h30":       {Weeks: 24, RunsPerWeek: 2, TargetTime: 6*time.Hour + 30*time.Minute, FirstLongRun: 5, Unit: unit.Km, LongRunDay: time.Wednesday, RaceDate: calendar.Of(2028, time.March, 5)},
	} {
		t.Run(name, func(t *testing.T) {
			g, err := plan.NewGoal(a)
			if err != nil {
				t.Fatal(err)
			}
			got := render(plan.Generate(g))
			path := filepath.Join("testdata", name+".txt")
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("the plan changed (run with -update if it should):\n%s", diff)
			}
		})
	}
}

// render writes a plan as aligned text.
func render(p *plan.Plan) string {
	var b strings.Builder
	s := p.Summary
	fmt.Fprintf(&b, "%d runs, %.1f km; peak week %d: %.1f km; peak long run %.1f km; rate %.4f\n", s.Runs, s.TotalDistance.Kilometres(), s.PeakWeek, s.PeakWeekDistance.Kilometres(), s.PeakLongRun.Kilometres(), s.WeeklyIncreaseRate)
	for k := plan.EasyPace; k <= plan.RecoveryPace; k++ {
		r := plan.PaceRange(&p.Paces, k)
		fmt.Fprintf(&b, "pace %d: %s-%s\n", k, r.Fast.Format(), r.Slow.Format())
	}
	for _, n := range append(append([]fault.Note{}, p.Adjustments...), p.Warnings...) {
		fmt.Fprintf(&b, "%s (%s): %s\n", n.Code, n.Field, n.Message)
	}
	for _, w := range p.Weeks {
		fmt.Fprintf(&b, "\nWeek %d, %s, %.1f km %s\n", w.Number, w.Kind, w.Distance.Kilometres(), w.Start)
		for _, o := range w.Workouts {
			title, text := plan.NewDescriber(p.Answers.Unit, 1).Describe(&o)
			fmt.Fprintf(&b, "  %s %.3s %s %-13s %6.1f km %s  %s\n      %s\n      %s\n", o.ID, o.Day, o.Date, o.Type, o.Distance.Kilometres(),
				unit.FormatClock(time.Duration(o.DurationS)*time.Second), title, renderSteps(o.Steps), text)
		}
	}
	return b.String()
}

func renderSteps(steps []plan.Step) string {
	parts := make([]string, 0, len(steps))
	for _, s := range steps {
		if s.Repeat > 0 {
			parts = append(parts, fmt.Sprintf("%d×(%s)", s.Repeat, renderSteps(s.Steps)))
			continue
		}
		parts = append(parts, fmt.Sprintf("%s %.0f@%d", s.Kind, s.Distance.Metres(), s.Pace))
	}
	return strings.Join(parts, " + ")
}
