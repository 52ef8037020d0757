package contract

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/route"
)

// The routes that take a body, each with requests that are answered.
const (
	generate    = "POST /api/generate"
	heartRates  = "POST /api/calculate_heart_rate_zones"
	critical    = "POST /api/calculate_critical_speed"
	performance = "POST /api/calculate_performance_metrics"
)

const (
	bests    = `{"personal_bests":[{"distance_m":800,"time":"1:59"},{"distance_m":1500,"time":"5:24"},{"distance_m":3000,"time":"11:33"},{"distance_m":3000,"time":"12:00.5"},{"distance_m":5000,"time":"20:57"},{"distance_m":10000,"time":"41:21"}]}`
	twoBests = `{"personal_bests":[{"distance_m":1500,"time":"5:24"},{"distance_m":5000,"time":"19:57"}]}`
)

// good are requests that succeed.
var good = map[string][]string{
	generate: plans(),
	heartRates: {
		`{"age":40}`, `{"age":1}`, `{"age":120}`, `{"max_heart_rate":185,"resting_heart_rate":50}`,
		`{"age":40,"lactate_threshold_heart_rate":170,"max_heart_rate":null}`,
	},
	critical:    {bests, twoBests},
	performance: {bests, twoBests, `{"personal_bests":[{"distance_m":100,"time":"0:13.21"}]}`, `{"personal_bests":[{"distance_m":42195,"time":"6:59:59"}]}`},
}

// plans are answers to the five questions that reach every rule.
func plans() []string {
	var all []string
	for _, weeks := range []int{8, 17, 30} {
		for runs := 2; runs <= 7; runs++ {
			for i, target := range []string{"2:05:00", "4:00:00", "7:30:00"} {
				rest := []string{``, `,"unit":"km","race_date":"2027-04-25"`, `,"unit":"mi","race_date":"2028-02-29"`}[i]
				all = append(all, fmt.Sprintf(`{"weeks":%d,"runs_per_week":%d,"target_time":%q,"first_long_run":16,"long_run_day":"saturday"%s}`, weeks, runs, target, rest))
			}
		}
	}
	return all
}

// A refusal is a request that is answered with a problem.
type refusal struct {
	name   string
	body   string
	header http.Header
	status int
	slug   string
}

// refusals are those that every route with a body has.
var refusals = []refusal{
	{name: "cut short", body: `{"age":`, status: 400, slug: "malformed_json"},
	{name: "too large", body: `"` + strings.Repeat("a", api.MaxBody) + `"`, status: 413, slug: "body_too_large"},
	{name: "form", body: `a=b`, header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, status: 415, slug: "unsupported_media_type"},
	{name: "a list", body: `[]`, status: 422, slug: "validation"},
	{name: "nothing in it", body: `{}`, status: 422, slug: "validation"},
	{name: "all wrong", body: `{"weeks":1,"runs_per_week":"3","target_time":"4:00","first_long_run":99,"long_run_day":"funday","race_date":"today","age":0,"personal_bests":[{"distance_m":1},{"time":"soon"},2]}`, status: 422, slug: "validation"},
}

// seen counts the answers of each route by status, so that nothing is
// documented that never happens.
type seen map[string]map[string]bool

func (s seen) add(key string, status int) {
	if s[key] == nil {
		s[key] = map[string]bool{}
	}
	s[key][strconv.Itoa(status)] = true
}

func TestAnswersConform(t *testing.T) {
	doc := load(t)
	url := start(t, false)
	seen := seen{}
	ask := func(t *testing.T, key, path, body string, header http.Header, status int, slug string) answer {
		t.Helper()
		method, _, _ := strings.Cut(key, " ")
		a := send(t, url, method, path, body, header)
		if a.status != status || slug != "" && !strings.Contains(string(a.body), `"type":"/problems/`+slug+`"`) {
			t.Fatalf("%s answers %d %.300s, want %d %s", key, a.status, a.body, status, slug)
		}
		seen.add(key, status)
		conforms(t, responses(t, doc, key)[strconv.Itoa(status)], a)
		return a
	}

	for key, bodies := range good {
		_, path, _ := strings.Cut(key, " ")
		schema := doc.Paths.Value(path).Post.RequestBody.Value.Content["application/json"].Schema.Value
		for _, body := range bodies {
			t.Run(key, func(t *testing.T) {
				ask(t, key, path, body, nil, 200, "")
				var value any
				if err := json.Unmarshal([]byte(body), &value); err != nil {
					t.Fatal(err)
				}
				matches(t, "request", schema, value)
			})
		}
		for _, r := range refusals {
			t.Run(key+" "+r.name, func(t *testing.T) { ask(t, key, path, r.body, r.header, r.status, r.slug) })
		}
	}
	for key, path := range map[string]string{
		"GET /api/health": "/api/health", "GET /api/openapi.yaml": "/api/openapi.yaml", "GET /api/docs": "/api/docs",
		"GET /api/docs/style.css": "/api/docs/style.css", "GET /problems/{slug}": "/problems/validation",
	} {
		t.Run(key, func(t *testing.T) {
			a := ask(t, key, path, "", nil, 200, "")
			if tag := a.header.Get("ETag"); tag != "" {
				ask(t, key, path, "", http.Header{"If-None-Match": {tag}}, 304, "")
				ask(t, key, path, "", http.Header{"If-None-Match": {`"another"`}}, 200, "")
			}
		})
	}
	ask(t, "GET /problems/{slug}", "/problems/nothing", "", nil, 404, "not_found")

	// What the catch-all takes is any method on any other path.
	for _, r := range []struct {
		method, path string
		status       int
		slug         string
	}{{"GET", "/api/nothing", 404, "not_found"}, {"POST", "/api/generate/", 404, "not_found"}, {"GET", "/api/generate", 405, "method_not_allowed"}, {"DELETE", "/api/docs", 405, "method_not_allowed"}} {
		a := send(t, url, r.method, r.path, "", nil)
		if a.status != r.status || !strings.Contains(string(a.body), r.slug) {
			t.Errorf("%s %s answers %d %s", r.method, r.path, a.status, a.body)
		}
		seen.add("ANY /api/{proxy+}", a.status)
		conforms(t, responses(t, doc, "ANY /api/{proxy+}")[strconv.Itoa(a.status)], a)
	}

	limited(t, seen)
	for _, r := range route.Routes {
		if r.Auth == route.Token || slices.Contains(accountFunctions, r.Function) { // these have tests of their own
			continue
		}
		for status := range responses(t, doc, r.Key()) {
			if status != "500" && !seen[r.Key()][status] { // 500 has a test of its own
				t.Errorf("%s never answered %s, which openapi.yaml lists", r.Key(), status)
			}
		}
	}
}

// limited asks too often: each function counts for itself, and the routes of
// one function count together.
func limited(t *testing.T, seen seen) {
	t.Helper()
	doc := load(t)
	url := start(t, true)
	for _, keys := range [][]string{{generate}, {heartRates, critical, performance}} {
		_, path, _ := strings.Cut(keys[0], " ")
		for i := range 60 {
			if a := send(t, url, "POST", path, `{}`, nil); a.status != 422 {
				t.Fatalf("request %d to %s: %d", i+1, path, a.status)
			}
		}
		for _, key := range keys {
			_, path, _ := strings.Cut(key, " ")
			a := send(t, url, "POST", path, `{}`, nil)
			if a.status != 429 {
				t.Errorf("request 61 to %s: %d", path, a.status)
			}
			seen.add(key, a.status)
			conforms(t, responses(t, doc, key)["429"], a)
		}
	}
}

// TestFailureConforms: what goes wrong in Stride itself is the same on every
// route, and says nothing about it.
func TestFailureConforms(t *testing.T) {
	doc := load(t)
	for name, handler := range map[string]api.Handler{
		"error": func(*http.Request) (api.Response, error) { return api.Response{}, errors.New("secret") },
		"panic": func(*http.Request) (api.Response, error) { panic("secret") },
		"body":  func(*http.Request) (api.Response, error) { return api.Response{Body: func() {}}, nil },
	} {
		w := httptest.NewRecorder()
		api.Edge{}.Serve(handler).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		if w.Code != 500 || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%s answers %d %s", name, w.Code, w.Body)
		}
		conforms(t, doc.Components.Responses["Internal"].Value, answer{w.Code, w.Header(), w.Body.Bytes()})
	}
}

// TestEveryRuleIsMet: the rules listed are those that plans are made by.
func TestEveryRuleIsMet(t *testing.T) {
	url := start(t, false)
	met := map[string]bool{}
	for _, body := range good[generate] {
		var plan struct {
			Weeks []struct {
				Workouts []struct{ Rationale struct{ Rule string } }
			}
		}
		if err := json.Unmarshal(send(t, url, "POST", "/api/generate", body, nil).body, &plan); err != nil {
			t.Fatal(err)
		}
		for _, week := range plan.Weeks {
			for _, workout := range week.Workouts {
				met[workout.Rationale.Rule] = true
			}
		}
	}
	var listed, got []string
	for _, item := range parse(t).Root().Get("components", "schemas", "Rationale", "properties", "rule", "enum").Items() {
		listed = append(listed, item.Text())
	}
	for rule := range met {
		got = append(got, rule)
	}
	slices.Sort(listed)
	slices.Sort(got)
	if diff := cmp.Diff(got, listed); diff != "" {
		t.Errorf("rules (-plans +openapi.yaml):\n%s", diff)
	}
}

// TestEveryProblemHasItsPage asks for the page of every type of problem, and
// for nothing that could lie beside them.
func TestEveryProblemHasItsPage(t *testing.T) {
	url := start(t, false)
	for slug, title := range api.Titles() {
		a := send(t, url, "GET", "/problems/"+slug, "", nil)
		if body := string(a.body); a.status != 200 || a.media() != "text/html" || !strings.Contains(body, "<h1>"+title+"</h1>") {
			t.Errorf("/problems/%s answers %d %s", slug, a.status, a.media())
		}
		if policy := a.header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") {
			t.Errorf("/problems/%s: policy %q", slug, policy)
		}
	}
	for _, slug := range []string{"..%2Findex", "%2e%2e%2Findex", "x%00", "validation.html", "Validation", ".", "%2F"} {
		if a := send(t, url, "GET", "/problems/"+slug, "", nil); a.status != 404 {
			t.Errorf("/problems/%s answers %d", slug, a.status)
		}
	}
}
