package accounts_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/apitest"
	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/accounts"
	"github.com/stride-run/stride/internal/boot/backend"
	"github.com/stride-run/stride/internal/lambdahttp"
	"github.com/stride-run/stride/internal/local/gateway"
	local "github.com/stride-run/stride/internal/local/secretsmanager"
	"github.com/stride-run/stride/internal/route"
	"github.com/stride-run/stride/internal/secrets"
	"github.com/stride-run/stride/internal/storetest"
	"github.com/stride-run/stride/internal/token"
)

const (
	issuer   = "https://id.stride.example"
	audience = "stride-api"
	site     = "http://stride.test" // the origin that requests name as host
	good     = "four unrelated words here"
	better   = "another four unrelated words"
)

// secret is made once: keys take a while.
var secret = sync.OnceValue(func() secrets.Value {
	value, err := secrets.New(token.NewKey, time.Now())
	if err != nil {
		panic(err)
	}
	return value
})

// A world is all functions of accounts behind the gateway, on a table of its
// own, at a time that a test sets.
type world struct {
	t         testing.TB
	table     *storetest.Table
	b         *backend.Backend
	functions accounts.Functions
	handler   http.Handler
	now       atomic.Int64 // nanoseconds since 1970
	hashes    atomic.Int64
	log       *record
	address   string // where requests come from
	export    bytes.Buffer

	vault   *secretsmanager.Client // where the secret is
	open    func() *backend.Backend
	options accounts.Options
}

// A record keeps what is logged.
type record struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(p)
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}

// vault serves a secret as Secrets Manager does.
func vault(t testing.TB, value secrets.Value) (endpoint string, client *secretsmanager.Client) {
	t.Helper()
	server := httptest.NewServer(local.New(t.TempDir(), slog.New(slog.DiscardHandler)))
	t.Cleanup(server.Close)
	client = secretsmanager.NewFromConfig(aws.Config{
		Region: "local", BaseEndpoint: &server.URL, Credentials: credentialsOf("local"),
	})
	if _, err := secrets.Ensure(t.Context(), client, "stride", func() (secrets.Value, error) { return value, nil }); err != nil {
		t.Fatal(err)
	}
	return server.URL, client
}

func credentialsOf(s string) aws.CredentialsProvider {
	return aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: s, SecretAccessKey: s}, nil
	})
}

// newWorld makes a world. Change may be nil.
func newWorld(t testing.TB, change func(*boot.Config, *accounts.Options)) *world {
	t.Helper()
	w := &world{t: t, table: storetest.New(t), log: &record{}, address: "203.0.113.7"}
	w.now.Store(time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC).UnixNano())
	endpoint, client := vault(t, secret())
	env := map[string]string{
		"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_REGION": "local",
		"AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:1", "AWS_ENDPOINT_URL_SECRETS_MANAGER": endpoint,
	}
	lookup := func(name string) (string, bool) { return env[name], env[name] != "" }
	config := boot.Config{
		Stage: boot.Local, Table: w.table.Name, Secret: "stride", Issuer: issuer, Audience: audience, BcryptCost: 4,
		AllowedOrigins: []string{"https://app.example"},
	}
	options := accounts.Options{Now: w.time, OnHash: func() { w.hashes.Add(1) }, Exports: w}
	if change != nil {
		change(&config, &options)
	}
	log := slog.New(slog.NewJSONHandler(w.log, nil))
	w.vault, w.options = client, options
	w.open = func() *backend.Backend {
		b, err := backend.Open(t.Context(), lookup, config, log)
		if err != nil {
			t.Fatal(err)
		}
		b.Store = w.table.Store()
		return b
	}
	w.wire(w.open(), options)
	return w
}

// process is another process of the same functions, on the same table and the
// secret as it is now.
func (w *world) process() *world {
	w.t.Helper()
	other := &world{t: w.t, table: w.table, log: w.log, address: w.address, vault: w.vault, open: w.open, options: w.options}
	other.now.Store(w.now.Load())
	other.options.Now = other.time
	other.wire(w.open(), other.options)
	return other
}

// Keep implements the place for exports. There is one.
func (w *world) Keep(_ context.Context, runner, name string, write func(io.Writer) error) (string, time.Time, error) {
	w.export.Reset()
	err := write(&w.export)
	return "https://bucket.example/" + runner + "/" + name, w.time().Add(5 * time.Minute), err
}

func (w *world) wire(b *backend.Backend, options accounts.Options) {
	w.t.Helper()
	f, err := accounts.New(b, options)
	if err != nil {
		w.t.Fatal(err)
	}
	w.b, w.functions = b, f
	verify := b.Verifier()
	w.handler = &gateway.Gateway{
		Routes: route.Routes,
		Functions: map[string]lambdahttp.Function{
			"register": lambdahttp.Serve(f.Register()),
			"login":    lambdahttp.Serve(f.Login()),
			"refresh":  lambdahttp.Serve(f.Refresh()),
			"logout":   lambdahttp.Serve(f.Logout()),
			"runners":  lambdahttp.Serve(f.Runners()),
		},
		Authorize: func(ctx context.Context, text string) (map[string]string, error) { return verify(ctx, text, w.time()) },
		Site:      http.NotFoundHandler(),
		Log:       slog.New(slog.DiscardHandler),
	}
}

func (w *world) time() time.Time { return time.Unix(0, w.now.Load()).UTC() }

func (w *world) wait(d time.Duration) { w.now.Add(int64(d)) }

// An answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

// problem returns the type of problem without its prefix.
func (a answer) problem() string {
	var p struct{ Type string }
	_ = json.Unmarshal([]byte(a.body), &p)
	return strings.TrimPrefix(p.Type, "/problems/")
}

// pointers returns what the problem points to.
func (a answer) pointers() []string {
	var p struct {
		Errors []struct{ Pointer, Parameter string }
	}
	_ = json.Unmarshal([]byte(a.body), &p)
	var all []string
	for _, e := range p.Errors {
		all = append(all, e.Pointer+e.Parameter)
	}
	return all
}

func (a answer) cookie() string {
	for _, c := range (&http.Response{Header: a.header}).Cookies() {
		if c.Name == "__Host-refresh" {
			return c.Value
		}
	}
	return ""
}

// tokens is the answer to a sign-in.
type tokens struct {
	Runner struct {
		ID, Email string
		FirstName string `json:"first_name"`
	}
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int    `json:"expires_in"`
}

// request is one request; Headers override the usual ones, and an empty one
// removes it.
type request struct {
	method, path, body string
	header             map[string]string
	address            string
}

func (w *world) send(r request) answer {
	req := httptest.NewRequest(r.method, site+r.path, strings.NewReader(r.body))
	req.RemoteAddr = w.address + ":40000"
	if r.address != "" {
		req.RemoteAddr = r.address + ":40000"
	}
	if r.body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, value := range r.header {
		req.Header.Del(name)
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, req)
	apitest.Discreet(w.t, rec.Code, rec.Body.String())
	return answer{rec.Code, rec.Header(), rec.Body.String()}
}

func (w *world) post(path, body string) answer {
	return w.send(request{method: "POST", path: path, body: body})
}

// as sends a request with an access token.
func (w *world) as(t tokens, method, path, body string) answer {
	return w.send(request{method: method, path: path, body: body, header: map[string]string{"Authorization": "Bearer " + t.AccessToken}})
}

func credential(email, password string) string {
	body, _ := json.Marshal(map[string]string{"email": email, "password": password})
	return string(body)
}

func refreshBody(text string) string {
	body, _ := json.Marshal(map[string]string{"refresh_token": text})
	return string(body)
}

// signIn sends a request that has to give tokens.
func (w *world) signIn(path, body string, status int) tokens {
	w.t.Helper()
	return w.read(w.post(path, body), status)
}

func (w *world) read(a answer, status int) (out tokens) {
	w.t.Helper()
	if a.status != status {
		w.t.Fatalf("status %d, want %d: %s", a.status, status, a.body)
	}
	if err := json.Unmarshal([]byte(a.body), &out); err != nil {
		w.t.Fatal(err)
	}
	return out
}

func (w *world) register(email string) tokens {
	w.t.Helper()
	return w.signIn("/api/register", credential(email, good), 201)
}

func (w *world) login(email string) tokens {
	w.t.Helper()
	return w.signIn("/api/login", credential(email, good), 200)
}

func (w *world) refresh(text string) answer { return w.post("/api/refresh", refreshBody(text)) }

// refuses sends a request that must be refused and leave the table as it is,
// but for limits.
func (w *world) refuses(r request, status int, problem string) answer {
	w.t.Helper()
	before := w.table.Dump(w.t, "LIMIT#")
	a := w.send(r)
	if a.status != status || problem != "" && a.problem() != problem {
		w.t.Errorf("%s %s %.80s answers %d %s, want %d %s", r.method, r.path, r.body, a.status, a.body, status, problem)
	}
	if diff := cmp.Diff(before, w.table.Dump(w.t, "LIMIT#")); diff != "" {
		w.t.Errorf("%s %s %.80s has an effect (-before +after):\n%s", r.method, r.path, r.body, diff)
	}
	return a
}

// challenged checks that an answer is 401 with a challenge.
func challenged(t testing.TB, name string, a answer) {
	t.Helper()
	if a.status != 401 || a.problem() != "invalid_token" || !strings.Contains(a.header.Get("WWW-Authenticate"), `error="invalid_token"`) {
		t.Errorf("%s: %d %s, WWW-Authenticate %q", name, a.status, a.body, a.header.Get("WWW-Authenticate"))
	}
}

// count counts the items of a dump that have a word in them.
func count(dump []string, word string) int {
	n := 0
	for _, line := range dump {
		if strings.Contains(line, word) {
			n++
		}
	}
	return n
}

func address(n int) string { return fmt.Sprintf("198.51.%d.%d", n/250, n%250+1) }

func sorted(all []string) []string {
	slices.Sort(all)
	return all
}

func attribute(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
