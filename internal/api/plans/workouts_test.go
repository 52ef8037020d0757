package plans_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/stride-run/stride/internal/api/planning"
	"github.com/stride-run/stride/internal/api/plans"
	"github.com/stride-run/stride/internal/apitest"
	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/plan"
)

// workouts are all workouts of a plan by id, with the number of their week.
func workouts(p plans.Plan) (byID map[string]plans.Workout, week map[string]int) {
	byID, week = map[string]plans.Workout{}, map[string]int{}
	for _, w := range p.Weeks {
		for _, o := range w.Workouts {
			byID[o.ID], week[o.ID] = o, w.Week.Week
		}
	}
	return byID, week
}

func TestFollowAWorkout(t *testing.T) {
	w := newWorld(t)
	runner := w.runner(t)
	_, path := w.save(t, runner, good)
	at := path + "/workouts/w03-2"
	first := w.must(t, 200, runner, "GET", at, "")
	if first.Header.Get("ETag") != `"0.0"` || apitest.Decode[plans.Workout](t, first).ID != "w03-2" || apitest.Decode[plans.Workout](t, first).Week != 3 {
		t.Errorf("%v %s", first.Header, first.Body)
	}
	a := w.must(t, 200, runner, "PATCH", at, `{"status":"done","note":"windy\nbut fine"}`, "If-Match", `"0.0"`)
	done := apitest.Decode[plans.Workout](t, a)
	if done.Status != "done" || done.Note != "windy\nbut fine" || a.Header.Get("ETag") != `"0.1"` || done.ETag != `"0.1"` {
		t.Errorf("%v %+v", a.Header, done)
	}
	same := w.must(t, 200, runner, "PATCH", at, `{"status":"done"}`, "If-Match", `"0.1"`)
	if same.Body != a.Body || same.Header.Get("ETag") != `"0.1"` {
		t.Error("what changes nothing is a new version")
	}
	if p := w.must(t, 200, runner, "GET", path, ""); p.Header.Get("ETag") != `"1"` || !strings.Contains(p.Body, "windy") {
		t.Errorf("the plan's version is %s", p.Header.Get("ETag"))
	}
	cleared := patch[plans.Workout](t, w, runner, at, `{"note":null,"status":"skipped"}`)
	if cleared.Note != "" || cleared.Status != "skipped" {
		t.Errorf("%+v", cleared)
	}
	for body, want := range map[string]string{
		`{"status":"lost"}`: "/status out_of_range", `{"status":null}`: "/status required", `{"note":1}`: "/note wrong_type",
		`{"date":null}`: "/date required", `{"date":"soon"}`: "/date invalid_format", `{"week":1}`: "/day required", `{"day":"monday"}`: "/week required",
		`{"week":19,"day":"monday"}`: "/week out_of_range", `{"week":0,"day":"monday"}`: "/week out_of_range", `{"week":1.5,"day":"Monday"}`: "/week wrong_type, /day out_of_range",
		`{"date":"2027-04-26"}`: "/date out_of_range", `{"date":"2026-12-20"}`: "/date out_of_range", `{"date":"2027-01-01","week":1,"day":"monday"}`: "/date out_of_range",
	} {
		a := w.ask(t, runner, "PATCH", at, body, "If-Match", cleared.ETag)
		if a.Status != 422 || a.Faults() != want {
			t.Errorf("%s = %d %s, want %s", body, a.Status, a.Faults(), want)
		}
	}
}

func TestMove(t *testing.T) {
	w := newWorld(t)
	runner := w.runner(t)
	saved, path := w.save(t, runner, good)
	byID, _ := workouts(saved)
	taken, race := byID["w03-3"].Date, byID["w18-5"]
	before := w.table.Dump(t)
	for _, tt := range []struct{ id, body, slug, faults string }{
		{"w03-2", `{"date":"` + taken + `"}`, "day_taken", "/date day_taken"},
		{"w03-2", `{"week":3,"day":"` + byID["w03-3"].Day + `"}`, "day_taken", "/week day_taken, /day day_taken"},
		{"w03-2", `{"date":"2027-04-25"}`, "day_taken", "/date day_taken"},
		{race.ID, `{"date":"2027-04-24"}`, "race_fixed", "/date race_fixed"},
	} {
		a := w.ask(t, runner, "PATCH", path+"/workouts/"+tt.id, tt.body, "If-Match", `"0.0"`)
		if a.Status != 409 || a.Slug() != tt.slug || a.Faults() != tt.faults {
			t.Errorf("%s %s = %d %s", tt.id, tt.body, a.Status, a.Body)
		}
	}
	w.sameTable(t, before)
	patch[plans.Workout](t, w, runner, path+"/workouts/"+race.ID, `{"date":"2027-04-25","status":"done"}`) // where it is

	// From week 3 to the Monday of week 5, and the long run a day earlier.
	moved := patch[plans.Workout](t, w, runner, path+"/workouts/w03-2", `{"week":5,"day":"monday"}`)
	if moved.Date != "2027-01-18" || moved.Day != "monday" || moved.Week != 5 || moved.ETag != `"0.1"` {
		t.Errorf("%+v", moved)
	}
	after := apitest.Decode[plans.Plan](t, w.must(t, 200, runner, "GET", path, ""))
	if after.Weeks[4].Workouts[0].ID != "w03-2" || after.Weeks[4].Workouts[0].Week != 5 || len(after.Weeks[2].Workouts) != 4 || after.Summary.TotalDistanceM != saved.Summary.TotalDistanceM ||
		after.Weeks[4].DistanceM != saved.Weeks[4].DistanceM+moved.DistanceM || after.Weeks[2].DistanceM != saved.Weeks[2].DistanceM-moved.DistanceM {
		t.Errorf("%+v", after.Weeks[4])
	}
	list := apitest.Decode[plans.List](t, w.must(t, 200, runner, "GET", "/api/plans", ""))
	if list.Items[0].Summary != after.Summary {
		t.Errorf("the list says %+v", list.Items[0].Summary)
	}

	tag := w.must(t, 200, runner, "GET", path, "").Header.Get("ETag")
	if a := w.ask(t, runner, "PATCH", path, `{"race_date":"2027-05-02"}`, "If-Match", tag); a.Status != 409 || a.Slug() != "workouts_moved" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	w.must(t, 200, runner, "PATCH", path, `{"race_date":"2027-04-25","name":"New"}`, "If-Match", tag) // its own date
	patch[plans.Workout](t, w, runner, path+"/workouts/w03-2", `{"date":"`+byID["w03-2"].Date+`"}`)
	if p := patch[plans.Plan](t, w, runner, path, `{"race_date":"2027-05-02"}`); p.Weeks[17].Workouts[4].Date != "2027-05-02" || p.Weeks[2].Workouts[1].ETag != `"1.2"` {
		t.Errorf("moved back and re-dated: %+v", p.Weeks[2].Workouts[1])
	}
}

// A plan takes a date later, and loses it again. What the runner noted stays
// with its workout.
func TestRedate(t *testing.T) {
	w := newWorld(t)
	runner := w.runner(t)
	undated := with(good, "race_date", "")
	saved, path := w.save(t, runner, undated)
	long := saved.Weeks[2].Workouts[4]
	if long.Type != plan.Long || long.Date != "" || saved.Inputs.RaceDate != "" {
		t.Fatalf("%+v", long)
	}
	if a := w.ask(t, runner, "PATCH", path+"/workouts/"+long.ID, `{"date":"2027-01-01"}`, "If-Match", `"0.0"`); a.Status != 422 || a.Faults() != "/date plan_has_no_dates" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	patch[plans.Workout](t, w, runner, path+"/workouts/"+long.ID, `{"status":"done","note":"hilly"}`)
	w.must(t, 201, runner, "POST", path+"/workouts", `{"type":"easy","distance_m":4000,"week":18,"day":"thursday"}`)

	// On a Saturday: the long run, still on Sundays, now begins its week.
	p := patch[plans.Plan](t, w, runner, path, `{"race_date":"2027-04-24"}`)
	byID, week := workouts(p)
	if o := byID[long.ID]; o.Status != "done" || o.Note != "hilly" || o.Day != "sunday" || o.Date != "2027-01-03" || week[long.ID] != 3 || p.Weeks[2].Workouts[0].ID != long.ID {
		t.Errorf("%+v in week %d", o, week[long.ID])
	}
	if o := byID["w18-6"]; o.Day != "wednesday" || o.Date != "2027-04-21" {
		t.Errorf("the own run three days before the race: %+v", o)
	}
	fresh := apitest.Decode[planning.Plan](t, apitest.Answer{Body: generate(t, with(with(good, "name", ""), "race_date", `"2027-04-24"`))})
	if diff := cmp.Diff(fresh.Weeks[:17], plainWeeks(p)[:17], cmpopts.IgnoreFields(planning.Workout{}, "ID")); diff != "" {
		t.Errorf("(-generated +re-dated):\n%s", diff)
	}
	if diff := cmp.Diff(fresh.Warnings, p.Warnings); diff != "" {
		t.Error(diff)
	}
	if p := patch[plans.Plan](t, w, runner, path, `{"race_date":null}`); p.Inputs.RaceDate != "" || p.Weeks[0].StartDate != "" || len(p.Warnings) != len(saved.Warnings) {
		t.Errorf("%+v", p.Inputs)
	}
	w.must(t, 412, runner, "PATCH", path+"/workouts/"+long.ID, `{"status":"planned"}`, "If-Match", `"0.1"`) // its date has changed since
}

// plainWeeks are a plan's weeks without what the runner did to them.
func plainWeeks(p plans.Plan) []planning.Week {
	weeks := make([]planning.Week, len(p.Weeks))
	for i, w := range p.Weeks {
		weeks[i] = w.Week
		weeks[i].Workouts = nil
		for _, o := range w.Workouts {
			weeks[i].Workouts = append(weeks[i].Workouts, *o.Workout)
		}
	}
	return weeks
}

func TestOwnWorkouts(t *testing.T) {
	w := newWorld(t)
	runner := w.runner(t)
	saved, path := w.save(t, runner, good)
	const own = `{"type":"tempo","distance_m":8000,"date":"2026-12-28","note":"with Bob"}`
	a := w.must(t, 201, runner, "POST", path+"/workouts", own)
	o := apitest.Decode[plans.Workout](t, a)
	if a.Header.Get("Location") != path+"/workouts/w02-6" || o.ID != "w02-6" || o.Day != "monday" || o.Title != "Tempo run: 8 km" || o.Note != "with Bob" ||
		o.DistanceM != 8000 || o.DurationS == 0 || len(o.Steps) != 1 || o.Rationale.Rule != "own" || o.Rationale.Text == "" || a.Header.Get("ETag") != o.ETag {
		t.Errorf("%v %+v", a.Header, o)
	}
	p := apitest.Decode[plans.Plan](t, w.must(t, 200, runner, "GET", path, ""))
	if p.Summary.Runs != saved.Summary.Runs+1 || p.Summary.TotalDistanceM != saved.Summary.TotalDistanceM+8000 {
		t.Errorf("%+v", p.Summary)
	}
	before := w.table.Dump(t)
	for body, want := range map[string]string{
		own:  "409 /date day_taken",
		`{}`: "422 /type required, /distance_m required, /date required",
		`{"type":"race","distance_m":8000,"week":1,"day":"monday"}`:              "422 /type out_of_range",
		`{"type":"easy","distance_m":99,"week":1,"day":"monday"}`:                "422 /distance_m out_of_range",
		`{"type":"easy","distance_m":100001,"week":99,"day":"funday","title":1}`: "422 /title wrong_type, /day out_of_range, /distance_m out_of_range",
		`{"type":"easy","distance_m":8000.5,"date":"2027-06-01"}`:                "422 /distance_m wrong_type",
		`{"type":"easy","distance_m":8000,"date":"2027-06-01","id":"w01-9"}`:     "422 /id unknown_field",
		`{"type":"easy","distance_m":8000,"date":"2027-06-01"}`:                  "422 /date out_of_range",
	} {
		if a := w.ask(t, runner, "POST", path+"/workouts", body); fmt.Sprint(a.Status, " ", a.Faults()) != want {
			t.Errorf("%s = %d %s, want %s", body, a.Status, a.Faults(), want)
		}
	}
	if a := w.ask(t, runner, "DELETE", path+"/workouts/w02-1", ""); a.Status != 409 || a.Slug() != "workout_of_plan" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	w.must(t, 412, runner, "DELETE", path+"/workouts/w02-6", "", "If-Match", `"0.9"`)
	w.sameTable(t, before)
	w.must(t, 204, runner, "DELETE", path+"/workouts/w02-6", "", "If-Match", o.ETag)
	w.must(t, 404, runner, "DELETE", path+"/workouts/w02-6", "")
	if p := apitest.Decode[plans.Plan](t, w.must(t, 200, runner, "GET", path, "")); p.Summary != saved.Summary {
		t.Errorf("%+v, want %+v", p.Summary, saved.Summary)
	}
	again := apitest.Decode[plans.Workout](t, w.must(t, 201, runner, "POST", path+"/workouts", with(own, "title", `"Club night"`)))
	if again.ID != "w02-7" || again.Title != "Club night" {
		t.Errorf("%+v: an id is used twice", again)
	}
}

func TestCalendar(t *testing.T) {
	w := newWorld(t)
	runner := w.runner(t)
	saved, path := w.save(t, runner, good)
	other, _ := w.save(t, runner, with(with(good, "race_date", `"2027-03-28"`), "weeks", "12"))
	w.save(t, runner, with(good, "race_date", "")) // has no dates
	_, idle := w.save(t, runner, good)
	patch[plans.Plan](t, w, runner, idle, `{"active":false}`)
	moved := patch[plans.Workout](t, w, runner, path+"/workouts/w05-1", `{"week":7,"day":"monday"}`)

	var want []string
	for _, p := range []plans.Plan{apitest.Decode[plans.Plan](t, w.must(t, 200, runner, "GET", path, "")), other} {
		for _, wk := range p.Weeks {
			for _, o := range wk.Workouts {
				if o.Date >= "2027-01-29" && o.Date <= "2027-02-10" {
					want = append(want, o.Date+" "+p.ID+" "+o.ID+" "+fmt.Sprint(wk.Week.Week))
				}
			}
		}
	}
	slices.Sort(want)
	span := apitest.Decode[plans.Calendar](t, w.must(t, 200, runner, "GET", "/api/workouts?from=2027-01-29&to=2027-02-10", ""))
	var got []string
	for _, d := range span.Items {
		got = append(got, d.Date+" "+d.PlanID+" "+d.ID+" "+fmt.Sprint(d.Week))
	}
	if diff := cmp.Diff(want, got); diff != "" || !strings.Contains(strings.Join(got, ","), moved.Date+" "+saved.ID+" w05-1 7") {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for span, n := range map[string]int{"2026-01-01&to=2026-12-20": 0, "2027-04-26&to=2028-04-01": 0, "2027-04-25&to=2027-04-25": 1, "2026-12-21&to=2027-04-25": 90 + 60} {
		if c := apitest.Decode[plans.Calendar](t, w.must(t, 200, runner, "GET", "/api/workouts?from="+span, "")); len(c.Items) != n {
			t.Errorf("%s: %d workouts, want %d", span, len(c.Items), n)
		}
	}
	if a := w.must(t, 200, w.runner(t), "GET", "/api/workouts?from=2027-01-29&to=2027-02-10", ""); a.Body != "{\"items\":[]}\n" {
		t.Errorf("nothing to run: %s", a.Body)
	}
}

// TestMovesKeepAPlanSound moves, adds, deletes and re-dates at random: sums
// are sums, no day has two workouts, the race stays, nothing is lost.
func TestMovesKeepAPlanSound(t *testing.T) {
	w := newWorld(t)
	days := calendar.WeekdayNames()
	rapid.Check(t, func(rt *rapid.T) {
		runner := w.runner(t)
		body := good
		if rapid.Bool().Draw(rt, "undated") {
			body = with(body, "race_date", "")
		}
		saved, path := w.save(t, runner, with(body, "weeks", "12"))
		ids, _ := workouts(saved)
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			spot := fmt.Sprintf(`"week":%d,"day":%q`, rapid.IntRange(1, 12).Draw(rt, "week"), rapid.SampledFrom(days).Draw(rt, "day"))
			id := rapid.SampledFrom(slices.Sorted(keys(ids))).Draw(rt, "id")
			at := path + "/workouts/" + id
			var a apitest.Answer
			switch what := rapid.IntRange(0, 5).Draw(rt, "what"); what {
			case 0:
				a = w.ask(t, runner, "POST", path+"/workouts", `{"type":"easy","distance_m":5000,`+spot+`}`)
				if a.Status == 201 {
					ids[apitest.Decode[plans.Workout](t, a).ID] = plans.Workout{}
				}
			case 1:
				if a = w.ask(t, runner, "DELETE", at, ""); a.Status == 204 {
					delete(ids, id)
				}
			case 2:
				date := rapid.SampledFrom([]string{"null", `"2027-04-24"`, `"2027-05-05"`}).Draw(rt, "date")
				a = w.ask(t, runner, "PATCH", path, `{"race_date":`+date+`}`, "If-Match", w.ask(t, runner, "GET", path, "").Header.Get("ETag"))
			default:
				a = w.ask(t, runner, "PATCH", at, `{"status":"done",`+spot+`}`, "If-Match", w.ask(t, runner, "GET", at, "").Header.Get("ETag"))
			}
			if a.Status >= 300 && a.Status != 409 {
				rt.Fatalf("%d %s", a.Status, a.Body)
			}
			p := apitest.Decode[plans.Plan](t, w.ask(t, runner, "GET", path, ""))
			if fault := unsound(p, ids); fault != "" {
				rt.Fatal(fault)
			}
			list := apitest.Decode[plans.List](t, w.ask(t, runner, "GET", "/api/plans", ""))
			if list.Items[0].Summary != p.Summary {
				rt.Fatalf("the list says %+v, the plan %+v", list.Items[0].Summary, p.Summary)
			}
		}
	})
}

func keys[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// unsound says what is wrong with a plan that should have these workouts.
func unsound(p plans.Plan, ids map[string]plans.Workout) string {
	total, runs := 0, 0
	var found []string
	for _, w := range p.Weeks {
		days, distance, last := map[string]bool{}, 0, ""
		for _, o := range w.Workouts {
			if days[o.Day] {
				return o.ID + ": two workouts on " + o.Day
			}
			if o.Date < last || p.Inputs.RaceDate != "" && (o.Date < w.StartDate || o.Date > p.Inputs.RaceDate) {
				return o.ID + " is out of order"
			}
			days[o.Day], last = true, o.Date
			distance += o.DistanceM
			found = append(found, o.ID)
		}
		if distance != w.DistanceM {
			return fmt.Sprintf("week %d is %d m, its workouts %d m", w.Week.Week, w.DistanceM, distance)
		}
		total += distance
		runs += len(w.Workouts)
	}
	end := p.Weeks[len(p.Weeks)-1].Workouts
	race := end[len(end)-1]
	if race.Type != plan.Race || race.Date != p.Inputs.RaceDate || p.Inputs.RaceDate == "" && race.Day != "sunday" {
		return fmt.Sprintf("the race is %+v", race)
	}
	if total != p.Summary.TotalDistanceM || runs != p.Summary.Runs {
		return fmt.Sprintf("summary %+v of %d runs, %d m", p.Summary, runs, total)
	}
	slices.Sort(found)
	return cmp.Diff(slices.Sorted(keys(ids)), found)
}
