package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/route"
)

// ask sends one request to a handler, as request "id-1".
func ask(h http.Handler, method, target, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r = r.WithContext(api.WithCall(r.Context(), api.CallInfo{RequestID: "id-1"}))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func answer(response api.Response, err error) api.Handler {
	return func(*http.Request) (api.Response, error) { return response, err }
}

func TestProblems(t *testing.T) {
	for _, tt := range []struct {
		name   string
		err    error
		status int
		body   string
		header map[string]string
	}{
		{
			"all fields", &fault.Fault{Kind: fault.Invalid, Fields: []fault.Field{
				{Pointer: "/weeks", Code: fault.OutOfRange, Message: "Set 8 to 30 weeks.", Allowed: &fault.Allowed{Min: 0, Max: 30}},
				{Pointer: "", Code: fault.WrongType, Message: "Send a JSON object."},
				{Parameter: "limit", Code: fault.InvalidFormat, Message: "Digits <only>.", Allowed: &fault.Allowed{Values: []string{"1"}}},
			}},
			422, `{"type":"/problems/validation","title":"Some values are not accepted","status":422,
				"detail":"Mend what errors lists (3) and send it again.","instance":"id-1","errors":[
				{"pointer":"/weeks","code":"out_of_range","message":"Set 8 to 30 weeks.","allowed":{"min":0,"max":30}},
				{"pointer":"","code":"wrong_type","message":"Send a JSON object."},
				{"parameter":"limit","code":"invalid_format","message":"Digits <only>.","allowed":{"values":["1"]}}]}`, nil,
		},
		{
			"wrapped, narrower slug", fmt.Errorf("save: %w", &fault.Fault{Kind: fault.Conflict, Slug: "email_taken", Detail: "Sign in.", Cause: errors.New("arn:aws:dynamodb")}),
			409, `{"type":"/problems/email_taken","title":"This e-mail address has an account","status":409,"detail":"Sign in.","instance":"id-1"}`, nil,
		},
		{
			"slug without a title", &fault.Fault{Kind: fault.Conflict, Slug: "day-taken"},
			409, `{"type":"/problems/day-taken","title":"Conflict","status":409,"instance":"id-1"}`, nil,
		},
		{"bare kind", fmt.Errorf("find: %w", fault.NotFound), 404, `{"type":"/problems/not_found","title":"There is nothing here","status":404,"instance":"id-1"}`, nil},
		{
			"denied", fault.New(fault.Denied, "Sign in."),
			401, `{"type":"/problems/invalid_token","title":"The access token is missing or not valid","status":401,"detail":"Sign in.","instance":"id-1"}`,
			map[string]string{"Www-Authenticate": `Bearer error="invalid_token"`},
		},
		{
			"limited", &fault.Fault{Kind: fault.RateLimited, RetryAfter: 17},
			429, `{"type":"/problems/rate_limited","title":"Too many requests","status":429,"instance":"id-1"}`,
			map[string]string{"Retry-After": "17"},
		},
		{
			"deadline", fmt.Errorf("get item: %w", context.DeadlineExceeded),
			503, `{"type":"/problems/unavailable","title":"Stride cannot answer right now","status":503,"detail":"This took too long. Try again.","instance":"id-1"}`,
			map[string]string{"Retry-After": "1"},
		},
		{"unknown", errors.New("dynamodb: goroutine arn:aws schema"), 500, internal, nil},
		{"unknown kind", &fault.Fault{Kind: 99, Detail: "secret"}, 500, internal, nil},
		{"no kind", &fault.Fault{Detail: "secret", Slug: "secret"}, 500, internal, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := ask(api.Edge{}.Serve(answer(api.Response{Status: 200, Body: "unused"}, tt.err)), "GET", "/", "")
			if w.Code != tt.status {
				t.Errorf("status %d, want %d", w.Code, tt.status)
			}
			sameJSON(t, tt.body, w.Body.String())
			for name, want := range tt.header {
				if got := w.Header().Get(name); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
			if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
				t.Errorf("Content-Type %q", got)
			}
		})
	}
}

const internal = `{"type":"/problems/internal","title":"Something went wrong on our side","status":500,"instance":"id-1"}`

func sameJSON(t *testing.T, want, got string) {
	t.Helper()
	var a, b any
	if err := errors.Join(json.Unmarshal([]byte(want), &a), json.Unmarshal([]byte(got), &b)); err != nil {
		t.Fatalf("%v in %s", err, got)
	}
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
}

func TestEveryKindHasAnAnswer(t *testing.T) {
	for kind := fault.Invalid; kind <= fault.Unavailable; kind++ {
		w := ask(api.Edge{}.Serve(answer(api.Response{}, kind)), "GET", "/", "")
		var p api.Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		if p.Status >= 500 && kind != fault.Unavailable || p.Status != w.Code || p.Title == "" || !strings.HasPrefix(p.Type, "/problems/") {
			t.Errorf("%v: %d %+v", kind, w.Code, p)
		}
	}
}

func TestResponses(t *testing.T) {
	usual := func(more ...string) http.Header {
		h := http.Header{"X-Request-Id": {"id-1"}, "Cache-Control": {"no-store"}, "X-Content-Type-Options": {"nosniff"}}
		for i := 0; i < len(more); i += 2 {
			h.Set(more[i], more[i+1])
		}
		return h
	}
	for _, tt := range []struct {
		name     string
		response api.Response
		status   int
		body     string
		header   http.Header
	}{
		{"encoded", api.Response{Body: map[string]string{"a": "<b>"}}, 200, "{\"a\":\"<b>\"}\n", usual("Content-Type", "application/json", "Content-Length", "12")},
		{"as it stands", api.Response{Status: 201, Body: []byte(`{"a": 1}`)}, 201, `{"a": 1}`, usual("Content-Type", "application/json", "Content-Length", "8")},
		{"nothing", api.Response{Status: 204}, 204, "", usual()},
		{
			"own headers",
			api.Response{Body: []byte("x"), Header: http.Header{"Content-Type": {"text/plain"}, "Cache-Control": {"max-age=60"}, "Etag": {`"1"`}}},
			200, "x", usual("Content-Type", "text/plain", "Cache-Control", "max-age=60", "Etag", `"1"`, "Content-Length", "1"),
		},
		{"cannot be encoded", api.Response{Body: math.Inf(1)}, 500, internal, usual("Content-Type", "application/problem+json", "Content-Length", "")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := ask(api.Edge{}.Serve(answer(tt.response, nil)), "GET", "/", "")
			if w.Code != tt.status {
				t.Errorf("status %d, want %d", w.Code, tt.status)
			}
			if tt.status == 500 {
				sameJSON(t, tt.body, w.Body.String())
				tt.header.Set("Content-Length", w.Header().Get("Content-Length"))
			} else if w.Body.String() != tt.body {
				t.Errorf("body %q, want %q", w.Body, tt.body)
			}
			if diff := cmp.Diff(tt.header, w.Header()); diff != "" {
				t.Errorf("headers (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMount(t *testing.T) {
	table := route.Table{
		{Method: "GET", Path: "/api/plans/{plan_id}"},
		{Method: "DELETE", Path: "/api/plans/{plan_id}"},
		{Method: "POST", Path: "/api/generate"},
		{Method: route.Any, Path: "/api/{proxy+}"},
	}
	h := api.Edge{}.Mount(table, map[string]api.Handler{
		"GET /api/plans/{plan_id}": func(r *http.Request) (api.Response, error) {
			return api.Response{Body: []string{r.PathValue("plan_id"), r.Pattern}}, nil
		},
	})
	for _, tt := range []struct {
		method, path string
		status       int
		allow, body  string
	}{
		{"GET", "/api/plans/42", 200, "", `["42","GET /api/plans/{plan_id}"]` + "\n"},
		{"GET", "/api/plans/a%2Fb", 200, "", `["a/b","GET /api/plans/{plan_id}"]` + "\n"},
		{"PUT", "/api/plans/42", 405, "DELETE, GET", ""},
		{"HEAD", "/api/plans/42", 405, "DELETE, GET", ""},
		{"GET", "/api/generate", 405, "POST", ""},
		{"GET", "/api/nothing", 404, "", ""},
		{"GET", "/elsewhere", 404, "", ""},
	} {
		w := ask(h, tt.method, tt.path, "")
		if w.Code != tt.status || w.Header().Get("Allow") != tt.allow || (tt.body != "" && w.Body.String() != tt.body) {
			t.Errorf("%s %s = %d, Allow %q, %s", tt.method, tt.path, w.Code, w.Header().Get("Allow"), w.Body)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a key outside the table is mounted")
		}
	}()
	api.Edge{}.Mount(table, map[string]api.Handler{"GET /api/nothing": nil})
}

func TestMethodOverrideIsIgnored(t *testing.T) {
	h := api.Edge{}.Mount(route.Table{{Method: "POST", Path: "/api/generate"}}, nil)
	r := httptest.NewRequest("GET", "/api/generate", nil)
	r.Header.Set("X-HTTP-Method-Override", "POST")
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, r); w.Code != 405 {
		t.Errorf("status %d, want 405", w.Code)
	}
}

func TestLog(t *testing.T) {
	table := route.Table{{Method: "POST", Path: "/api/plans/{plan_id}", Counts: "PlansSaved"}}
	replayed := http.Header{}
	api.Replayed(replayed)
	for _, tt := range []struct {
		name    string
		handler api.Handler
		level   string
		status  float64
		cause   string
	}{
		{"answer", answer(api.Response{Status: 201, Body: []byte("{}")}, nil), "INFO", 201, ""},
		{"answer told again", answer(api.Response{Status: 201, Body: []byte("{}"), Header: replayed}, nil), "INFO", 201, ""},
		{"refusal", answer(api.Response{}, fault.New(fault.Conflict, "private detail")), "INFO", 409, ""},
		{"failure", answer(api.Response{}, fmt.Errorf("get item: %w", io.ErrUnexpectedEOF)), "ERROR", 500, "get item: unexpected EOF"},
		{"unavailable", answer(api.Response{}, &fault.Fault{Kind: fault.Unavailable, Cause: io.ErrClosedPipe}), "ERROR", 503, "io: read/write on closed pipe"},
		{"panic", func(*http.Request) (api.Response, error) { panic("lost") }, "ERROR", 500, "panic: lost\ngoroutine"},
		{"cannot be encoded", answer(api.Response{Body: math.NaN()}, nil), "ERROR", 500, "encode answer"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var log bytes.Buffer
			edge := api.Edge{Log: slog.New(slog.NewJSONHandler(&log, nil))}
			w := ask(edge.Mount(table, map[string]api.Handler{"POST /api/plans/{plan_id}": tt.handler}), "POST", "/api/plans/private-42?private=1", `{"private":1}`)
			var event map[string]any
			if err := json.Unmarshal(log.Bytes(), &event); err != nil {
				t.Fatalf("%v: want one event, got %s", err, &log)
			}
			cause, _ := event["cause"].(string)
			if !strings.Contains(cause, tt.cause) || (cause != "") != (tt.cause != "") {
				t.Errorf("cause %q, want %q", cause, tt.cause)
			}
			if took, ok := event["duration_ms"].(float64); !ok || took < 0 {
				t.Errorf("duration_ms is %v", event["duration_ms"])
			}
			for _, name := range []string{"time", "duration_ms", "cause"} {
				delete(event, name)
			}
			want := map[string]any{
				"level": tt.level, "msg": "request", "id": "id-1", "method": "POST", "route": "POST /api/plans/{plan_id}",
				"status": tt.status, "bytes": float64(w.Body.Len()),
			}
			if counted := map[string]string{"answer": "PlansSaved", "refusal": "Refusals"}[tt.name]; counted != "" {
				want[counted] = 1.0
			}
			if diff := cmp.Diff(want, event); diff != "" {
				t.Errorf("event (-want +got):\n%s", diff)
			}
			if strings.Contains(log.String(), "private") || strings.Contains(log.String(), "192.0.2.1") {
				t.Errorf("the log has something private: %s", &log)
			}
			if w.Code == 500 {
				sameJSON(t, internal, w.Body.String())
			}
		})
	}
}

func TestDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		edge := api.Edge{Timeout: 3 * time.Second}
		w := ask(edge.Serve(func(r *http.Request) (api.Response, error) {
			<-r.Context().Done()
			return api.Response{}, r.Context().Err()
		}), "GET", "/", "")
		if took := time.Since(start); w.Code != 503 || took != 3*time.Second {
			t.Errorf("%d after %v, want 503 after 3s", w.Code, took)
		}
	})
}

func TestRequestWithoutGatewayGetsAnID(t *testing.T) {
	seen := map[string]bool{}
	h := api.Edge{}.Serve(func(r *http.Request) (api.Response, error) {
		return api.Response{Body: api.Call(r.Context()).RequestID}, nil
	})
	for range 3 {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		id := w.Header().Get(api.RequestIDHeader)
		if w.Body.String() != `"`+id+`"`+"\n" || len(id) < 20 || seen[id] {
			t.Errorf("id %q in the header, %s in the handler", id, w.Body)
		}
		seen[id] = true
	}
}
