package plans_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/api/plans"
	"github.com/stride-run/stride/internal/apitest"
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

// ask sends a request as a runner; headers come in pairs.
func (w *world) ask(t testing.TB, runner, method, target, body string, headers ...string) apitest.Answer {
	t.Helper()
	return apitest.Ask(t, w.handler, runner, method, target, body, headers...)
}

// must asks and wants a status.
func (w *world) must(t testing.TB, status int, runner, method, target, body string, headers ...string) apitest.Answer {
	t.Helper()
	return apitest.Must(t, status, w.handler, runner, method, target, body, headers...)
}

// save saves a plan and returns it with its path.
func (w *world) save(t testing.TB, runner, body string) (plans.Plan, string) {
	t.Helper()
	a := w.must(t, 201, runner, "POST", "/api/plans", body)
	return apitest.Decode[plans.Plan](t, a), a.Header.Get("Location")
}

// patch changes what is at a path, whatever its version, and returns it.
func patch[T any](t testing.TB, w *world, runner, path, body string) T {
	t.Helper()
	tag := w.must(t, 200, runner, "GET", path, "").Header.Get("ETag")
	return apitest.Decode[T](t, w.must(t, 200, runner, "PATCH", path, body, "If-Match", tag))
}

// sameTable fails if anything has changed since a dump.
func (w *world) sameTable(t testing.TB, before []string) {
	t.Helper()
	if diff := cmp.Diff(before, w.table.Dump(t)); diff != "" {
		t.Errorf("a side effect (-before +after):\n%s", diff)
	}
}
