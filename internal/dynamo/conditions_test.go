package dynamo_test

import (
	"crypto/sha256"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/account"
	"github.com/stride-run/stride/internal/dynamo"
	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/runner"
	"github.com/stride-run/stride/internal/storetest"
	"github.com/stride-run/stride/internal/training"
)

// family is a sign-in of the athlete, of the first generation.
func family(id string) *account.Family {
	return &account.Family{
		Runner: athlete, ID: id, Epoch: 1, Digest: sha256.Sum256([]byte(id)),
		Created: now, Used: now, Expires: now.Add(time.Hour), Ends: now.Add(time.Hour),
	}
}

// newAccount keeps an account of the athlete with one sign-in.
func newAccount(t *testing.T, accounts dynamo.Accounts) *account.Account {
	t.Helper()
	email, err := runner.ParseEmail("ada@example.com")
	if err != nil {
		t.Fatal(err)
	}
	a := &account.Account{ID: athlete, Email: email, Version: 1, Epoch: 1, Created: now, Updated: now}
	if err := accounts.Create(t.Context(), a, family("first"), now); err != nil {
		t.Fatal(err)
	}
	return a
}

// TestSignInsNeedTheirAccount: whoever has checked a password, or a token, and
// is overtaken by the end of all sign-ins or of the account, gets none.
func TestSignInsNeedTheirAccount(t *testing.T) {
	for name, end := range map[string]func(dynamo.Accounts, *account.Account) error{
		"all sign-ins ended": func(s dynamo.Accounts, a *account.Account) error { return s.EndAll(t.Context(), a.ID, now) },
		"account deleted":    func(s dynamo.Accounts, a *account.Account) error { return s.Delete(t.Context(), a, now) },
		"account swept": func(s dynamo.Accounts, a *account.Account) error {
			return errors.Join(s.Delete(t.Context(), a, now), s.Sweep(t.Context(), a.ID))
		},
	} {
		t.Run(name, func(t *testing.T) {
			table := storetest.New(t)
			accounts := dynamo.Accounts{Store: table.Store()}
			if err := end(accounts, newAccount(t, accounts)); err != nil {
				t.Fatal(err)
			}
			before := table.Dump(t)
			if err := accounts.Start(t.Context(), family("second"), now); !errors.Is(err, fault.NotFound) {
				t.Errorf("Start = %v", err)
			}
			next := family("first")
			next.Counter++
			if rotated, err := accounts.Rotate(t.Context(), family("first"), next, now); rotated || err != nil {
				t.Errorf("Rotate = %v, %v", rotated, err)
			}
			if diff := cmp.Diff(before, table.Dump(t)); diff != "" {
				t.Errorf("something is written (-before +after):\n%s", diff)
			}
		})
	}
}

// TestAccountIsSavedAsItWasSeen: of two who change the same version one gets
// through.
func TestAccountIsSavedAsItWasSeen(t *testing.T) {
	table := storetest.New(t)
	accounts := dynamo.Accounts{Store: table.Store()}
	a := newAccount(t, accounts)
	first, second := *a, *a
	first.Profile.FirstName, second.Profile.FirstName = "Ada", "Grace"
	if err := accounts.Save(t.Context(), &first, a.Email.Key(), now); err != nil {
		t.Fatal(err)
	}
	if err := accounts.Save(t.Context(), &second, a.Email.Key(), now); !errors.Is(err, fault.Stale) {
		t.Errorf("the second: %v", err)
	}
	kept, err := accounts.ByID(t.Context(), athlete, now)
	if err != nil || kept.Profile.FirstName != "Ada" || kept.Version != 2 {
		t.Errorf("kept: %+v, %v", kept, err)
	}
}

// TestSweepLeavesLiveAccounts: a sweep that comes before the deletion, or for
// nobody, removes nothing.
func TestSweepLeavesLiveAccounts(t *testing.T) {
	table := storetest.New(t)
	accounts := dynamo.Accounts{Store: table.Store()}
	newAccount(t, accounts)
	before := table.Dump(t)
	if err := accounts.Sweep(t.Context(), athlete); !errors.Is(err, fault.Conflict) {
		t.Errorf("Sweep = %v", err)
	}
	if diff := cmp.Diff(before, table.Dump(t)); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
}

// TestPlanIsDeletedAsItWasSeen: what was changed in between is not lost.
func TestPlanIsDeletedAsItWasSeen(t *testing.T) {
	table := storetest.New(t)
	s, p := savedPlan(t, table)
	if _, err := s.Update(t.Context(), athlete, p.ID, nil, training.PlanChange{Name: new("Renamed")}, now); err != nil {
		t.Fatal(err)
	}
	before := table.Dump(t)
	if err := (dynamo.Plans{Store: table.Store()}).Delete(t.Context(), athlete, p, now); !errors.Is(err, training.ErrChanged) {
		t.Errorf("Delete = %v", err)
	}
	if diff := cmp.Diff(before, table.Dump(t)); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
}

// TestSuccessForgetsOneShare: the tries of a pair are forgotten, those of the
// address stay, or an account of one's own would clear the way.
func TestSuccessForgetsOneShare(t *testing.T) {
	accounts := dynamo.Accounts{Store: storetest.New(t).Store()}
	try := func(name string) bool {
		t.Helper()
		allowed, _, err := accounts.ReserveShare(t.Context(), "login#a", name, 5, 2, time.Minute, now)
		if err != nil {
			t.Fatal(err)
		}
		return allowed
	}
	for _, name := range []string{"one", "one", "two", "two"} {
		if !try(name) {
			t.Fatalf("%s is refused", name)
		}
	}
	if err := accounts.ResetShare(t.Context(), "login#a", "one", time.Minute, now); err != nil {
		t.Fatal(err)
	}
	if try("two") {
		t.Error("another's tries are forgotten")
	}
	if !try("one") {
		t.Error("its own tries are not forgotten")
	}
	if try("three") {
		t.Error("the address's tries are forgotten")
	}
}
