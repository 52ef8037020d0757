package secrets_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/secrets"
)

var now = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// maker makes keys that can be told apart.
func maker() secrets.KeyMaker {
	n := 0
	return func() (kid, pem string, err error) {
		n++
		return fmt.Sprint("k", n), fmt.Sprint("private ", n), nil
	}
}

func public(pem string) (string, error) { return strings.Replace(pem, "private", "public", 1), nil }

func newValue(t *testing.T) secrets.Value {
	t.Helper()
	v, err := secrets.New(maker(), now)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func text(t *testing.T, v secrets.Value) string {
	t.Helper()
	s, err := v.Text()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestNewIsReadBack(t *testing.T) {
	v := newValue(t)
	got, err := secrets.Parse(text(t, v))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(v, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	keys := [][]byte{v.Peppers[v.CurrentPepper], v.RefreshKey, v.CursorKey, newValue(t).RefreshKey}
	for i, key := range keys {
		for _, other := range keys[:i] {
			if bytes.Equal(key, other) || len(key) < 32 {
				t.Errorf("keys of %d and %d bytes are equal or short", len(key), len(other))
			}
		}
	}
	if len(v.OriginSecret) < 52 {
		t.Errorf("origin secret of %d characters", len(v.OriginSecret))
	}
}

func TestRotate(t *testing.T) {
	newKey := maker()
	v, err := secrets.New(newKey, now)
	if err != nil {
		t.Fatal(err)
	}
	later := now.Add(30 * 24 * time.Hour)
	once, err := v.Rotate(newKey, public, later)
	if err != nil {
		t.Fatal(err)
	}
	twice, err := once.Rotate(newKey, public, later)
	if err != nil {
		t.Fatal(err)
	}
	key := func(n int, kind string, made time.Time) secrets.SigningKey {
		return secrets.SigningKey{KID: fmt.Sprint("k", n), PEM: fmt.Sprint(kind, " ", n), CreatedAt: made}
	}
	k1, k2 := key(1, "public", now), key(2, "public", now)
	want := v
	want.SigningKeys = secrets.SigningKeys{Previous: &k1, Current: key(2, "private", now), Next: key(3, "private", later)}
	if diff := cmp.Diff(want, once); diff != "" {
		t.Errorf("once (-want +got):\n%s", diff)
	}
	want.SigningKeys = secrets.SigningKeys{Previous: &k2, Current: key(3, "private", later), Next: key(4, "private", later)}
	if diff := cmp.Diff(want, twice); diff != "" {
		t.Errorf("twice (-want +got):\n%s", diff)
	}
	if v.SigningKeys.Previous != nil || v.SigningKeys.Current.PEM != "private 1" {
		t.Error("rotating changed the value that was rotated")
	}
}

func TestReplace(t *testing.T) {
	newKey := maker()
	v, err := secrets.New(newKey, now)
	if err != nil {
		t.Fatal(err)
	}
	got, err := v.Replace(newKey, now)
	if err != nil {
		t.Fatal(err)
	}
	again, err := got.Replace(newKey, now)
	if err != nil {
		t.Fatal(err)
	}
	if got.SigningKeys.Previous != nil || got.SigningKeys.Current.KID != "k3" || got.SigningKeys.Next.KID != "k4" {
		t.Errorf("keys %+v", got.SigningKeys)
	}
	if bytes.Equal(got.RefreshKey, v.RefreshKey) || bytes.Equal(got.CursorKey, v.CursorKey) || got.OriginSecret != v.OriginSecret {
		t.Error("a key that others know is still in force, or the origin secret is not")
	}
	for name, pepper := range map[string][]byte{"p1": v.Peppers["p1"], "p2": got.Peppers["p2"], "p3": again.Peppers["p3"]} {
		if !bytes.Equal(again.Peppers[name], pepper) || len(pepper) == 0 {
			t.Errorf("pepper %s is lost, and with it every password under it", name)
		}
	}
	if again.CurrentPepper != "p3" || len(again.Peppers) != 3 || bytes.Equal(again.Peppers["p3"], again.Peppers["p1"]) {
		t.Errorf("peppers %d, current %s", len(again.Peppers), again.CurrentPepper)
	}
	if _, err := secrets.Parse(text(t, again)); err != nil {
		t.Error(err)
	}
}

func TestKeyMakerFails(t *testing.T) {
	broken := errors.New("no entropy")
	fails := func() (string, string, error) { return "", "", broken }
	if _, err := secrets.New(fails, now); !errors.Is(err, broken) {
		t.Errorf("New: %v", err)
	}
	if _, err := newValue(t).Rotate(fails, public, now); !errors.Is(err, broken) {
		t.Errorf("Rotate: %v", err)
	}
	unpublishable := func(string) (string, error) { return "", broken }
	if _, err := newValue(t).Rotate(maker(), unpublishable, now); !errors.Is(err, broken) {
		t.Errorf("Rotate: %v", err)
	}
}

func TestParseRefuses(t *testing.T) {
	good := newValue(t)
	with := func(change func(*secrets.Value)) string {
		v := good
		change(&v)
		return text(t, v)
	}
	for _, tt := range []struct{ name, text string }{
		{"nothing", ""},
		{"not JSON", "hunter2"},
		{"placeholder", "{}"},
		{"wrong type", `{"refresh_key": "hunter2"}`},
		{"no current key", with(func(v *secrets.Value) { v.SigningKeys.Current.PEM = "" })},
		{"no next key", with(func(v *secrets.Value) { v.SigningKeys.Next.PEM = "" })},
		{"previous without key", with(func(v *secrets.Value) { v.SigningKeys.Previous = &secrets.SigningKey{KID: "x"} })},
		{"pepper gone", with(func(v *secrets.Value) { v.CurrentPepper = "p2" })},
		{"short pepper", with(func(v *secrets.Value) { v.Peppers = map[string][]byte{"p1": []byte("short")} })},
		{"short refresh key", with(func(v *secrets.Value) { v.RefreshKey = v.RefreshKey[:31] })},
		{"no cursor key", with(func(v *secrets.Value) { v.CursorKey = nil })},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := secrets.Parse(tt.text); err == nil || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("Parse: %v", err)
			}
		})
	}
	if _, err := secrets.Parse(strings.Replace(text(t, good), "{", `{"added_later": 1,`, 1)); err != nil {
		t.Errorf("Parse of a newer secret: %v", err)
	}
}

func TestValueIsNotPrinted(t *testing.T) {
	v := newValue(t)
	var out bytes.Buffer
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", slog.Any("value", v), slog.Any("pointer", &v))
	fmt.Fprintf(&out, "%v %+v %#v %s %q %x", v, v, &v, v, v, v)
	for _, part := range []string{"private", v.OriginSecret, fmt.Sprintf("%x", v.RefreshKey)} {
		if strings.Contains(out.String(), part) {
			t.Errorf("%q in %s", part, out.String())
		}
	}
	if encoded, _ := json.Marshal(v); !bytes.Contains(encoded, []byte("private 1")) {
		t.Error("JSON, which is for the store, lacks the keys")
	}
}

// A manager is Secrets Manager as far as it is called here.
type manager struct {
	mu      sync.Mutex
	value   *string
	version int
	err     error
	calls   atomic.Int64
	takes   time.Duration
	exists  bool
}

func (m *manager) set(value string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.value, m.exists = &value, true
	m.version++
}

func (m *manager) fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.err = err
}

func (m *manager) GetSecretValue(ctx context.Context, in *secretsmanager.GetSecretValueInput, _ ...func(*secretsmanager.Options)) (*secretsmanager.GetSecretValueOutput, error) {
	m.calls.Add(1)
	select {
	case <-time.After(m.takes):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.err != nil:
		return nil, m.err
	case m.value == nil || *in.SecretId != "stride":
		return nil, &types.ResourceNotFoundException{}
	}
	return &secretsmanager.GetSecretValueOutput{SecretString: m.value, VersionId: new(fmt.Sprint(m.version))}, nil
}

func (m *manager) PutSecretValue(_ context.Context, in *secretsmanager.PutSecretValueInput, _ ...func(*secretsmanager.Options)) (*secretsmanager.PutSecretValueOutput, error) {
	if !m.exists {
		return nil, &types.ResourceNotFoundException{}
	}
	m.set(*in.SecretString)
	return &secretsmanager.PutSecretValueOutput{}, nil
}

func (m *manager) CreateSecret(_ context.Context, in *secretsmanager.CreateSecretInput, _ ...func(*secretsmanager.Options)) (*secretsmanager.CreateSecretOutput, error) {
	if m.exists {
		return nil, &types.ResourceExistsException{}
	}
	m.set(*in.SecretString)
	return &secretsmanager.CreateSecretOutput{}, nil
}

// load starts a cache of the refresh key, and counts how often it is parsed.
func load(t *testing.T, m *manager, log *slog.Logger) (c *secrets.Cache[string], parsed *int) {
	t.Helper()
	parsed = new(int)
	c, err := secrets.Load(t.Context(), m, "stride", func(v secrets.Value) (string, error) {
		*parsed++
		if v.OriginSecret == "unusable" {
			return "", errors.New("unusable")
		}
		return v.OriginSecret, nil
	}, log)
	if err != nil {
		t.Fatal(err)
	}
	return c, parsed
}

func withOrigin(t *testing.T, origin string) string {
	v := newValue(t)
	v.OriginSecret = origin
	return text(t, v)
}

func get(t *testing.T, c *secrets.Cache[string], want string) {
	t.Helper()
	if got, err := c.Get(t.Context()); got != want || err != nil {
		t.Errorf("Get = %q, %v; want %q", got, err, want)
	}
}

func TestCacheLooksOnceTheSecretIsOld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &manager{}
		m.set(withOrigin(t, "one"))
		c, parsed := load(t, m, slog.New(slog.DiscardHandler))
		get(t, c, "one")
		time.Sleep(secrets.MaxAge - time.Second)
		m.set(withOrigin(t, "two"))
		get(t, c, "one")
		if n := m.calls.Load(); n != 1 {
			t.Fatalf("%d calls before it is old, want the first only", n)
		}
		time.Sleep(time.Second)
		get(t, c, "two")
		time.Sleep(secrets.MaxAge)
		get(t, c, "two")
		time.Sleep(secrets.MaxAge - time.Second)
		get(t, c, "two")
		if n := m.calls.Load(); n != 3 || *parsed != 2 {
			t.Errorf("%d calls, parsed %d times; want 3 and, since the last found nothing new, 2", n, *parsed)
		}
	})
}

func TestCacheServesTheOldSecretMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &manager{}
		m.set(withOrigin(t, "one"))
		c, _ := load(t, m, slog.New(slog.DiscardHandler))
		m.set(withOrigin(t, "two"))
		m.takes = time.Second
		time.Sleep(secrets.MaxAge)
		var old, fresh atomic.Int64
		var all sync.WaitGroup
		start := time.Now()
		for range 20 {
			all.Go(func() {
				switch got, _ := c.Get(t.Context()); got {
				case "one":
					if time.Since(start) != 0 {
						t.Error("waited, and got the old one")
					}
					old.Add(1)
				case "two":
					fresh.Add(1)
				}
			})
		}
		all.Wait()
		if old.Load() != 19 || fresh.Load() != 1 || m.calls.Load() != 2 {
			t.Errorf("%d old, %d new, %d calls; want 19, 1, 2", old.Load(), fresh.Load(), m.calls.Load())
		}
	})
}

func TestCacheOutlivesFailure(t *testing.T) {
	for _, tt := range []struct {
		name     string
		breaking func(*manager)
	}{
		{"out of reach", func(m *manager) { m.fail(errors.New("down")) }},
		{"slow", func(m *manager) { m.takes = time.Hour }},
		{"not in its form", func(m *manager) { m.set("hunter2") }},
		{"parts do not parse", func(m *manager) { m.set(withOrigin(t, "unusable")) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var out bytes.Buffer
				m := &manager{}
				m.set(withOrigin(t, "one"))
				c, _ := load(t, m, slog.New(slog.NewTextHandler(&out, nil)))
				tt.breaking(m)
				time.Sleep(secrets.MaxAge)
				start := time.Now()
				get(t, c, "one")
				if took := time.Since(start); took > 2*time.Second {
					t.Errorf("held up for %v", took)
				}
				get(t, c, "one") // does not try again at once
				if n := m.calls.Load(); n != 2 {
					t.Errorf("%d calls, want 2", n)
				}
				if log := out.String(); strings.Count(log, "\n") != 1 || strings.Contains(log, "hunter2") {
					t.Errorf("log %q, want one line without the secret", log)
				}
				m.fail(nil)
				m.takes = 0
				m.set(withOrigin(t, "two"))
				time.Sleep(time.Minute)
				get(t, c, "two")
			})
		})
	}
}

func TestRefetch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &manager{}
		m.set(withOrigin(t, "one"))
		c, _ := load(t, m, slog.New(slog.DiscardHandler))
		refetch := secrets.Part(c.Refetch, func(s string) int { return len(s) })
		m.set(withOrigin(t, "three"))
		want := func(n int, calls int64) {
			t.Helper()
			if got, err := refetch(t.Context()); got != n || err != nil || m.calls.Load() != calls {
				t.Errorf("Refetch = %d, %v after %d calls; want %d after %d", got, err, m.calls.Load(), n, calls)
			}
		}
		want(3, 1) // it was read a moment ago
		time.Sleep(time.Minute)
		m.takes = time.Second
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() { want(5, 2) })
		}
		all.Wait()
	})
}

func TestPartPassesErrorsOn(t *testing.T) {
	down := errors.New("down")
	part := secrets.Part(func(context.Context) (string, error) { return "x", down }, func(string) int { return 1 })
	if got, err := part(t.Context()); got != 0 || !errors.Is(err, down) {
		t.Errorf("part = %d, %v", got, err)
	}
}

func TestLoadFails(t *testing.T) {
	parse := func(secrets.Value) (string, error) { return "", nil }
	if _, err := secrets.Load(t.Context(), &manager{}, "stride", parse, nil); err == nil {
		t.Error("loaded a secret that is not there")
	}
}

func TestEnsure(t *testing.T) {
	usable := text(t, newValue(t))
	for _, tt := range []struct {
		name    string
		before  *manager
		created bool
		fails   bool
	}{
		{"nothing there", &manager{}, true, false},
		{"a secret without value", &manager{exists: true}, true, false},
		{"a placeholder", &manager{exists: true, value: new("{}")}, true, false},
		{"a secret", &manager{exists: true, value: &usable}, false, false},
		{"something else", &manager{exists: true, value: new("hunter2")}, false, true},
		{"out of reach", &manager{err: errors.New("down")}, false, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := tt.before
			old := m.value
			fresh := func() (secrets.Value, error) { return secrets.New(maker(), now) }
			created, err := secrets.Ensure(t.Context(), m, "stride", fresh)
			if created != tt.created || (err != nil) != tt.fails {
				t.Fatalf("Ensure = %v, %v", created, err)
			}
			if !created && m.value != old {
				t.Error("replaced what was there")
			}
			if tt.fails {
				return
			}
			if _, err := secrets.Parse(*m.value); err != nil {
				t.Errorf("left %v", err)
			}
			if again, err := secrets.Ensure(t.Context(), m, "stride", fresh); again || err != nil {
				t.Errorf("second Ensure = %v, %v", again, err)
			}
		})
	}
}
