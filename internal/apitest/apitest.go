// Package apitest asks handlers as a runner's client does, in tests.
package apitest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stride-run/stride/internal/api"
)

// An Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// Slug is the type of a problem.
func (a Answer) Slug() string {
	return strings.TrimPrefix(a.problem().Type, "/problems/")
}

// Faults lists what a problem says is wrong, as "pointer code".
func (a Answer) Faults() string {
	var all []string
	for _, e := range a.problem().Errors {
		at := e.Parameter
		if e.Pointer != nil {
			at = *e.Pointer
		}
		all = append(all, at+" "+string(e.Code))
	}
	return strings.Join(all, ", ")
}

func (a Answer) problem() (p api.Problem) {
	_ = json.Unmarshal([]byte(a.Body), &p)
	return p
}

// Ask sends a request as a runner; headers come in pairs. The body is JSON,
// unless a header says otherwise. No answer may tell how Stride is made.
func Ask(t testing.TB, handler http.Handler, runner, method, target, body string, headers ...string) Answer {
	t.Helper()
	call := api.CallInfo{RequestID: "request", Claims: map[string]string{"sub": runner}}
	r := httptest.NewRequestWithContext(api.WithCall(t.Context(), call), method, target, strings.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	if r.Header["Content-Type"] == nil {
		r.Header.Set("Content-Type", "application/json")
	}
	rec := httptest.NewRecorder()
	handler.ServeHTTP(rec, r)
	out, err := io.ReadAll(rec.Body)
	if err != nil {
		t.Fatal(err)
	}
	Discreet(t, rec.Code, string(out))
	return Answer{rec.Code, rec.Header(), string(out)}
}

// Must asks and wants a status.
func Must(t testing.TB, status int, handler http.Handler, runner, method, target, body string, headers ...string) Answer {
	t.Helper()
	a := Ask(t, handler, runner, method, target, body, headers...)
	if a.Status != status {
		t.Fatalf("%s %s %.200q = %d %.500s, want %d", method, target, body, a.Status, a.Body, status)
	}
	return a
}

// Decode reads the body of an answer.
func Decode[T any](t testing.TB, a Answer) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.Body), &v); err != nil {
		t.Fatalf("%v: %.300s", err, a.Body)
	}
	return v
}
