package dynamo_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/dynamo"
	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/storetest"
)

const quarter = 15 * time.Minute

// try reserves and returns whether that is allowed, and for how long not.
func try(t *testing.T, s *dynamo.Store, scope string, at time.Time) (bool, time.Duration) {
	t.Helper()
	allowed, wait, err := s.Reserve(t.Context(), scope, 5, quarter, at)
	if err != nil {
		t.Fatal(err)
	}
	return allowed, wait
}

// tries is how many more tries a scope has.
func tries(t *testing.T, s *dynamo.Store, scope string, at time.Time) int {
	t.Helper()
	for n := 0; ; n++ {
		if allowed, _ := try(t, s, scope, at); !allowed {
			return n
		}
	}
}

func TestReserve(t *testing.T) {
	t.Parallel()
	table := storetest.New(t)
	s := table.Store()
	if n := tries(t, s, "a", now); n != 5 {
		t.Errorf("%d tries, want 5", n)
	}
	full := table.Dump(t)
	if allowed, wait := try(t, s, "a", now); allowed || wait != 8*time.Minute { // 12:07 to 12:15
		t.Errorf("sixth try: %v, wait %v; want false, 8m0s", allowed, wait)
	}
	if diff := cmp.Diff(full, table.Dump(t)); diff != "" {
		t.Errorf("a try that is not allowed was counted:\n%s", diff)
	}
	if diff := cmp.Diff([]string{`{"PK":"LIMIT#a","SK":"2026-11-24T12:00:00Z","entity":"limit","expires_at":1795526100,"used":5,"v":1}`}, full); diff != "" {
		t.Errorf("item (-want +got):\n%s", diff)
	}
	if n := tries(t, s, "b", now); n != 5 {
		t.Errorf("another scope has %d tries, want 5", n)
	}
	// The next window starts anew though the old item is still there.
	if n := tries(t, s, "a", now.Add(8*time.Minute)); n != 5 {
		t.Errorf("%d tries in the next window, want 5", n)
	}
	if n := tries(t, s, "a", now.Add(8*time.Minute-time.Second)); n != 0 {
		t.Errorf("%d tries in the same window, want none", n)
	}
}

func TestReleaseAndReset(t *testing.T) {
	t.Parallel()
	s := storetest.New(t).Store()
	ctx := t.Context()
	if err := s.Release(ctx, "a", quarter, now); err != nil { // nothing there
		t.Fatal(err)
	}
	tries(t, s, "a", now)
	tries(t, s, "b", now)
	for range 2 {
		if err := s.Release(ctx, "a", quarter, now); err != nil {
			t.Fatal(err)
		}
	}
	if n := tries(t, s, "a", now); n != 2 {
		t.Errorf("%d tries after two were released, want 2", n)
	}
	for range 9 {
		if err := s.Release(ctx, "a", quarter, now); err != nil {
			t.Fatal(err)
		}
	}
	if n := tries(t, s, "a", now); n != 5 {
		t.Errorf("%d tries after more were released than taken, want 5", n)
	}
	for range 2 {
		if err := s.Reset(ctx, "a", quarter, now); err != nil {
			t.Fatal(err)
		}
	}
	if a, b := tries(t, s, "a", now), tries(t, s, "b", now); a != 5 || b != 0 {
		t.Errorf("%d and %d tries after a reset of the first, want 5 and 0", a, b)
	}
}

func TestReserveInParallel(t *testing.T) {
	t.Parallel()
	s := storetest.New(t).Store()
	var allowed atomic.Int64
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			ok, _, err := s.Reserve(t.Context(), "a", 5, quarter, now)
			if err != nil {
				t.Error(err)
			}
			if ok {
				allowed.Add(1)
			}
		})
	}
	all.Wait()
	if n := allowed.Load(); n != 5 {
		t.Errorf("%d of 100 parallel tries, want 5", n)
	}
}

// TestReserveUnderFaults: a lost reply may cost a try, and never gives one.
func TestReserveUnderFaults(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]storetest.Fault{
		"lost reply": storetest.LostReply, "reset": storetest.Reset, "500": storetest.ServerError, "throttled": storetest.Throttled,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			table := storetest.New(t)
			s := table.Store()
			table.Faults.Set(func(c storetest.Call) storetest.Fault {
				if c.N%2 == 1 {
					return f
				}
				return storetest.None
			})
			if n := tries(t, s, "a", now); n > 5 || n < 2 {
				t.Errorf("%d tries, want 2 to 5", n)
			}
			table.Faults.Set(storetest.Always(f))
			if allowed, _, err := s.Reserve(t.Context(), "b", 5, quarter, now); allowed || !errors.Is(err, fault.Unavailable) {
				t.Errorf("Reserve = %v, %v; want Unavailable", allowed, err)
			}
		})
	}
}
