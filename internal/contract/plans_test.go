package contract

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stride-run/stride/internal/route"
)

const newPlan = `{"weeks":12,"runs_per_week":5,"target_time":"3:45:00","first_long_run":14,"long_run_day":"sunday","race_date":"2027-04-25","name":"Spring"}`

// signUp makes an account and returns the header that its requests carry.
func signUp(t *testing.T, url string) http.Header {
	t.Helper()
	a := send(t, url, "POST", "/api/register", `{"email":"ada@example.org","password":"every mile counts"}`, nil)
	var tokens struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.Unmarshal(a.body, &tokens); err != nil || a.status != 201 {
		t.Fatalf("register: %d %s", a.status, a.body)
	}
	return http.Header{"Authorization": {"Bearer " + tokens.AccessToken}}
}

// TestSavedPlansConform gets every answer that the routes of saved plans are
// said to give.
func TestSavedPlansConform(t *testing.T) {
	doc, url, seen := load(t), start(t, false), seen{}
	signedIn := signUp(t, url)
	k := asker{doc, url, seen, signedIn}
	ask := func(status int, method, path, body string, headers ...string) answer {
		t.Helper()
		return k.ask(t, status, method, path, body, headers...)
	}
	const nowhere = "/api/plans/01a20e64-d34f-74cb-9d8b-afcd8163ffe1"
	const own = `{"type":"tempo","distance_m":8000,"week":2,"day":"monday","note":"with Bob"}`

	plan := ask(201, "POST", "/api/plans", newPlan, "Idempotency-Key", "k").header.Get("Location")
	ask(201, "POST", "/api/plans", newPlan, "Idempotency-Key", "k")
	ask(422, "POST", "/api/plans", strings.Replace(newPlan, "12", "13", 1), "Idempotency-Key", "k")
	past := ask(201, "POST", "/api/plans", strings.Replace(newPlan, "2027", "2020", 1)).header.Get("Location")
	for range 3 {
		ask(201, "POST", "/api/plans", strings.Replace(newPlan, `"2027-04-25"`, "null", 1))
	}
	ask(409, "POST", "/api/plans", newPlan)
	ask(200, "GET", "/api/plans", "")
	ask(200, "GET", "/api/plans?limit=1", "")
	ask(422, "GET", "/api/plans?limit=0&page=1", "")
	ask(400, "GET", "/api/plans?cursor=x", "")
	ask(200, "GET", plan, "")
	ask(404, "GET", nowhere, "")
	added := ask(201, "POST", plan+"/workouts", own).header.Get("Location")
	ask(201, "POST", plan+"/workouts", `{"type":"easy","distance_m":5000,"week":1,"day":"monday","title":"Club night"}`)
	ask(409, "POST", plan+"/workouts", own)
	ask(404, "POST", nowhere+"/workouts", own)
	ask(200, "GET", added, "")
	ask(200, "GET", plan, "")
	ask(404, "GET", plan+"/workouts/w99-1", "")
	run := plan + "/workouts/w03-2"
	ask(200, "PATCH", run, `{"status":"done","note":"windy"}`, "If-Match", `"0.0"`)
	ask(409, "PATCH", run, `{"week":12,"day":"sunday"}`, "If-Match", `"0.1"`)
	ask(422, "PATCH", run, `{"date":"2030-01-01"}`, "If-Match", `"0.1"`)
	ask(412, "PATCH", run, `{"note":null}`, "If-Match", `"0.0"`)
	ask(428, "PATCH", run, `{"note":null}`)
	ask(404, "PATCH", plan+"/workouts/w99-1", `{}`)
	ask(200, "PATCH", run, `{"week":4,"day":"monday"}`, "If-Match", `"0.1"`)
	ask(409, "PATCH", plan, `{"race_date":"2027-05-02"}`, "If-Match", `"1"`)
	ask(200, "PATCH", past, `{"race_date":null,"active":false,"name":"Old"}`, "If-Match", `"1"`)
	ask(412, "PATCH", plan, `{"name":"x"}`, "If-Match", `"9"`)
	ask(428, "PATCH", plan, `{"name":"x"}`)
	ask(404, "PATCH", nowhere, `{"name":"x"}`)
	ask(200, "GET", "/api/workouts?from=2027-02-01&to=2027-04-25", "")
	ask(422, "GET", "/api/workouts?from=2027-02-01", "")
	ask(409, "DELETE", run, "")
	ask(412, "DELETE", added, "", "If-Match", `"9"`)
	ask(204, "DELETE", added, "")
	ask(404, "DELETE", added, "")
	ask(412, "DELETE", plan, "", "If-Match", `"9"`)

	for _, r := range [][2]string{{"POST", "/api/plans"}, {"PATCH", plan}, {"POST", plan + "/workouts"}, {"PATCH", run}} {
		ask(400, r[0], r[1], `{"a":`)
		ask(413, r[0], r[1], `"`+strings.Repeat("a", 1<<16)+`"`)
		ask(415, r[0], r[1], "a=b", "Content-Type", "text/plain")
		ask(422, r[0], r[1], `{"extra":1}`)
	}
	for _, r := range [][2]string{
		{"POST", "/api/plans"},
		{"GET", "/api/plans"},
		{"GET", plan},
		{"PATCH", plan},
		{"DELETE", plan},
		{"POST", plan + "/workouts"},
		{"GET", run},
		{"PATCH", run},
		{"DELETE", run},
		{"GET", "/api/workouts"},
	} {
		ask(401, r[0], r[1], "", "Authorization", "")
	}
	ask(204, "DELETE", plan, "")
	ask(404, "DELETE", plan, "")

	for _, r := range route.Routes {
		if r.Function != "plans" && r.Function != "workouts" {
			continue
		}
		for status := range responses(t, doc, r.Key()) {
			if status < "500" && !seen[r.Key()][status] {
				t.Errorf("%s never answered %s, which openapi.yaml lists", r.Key(), status)
			}
		}
	}
}
