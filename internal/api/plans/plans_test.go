package plans_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/api/planning"
	"github.com/stride-run/stride/internal/api/plans"
	"github.com/stride-run/stride/internal/apitest"
	"github.com/stride-run/stride/internal/plan"
	"github.com/stride-run/stride/internal/training"
)

func TestSaveAndRead(t *testing.T) {
	w := newWorld(t)
	runner := w.runner(t)
	a := w.must(t, 201, runner, "POST", "/api/plans", good)
	saved := apitest.Decode[plans.Plan](t, a)
	path := "/api/plans/" + saved.ID
	if a.Header.Get("Location") != path || a.Header.Get("ETag") != `"1"` || saved.Name != "Spring" || !saved.Active || !saved.CreatedAt.Equal(now) || saved.UpdatedAt != saved.CreatedAt {
		t.Errorf("%v %+v", a.Header, saved.Kept)
	}
	read := w.must(t, 200, runner, "GET", path, "")
	if diff := cmp.Diff(a.Body, read.Body); diff != "" || read.Header.Get("ETag") != `"1"` {
		t.Errorf("read is not what was saved: %s", diff)
	}
	if o := saved.Weeks[2].Workouts[1]; o.ID != "w03-2" || o.Status != training.Planned || o.ETag != `"0.0"` || o.Date == "" {
		t.Errorf("%+v", o)
	}
	list := apitest.Decode[plans.List](t, w.must(t, 200, runner, "GET", "/api/plans", ""))
	if len(list.Items) != 1 || list.NextCursor != "" || list.Items[0].Kept != saved.Kept || list.Items[0].Summary != saved.Summary || list.Items[0].Inputs != saved.Inputs {
		t.Errorf("%+v", list)
	}
	if named := apitest.Decode[plans.Plan](t, w.must(t, 201, runner, "POST", "/api/plans", with(good, "name", ""))); named.Name != "Marathon in 3:45:00" {
		t.Errorf("named %q", named.Name)
	}
	w.must(t, 204, runner, "DELETE", path, "")
	w.must(t, 404, runner, "GET", path, "")
	w.must(t, 404, runner, "DELETE", path, "")
}

// TestRoundTrip: what is read is, byte for byte, what was generated.
func TestRoundTrip(t *testing.T) {
	w := newWorld(t)
	rapid.Check(t, func(rt *rapid.T) {
		runner := w.runner(t)
		body := map[string]any{
			"weeks":         rapid.IntRange(12, plan.MaxWeeks).Draw(rt, "weeks"),
			"runs_per_week": rapid.IntRange(2, 7).Draw(rt, "runs"),
			"target_time":   rapid.SampledFrom([]string{"2:05:00", "3:45:12", "4:00:00", "6:30:01", "8:00:00"}).Draw(rt, "target"),
			"long_run_day":  rapid.SampledFrom([]string{"monday", "saturday", "sunday"}).Draw(rt, "day"),
			"unit":          rapid.SampledFrom([]string{"km", "mi"}).Draw(rt, "unit"),
		}
		body["first_long_run"] = float64(rapid.IntRange(900, 2000).Draw(rt, "first")) / 100
		if n := rapid.IntRange(0, 400).Draw(rt, "date"); n > 0 {
			body["race_date"] = now.AddDate(1, 0, n).Format(time.DateOnly)
		}
		text, err := json.Marshal(body)
		if err != nil {
			rt.Fatal(err)
		}
		saved := w.ask(t, runner, "POST", "/api/plans", string(text))
		if saved.Status == 422 {
			rt.Skip("no plan for these answers")
		}
		read := w.ask(t, runner, "GET", saved.Header.Get("Location"), "")
		if saved.Status != 201 || read.Body != saved.Body {
			rt.Fatalf("%d (-saved +read):\n%s", saved.Status, cmp.Diff(saved.Body, read.Body))
		}
		generated := generate(t, string(text))
		var plain planning.Plan
		if err := json.Unmarshal([]byte(read.Body), &plain); err != nil {
			rt.Fatal(err)
		}
		again, err := json.Marshal(plain)
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(generated, string(again)); diff != "" {
			rt.Fatalf("(-generated +read):\n%s", diff)
		}
	})
}

// TestOthersPlansAreNotThere: S066 and S068.
func TestOthersPlansAreNotThere(t *testing.T) {
	w := newWorld(t)
	ada, bob := w.runner(t), w.runner(t)
	saved, _ := w.save(t, ada, good)
	before := w.table.Dump(t)
	unknown := uuid.Must(uuid.NewV7()).String()
	wants := map[string]string{}
	ids := []string{
		unknown, saved.ID, "..%2f", saved.ID + "%23DETAILS", saved.ID + "#WORKOUT", strings.ToUpper(saved.ID), "{" + saved.ID + "}",
		uuid.NewString(), strings.Repeat("a", 300), "%00", "1", strings.ReplaceAll(saved.ID, "-", ""), "PLAN%23" + saved.ID, " ",
	}
	for _, id := range ids {
		id = strings.ReplaceAll(strings.ReplaceAll(id, "#", "%23"), " ", "%20")
		for _, ask := range []struct{ method, path, body string }{
			{"GET", "", ""},
			{"PATCH", "", `{"name":"mine"}`},
			{"DELETE", "", ""},
			{"POST", "/workouts", `{"type":"easy","distance_m":5000,"week":1,"day":"monday"}`},
			{"GET", "/workouts/w01-1", ""},
			{"PATCH", "/workouts/w01-1", `{"status":"done"}`},
			{"DELETE", "/workouts/w01-1", ""},
		} {
			for _, match := range []string{"", `"1"`, "*"} {
				headers := []string{"If-Match", match}
				if match == "" {
					headers = nil
				}
				a := w.ask(t, bob, ask.method, "/api/plans/"+id+ask.path, ask.body, headers...)
				route := ask.method + ask.path
				if wants[route] == "" { // the unknown id comes first
					wants[route] = a.Body
				}
				if a.Status != 404 || a.Slug() != "not_found" || a.Body != wants[route] {
					t.Errorf("%s %s%s = %d %s", ask.method, id, ask.path, a.Status, a.Body)
				}
			}
		}
	}
	w.sameTable(t, before)
}

// TestNobodyNamesWhatIsNotTheirs: S067 and S070.
func TestNobodyNamesWhatIsNotTheirs(t *testing.T) {
	w := newWorld(t)
	runner := w.runner(t)
	saved, path := w.save(t, runner, good)
	before := w.table.Dump(t)
	for _, field := range []string{"id", "user_id", "runner", "active", "created_at", "version", "status", "weeks2", "Name"} {
		a := w.ask(t, runner, "POST", "/api/plans", with(good, field, fmt.Sprintf("%q", saved.ID)))
		if a.Status != 422 || a.Faults() != "/"+field+" unknown_field" {
			t.Errorf("POST with %s = %d %s", field, a.Status, a.Body)
		}
	}
	for _, field := range []string{"version", "owner", "created_at", "status", "id", "weeks", "inputs", "Active"} {
		a := w.ask(t, runner, "PATCH", path, with("{}", field, "1"))
		if a.Status != 422 || a.Faults() != "/"+field+" unknown_field" {
			t.Errorf("PATCH plan with %s = %d %s", field, a.Status, a.Body)
		}
	}
	for _, field := range []string{"id", "type", "distance_m", "title", "etag", "version", "Status"} {
		a := w.ask(t, runner, "PATCH", path+"/workouts/w01-1", with("{}", field, "1"))
		if a.Status != 422 || a.Faults() != "/"+field+" unknown_field" {
			t.Errorf("PATCH workout with %s = %d %s", field, a.Status, a.Body)
		}
	}
	w.sameTable(t, before)
}

// TestPreconditions: S069.
func TestPreconditions(t *testing.T) {
	w := newWorld(t)
	runner := w.runner(t)
	_, path := w.save(t, runner, good)
	before := w.table.Dump(t)
	for _, at := range []struct{ path, body, tag string }{
		{path, `{"name":"x"}`, `"1"`},
		{path + "/workouts/w01-1", `{"status":"done"}`, `"0.0"`},
	} {
		for match, want := range map[string]string{
			"": "428 precondition_required", "*": "428 precondition_required", `"9"`: "412 stale", "W/" + at.tag: "412 stale",
			strings.Trim(at.tag, `"`): "412 stale", `"9", "8"`: "412 stale",
		} {
			headers := []string{"If-Match", match}
			if match == "" {
				headers = nil
			}
			a := w.ask(t, runner, "PATCH", at.path, at.body, headers...)
			if got := fmt.Sprint(a.Status, " ", a.Slug()); got != want {
				t.Errorf("PATCH %s If-Match %s = %s, want %s", at.path, match, got, want)
			}
		}
	}
	for _, match := range []string{`"9"`, `W/"1"`, "1"} {
		if a := w.ask(t, runner, "DELETE", path, "", "If-Match", match); a.Status != 412 || a.Slug() != "stale" {
			t.Errorf("DELETE If-Match %s = %d", match, a.Status)
		}
	}
	w.sameTable(t, before)
	w.must(t, 200, runner, "PATCH", path, `{"name":"x"}`, "If-Match", `"7", "1"`)
	w.must(t, 412, runner, "PATCH", path, `{"name":"y"}`, "If-Match", `"1"`)
	w.must(t, 204, runner, "DELETE", path, "", "If-Match", `"2"`)
}

// TestParametersOfLists: S071.
func TestParametersOfLists(t *testing.T) {
	w := newWorld(t)
	runner := w.runner(t)
	for query, want := range map[string]string{
		"limit=0": "limit out_of_range", "limit=101": "limit out_of_range", "limit=-1": "limit out_of_range",
		"limit=abc": "limit wrong_type", "limit=": "limit wrong_type", "limit=1.5": "limit wrong_type", "limit=99999999999999999999": "limit out_of_range",
		"limit=1&limit=2": "limit invalid_format", "page=2": "page unknown_field", "limit=0&Limit=1": "Limit unknown_field, limit out_of_range",
		"%zz": "",
	} {
		if a := w.ask(t, runner, "GET", "/api/plans?"+query, ""); a.Status != 422 || a.Slug() != "validation" || a.Faults() != want {
			t.Errorf("%s = %d %s, want %s", query, a.Status, a.Body, want)
		}
	}
	for query, want := range map[string]string{
		"":                                      "from required, to required",
		"from=2027-01-01":                       "to required",
		"from=2027-02-30&to=soon":               "from invalid_format, to invalid_format",
		"from=2027-01-02&to=2027-01-01":         "to out_of_range",
		"from=2027-01-01&to=2028-01-07":         "to out_of_range",
		"from=2027-01-01&to=2027-01-01&limit=5": "limit unknown_field",
	} {
		if a := w.ask(t, runner, "GET", "/api/workouts?"+query, ""); a.Status != 422 || a.Faults() != want {
			t.Errorf("%s = %d %s, want %s", query, a.Status, a.Body, want)
		}
	}
	w.must(t, 200, runner, "GET", "/api/workouts?from=2027-01-01&to=2028-01-06", "")
}

func TestPaging(t *testing.T) {
	w := newWorld(t)
	runner, other := w.runner(t), w.runner(t)
	var want []string
	for n := range 7 {
		p, path := w.save(t, runner, with(good, "name", fmt.Sprintf(`"plan %d"`, n)))
		patch[plans.Plan](t, w, runner, path, `{"active":false}`)
		want = append([]string{p.ID}, want...)
	}
	var got []string
	cursor, first := "", ""
	for {
		list := apitest.Decode[plans.List](t, w.must(t, 200, runner, "GET", "/api/plans?limit=3"+cursor, ""))
		for _, i := range list.Items {
			got = append(got, i.ID)
		}
		if list.NextCursor == "" {
			break
		}
		if cursor = "&cursor=" + list.NextCursor; first == "" {
			first = cursor
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for name, ask := range map[string]struct{ runner, query string }{
		"another runner's": {other, first},
		"edited":           {runner, first[:len(first)-1] + "A"},
		"empty":            {runner, "&cursor="},
		"an id":            {runner, "&cursor=" + want[2]},
	} {
		if a := w.ask(t, ask.runner, "GET", "/api/plans?limit=3"+ask.query, ""); a.Status != 400 || a.Slug() != "invalid_cursor" {
			t.Errorf("%s = %d %s", name, a.Status, a.Body)
		}
	}
	w.now = now.Add(25 * time.Hour)
	if a := w.ask(t, runner, "GET", "/api/plans?limit=3"+first, ""); a.Status != 400 {
		t.Errorf("a day later = %d", a.Status)
	}
}

// TestQuotas: S072, and the limit of active plans.
func TestQuotas(t *testing.T) {
	w := newWorld(t)
	runner := w.runner(t)
	var path string
	for range training.MaxActive {
		_, path = w.save(t, runner, good)
	}
	before := w.table.Dump(t)
	if a := w.ask(t, runner, "POST", "/api/plans", good); a.Status != 409 || a.Slug() != "too_many_active_plans" {
		t.Errorf("6th active = %d %s", a.Status, a.Body)
	}
	w.sameTable(t, before)
	patch[plans.Plan](t, w, runner, path, `{"active":false}`)
	patch[plans.Plan](t, w, runner, path, `{"active":true}`)
	patch[plans.Plan](t, w, runner, path, `{"active":false}`)
	_, sixth := w.save(t, runner, good)
	tag := w.must(t, 200, runner, "GET", path, "").Header.Get("ETag")
	if a := w.ask(t, runner, "PATCH", path, `{"active":true}`, "If-Match", tag); a.Status != 409 || a.Slug() != "too_many_active_plans" {
		t.Errorf("6th made active = %d %s", a.Status, a.Body)
	}
	w.must(t, 204, runner, "DELETE", sixth, "")
	patch[plans.Plan](t, w, runner, path, `{"active":true}`)

	full := w.runner(t)
	w.put(t, map[string]any{"PK": "RUNNER#" + full, "SK": "PLANS", "entity": "plans", "v": 1, "plans": training.MaxPlans - 1})
	_, last := w.save(t, full, good)
	if a := w.ask(t, full, "POST", "/api/plans", good); a.Status != 409 || a.Slug() != "quota_exceeded" {
		t.Errorf("201st = %d %s", a.Status, a.Body)
	}
	w.must(t, 204, full, "DELETE", last, "")
	w.save(t, full, good)
}

// TestWordsOfRunners: S073.
func TestWordsOfRunners(t *testing.T) {
	w := newWorld(t)
	runner := w.runner(t)
	_, path := w.save(t, runner, good)
	for _, name := range []string{"<script>alert(1)</script>", "שלום", "🏃🏽‍♀️ Ω≈ç", "e\u0301", strings.Repeat("ä", 100), `"';--`, " a "} {
		text, _ := json.Marshal(name)
		a := w.must(t, 200, runner, "PATCH", path, `{"name":`+string(text)+`}`, "If-Match", w.ask(t, runner, "GET", path, "").Header.Get("ETag"))
		if got := apitest.Decode[plans.Plan](t, a).Name; got != name || a.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%q is kept as %q", name, got)
		}
	}
	before := w.table.Dump(t)
	for _, name := range []string{`""`, `" "`, `"a\nb"`, `"\u0000"`, `"\u202egnirps\u202c"`, `"a\u2028b"`, `"` + strings.Repeat("a", 101) + `"`, `"` + strings.Repeat("a", 10240) + `"`, `null`, `1`, `["a"]`} {
		if a := w.ask(t, runner, "PATCH", path, `{"name":`+name+`}`); a.Status != 422 || !strings.HasPrefix(a.Faults(), "/name ") {
			t.Errorf("%.40s = %d %s", name, a.Status, a.Body)
		}
	}
	for _, note := range []string{`"\u0000"`, `"a\u2066b"`, `"` + strings.Repeat("a", 1001) + `"`, `1`} {
		if a := w.ask(t, runner, "PATCH", path+"/workouts/w01-1", `{"note":`+note+`}`); a.Status != 422 || !strings.HasPrefix(a.Faults(), "/note ") {
			t.Errorf("%.40s = %d %s", note, a.Status, a.Body)
		}
	}
	w.sameTable(t, before)
}

func TestAPlanInThePastIsSaid(t *testing.T) {
	w := newWorld(t)
	runner := w.runner(t)
	late := with(good, "race_date", `"2027-03-21"`) // 18 weeks from 2026-11-16
	a := w.must(t, 201, runner, "POST", "/api/plans", late, "Idempotency-Key", "k")
	saved := apitest.Decode[plans.Plan](t, a)
	if n := len(saved.Warnings); n == 0 || saved.Warnings[n-1].Code != "starts_in_past" || !strings.Contains(saved.Warnings[n-1].Message, "2026-11-16") {
		t.Errorf("%+v", saved.Warnings)
	}
	if again := w.must(t, 201, runner, "POST", "/api/plans", late, "Idempotency-Key", "k"); again.Body != a.Body {
		t.Errorf("replayed: %s", cmp.Diff(a.Body, again.Body))
	}
	path := a.Header.Get("Location")
	if read := w.must(t, 200, runner, "GET", path, ""); strings.Contains(read.Body, "starts_in_past") {
		t.Error("the warning is kept")
	}
	past := func(date string) bool {
		p := patch[plans.Plan](t, w, runner, path, `{"race_date":"`+date+`"}`)
		return slices.ContainsFunc(p.Warnings, func(n api.Note) bool { return n.Code == training.StartsInPast })
	}
	for date, want := range map[string]bool{"2027-03-29": false, "2027-03-28": true, "2026-11-24": true, "2027-08-01": false} {
		if got := past(date); got != want {
			t.Errorf("a race on %s starts in the past: %v, want %v", date, got, want)
		}
	}
}

// TestExport: what a runner takes along is what they have seen.
func TestExport(t *testing.T) {
	w := newWorld(t)
	runner := w.runner(t)
	var want []plans.Plan
	for n := range 3 {
		_, path := w.save(t, runner, with(good, "weeks", fmt.Sprint(12+n)))
		patch[plans.Workout](t, w, runner, path+"/workouts/w02-1", `{"status":"done"}`)
		p := apitest.Decode[plans.Plan](t, w.must(t, 200, runner, "GET", path, ""))
		want = append([]plans.Plan{p}, want...)
	}
	w.save(t, w.runner(t), good)
	got, err := w.api.Export(t.Context(), runner, w.now)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, apitest.Decode[[]plans.Plan](t, apitest.Answer{Body: string(text)})); diff != "" {
		t.Errorf("(-seen +exported):\n%s", diff)
	}
	if none, err := w.api.Export(t.Context(), w.runner(t), w.now); err != nil || cmp.Diff([]plans.Plan{}, none) != "" {
		t.Errorf("%v, %v", none, err)
	}
}
