package e2e

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/stride-run/stride/internal/account"
	"github.com/stride-run/stride/internal/activity"
	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/cloud"
	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/dynamo"
	"github.com/stride-run/stride/internal/fittest"
	local "github.com/stride-run/stride/internal/local/secretsmanager"
	"github.com/stride-run/stride/internal/local/stores"
	"github.com/stride-run/stride/internal/objects"
	"github.com/stride-run/stride/internal/password"
	"github.com/stride-run/stride/internal/plan"
	"github.com/stride-run/stride/internal/race"
	"github.com/stride-run/stride/internal/recording"
	"github.com/stride-run/stride/internal/runner"
	"github.com/stride-run/stride/internal/secrets"
	"github.com/stride-run/stride/internal/storetest"
	"github.com/stride-run/stride/internal/token"
	"github.com/stride-run/stride/internal/training"
	"github.com/stride-run/stride/internal/unit"
)

// What the events are about. The ids stand in their paths and claims.
const (
	runnerID     = "01990000-0000-7000-8000-000000000001"
	signInID     = "01990000-0000-7000-8000-0000000000a1"
	planID       = "01990000-0000-7000-8000-0000000000b1"
	ownWorkout   = "w01-4"
	importID     = "01990000-0000-7000-8000-0000000000c1"
	sessionID    = "01990000-03a8-704d-b4cf-273cac0df195" // of the run in seedRuns
	resultID     = "0198fd6c-7400-7bf2-bb88-32cf43f3c273" // of the result there
	runnerEmail  = "runner@stride.example"
	runnerPass   = "every mile counts twice"
	issuer       = "https://id.stride.example"
	audience     = "stride-api"
	site         = "https://stride.example"
	secretName   = "stride"
	refreshToken = "srt1.AZkAAAAAcACAAAAAAAAAAQGZAAAAAHAAgAAAAAAAAKEAAAAAGrTBAxIeFxsPHMZ4NuM4gLpbN-9AkuLOR95j4tJKODSdSLY2yhsLO2ByMLzkwL7t"
)

// seeded is when what the events are about was made.
var seeded = time.Date(2026, 9, 1, 6, 0, 0, 0, time.UTC)

// A world is what the functions find around them: the stores, with one runner
// and one plan in them, and the queue of accounts to sweep.
type world struct {
	folder string // of the local stores
	stores *stores.Stores
	config boot.Config
	secret secrets.Value
	keys   token.Keys
	table  *dynamodb.Client
	hash   string
	queue  *httptest.Server

	mu   sync.Mutex
	sent []string // messages to the queue
}

// made is the world, once a test has asked for it.
var made *world

func TestMain(m *testing.M) {
	code := m.Run()
	if made != nil {
		made.queue.Close()
		made.stores.Stop()
		_ = os.RemoveAll(made.folder)
	}
	os.Exit(code)
}

// around returns the world.
func around(t *testing.T) *world {
	t.Helper()
	storetest.Need(t)
	if made == nil {
		w, err := newWorld(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		made = w
	}
	return made
}

func newWorld(ctx context.Context) (*world, error) {
	folder, err := os.MkdirTemp("", "stride-e2e-")
	if err != nil {
		return nil, err
	}
	w := &world{folder: folder, config: boot.Config{
		Stage: boot.Local, Data: folder, Table: "test" + filepath.Base(folder), Secret: secretName, Uploads: "uploads", Issuer: issuer, Audience: audience,
	}}
	if err := w.keepSecret(ctx); err != nil {
		return nil, err
	}
	log := slog.New(slog.DiscardHandler)
	if w.stores, err = stores.Open(ctx, os.LookupEnv, w.config, log); err != nil {
		return nil, err
	}
	table, err := cloud.Config(w.stores.Lookup, boot.Local, cloud.DynamoDB)
	if err != nil {
		return nil, err
	}
	w.table = dynamo.Connect(table)
	hasher, err := password.New(password.Config{Cost: password.MinCost, Peppers: func(context.Context) (password.Peppers, error) {
		return password.Peppers{Current: w.secret.CurrentPepper, Keys: w.secret.Peppers}, nil
	}})
	if err != nil {
		return nil, err
	}
	w.hash, err = hasher.Hash(ctx, runnerPass)
	w.queue = httptest.NewServer(http.HandlerFunc(w.serveQueue))
	return w, err
}

// keepSecret makes the secret before the stores do: with a key of our own for
// refresh tokens, so that an event can hold one.
func (w *world) keepSecret(ctx context.Context) error {
	var err error
	if w.secret, err = secrets.New(token.NewKey, seeded); err != nil {
		return err
	}
	w.secret.RefreshKey = bytes.Repeat([]byte("e2e!"), 8)
	signing := w.secret.SigningKeys
	if w.keys, err = token.ParseKeys("", signing.Current.PEM, signing.Next.PEM); err != nil {
		return err
	}
	server := httptest.NewServer(local.New(filepath.Join(w.folder, "secrets"), slog.New(slog.DiscardHandler)))
	defer server.Close()
	env := map[string]string{
		"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_REGION": "us-east-1",
		"AWS_ENDPOINT_URL_" + cloud.SecretsManager: server.URL,
	}
	config, err := cloud.Config(func(name string) (string, bool) { return env[name], env[name] != "" }, boot.Local, cloud.SecretsManager)
	if err != nil {
		return err
	}
	_, err = secrets.Ensure(ctx, secretsmanager.NewFromConfig(config), secretName, func() (secrets.Value, error) { return w.secret, nil })
	return err
}

// serveQueue is as much of SQS as deleting an account needs.
func (w *world) serveQueue(out http.ResponseWriter, r *http.Request) {
	var in struct{ MessageBody string }
	if target := r.Header.Get("X-Amz-Target"); target != "AmazonSQS.SendMessage" || json.NewDecoder(r.Body).Decode(&in) != nil {
		http.Error(out, target, http.StatusBadRequest)
		return
	}
	w.mu.Lock()
	w.sent = append(w.sent, in.MessageBody)
	w.mu.Unlock()
	sum := md5.Sum([]byte(in.MessageBody))
	out.Header().Set("Content-Type", "application/x-amz-json-1.0")
	fmt.Fprintf(out, `{"MessageId":"1","MD5OfMessageBody":%q}`, hex.EncodeToString(sum[:]))
}

// messages returns what was sent to the queue since the last call.
func (w *world) messages() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	sent := w.sent
	w.sent = nil
	return sent
}

// environment is what the functions find in theirs: the values of what the
// table of functions names, and how AWS is reached.
func (w *world) environment() map[string]string {
	env := w.stores.Environment()
	maps.Copy(env, map[string]string{
		"AWS_ENDPOINT_URL_" + cloud.SQS: w.queue.URL,
		"STRIDE_STAGE":                  "production",
		"STRIDE_TABLE":                  w.config.Table,
		"STRIDE_SECRET":                 secretName,
		"STRIDE_ISSUER":                 issuer,
		"STRIDE_AUDIENCE":               audience,
		"STRIDE_BCRYPT_COST":            fmt.Sprint(password.MinCost),
		"STRIDE_ORIGIN":                 site,
		"STRIDE_ALLOWED_ORIGINS":        "",
		"STRIDE_SWEEP_QUEUE":            w.queue.URL + "/sweep",
	})
	return env
}

// items returns the keys of all that is in the table.
func (w *world) items(t *testing.T) (keys []map[string]any) {
	t.Helper()
	out, err := w.table.Scan(t.Context(), &dynamodb.ScanInput{TableName: &w.config.Table})
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range out.Items {
		keys = append(keys, map[string]any{"PK": storetest.Plain(item["PK"]), "SK": storetest.Plain(item["SK"])})
	}
	return keys
}

// reset puts the table back to what the events are about.
func (w *world) reset(t *testing.T) {
	t.Helper()
	out, err := w.table.Scan(t.Context(), &dynamodb.ScanInput{TableName: &w.config.Table})
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range out.Items {
		key := map[string]types.AttributeValue{"PK": item["PK"], "SK": item["SK"]}
		if _, err := w.table.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: &w.config.Table, Key: key}); err != nil {
			t.Fatal(err)
		}
	}
	store := dynamo.New(w.table, w.config.Table)
	if err := w.seedAccount(t.Context(), dynamo.Accounts{Store: store}); err != nil {
		t.Fatal(err)
	}
	if err := seedPlan(t.Context(), dynamo.Plans{Store: store}); err != nil {
		t.Fatal(err)
	}
	if err := w.seedRuns(t.Context(), dynamo.Activities{Store: store}); err != nil {
		t.Fatal(err)
	}
}

// seedRuns keeps an import of one file, and with it one run, and a result by
// hand.
func (w *world) seedRuns(ctx context.Context, store dynamo.Activities) error {
	bucket, err := cloud.Config(w.stores.Lookup, boot.Local, cloud.S3)
	if err != nil {
		return err
	}
	// The local engine remembers keys whose objects were deleted, and the
	// events are about the same ones again and again.
	for _, part := range []string{"objects", "metadata", "versions"} {
		if err := os.RemoveAll(filepath.Join(w.folder, "s3", part, w.config.Uploads, runnerID)); err != nil {
			return err
		}
	}
	kept := objects.New(bucket, w.config.Uploads)
	service := activity.New(activity.Config{Store: store, Objects: kept, Reader: recording.Reader{}, Log: slog.New(slog.DiscardHandler)})
	const start = 1756641625 // seconds since 1970, with which ids begin as all here do
	content := fittest.File(fittest.Run{Start: time.Unix(start, 0).UTC(), Metres: 1200, Pace: 300, HeartRate: 150, Serial: 7})
	sum := sha256.Sum256(content)
	begun := &activity.Import{ID: importID, Created: seeded, Files: []activity.ImportFile{{
		NewFile: activity.NewFile{Name: "had.fit", Size: int64(len(content)), SHA256: hex.EncodeToString(sum[:])}, Verdict: activity.Pending,
	}}}
	st, err := store.State(ctx, runnerID, seeded)
	if err != nil {
		return err
	}
	if err := store.CreateImport(ctx, runnerID, begun, nil, st, 0, seeded); err != nil {
		return err
	}
	key := runnerID + "/files/" + importID + "-00" + activity.UploadSuffix
	if err := kept.Put(ctx, key, "application/vnd.ant.fit", content); err != nil {
		return err
	}
	if err := service.Ingest(ctx, key, seeded); err != nil {
		return err
	}
	entered, bests, err := service.AddResult(ctx, runnerID, activity.NewResult{
		Result: race.Result{Distance: race.Kilometre, Time: 239 * time.Second}, Date: calendar.Of(2025, time.August, 31),
	}, seeded)
	if err == nil && (entered.ID != resultID || len(bests.Standing) != 2 || bests.Standing[0].Source != sessionID) {
		err = fmt.Errorf("the result is %s, bests are %+v; the events say %s and %s", entered.ID, bests.Standing, resultID, sessionID)
	}
	return err
}

func (w *world) seedAccount(ctx context.Context, accounts dynamo.Accounts) error {
	refresh, err := w.refreshTokens().Read(ctx, refreshToken)
	if err != nil {
		return err
	}
	email, err := runner.ParseEmail(runnerEmail)
	if err != nil {
		return err
	}
	now := time.Now()
	a := &account.Account{
		ID: runnerID, Email: email, PasswordHash: w.hash, Version: 1, Epoch: 1, Created: seeded, Updated: seeded,
		Profile: runner.Profile{FirstName: "Ada", LastName: "Miles", BirthYear: 1986, Unit: unit.Km},
	}
	return accounts.Create(ctx, a, &account.Family{
		Runner: runnerID, ID: refresh.Family, Epoch: 1, Counter: refresh.Counter, Digest: refresh.Digest, Agent: "Firefox",
		Created: seeded, Used: seeded, Expires: now.Add(time.Hour), Ends: now.Add(2 * time.Hour),
	}, now)
}

func (w *world) refreshTokens() token.RefreshTokens {
	return token.RefreshTokens{Key: func(context.Context) ([]byte, error) { return w.secret.RefreshKey, nil }}
}

// seedPlan keeps a plan of eight weeks, with a workout of the runner's own.
func seedPlan(ctx context.Context, plans dynamo.Plans) error {
	goal, err := plan.NewGoal(plan.Answers{
		Weeks: 8, RunsPerWeek: 3, TargetTime: 4 * time.Hour, FirstLongRun: 16, Unit: unit.Km,
		LongRunDay: time.Sunday, RaceDate: calendar.Of(2099, time.October, 4),
	})
	if err != nil {
		return err
	}
	p := &training.Plan{
		ID: planID, Name: "Autumn", Active: true, Created: seeded, Updated: seeded, Version: 1, Revision: 1, Plan: plan.Generate(goal),
	}
	for _, week := range p.Weeks {
		p.Numbers = append(p.Numbers, len(week.Workouts))
	}
	if err := plans.Create(ctx, runnerID, p, nil, time.Now()); err != nil {
		return err
	}
	own := training.NewWorkout{Type: plan.Easy, Distance: 5 * unit.Kilometre, At: training.Spot{Week: 1, Day: new(time.Monday)}}
	_, id, _, err := training.New(plans).AddWorkout(ctx, runnerID, planID, own, "", seeded)
	if err == nil && id != ownWorkout {
		err = fmt.Errorf("the own workout is %s, and the events say %s", id, ownWorkout)
	}
	return err
}

// accessToken returns a token of the events' sign-in, by an issuer.
func (w *world) accessToken(t *testing.T, issuer string) string {
	t.Helper()
	i := token.Issuer{Keys: func(context.Context) (token.Keys, error) { return w.keys, nil }, Issuer: issuer, Audience: audience}
	text, err := i.Issue(t.Context(), runnerID, signInID, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return text
}
