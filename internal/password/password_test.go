package password_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/crypto/bcrypt"

	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/password"
)

const right = "a long walk in the rain"

var pepper = password.Peppers{Current: "p1", Keys: map[string][]byte{"p1": []byte("0123456789abcdef0123456789abcdef")}}

func always(p password.Peppers) func(context.Context) (password.Peppers, error) {
	return func(context.Context) (password.Peppers, error) { return p, nil }
}

// newHasher returns a fast hasher and its count of hash operations.
func newHasher(t *testing.T, change func(*password.Config)) (*password.Hasher, *atomic.Int64) {
	t.Helper()
	var count atomic.Int64
	config := password.Config{Cost: bcrypt.MinCost, Weak: true, Peppers: always(pepper), OnHash: func() { count.Add(1) }}
	if change != nil {
		change(&config)
	}
	h, err := password.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return h, &count
}

func hash(t *testing.T, h *password.Hasher, text string) string {
	t.Helper()
	stored, err := h.Hash(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	return stored
}

func TestCost(t *testing.T) {
	for _, tt := range []struct {
		name string
		cost int
		weak bool
		ok   bool
	}{
		{"default", 0, false, true},
		{"lowest outside tests", 10, false, true},
		{"too low in production", 9, false, false},
		{"low in the local stage", 4, true, true},
		{"lower than bcrypt's own", 3, true, false},
		{"minutes for one sign-in", 17, true, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := password.New(password.Config{Cost: tt.cost, Weak: tt.weak}); (err == nil) != tt.ok {
				t.Errorf("New with cost %d: %v, want ok %v", tt.cost, err, tt.ok)
			}
		})
	}
}

func TestVerify(t *testing.T) {
	h, _ := newHasher(t, nil)
	long := strings.Repeat("pass phrase ", 10) // 120 characters
	for _, tt := range []struct {
		name, set, tried string
		match            bool
	}{
		{"same", right, right, true},
		{"other", right, right + "s", false},
		{"other case", right, strings.ToUpper(right), false},
		{"space before is kept", " " + right, right, false},
		{"space after is kept", right + " ", right, false},
		{"NFC and NFD", "caf\u00e9 au lait, s'il vous", "cafe\u0301 au lait, s'il vous", true},
		{"NFKC is not used", "\ufb01nish lines ahead", "finish lines ahead", false},
		{"NUL ends nothing", right + "\x00a", right + "\x00b", false},
		{"bcrypt would repeat after NUL", "abc", "abc\x00abc", false},
		{"bcrypt would stop at byte 72", long + "a", long + "b", false},
		{"128 characters of four bytes", strings.Repeat("🏃", 128), strings.Repeat("🏃", 128), true},
		{"empty", right, "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			match, rehash, err := h.Verify(t.Context(), hash(t, h, tt.set), tt.tried)
			if match != tt.match || rehash || err != nil {
				t.Errorf("Verify = %v, %v, %v; want %v, false, nil", match, rehash, err, tt.match)
			}
		})
	}
}

func TestStoredFormNamesThePepper(t *testing.T) {
	h, _ := newHasher(t, nil)
	a, b := hash(t, h, right), hash(t, h, right)
	if !strings.HasPrefix(a, "v1:p1:$2a$04$") || len(a) != len("v1:p1:")+60 {
		t.Errorf("stored %q", a)
	}
	if a == b {
		t.Error("the same password twice gave the same hash: no salt")
	}
}

func TestPepperMatters(t *testing.T) {
	h, _ := newHasher(t, nil)
	other, _ := newHasher(t, func(c *password.Config) {
		c.Peppers = always(password.Peppers{Current: "p1", Keys: map[string][]byte{"p1": []byte("another pepper of thirty-two byt")}})
	})
	if match, _, err := other.Verify(t.Context(), hash(t, h, right), right); match || err != nil {
		t.Errorf("Verify under another pepper = %v, %v", match, err)
	}
}

func TestRehash(t *testing.T) {
	h, _ := newHasher(t, nil)
	stored := hash(t, h, right)
	both := password.Peppers{Current: "p2", Keys: map[string][]byte{"p1": pepper.Keys["p1"], "p2": []byte("the next pepper, thirty-two byte")}}
	for _, tt := range []struct {
		name   string
		change func(*password.Config)
		rehash bool
	}{
		{"nothing changed", func(*password.Config) {}, false},
		{"cost changed", func(c *password.Config) { c.Cost = bcrypt.MinCost + 1 }, true},
		{"pepper changed", func(c *password.Config) { c.Peppers = always(both) }, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			now, _ := newHasher(t, tt.change)
			if match, rehash, err := now.Verify(t.Context(), stored, right); !match || rehash != tt.rehash || err != nil {
				t.Errorf("Verify = %v, %v, %v; want true, %v, nil", match, rehash, err, tt.rehash)
			}
			if _, rehash, _ := now.Verify(t.Context(), stored, "wrong"); rehash {
				t.Error("a wrong password would be stored anew")
			}
			if match, rehash, err := now.Verify(t.Context(), hash(t, now, right), right); !match || rehash || err != nil {
				t.Errorf("Verify after rehash = %v, %v, %v; want true, false, nil", match, rehash, err)
			}
		})
	}
}

func TestOneHashOnEveryPath(t *testing.T) {
	h, count := newHasher(t, nil)
	good := hash(t, h, right)
	verify := func(stored, text string) func() error {
		return func() error {
			_, _, err := h.Verify(t.Context(), stored, text)
			return err
		}
	}
	_, rest, _ := strings.Cut(good, "v1:")
	for _, tt := range []struct {
		name string
		call func() error
		want error
	}{
		{"right", verify(good, right), nil},
		{"wrong", verify(good, "wrong"), nil},
		{"nobody", func() error { return h.Dummy(t.Context(), right) }, nil},
		{"nothing stored", verify("", right), password.ErrMalformed},
		{"only bcrypt", verify(good[len("v1:p1:"):], right), password.ErrMalformed},
		{"newer version", verify("v2:"+rest, right), password.ErrMalformed},
		{"cut short", verify(good[:len(good)-1], right), password.ErrMalformed},
		{"foreign characters", verify(good[:len(good)-1]+"*", right), password.ErrMalformed},
		{"cost of hours", verify(strings.Replace(good, "$04$", "$31$", 1), right), password.ErrMalformed},
		{"no cost", verify(strings.Replace(good, "$04$", "$xx$", 1), right), password.ErrMalformed},
		{"unknown pepper", verify(strings.Replace(good, "p1", "p9", 1), right), fault.Unavailable},
	} {
		t.Run(tt.name, func(t *testing.T) {
			count.Store(0)
			if err := tt.call(); !errors.Is(err, tt.want) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
			if n := count.Load(); n != 1 {
				t.Errorf("%d hash operations, want 1", n)
			}
		})
	}
}

// TestDummyDoesTheWork guards the dummy hash: if bcrypt refused its form, the
// comparison would end at once.
func TestDummyDoesTheWork(t *testing.T) {
	cost := func(work int) time.Duration {
		h, _ := newHasher(t, func(c *password.Config) { c.Cost = work })
		start := time.Now()
		if err := h.Dummy(t.Context(), right); err != nil {
			t.Fatal(err)
		}
		return time.Since(start)
	}
	if low, high := cost(4), cost(10); high < 8*low { // 64 times as much work
		t.Errorf("dummy takes %v at cost 4 and %v at cost 10: it does not hash", low, high)
	}
}

func TestUnknownPepperIsFetchedOnce(t *testing.T) {
	old, _ := newHasher(t, nil)
	stored := hash(t, old, right)
	fetched := 0
	h, _ := newHasher(t, func(c *password.Config) {
		c.Peppers = always(password.Peppers{Current: "p0", Keys: map[string][]byte{"p0": []byte("older")}})
		c.Refetch = func(context.Context) (password.Peppers, error) { fetched++; return pepper, nil }
	})
	if match, rehash, err := h.Verify(t.Context(), stored, right); !match || rehash || err != nil || fetched != 1 {
		t.Errorf("Verify = %v, %v, %v after %d fetches; want true, false, nil after 1", match, rehash, err, fetched)
	}
}

func TestPeppersOutOfReach(t *testing.T) {
	down := errors.New("secrets are down")
	h, count := newHasher(t, func(c *password.Config) {
		c.Peppers = func(context.Context) (password.Peppers, error) { return password.Peppers{}, down }
	})
	if _, err := h.Hash(t.Context(), right); !errors.Is(err, down) {
		t.Errorf("Hash: %v, want %v", err, down)
	}
	if match, _, err := h.Verify(t.Context(), "v1:p1:$2a$04$"+strings.Repeat(".", 53), right); match || !errors.Is(err, down) {
		t.Errorf("Verify = %v, %v; want false, %v", match, err, down)
	}
	if count.Load() != 0 {
		t.Error("hashed without a pepper")
	}
	none, _ := newHasher(t, func(c *password.Config) { c.Peppers = always(password.Peppers{Current: "gone"}) })
	if _, err := none.Hash(t.Context(), right); err == nil {
		t.Error("hashed with no key")
	}
}

// TestCrowdWaitsForItsDeadline: a call that has the time waits longer, and keeps
// enough of it to hash and to store.
func TestCrowdWaitsForItsDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, count := newHasher(t, func(c *password.Config) {
			next := c.OnHash
			c.OnHash = func() { next(); time.Sleep(time.Second) } // what a hash takes
		})
		places := runtime.GOMAXPROCS(0)
		ctx, cancel := context.WithTimeout(t.Context(), 9500*time.Millisecond)
		defer cancel()
		begin := time.Now()
		var refused atomic.Int64
		var all sync.WaitGroup
		for range 10 * places {
			all.Go(func() {
				if err := h.Dummy(ctx, right); errors.Is(err, fault.Unavailable) {
					refused.Add(1)
				} else if err != nil {
					t.Error(err)
				}
				if ctx.Err() != nil {
					t.Error("answered after its deadline")
				}
			})
		}
		all.Wait()
		// The last to begin do so before 6.5 s are over.
		if done := count.Load(); done != int64(7*places) || refused.Load() != int64(3*places) {
			t.Errorf("%d hashed and %d turned away after %v", done, refused.Load(), time.Since(begin))
		}
		late, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := h.Dummy(late, right); err != nil {
			t.Errorf("with a free place and little time: %v", err)
		}
	})
}

func TestCrowdIsTurnedAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hold := make(chan struct{})
		h, count := newHasher(t, func(c *password.Config) {
			next := c.OnHash
			c.OnHash = func() { next(); <-hold }
		})
		const crowd = 100
		var refused atomic.Int64
		var all sync.WaitGroup
		for range crowd {
			all.Go(func() {
				err := h.Dummy(t.Context(), right)
				if errors.Is(err, fault.Unavailable) {
					refused.Add(1)
				} else if err != nil {
					t.Error(err)
				}
			})
		}
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if running := count.Load(); refused.Load() != crowd-running || running == 0 || running == crowd {
			t.Errorf("%d run, %d turned away", running, refused.Load())
		}
		close(hold)
		all.Wait()
		if err := h.Dummy(t.Context(), right); err != nil {
			t.Errorf("after the crowd: %v", err)
		}
	})
}
