package planning_test

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/api/planning"
	"github.com/stride-run/stride/internal/route"
)

var handler = api.Edge{}.Mount(route.Routes, map[string]api.Handler{"POST /api/generate": planning.Generate})

// ask posts a body and returns status and answer.
func ask(t *testing.T, body string) (int, string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/generate", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// answer returns the plan for answers.
func answer(t *testing.T, body string) planning.Plan {
	t.Helper()
	status, text := ask(t, body)
	var p planning.Plan
	if status != http.StatusOK {
		t.Fatalf("%s = %d %s", body, status, text)
	}
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// answers are the five answers, and what is added to them.
func answers(weeks, runs int, target string, first float64, day, more string) string {
	return fmt.Sprintf(`{"weeks":%d,"runs_per_week":%d,"target_time":%q,"first_long_run":%v,"long_run_day":%q%s}`, weeks, runs, target, first, day, more)
}

func TestSameAnswersSameBytes(t *testing.T) {
	_, one := ask(t, answers(18, 5, "3:45:00", 10, "sunday", ""))
	for range 5 {
		// Other spellings of the same answers: order, blanks, defaults.
		_, two := ask(t, `{ "unit": "km", "long_run_day":"sunday", "first_long_run":10.0, "target_time":"03:45:00", "runs_per_week":5, "weeks":18, "race_date":null }`)
		if diff := cmp.Diff(one, two); diff != "" {
			t.Fatal(diff)
		}
	}
}

func TestInputsAreCanonical(t *testing.T) {
	p := answer(t, answers(18, 5, "03:45:00", 6.2, "tuesday", `,"unit":"mi","race_date":"2027-04-25"`))
	want := planning.Inputs{
		Weeks: 18, RunsPerWeek: 5, TargetTime: "3:45:00", FirstLongRun: 6.2, Unit: "mi",
		LongRunDay: "tuesday", RaceDate: "2027-04-25", FirstLongRunM: 10000,
	}
	if diff := cmp.Diff(want, p.Inputs); diff != "" {
		t.Error(diff)
	}
	if undated := answer(t, answers(18, 5, "3:45:00", 10, "tuesday", "")); undated.Inputs.RaceDate != "" || undated.Weeks[0].StartDate != "" {
		t.Errorf("an undated plan has a date: %+v", undated.Inputs)
	}
}

// Settled details of the wire: figures that a reader checks by hand.
func TestFiguresOnTheWire(t *testing.T) {
	for _, unit := range []string{"km", "mi"} {
		first := map[string]float64{"km": 12, "mi": 7.5}[unit]
		p := answer(t, answers(18, 6, "3:45:00", first, "sunday", `,"unit":"`+unit+`","race_date":"2027-04-25"`))
		total := 0
		for _, w := range p.Weeks {
			distance := 0
			for _, o := range w.Workouts {
				distance += o.DistanceM
				steps, seconds := sum(t, o.Steps)
				if steps != o.DistanceM || int(math.Round(seconds)) != o.DurationS {
					t.Errorf("%s: steps make %d m, %.1f s; the workout says %d m, %d s", o.ID, steps, seconds, o.DistanceM, o.DurationS)
				}
				if o.Rationale.Rule == "" || o.Rationale.Text == "" || o.Title == "" || o.Rationale.Values == (planning.Values{}) {
					t.Errorf("%s gives no reason: %+v", o.ID, o.Rationale)
				}
			}
			if distance != w.DistanceM || w.StartDate == "" {
				t.Errorf("week %d: %d m, workouts %d m, starts %q", w.Week, w.DistanceM, distance, w.StartDate)
			}
			total += distance
		}
		if total != p.Summary.TotalDistanceM || p.Summary.Runs != 108 || p.EngineVersion == "" {
			t.Errorf("summary %+v, total %d m", p.Summary, total)
		}
		race := p.Weeks[17].Workouts[5]
		if race.Type != "race" || race.DistanceM != 42195 || race.Date != "2027-04-25" || race.Pace.FastSPerKm != p.Summary.RacePaceSPerKm || race.Pace.SlowSPerKm != 319.9 {
			t.Errorf("the race: %+v", race)
		}
	}
}

// sum adds steps up, from the paces they name.
func sum(t *testing.T, steps []planning.Step) (metres int, seconds float64) {
	t.Helper()
	for _, s := range steps {
		if s.Repeat > 0 {
			m, sec := sum(t, s.Steps)
			metres, seconds = metres+s.Repeat*m, seconds+float64(s.Repeat)*sec
			continue
		}
		if s.Kind == "" || s.Pace == nil || s.DistanceM <= 0 || s.DurationS <= 0 {
			t.Errorf("step %+v", s)
			continue
		}
		metres += s.DistanceM
		seconds += float64(s.DistanceM) / 1000 * (s.Pace.FastSPerKm + s.Pace.SlowSPerKm) / 2
	}
	return metres, seconds
}

func TestEmptyListsAreLists(t *testing.T) {
	_, text := ask(t, answers(18, 4, "4:00:00", 10, "sunday", ""))
	if !strings.Contains(text, `"adjustments":[],"warnings":[]`) || strings.Contains(text, "null") {
		t.Errorf("lists are not lists: %.300s", text)
	}
}

func TestEveryFaultAtOnce(t *testing.T) {
	status, text := ask(t, `{"weeks":7,"runs_per_week":"4","target_time":"4:00","first_long_run":1e400,"unit":"miles","long_run_day":"Sunday","race_date":"2027-02-29","extra":1}`)
	var problem struct {
		Type   string
		Errors []struct{ Pointer, Code, Message string }
	}
	if err := json.Unmarshal([]byte(text), &problem); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, e := range problem.Errors {
		if _, twice := got[e.Pointer]; twice || e.Message == "" {
			t.Errorf("%s is named twice, or says nothing", e.Pointer)
		}
		got[e.Pointer] = e.Code
	}
	want := map[string]string{
		"/weeks": "out_of_range", "/runs_per_week": "wrong_type", "/target_time": "invalid_format", "/first_long_run": "out_of_range",
		"/unit": "out_of_range", "/long_run_day": "out_of_range", "/race_date": "invalid_format", "/extra": "unknown_field",
	}
	if diff := cmp.Diff(want, got); diff != "" || status != 422 || problem.Type != "/problems/validation" {
		t.Error(status, problem.Type, diff)
	}
}

// Whatever is wrong with a field that has a list of words, the list is named.
func TestWordsAreNamedWhateverIsWrong(t *testing.T) {
	for _, day := range []string{`"funday"`, `7`, `null`} {
		_, text := ask(t, strings.Replace(answers(18, 4, "4:00:00", 10, "sunday", ""), `"sunday"`, day, 1))
		if !strings.Contains(text, `"pointer":"/long_run_day"`) || !strings.Contains(text, `"values":["monday"`) {
			t.Errorf("%s: %s", day, text)
		}
	}
}

func TestNotEnoughWeeksPointsToBothFields(t *testing.T) {
	status, text := ask(t, answers(8, 4, "4:00:00", 10, "sunday", ""))
	for _, part := range []string{`"pointer":"/weeks","code":"not_enough_weeks_for_first_long_run"`, `"pointer":"/first_long_run","code":"not_enough_weeks_for_first_long_run"`, `"min":11`, `"min":15.1`} {
		if status != 422 || !strings.Contains(text, part) {
			t.Errorf("%d, %s is not in %s", status, part, text)
		}
	}
}

func FuzzGenerate(f *testing.F) {
	f.Add(answers(18, 4, "4:00:00", 10, "sunday", ""))
	f.Add(answers(30, 7, "8:00:00", 35, "monday", `,"unit":"mi","race_date":"2028-02-29"`))
	f.Add(`{"weeks":1e400,"race_date":"0000-01-01"}`)
	f.Add(`[{"weeks":[[[[]]]]}]`)
	f.Add("{\"\xff\":1}")
	f.Fuzz(func(t *testing.T, body string) {
		status, text := ask(t, body)
		if status >= 500 || !json.Valid([]byte(text)) {
			t.Fatalf("%q = %d %s", body, status, text)
		}
	})
}
