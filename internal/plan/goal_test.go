package plan_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/plan"
	"github.com/stride-run/stride/internal/unit"
)

func sound() plan.Answers {
	return plan.Answers{Weeks: 18, RunsPerWeek: 4, TargetTime: 4 * time.Hour, FirstLongRun: 10, Unit: unit.Km, LongRunDay: time.Sunday}
}

// faults returns pointer and code of every fault of the answers.
func faults(t *testing.T, a plan.Answers) []string {
	t.Helper()
	_, err := plan.NewGoal(a)
	if err == nil {
		return nil
	}
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok || !errors.Is(err, fault.Invalid) {
		t.Fatalf("%v is no Invalid fault", err)
	}
	var all []string
	for _, field := range f.Fields {
		if field.Message == "" || field.Allowed == nil {
			t.Errorf("%s does not say what to do", field.Pointer)
		}
		all = append(all, field.Pointer+" "+string(field.Code))
	}
	return all
}

func TestGoalRefusesWhatIsOutOfRange(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*plan.Answers)
		want   []string
	}{
		"sound":              {func(*plan.Answers) {}, nil},
		"7 weeks":            {func(a *plan.Answers) { a.Weeks = 7 }, []string{"/weeks out_of_range"}},
		"31 weeks":           {func(a *plan.Answers) { a.Weeks = 31 }, []string{"/weeks out_of_range"}},
		"1 run":              {func(a *plan.Answers) { a.RunsPerWeek = 1 }, []string{"/runs_per_week out_of_range"}},
		"8 runs":             {func(a *plan.Answers) { a.RunsPerWeek = 8 }, []string{"/runs_per_week out_of_range"}},
		"1:59:59":            {func(a *plan.Answers) { a.TargetTime = 2*time.Hour - time.Second }, []string{"/target_time out_of_range"}},
		"8:00:01":            {func(a *plan.Answers) { a.TargetTime = 8*time.Hour + time.Second }, []string{"/target_time out_of_range"}},
		"no first long run":  {func(a *plan.Answers) { a.FirstLongRun = 0 }, []string{"/first_long_run out_of_range"}},
		"2.99 km":            {func(a *plan.Answers) { a.FirstLongRun = 2.99 }, []string{"/first_long_run out_of_range"}},
		"1.86 mi":            {func(a *plan.Answers) { a.FirstLongRun, a.Unit = 1.86, unit.Mi }, []string{"/first_long_run out_of_range"}},
		"35.01 km":           {func(a *plan.Answers) { a.FirstLongRun = 35.01 }, []string{"/first_long_run out_of_range"}},
		"21.75 mi":           {func(a *plan.Answers) { a.FirstLongRun, a.Unit = 21.75, unit.Mi }, []string{"/first_long_run out_of_range"}},
		"negative":           {func(a *plan.Answers) { a.FirstLongRun = -8 }, []string{"/first_long_run out_of_range"}},
		"not a number":       {func(a *plan.Answers) { a.FirstLongRun = math.NaN() }, []string{"/first_long_run out_of_range"}},
		"infinite":           {func(a *plan.Answers) { a.FirstLongRun = math.Inf(1) }, []string{"/first_long_run out_of_range"}},
		"everything at once": {func(a *plan.Answers) { *a = plan.Answers{} }, []string{"/weeks out_of_range", "/runs_per_week out_of_range", "/target_time out_of_range", "/unit out_of_range", "/first_long_run out_of_range"}},
		"not enough weeks, and another fault": {func(a *plan.Answers) { a.Weeks, a.RunsPerWeek, a.TargetTime = 8, 9, 0 }, []string{
			"/runs_per_week out_of_range", "/target_time out_of_range", "/weeks not_enough_weeks_for_first_long_run", "/first_long_run not_enough_weeks_for_first_long_run",
		}},
		"8 weeks from 10 km": {func(a *plan.Answers) { a.Weeks = 8 }, []string{
			"/weeks not_enough_weeks_for_first_long_run", "/first_long_run not_enough_weeks_for_first_long_run",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			a := sound()
			tt.change(&a)
			if diff := cmp.Diff(tt.want, faults(t, a)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The limits that a refusal names are accepted themselves.
func TestLimitsAreNamedInTheRunnersUnit(t *testing.T) {
	for length, want := range map[unit.Length][2]float64{unit.Km: {3, 35}, unit.Mi: {1.87, 21.74}} {
		a := sound()
		a.Weeks, a.Unit, a.FirstLongRun = 30, length, 0
		_, err := plan.NewGoal(a)
		f, ok := errors.AsType[*fault.Fault](err)
		if !ok || f.Fields[0].Allowed.Min != want[0] || f.Fields[0].Allowed.Max != want[1] {
			t.Errorf("%s: %v, want %v", length, err, want)
		}
		for _, limit := range want {
			a.FirstLongRun = limit
			if got := faults(t, a); got != nil {
				t.Errorf("%v %s is refused: %v", limit, length, got)
			}
		}
	}
}

// What the refusal suggests has to work, and be the smallest that does.
func TestNotEnoughWeeksNamesTheSmallestThatWorks(t *testing.T) {
	for _, length := range []unit.Length{unit.Km, unit.Mi} {
		for first := 3.0; first < 16; first += 0.7 {
			a := sound()
			a.Weeks, a.Unit, a.FirstLongRun = 8, length, length.In(unit.Km.Of(first))+0.001
			_, err := plan.NewGoal(a)
			f, ok := errors.AsType[*fault.Fault](err)
			if !ok {
				if first < 15 {
					t.Errorf("8 weeks from %v km are accepted", first)
				}
				continue
			}
			weeks, longer := a, a
			weeks.Weeks = f.Fields[0].Allowed.Min.(int)
			longer.FirstLongRun = f.Fields[1].Allowed.Min.(float64)
			if got := faults(t, weeks); got != nil {
				t.Errorf("%v km: the suggested %d weeks are refused", first, weeks.Weeks)
			}
			if got := faults(t, longer); got != nil {
				t.Errorf("%v km: the suggested first long run of %v %s is refused", first, longer.FirstLongRun, length)
			}
			weeks.Weeks--
			longer.FirstLongRun -= 0.11
			if faults(t, weeks) == nil || faults(t, longer) == nil {
				t.Errorf("%v km: less than %d weeks or %v %s would do", first, weeks.Weeks+1, longer.FirstLongRun+0.11, length)
			}
			if !strings.Contains(f.Fields[0].Message, string(length)) {
				t.Errorf("the message speaks another unit: %s", f.Fields[0].Message)
			}
		}
	}
}

// notes returns the codes of adjustments and warnings.
func notes(t *testing.T, a plan.Answers) (adjustments, warnings []string) {
	t.Helper()
	g, err := plan.NewGoal(a)
	if err != nil {
		t.Fatal(err)
	}
	p := plan.Generate(g)
	for _, n := range p.Adjustments {
		adjustments = append(adjustments, n.Code+" "+n.Field)
	}
	for _, n := range p.Warnings {
		warnings = append(warnings, n.Code+" "+n.Field)
	}
	return adjustments, warnings
}

func TestNotes(t *testing.T) {
	for name, tt := range map[string]struct {
		change                func(*plan.Answers)
		adjustments, warnings []string
	}{
		"none":                    {func(*plan.Answers) {}, nil, nil},
		"two runs":                {func(a *plan.Answers) { a.RunsPerWeek = 2 }, nil, []string{"two_runs_per_week runs_per_week", "long_run_share_high runs_per_week"}},
		"three runs":              {func(a *plan.Answers) { a.RunsPerWeek = 3 }, nil, []string{"long_run_share_high runs_per_week"}},
		"exactly 2:10":            {func(a *plan.Answers) { a.TargetTime = 130 * time.Minute }, nil, nil},
		"faster than 2:10":        {func(a *plan.Answers) { a.TargetTime = 130*time.Minute - time.Second }, nil, []string{"target_near_limit target_time"}},
		"exactly 6:00":            {func(a *plan.Answers) { a.TargetTime = 6 * time.Hour }, nil, []string{"long_run_over_3h30 target_time"}},
		"slower than 6:00":        {func(a *plan.Answers) { a.TargetTime = 6*time.Hour + time.Second }, nil, []string{"extrapolated_pace target_time", "long_run_over_3h30 target_time"}},
		"8:00":                    {func(a *plan.Answers) { a.TargetTime = 8 * time.Hour }, nil, []string{"extrapolated_pace target_time", "long_run_share_high runs_per_week", "long_run_over_3h30 target_time", "long_run_over_4h30 target_time"}},
		"race on a Saturday":      {func(a *plan.Answers) { a.RaceDate = calendar.Of(2027, time.April, 24) }, nil, []string{"race_day_differs_from_long_run_day long_run_day"}},
		"race on a Sunday":        {func(a *plan.Answers) { a.RaceDate = calendar.Of(2027, time.April, 25) }, nil, nil},
		"a long way from 32 km":   {func(a *plan.Answers) { a.Weeks, a.FirstLongRun = 10, 12 }, []string{"peak_lowered weeks"}, []string{"peak_far_below_target weeks"}},
		"a short way from 32 km":  {func(a *plan.Answers) { a.Weeks, a.FirstLongRun = 16, 10 }, []string{"peak_lowered weeks"}, nil},
		"already at the peak":     {func(a *plan.Answers) { a.FirstLongRun = 32 }, []string{"first_long_run_at_or_above_peak first_long_run"}, nil},
		"already beyond the peak": {func(a *plan.Answers) { a.FirstLongRun = 35 }, []string{"first_long_run_at_or_above_peak first_long_run"}, []string{"long_run_over_3h30 target_time"}},
	} {
		t.Run(name, func(t *testing.T) {
			a := sound()
			tt.change(&a)
			adjustments, warnings := notes(t, a)
			if diff := cmp.Diff(tt.adjustments, adjustments); diff != "" {
				t.Error("adjustments", diff)
			}
			if diff := cmp.Diff(tt.warnings, warnings); diff != "" {
				t.Error("warnings", diff)
			}
		})
	}
}

func TestFirstLongRunGoesToTheGrid(t *testing.T) {
	for _, tt := range []struct {
		length unit.Length
		asked  float64
		want   unit.Distance
	}{{unit.Km, 9.96, 10000}, {unit.Mi, 6, 9700}} {
		a := sound()
		a.Unit, a.FirstLongRun = tt.length, tt.asked
		g, err := plan.NewGoal(a)
		if err != nil {
			t.Fatal(err)
		}
		if got := plan.Generate(g).FirstLongRun; got != tt.want {
			t.Errorf("%v %s become %v, want %v", tt.asked, tt.length, got, tt.want)
		}
	}
}
