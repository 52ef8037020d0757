package activity_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/uuid"

	"github.com/stride-run/stride/internal/activity"
	"github.com/stride-run/stride/internal/dynamo"
	"github.com/stride-run/stride/internal/runner"
	"github.com/stride-run/stride/internal/session"
	"github.com/stride-run/stride/internal/storetest"
	"github.com/stride-run/stride/internal/unit"
)

// now is when all tests take place.
var now = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// A world is the service on a table of its own, with objects in memory and
// files of a simple kind.
type world struct {
	table   *storetest.Table
	objects *storetest.Bucket
	service *activity.Service
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{table: storetest.New(t), objects: storetest.NewBucket(now)}
	w.serve(dynamo.Activities{Store: w.table.Store()}, w.objects)
	return w
}

func (w *world) serve(store activity.Store, objects activity.Objects) {
	w.service = activity.New(activity.Config{Store: store, Objects: objects, Reader: reader{}, Log: slog.New(slog.DiscardHandler)})
}

// runner makes an account and returns its id.
func (w *world) runner(t testing.TB, more map[string]types.AttributeValue) string {
	t.Helper()
	id := uuid.Must(uuid.NewV7()).String()
	item := map[string]types.AttributeValue{"PK": text("RUNNER#" + id), "SK": text("PROFILE"), "entity": text("runner")}
	maps.Copy(item, more)
	if _, err := w.table.Look.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &w.table.Name, Item: item}); err != nil {
		t.Fatal(err)
	}
	return id
}

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

// leave marks a runner's account as deleted.
func (w *world) leave(t testing.TB, runner string) {
	t.Helper()
	item := map[string]types.AttributeValue{"PK": text("RUNNER#" + runner), "SK": text("PROFILE"), "deleted_at": &types.AttributeValueMemberN{Value: "1"}}
	if _, err := w.table.Look.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &w.table.Name, Item: item}); err != nil {
		t.Fatal(err)
	}
}

// A file is what the tests' reader reads: JSON.
type file struct {
	Salt     string // makes other bytes of the same content
	Bad      string // refused for this reason
	Panic    bool
	Sessions []run
}

// A run is a session of a file: pairs of seconds and metres.
type run struct {
	Start     float64 // instant
	Sport     session.Sport
	Pairs     [][2]float64
	HeartRate float32
	Serial    uint32
	Created   int64
	Flags     []session.Flag
}

// at is a run that begins days after the first of January 2026, even, at a
// pace in seconds per km.
func at(day int, metres, pace float64) run {
	start := time.Date(2026, 1, 1, 7, 0, 0, 0, time.UTC).AddDate(0, 0, day)
	r := run{Start: float64(start.Unix()), Sport: session.Running, HeartRate: 150}
	for d := 0.0; ; d += 100 {
		d = min(d, metres)
		r.Pairs = append(r.Pairs, [2]float64{d * pace / 1000, d})
		if d == metres {
			return r
		}
	}
}

func content(t testing.TB, f file) []byte {
	t.Helper()
	b, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

type reader struct{}

func (reader) Read(_ context.Context, r io.Reader) activity.Reading {
	b, err := io.ReadAll(r)
	if err != nil {
		return activity.Reading{Reason: "read_failed", Cause: err}
	}
	var f file
	if err := json.Unmarshal(b, &f); err != nil {
		return activity.Reading{Reason: "not_fit", Cause: err}
	}
	if f.Panic {
		panic("a poisoned file")
	}
	reading := activity.Reading{Reason: f.Bad}
	for _, s := range f.Sessions {
		rec := session.Recording{Sport: s.Sport, Flags: s.Flags, Device: session.Device{Serial: s.Serial}}
		if s.Created != 0 {
			rec.Device.Created = time.Unix(s.Created, 0).UTC()
		}
		for _, p := range s.Pairs {
			rec.Samples.Time = append(rec.Samples.Time, s.Start+p[0])
			rec.Samples.Distance = append(rec.Samples.Distance, p[1])
			if s.HeartRate > 0 {
				rec.Samples.HeartRate = append(rec.Samples.HeartRate, s.HeartRate)
			}
			rec.Samples.Cadence = append(rec.Samples.Cadence, 180)
		}
		reading.Recordings = append(reading.Recordings, rec)
	}
	return reading
}

// announce begins an import of files and uploads what it may; it returns the
// keys in the order of the files, empty for those that are not uploaded.
func (w *world) announce(t testing.TB, runner string, files ...[]byte) (*activity.Import, []string) {
	t.Helper()
	announced := make([]activity.NewFile, len(files))
	for n, b := range files {
		announced[n] = activity.NewFile{Name: fmt.Sprintf("run-%d.fit", n), Size: int64(len(b)), SHA256: digest(b)}
	}
	i, replayed, err := w.service.NewImport(t.Context(), runner, announced, "", now)
	if err != nil || replayed {
		t.Fatal(err, replayed)
	}
	keys := make([]string, len(files))
	for n, f := range i.Files {
		if f.Upload == nil {
			continue
		}
		keys[n] = storetest.KeyOf(f.Upload.URL)
		if err := w.objects.Put(t.Context(), keys[n], "", files[n]); err != nil {
			t.Fatal(err)
		}
	}
	return i, keys
}

// bring imports files and returns what became of them.
func (w *world) bring(t testing.TB, runner string, files ...[]byte) *activity.Import {
	t.Helper()
	i, keys := w.announce(t, runner, files...)
	for _, key := range keys {
		if key != "" {
			w.ingest(t, key)
		}
	}
	return w.importOf(t, runner, i.ID)
}

func (w *world) ingest(t testing.TB, key string) {
	t.Helper()
	if err := w.service.Ingest(t.Context(), key, now); err != nil {
		t.Fatal(err)
	}
}

func (w *world) importOf(t testing.TB, runner, id string) *activity.Import {
	t.Helper()
	i, err := w.service.Import(t.Context(), runner, id, now)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// sessions are all of a runner's, oldest first.
func (w *world) sessions(t testing.TB, runner string) []*activity.View {
	t.Helper()
	var all []*activity.View
	for v, err := range w.service.All(t.Context(), runner, now) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	return all
}

func (w *world) bests(t testing.TB, runner string) *activity.PersonalBests {
	t.Helper()
	p, err := w.service.PersonalBests(t.Context(), runner, now)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// recomputed are the bests of all that a runner has, found without anything
// that was kept about bests.
func (w *world) recomputed(t testing.TB, runner string) []session.Best {
	t.Helper()
	var b session.Bests
	for _, v := range w.sessions(t, runner) {
		if v.CountsForBests {
			b.Add(session.Claims(v.ID, v.Start, v.Sport, v.Statistics)...)
		}
	}
	for _, r := range w.bests(t, runner).Results {
		b.Add(session.Claim{Result: r.Result, Source: r.ID, At: activity.TimeOf(r.ID), ByHand: true})
	}
	return b.Standing()
}

// snapshot is all that is kept of a runner, with the ids of runner and imports
// taken out, so that two runners can be compared.
func (w *world) snapshot(t testing.TB, runner string, ids ...string) string {
	t.Helper()
	var lines []string
	pages := dynamodb.NewQueryPaginator(w.table.Look, &dynamodb.QueryInput{
		TableName: &w.table.Name, ConsistentRead: new(true), KeyConditionExpression: new("PK = :pk"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":pk": text("RUNNER#" + runner)},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range page.Items {
			line, err := json.Marshal(storetest.Plain(&types.AttributeValueMemberM{Value: item}))
			if err != nil {
				t.Fatal(err)
			}
			lines = append(lines, string(line))
		}
	}
	lines = append(lines, w.objects.Keys(runner+"/")...)
	all := strings.ReplaceAll(strings.Join(lines, "\n"), runner, "RUNNER")
	for n, id := range ids {
		all = strings.ReplaceAll(all, id, fmt.Sprint("ID", n))
	}
	sorted := strings.Split(all, "\n")
	slices.Sort(sorted)
	return strings.Join(sorted, "\n")
}

// errKilled is what a caller that was killed would see if it could.
var errKilled = errors.New("killed")

// A killer counts calls of stores and kills the caller before or after one of
// them.
type killer struct {
	activity.Store
	activity.Objects
	at    int // the call, counted from 1
	after bool
	calls int
	dead  bool
}

func (k *killer) call(do func() error) error {
	if k.dead {
		return errKilled
	}
	if k.calls++; k.calls != k.at {
		return do()
	}
	k.dead = true
	if k.after {
		_ = do()
	}
	return errKilled
}

func (k *killer) State(ctx context.Context, id string, now time.Time) (st *activity.State, err error) {
	err = k.call(func() error { st, err = k.Store.State(ctx, id, now); return err })
	return st, err
}

func (k *killer) Files(ctx context.Context, id string, digests []string, now time.Time) (st *activity.State, files map[string]*activity.File, err error) {
	err = k.call(func() error { st, files, err = k.Store.Files(ctx, id, digests, now); return err })
	return st, files, err
}

func (k *killer) Claims(ctx context.Context, id string, distance unit.Distance, atLeast time.Duration, now time.Time) iter.Seq2[session.Claim, error] {
	if err := k.call(func() error { return nil }); err != nil {
		return func(yield func(session.Claim, error) bool) { yield(session.Claim{}, err) }
	}
	return k.Store.Claims(ctx, id, distance, atLeast, now)
}

func (k *killer) Session(ctx context.Context, runnerID, id string, now time.Time) (p *runner.Profile, s *activity.Session, err error) {
	err = k.call(func() error { p, s, err = k.Store.Session(ctx, runnerID, id, now); return err })
	return p, s, err
}

func (k *killer) Sessions(ctx context.Context, runnerID, from, to string, backwards bool, page int, now time.Time) (p *runner.Profile, all iter.Seq2[*activity.Session, error], err error) {
	err = k.call(func() error {
		p, all, err = k.Store.Sessions(ctx, runnerID, from, to, backwards, page, now)
		return err
	})
	return p, all, err
}

func (k *killer) ImportFile(ctx context.Context, runnerID, id string, n int, now time.Time) (f *activity.ImportFile, err error) {
	err = k.call(func() error { f, err = k.Store.ImportFile(ctx, runnerID, id, n, now); return err })
	return f, err
}

func (k *killer) Write(ctx context.Context, runnerID string, c activity.Change, now time.Time) error {
	return k.call(func() error { return k.Store.Write(ctx, runnerID, c, now) })
}

func (k *killer) Doubt(ctx context.Context, runnerID string, keys []string, due, now time.Time) error {
	return k.call(func() error { return k.Store.Doubt(ctx, runnerID, keys, due, now) })
}

func (k *killer) Trash(ctx context.Context, runnerID string, now time.Time) (keys []string, err error) {
	err = k.call(func() error { keys, err = k.Store.Trash(ctx, runnerID, now); return err })
	return keys, err
}

func (k *killer) Emptied(ctx context.Context, runnerID, key string) error {
	return k.call(func() error { return k.Store.Emptied(ctx, runnerID, key) })
}

func (k *killer) Get(ctx context.Context, key string, limit int64) (body []byte, err error) {
	err = k.call(func() error { body, err = k.Objects.Get(ctx, key, limit); return err })
	return body, err
}

func (k *killer) Put(ctx context.Context, key, kind string, body []byte) error {
	return k.call(func() error { return k.Objects.Put(ctx, key, kind, body) })
}

func (k *killer) Delete(ctx context.Context, key string) error {
	return k.call(func() error { return k.Objects.Delete(ctx, key) })
}

// everyKill does something on a runner of its own once for every call that it
// makes, killed before it and after it. Do arms the killer when it has
// prepared all. It returns how many calls there were.
func (w *world) everyKill(t *testing.T, do func(s *activity.Service, arm func())) int {
	t.Helper()
	for n := 1; n < 200; n++ {
		for _, after := range []bool{false, true} {
			k := &killer{Store: dynamo.Activities{Store: w.table.Store()}, Objects: w.objects}
			s := activity.New(activity.Config{Store: k, Objects: k, Reader: reader{}, Log: slog.New(slog.DiscardHandler)})
			do(s, func() { k.at, k.after, k.calls = n, after, 0 })
			if !k.dead {
				return n - 1
			}
		}
	}
	t.Fatal("it makes calls without end")
	return 0
}
