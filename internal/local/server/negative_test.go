package server

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stride-run/stride/internal/api"
)

// answers are good answers to the five questions.
const answers = `{"weeks":16,"runs_per_week":4,"target_time":"4:00:00","first_long_run":12,"long_run_day":"sunday"}`

// with is answers with one of them changed.
func with(name, value string) string {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal([]byte(answers), &fields); err != nil {
		panic(err)
	}
	fields[name] = json.RawMessage(value)
	out, err := json.Marshal(fields)
	if err != nil {
		panic(err)
	}
	return string(out)
}

// post sends a body to /api/generate and returns the answer, read.
func post(t *testing.T, url, contentType, body string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/api/generate", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header["Content-Type"] = []string{contentType}
	r.Header.Set("Authorization", "Bearer not-a-token") // a public route does not look
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(data)
}

// TestGenerateRefuses sends what callers get wrong, by accident or not,
// through the whole server, and checks that every answer is a problem that
// names the right field and gives nothing away.
func TestGenerateRefuses(t *testing.T) {
	url, stop := start(t)
	const jsonType = "application/json"
	long := func(n int) string { return with("weeks", `"`+strings.Repeat("a", n)+`"`) }
	for _, tt := range []struct {
		name, contentType, body string
		status                  int
		problem                 string // slug, and pointers for validation
	}{
		{"good", jsonType, answers, 200, ""},
		{"good, with charset", "application/json; charset=utf-8", answers, 200, ""},
		{"cut short", jsonType, `{"weeks":`, 400, "malformed_json"},
		{"empty", jsonType, ``, 400, "malformed_json"},
		{"not UTF-8", jsonType, "{\"weeks\":\"\xff\"}", 400, "malformed_json"},
		{"half a surrogate pair", jsonType, with("weeks", `"\ud800"`), 400, "malformed_json"},
		{"two values", jsonType, answers + answers, 400, "malformed_json"},
		{"trailing text", jsonType, answers + " xyz", 400, "malformed_json"},
		{"name twice", jsonType, `{"weeks":16,"weeks":16}`, 400, "malformed_json"},
		{"deep", jsonType, strings.Repeat("[", 10_001) + strings.Repeat("]", 10_001), 400, "malformed_json"},
		{"NaN", jsonType, strings.Replace(answers, "12", "NaN", 1), 400, "malformed_json"},
		{"text/plain", "text/plain", answers, 415, "unsupported_media_type"},
		{"form", "application/x-www-form-urlencoded", "weeks=16", 415, "unsupported_media_type"},
		{"64 KiB and a byte", jsonType, answers + strings.Repeat(" ", api.MaxBody+1-len(answers)), 413, "body_too_large"},
		{"10 MB", jsonType, long(10_000_000), 413, "body_too_large"},
		{"list", jsonType, `[]`, 422, "validation "},
		{"nothing in it", jsonType, `{}`, 422, "validation /weeks /runs_per_week /target_time /first_long_run /long_run_day"},
		{"extra name", jsonType, with("role", `"admin"`), 422, "validation /role"},
		{"name in capitals", jsonType, with("Weeks", "16"), 422, "validation /Weeks"},
		{"3 weeks", jsonType, with("weeks", "3"), 422, "validation /weeks"},
		{"7 weeks", jsonType, with("weeks", "7"), 422, "validation /weeks"},
		{"31 weeks", jsonType, with("weeks", "31"), 422, "validation /weeks"},
		{"0 weeks", jsonType, with("weeks", "-0"), 422, "validation /weeks"},
		{"-1 weeks", jsonType, with("weeks", "-1"), 422, "validation /weeks"},
		{"2^31 weeks", jsonType, with("weeks", "2147483648"), 422, "validation /weeks"},
		{"2^53+1 weeks", jsonType, with("weeks", "9007199254740993"), 422, "validation /weeks"},
		{"2^70 weeks", jsonType, with("weeks", "1180591620717411303424"), 422, "validation /weeks"},
		{"1.5 weeks", jsonType, with("weeks", "1.5"), 422, "validation /weeks"},
		{"16.0 weeks", jsonType, with("weeks", "16.0"), 422, "validation /weeks"},
		{"weeks as text", jsonType, with("weeks", `"16"`), 422, "validation /weeks"},
		{"no weeks", jsonType, with("weeks", "null"), 422, "validation /weeks"},
		{"1 run", jsonType, with("runs_per_week", "1"), 422, "validation /runs_per_week"},
		{"8 runs", jsonType, with("runs_per_week", "8"), 422, "validation /runs_per_week"},
		{"no such day", jsonType, with("long_run_day", `"funday"`), 422, "validation /long_run_day"},
		{"day in capitals", jsonType, with("long_run_day", `"Sunday"`), 422, "validation /long_run_day"},
		{"long run of 0", jsonType, with("first_long_run", "0"), 422, "validation /first_long_run"},
		{"long run of 60 km", jsonType, with("first_long_run", "60"), 422, "validation /first_long_run"},
		{"endless long run", jsonType, with("first_long_run", "1e400"), 422, "validation /first_long_run"},
		{"1:30:00", jsonType, with("target_time", `"1:30:00"`), 422, "validation /target_time"},
		{"12:00:00", jsonType, with("target_time", `"12:00:00"`), 422, "validation /target_time"},
		{"3:45", jsonType, with("target_time", `"3:45"`), 422, "validation /target_time"},
		{"no such date", jsonType, with("race_date", `"2027-02-30"`), 422, "validation /race_date"},
		{"no such unit", jsonType, with("unit", `"furlong"`), 422, "validation /unit"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			response, body := post(t, url, tt.contentType, tt.body)
			if response.StatusCode == http.StatusTooManyRequests {
				t.Fatal("more cases than a minute allows: start another server")
			}
			if response.StatusCode != tt.status {
				t.Fatalf("status %d, want %d: %.300s", response.StatusCode, tt.status, body)
			}
			if tt.status == 200 {
				return
			}
			var p api.Problem
			if err := json.Unmarshal([]byte(body), &p); err != nil {
				t.Fatal(err)
			}
			parts := []string{strings.TrimPrefix(p.Type, "/problems/")}
			for i, e := range p.Errors {
				if e.Pointer == nil {
					t.Fatalf("error %d has no pointer: %s", i, body)
				}
				parts = append(parts, *e.Pointer)
			}
			if got := strings.Join(parts, " "); got != tt.problem || p.Status != tt.status || p.Instance != response.Header.Get(api.RequestIDHeader) {
				t.Errorf("%s, want %q", body, tt.problem)
			}
			for _, secret := range []string{"dynamodb", "arn:", "goroutine", "panic", "schema", ".go:"} {
				if strings.Contains(body, secret) {
					t.Errorf("the answer says %q: %s", secret, body)
				}
			}
		})
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestGenerateIsLimited(t *testing.T) {
	url, stop := start(t)
	var first string
	for i := range 60 {
		response, body := post(t, url, "application/json", answers)
		if response.StatusCode != http.StatusOK || (i > 0 && body != first) {
			t.Fatalf("request %d: %d, the same answer as before: %v", i+1, response.StatusCode, body == first)
		}
		first = body
	}
	begin := time.Now()
	response, body := post(t, url, "application/json", answers)
	var wait int
	if _, err := fmt.Sscan(response.Header.Get("Retry-After"), &wait); err != nil || wait < 1 || wait > 60 {
		t.Errorf("Retry-After %q: %v", response.Header.Get("Retry-After"), err)
	}
	if response.StatusCode != http.StatusTooManyRequests || !strings.Contains(body, "/problems/rate_limited") {
		t.Errorf("request 61 after %v: %d %s", time.Since(begin), response.StatusCode, body)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}
