package activity_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/stride-run/stride/internal/activity"
	"github.com/stride-run/stride/internal/api"
	handlers "github.com/stride-run/stride/internal/api/activity"
	"github.com/stride-run/stride/internal/apitest"
	"github.com/stride-run/stride/internal/dynamo"
	"github.com/stride-run/stride/internal/fittest"
	"github.com/stride-run/stride/internal/recording"
	"github.com/stride-run/stride/internal/route"
	"github.com/stride-run/stride/internal/storetest"
	"github.com/stride-run/stride/internal/token"
)

// now is when all tests take place.
var now = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// A world is the API of sessions on a table of its own, with objects in
// memory, and files as watches write them.
type world struct {
	table   *storetest.Table
	objects *storetest.Bucket
	service *activity.Service
	handler http.Handler
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{table: storetest.New(t), objects: storetest.NewBucket(now)}
	w.service = activity.New(activity.Config{
		Store: dynamo.Activities{Store: w.table.Store()}, Objects: w.objects, Reader: recording.Reader{}, Log: slog.New(slog.DiscardHandler),
	})
	key := func(context.Context) ([]byte, error) { return []byte(strings.Repeat("k", 32)), nil }
	a := handlers.API{
		Activity: w.service,
		Runner: func(r *http.Request) (string, error) { // as a verified token says
			caller, err := api.Verifier(nil).Caller(r, now)
			return caller.Runner, err
		},
		Cursors: token.Cursors{Key: key}.Of("GET /api/sessions"),
		Now:     func() time.Time { return now },
	}
	all := a.ImportHandlers()
	maps.Copy(all, a.SessionHandlers())
	maps.Copy(all, a.BestHandlers())
	w.handler = api.Edge{}.Mount(route.Routes, all)
	return w
}

// runner makes an account and returns its id.
func (w *world) runner(t testing.TB) string {
	t.Helper()
	id := uuid.Must(uuid.NewV7()).String()
	item := map[string]types.AttributeValue{}
	for name, value := range map[string]string{"PK": "RUNNER#" + id, "SK": "PROFILE", "entity": "runner", "email": "runner@example.org", "time_zone": "Europe/Oslo"} {
		item[name] = &types.AttributeValueMemberS{Value: value}
	}
	item["birth_year"] = &types.AttributeValueMemberN{Value: "1986"}
	if _, err := w.table.Look.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &w.table.Name, Item: item}); err != nil {
		t.Fatal(err)
	}
	return id
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

// upload posts a file.
func (w *world) upload(t testing.TB, runner string, content []byte) (handlers.Added, apitest.Answer) {
	t.Helper()
	a := w.must(t, 201, runner, "POST", "/api/sessions?file_name=run.fit", string(content), "Content-Type", "application/vnd.ant.fit")
	return apitest.Decode[handlers.Added](t, a), a
}

// refuses sends a request that must be refused, and leave table and objects as
// they are.
func (w *world) refuses(t testing.TB, status int, slug, runner, method, target, body string, headers ...string) apitest.Answer {
	t.Helper()
	table, objects := w.table.Dump(t), w.objects.Keys("")
	a := w.ask(t, runner, method, target, body, headers...)
	if a.Status != status || a.Slug() != slug {
		t.Errorf("%s %s %.200q = %d %.500s, want %d %s", method, target, body, a.Status, a.Body, status, slug)
	}
	if diff := cmp.Diff(table, w.table.Dump(t)); diff != "" {
		t.Errorf("%s %s has an effect on the table (-before +after):\n%s", method, target, diff)
	}
	if diff := cmp.Diff(objects, w.objects.Keys("")); diff != "" {
		t.Errorf("%s %s has an effect on objects (-before +after):\n%s", method, target, diff)
	}
	return a
}

// run is a run of so many metres, days after the first of September.
func run(day, metres int, pace float64) []byte {
	start := time.Date(2026, 9, 1, 6, 0, 0, 0, time.UTC).AddDate(0, 0, day)
	return fittest.File(fittest.Run{Start: start, Metres: metres, Pace: pace, HeartRate: 150, Serial: 7})
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
