package plans_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/api/plans"
	"github.com/stride-run/stride/internal/dynamo"
	"github.com/stride-run/stride/internal/route"
	"github.com/stride-run/stride/internal/storetest"
	"github.com/stride-run/stride/internal/token"
	"github.com/stride-run/stride/internal/training"
)

// now is when all tests take place: a Tuesday, 151 days before the race.
var now = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// good are answers to the five questions, with a race on a Sunday.
const good = `{"weeks":18,"runs_per_week":5,"target_time":"3:45:00","first_long_run":14,"long_run_day":"sunday","race_date":"2027-04-25","name":"Spring"}`

// with is a body with a member set, or, for an empty value, taken away.
func with(body, name, value string) string {
	members := map[string]json.RawMessage{}
	if err := json.Unmarshal([]byte(body), &members); err != nil {
		panic(err)
	}
	members[name] = json.RawMessage(value)
	if value == "" {
		delete(members, name)
	}
	out, err := json.Marshal(members)
	if err != nil {
		panic(err)
	}
	return string(out)
}

// A world is the API of saved plans on a table of its own.
type world struct {
	table   *storetest.Table
	store   *dynamo.Store
	api     plans.API
	handler http.Handler
	now     time.Time
}

func newWorld(t testing.TB) *world {
	t.Helper()
	table := storetest.New(t)
	w := &world{table: table, store: table.Store(), now: now}
	w.serve(w.store)
	return w
}

func (w *world) serve(store *dynamo.Store) {
	key := func(context.Context) ([]byte, error) { return []byte(strings.Repeat("k", 32)), nil }
	w.api = plans.API{
		Plans: training.New(dynamo.Plans{Store: store}),
		Runner: func(r *http.Request) (string, error) { // as a verified token says
			caller, err := api.Verifier(nil).Caller(r, w.now)
			return caller.Runner, err
		},
		Cursors: token.Cursors{Key: key}.Of("GET /api/plans"),
		Now:     func() time.Time { return w.now },
	}
	handlers := w.api.PlanHandlers()
	maps.Copy(handlers, w.api.WorkoutHandlers())
	w.handler = api.Edge{}.Mount(route.Routes, handlers)
}

// runner makes an account and returns its id.
func (w *world) runner(t testing.TB) string {
	t.Helper()
	id := uuid.Must(uuid.NewV7()).String()
	w.put(t, map[string]any{"PK": "RUNNER#" + id, "SK": "PROFILE", "entity": "runner", "email": "runner@example.org", "first_name": "Ada"})
	return id
}

func (w *world) put(t testing.TB, attributes map[string]any) {
	t.Helper()
	item := map[string]types.AttributeValue{}
	for name, value := range attributes {
		switch value := value.(type) {
		case string:
			item[name] = &types.AttributeValueMemberS{Value: value}
		case int:
			item[name] = &types.AttributeValueMemberN{Value: fmt.Sprint(value)}
		}
	}
	if _, err := w.table.Look.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &w.table.Name, Item: item}); err != nil {
		t.Fatal(err)
	}
}

// An answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

// slug is the type of a problem.
func (a answer) slug() string {
	var p api.Problem
	_ = json.Unmarshal([]byte(a.body), &p)
	return strings.TrimPrefix(p.Type, "/problems/")
}

// faults lists what a problem says is wrong, as "pointer code".
func (a answer) faults() string {
	var p api.Problem
	_ = json.Unmarshal([]byte(a.body), &p)
	var all []string
	for _, e := range p.Errors {
		at := e.Parameter
		if e.Pointer != nil {
			at = *e.Pointer
		}
		all = append(all, at+" "+string(e.Code))
	}
	return strings.Join(all, ", ")
}

// ask sends a request as a runner; headers come in pairs.
func (w *world) ask(t testing.TB, runner, method, target, body string, headers ...string) answer {
	t.Helper()
	call := api.CallInfo{RequestID: "request", Claims: map[string]string{"sub": runner}}
	r := httptest.NewRequestWithContext(api.WithCall(t.Context(), call), method, target, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, r)
	out, err := io.ReadAll(rec.Body)
	if err != nil {
		t.Fatal(err)
	}
	storetest.Discreet(t, rec.Code, string(out))
	return answer{rec.Code, rec.Header(), string(out)}
}

// must asks and wants a status.
func (w *world) must(t testing.TB, status int, runner, method, target, body string, headers ...string) answer {
	t.Helper()
	a := w.ask(t, runner, method, target, body, headers...)
	if a.status != status {
		t.Fatalf("%s %s %.200s = %d %.500s, want %d", method, target, body, a.status, a.body, status)
	}
	return a
}

func decode[T any](t testing.TB, a answer) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		t.Fatalf("%v: %.300s", err, a.body)
	}
	return v
}

// save saves a plan and returns it with its path.
func (w *world) save(t testing.TB, runner, body string) (plans.Plan, string) {
	t.Helper()
	a := w.must(t, 201, runner, "POST", "/api/plans", body)
	return decode[plans.Plan](t, a), a.header.Get("Location")
}

// patch changes what is at a path, whatever its version, and returns it.
func patch[T any](t testing.TB, w *world, runner, path, body string) T {
	t.Helper()
	tag := w.must(t, 200, runner, "GET", path, "").header.Get("ETag")
	return decode[T](t, w.must(t, 200, runner, "PATCH", path, body, "If-Match", tag))
}

// sameTable fails if anything has changed since a dump.
func (w *world) sameTable(t testing.TB, before []string) {
	t.Helper()
	if diff := cmp.Diff(before, w.table.Dump(t)); diff != "" {
		t.Errorf("a side effect (-before +after):\n%s", diff)
	}
}
