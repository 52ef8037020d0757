package keyrotate_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/stride-run/stride/internal/boot/keyrotate"
	local "github.com/stride-run/stride/internal/local/secretsmanager"
	"github.com/stride-run/stride/internal/secrets"
	"github.com/stride-run/stride/internal/token"
)

const (
	secret   = "stride"
	issuer   = "https://id.stride.example"
	audience = "stride-api"
	month    = 30 * 24 * time.Hour
)

// errCut is what a call that is cut off ends with. The SDK does not repeat it,
// since nobody repeats anything for a process that was ended.
var errCut error = cutError{}

type cutError struct{}

func (cutError) Error() string       { return "cut off" }
func (cutError) CanceledError() bool { return true }

// A site is what a Keeper works on: Secrets Manager, documents, a clock. Every
// change of either is a point where the function can be cut off.
type site struct {
	t       *testing.T
	now     time.Time
	client  *secretsmanager.Client
	manager http.Handler // Secrets Manager, without a socket
	written map[string][]byte
	reports map[string]float64

	mu     sync.Mutex
	change int  // counts changes
	cutAt  int  // the change that is cut off; 0: none
	before bool // cut off before it is made, or after
	check  func()
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{t: t, manager: local.New(t.TempDir(), slog.New(slog.DiscardHandler)), now: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC), written: map[string][]byte{}, reports: map[string]float64{}, check: func() {}}
	s.client = secretsmanager.NewFromConfig(aws.Config{
		Region: "local", BaseEndpoint: new("http://127.0.0.1"),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "a", SecretAccessKey: "b"}, nil
		}),
		HTTPClient: &http.Client{Transport: s},
	})
	return s
}

// RoundTrip cuts off the calls that change something.
func (s *site) RoundTrip(r *http.Request) (*http.Response, error) {
	operation := r.Header.Get("X-Amz-Target")
	if !strings.HasSuffix(operation, "PutSecretValue") && !strings.HasSuffix(operation, "CreateSecret") && !strings.HasSuffix(operation, "UpdateSecretVersionStage") {
		return s.send(r), nil
	}
	var response *http.Response
	err := s.cut(func() error {
		response = s.send(r)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return response, nil
}

func (s *site) send(r *http.Request) *http.Response {
	recorder := httptest.NewRecorder()
	s.manager.ServeHTTP(recorder, r)
	return recorder.Result()
}

func (s *site) cut(change func() error) error {
	s.mu.Lock()
	s.change++
	cut := s.change == s.cutAt
	s.mu.Unlock()
	if cut && s.before {
		return errCut
	}
	if err := change(); err != nil {
		return err
	}
	s.check()
	if cut {
		return errCut
	}
	return nil
}

func (s *site) Put(_ context.Context, path string, document []byte) error {
	return s.cut(func() error {
		s.written[path] = document
		return nil
	})
}

func (s *site) Fetch(context.Context, string) (token.PublicKeys, error) {
	return token.ParseJWKS(s.written[".well-known/jwks.json"])
}

func (s *site) keeper() keyrotate.Keeper {
	return keyrotate.Keeper{
		Manager: s.client, Secret: secret, Documents: s, Issuer: issuer, Audience: audience, API: "https://stride.example",
		NewKey: newKey, Now: func() time.Time { return s.now }, Log: slog.New(slog.DiscardHandler),
		Report: func(name string, value float64) { s.reports[name] = value },
	}
}

// newKey hands out keys that were made before, since a real one takes a
// twentieth of a second. No test needs more than there are.
var newKey = func() secrets.KeyMaker {
	var mu sync.Mutex
	type key struct{ kid, pem string }
	var made []key
	next := 0
	return func() (string, string, error) {
		mu.Lock()
		defer mu.Unlock()
		if len(made) < 24 {
			kid, pem, err := token.NewKey()
			if err != nil {
				return "", "", err
			}
			made = append(made, key{kid, pem})
		}
		k := made[next%len(made)]
		next++
		return k.kid, k.pem, nil
	}
}()

func (s *site) do(event keyrotate.Event) error { return s.keeper().Handle(s.t.Context(), event) }

func (s *site) must(event keyrotate.Event) {
	s.t.Helper()
	if err := s.do(event); err != nil {
		s.t.Fatalf("%+v: %v", event, err)
	}
}

// steps are those of Secrets Manager, for one version.
func steps(version string) []keyrotate.Event {
	var all []keyrotate.Event
	for _, name := range []string{"createSecret", "setSecret", "testSecret", "finishSecret"} {
		all = append(all, keyrotate.Event{Step: name, SecretID: secret, Token: version})
	}
	return all
}

func (s *site) rotate(version string) {
	s.t.Helper()
	for _, event := range steps(version) {
		s.must(event)
	}
}

// value returns what signers read.
func (s *site) value() secrets.Value {
	s.t.Helper()
	out, err := s.client.GetSecretValue(context.Background(), &secretsmanager.GetSecretValueInput{SecretId: new(secret)})
	if err != nil {
		s.t.Fatal(err)
	}
	v, err := secrets.Parse(*out.SecretString)
	if err != nil {
		s.t.Fatal(err)
	}
	return v
}

// published are the ids of the keys that verifiers read.
func (s *site) published() []string {
	s.t.Helper()
	keys, err := s.Fetch(context.Background(), issuer)
	if err != nil {
		s.t.Fatal(err)
	}
	var ids []string
	for _, key := range keys {
		ids = append(ids, key.KID)
	}
	return ids
}

func isPublished(s *site, kid string) bool { return slices.Contains(s.published(), kid) }

func version(n byte) string { return strings.Repeat(string('a'+n%26), 32) }
