package planning_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stride-run/stride/internal/api/planning"
	"github.com/stride-run/stride/internal/route"
)

// The generator that Stride goes back to got twelve things wrong, some in
// every plan. Each is a test here, over the inputs that its page offered:
// 12–20 weeks, 2–7 runs, 4 h, a first long run of 8 km and others, Saturday
// and Sunday.
func TestWhatTheOriginalGotWrong(t *testing.T) {
	for weeks := 12; weeks <= 20; weeks += 2 {
		for runs := 2; runs <= 7; runs++ {
			for _, day := range []string{"saturday", "sunday"} {
				for _, first := range []float64{3, 8, 12, 36} {
					body := answers(weeks, runs, "4:00:00", first, day, "")
					status, text := ask(t, body)
					if status == 422 {
						if first != 36 && !strings.Contains(text, "not_enough_weeks") {
							t.Errorf("%s is refused: %s", body, text)
						}
						continue
					}
					p := answer(t, body)
					for name, check := range map[string]func(planning.Plan, string) string{
						"1: a run a day, the long run on its day":       oneRunADay,
						"2: no distance of zero":                        realDistances,
						"4: long runs do not shrink all plan long":      longRunsGrow,
						"5: cut-back weeks, and no jumps":               cutBacksAndNoJumps,
						"6: a dominant long run is said":                dominantLongRunIsSaid,
						"10: the target time gives paces to every step": everyStepHasAPace,
					} {
						if problem := check(p, day); problem != "" {
							t.Errorf("%s: %s: %s", body, name, problem)
						}
					}
				}
			}
		}
	}
}

func oneRunADay(p planning.Plan, day string) string {
	for _, w := range p.Weeks {
		days := map[string]bool{}
		for _, o := range w.Workouts {
			if days[o.Day] {
				return fmt.Sprintf("week %d has two runs on %s", w.Week, o.Day)
			}
			days[o.Day] = true
			if (o.Type == "long" || o.Type == "race") && o.Day != day {
				return o.ID + " is on " + o.Day
			}
		}
	}
	return ""
}

func realDistances(p planning.Plan, _ string) string {
	for _, w := range p.Weeks {
		for _, o := range w.Workouts {
			if o.DistanceM < 1000 {
				return fmt.Sprintf("%s is %d m", o.ID, o.DistanceM)
			}
		}
	}
	return ""
}

func longOf(w planning.Week) int {
	for _, o := range w.Workouts {
		if o.Type == "long" {
			return o.DistanceM
		}
	}
	return 0
}

func longRunsGrow(p planning.Plan, _ string) string {
	if first, peak := longOf(p.Weeks[0]), longOf(p.Weeks[len(p.Weeks)-4]); first > peak {
		return fmt.Sprintf("from %d m to %d m", first, peak)
	}
	return ""
}

func cutBacksAndNoJumps(p planning.Plan, _ string) string {
	cutBacks, largest := 0, 0
	for i, w := range p.Weeks[:len(p.Weeks)-3] {
		if w.Kind == "cut_back" {
			cutBacks++
		}
		if i > 0 && float64(w.DistanceM) > max(1.15*float64(largest), float64(largest)+5000) {
			return fmt.Sprintf("week %d jumps from %d m to %d m", w.Week, largest, w.DistanceM)
		}
		largest = max(largest, w.DistanceM)
	}
	if cutBacks < (len(p.Weeks)-3-1)/4 {
		return fmt.Sprintf("%d cut-backs in %d weeks", cutBacks, len(p.Weeks))
	}
	return ""
}

func dominantLongRunIsSaid(p planning.Plan, _ string) string {
	said, dominant := false, false
	for _, note := range p.Warnings {
		said = said || note.Code == "long_run_share_high"
	}
	for _, w := range p.Weeks[:len(p.Weeks)-3] {
		dominant = dominant || w.DistanceM >= 20000 && 2*longOf(w) > w.DistanceM
	}
	if said != dominant {
		return fmt.Sprintf("more than half a week in one run: %v, said: %v", dominant, said)
	}
	return ""
}

func everyStepHasAPace(p planning.Plan, _ string) string {
	var check func(steps []planning.Step) bool
	check = func(steps []planning.Step) bool {
		for _, s := range steps {
			if s.Repeat > 0 && !check(s.Steps) || s.Repeat == 0 && (s.Pace == nil || s.Pace.FastSPerKm < 120) {
				return false
			}
		}
		return len(steps) > 0
	}
	for _, w := range p.Weeks {
		for _, o := range w.Workouts {
			if o.Pace.FastSPerKm < 120 || !check(o.Steps) {
				return o.ID + " has no pace"
			}
		}
	}
	return ""
}

// 3: what is refused gives nothing, not half of something. 9 and 12: the
// server checks, says what is wrong, and takes the blame for nothing.
func TestAMistakeOfTheCallerGivesNoPlan(t *testing.T) {
	good := answers(16, 3, "4:00:00", 8, "sunday", "")
	for _, change := range [][2]string{
		{`"weeks":16`, `"weeks":0`},
		{`"weeks":16`, `"weeks":-1`},
		{`"weeks":16`, `"weeks":16.0`},
		{`"weeks":16,`, ``},
		{`"runs_per_week":3`, `"runs_per_week":8`},
		{`"4:00:00"`, `240`},
		{`"4:00:00"`, `"240"`},
		{`"first_long_run":8`, `"first_long_run":0`},
		{`"sunday"`, `"anything else"`},
		{`"sunday"`, `null`},
	} {
		status, text := ask(t, strings.Replace(good, change[0], change[1], 1))
		if status != 422 || strings.Contains(text, `"workouts"`) || !strings.Contains(text, `"pointer"`) {
			t.Errorf("%v = %d %s", change, status, text)
		}
	}
}

// 7: asked in one unit, answered in the same.
func TestTheUnitAskedInIsTheUnitAnsweredIn(t *testing.T) {
	for unit, other := range map[string]string{"km": " mi", "mi": " km"} {
		p := answer(t, answers(18, 7, "4:00:00", 8, "sunday", `,"unit":"`+unit+`"`))
		if unit == "mi" && p.Inputs.FirstLongRunM != 12900 {
			t.Errorf("8 mi are %d m", p.Inputs.FirstLongRunM)
		}
		for _, w := range p.Weeks {
			for _, o := range w.Workouts {
				if text := o.Title + ". " + o.Rationale.Text + " "; strings.Contains(text, other+" ") || strings.Contains(text, other+".") {
					t.Errorf("asked in %s: %s", unit, text)
				}
			}
		}
	}
}

// 8 and 11: nobody's data is reached by naming them. No path holds a runner's
// id, and what is open to everybody is this list and nothing else.
func TestOnlyTheseRoutesAreOpen(t *testing.T) {
	open := []string{
		"POST /api/generate", "POST /api/calculate_", "GET /api/health", "ANY /api/{proxy+}", "GET /api/docs", "GET /api/openapi.yaml", "GET /problems/",
		"POST /api/register", "POST /api/login", "POST /api/refresh", "POST /api/logout",
	}
	for _, r := range route.Routes {
		if strings.Contains(strings.ToLower(r.Path), "{runner") || strings.Contains(strings.ToLower(r.Path), "{user") {
			t.Errorf("%s names a runner in its path", r.Key())
		}
		allowed := false
		for _, prefix := range open {
			allowed = allowed || strings.HasPrefix(r.Key(), prefix)
		}
		if r.Auth != route.Token && !allowed {
			t.Errorf("%s is open to everybody", r.Key())
		}
	}
}
