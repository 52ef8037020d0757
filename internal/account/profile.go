package account

import (
	"context"
	"errors"
	"time"

	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/runner"
)

// Me returns the caller's account. Errors: fault.Denied when it has been
// deleted, fault.Unavailable.
func (s *Service) Me(ctx context.Context, caller Caller, now time.Time) (*Account, error) {
	a, err := s.c.Accounts.ByID(ctx, caller.Runner, now)
	if errors.Is(err, fault.NotFound) {
		return nil, gone(err)
	}
	return a, err
}

// A Change is what becomes of an account. Another e-mail address needs the
// password.
type Change struct {
	Profile  runner.Profile
	Email    *runner.Email // nil: it stays
	Password string
}

// CheckChange returns a change in canonical form. Error: fault.Invalid with
// everything that is wrong.
func (s *Service) CheckChange(c Change, now time.Time) (Change, error) {
	profile, err := c.Profile.Check(dayOf(now))
	var fields []fault.Field
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		fields = f.Fields
	}
	if c.Email != nil && c.Password == "" {
		fields = append(fields, fault.Field{
			Pointer: "/password", Code: fault.Required, Message: "Give your password to change the e-mail address.",
		})
	}
	c.Profile = profile
	return c, fault.Fields(fields)
}

// Update makes a change that CheckChange returned to the version of an account
// that the caller has seen, and returns what there is then. Errors:
// fault.Stale when there is another version by now; fault.Forbidden for a
// wrong password; fault.Conflict, with the slug email_taken; fault.Denied,
// fault.RateLimited, fault.Unavailable.
func (s *Service) Update(ctx context.Context, a *Account, c Change, client Client, now time.Time) (*Account, error) {
	to := *a
	to.Profile = c.Profile
	to.Updated = now.UTC().Truncate(time.Second)
	if c.Email != nil {
		if err := s.confirm(ctx, a, "/password", c.Password, client, now); err != nil {
			return nil, err
		}
		to.Email = *c.Email
	}
	err := s.c.Accounts.Save(ctx, &to, a.Email.Key(), now)
	switch {
	case errors.Is(err, fault.NotFound):
		return nil, gone(err)
	case errors.Is(err, fault.Conflict):
		return nil, emailTaken(err)
	case err != nil:
		return nil, err
	}
	to.Version++
	return &to, nil
}

// CheckPassword says what is wrong with a new password for an account. Error:
// fault.Invalid.
func (s *Service) CheckPassword(a *Account, next string) error {
	return fault.Fields(s.c.Passwords.Refuse("/new_password", next, a.Email.String()))
}

// ChangePassword gives an account another password, which CheckPassword has
// passed, and ends every sign-in but the one named keep, for one of them may
// be the reason. Errors: fault.Forbidden for a wrong current password;
// fault.Conflict when the password was changed at the same time; fault.Denied,
// fault.RateLimited, fault.Unavailable.
func (s *Service) ChangePassword(ctx context.Context, a *Account, keep, current, next string, client Client, now time.Time) error {
	if err := s.confirm(ctx, a, "/current_password", current, client, now); err != nil {
		return err
	}
	hash, err := s.c.Passwords.Hash(ctx, next)
	if err != nil {
		return err
	}
	err = s.c.Accounts.SetPassword(ctx, a, hash, true, keep, now)
	switch {
	case errors.Is(err, fault.NotFound):
		return gone(err)
	case errors.Is(err, fault.Stale):
		return &fault.Fault{Kind: fault.Conflict, Detail: "The password was changed at the same time. Sign in with the new one.", Cause: err}
	}
	return err
}

// SignIns lists the sign-ins of an account that began before the one named
// after (empty: all), newest first, at most limit. Error: fault.Unavailable.
func (s *Service) SignIns(ctx context.Context, a *Account, after string, limit int, now time.Time) ([]*Family, error) {
	var live []*Family
	for more := true; more && len(live) < limit; {
		want := limit - len(live)
		page, err := s.c.Families.Families(ctx, a.ID, after, want, now)
		if err != nil {
			return nil, err
		}
		if more = len(page) == want; more {
			after = page[want-1].ID
		}
		for _, f := range page {
			if f.Epoch == a.Epoch { // others have ended, and wait to expire
				live = append(live, f)
			}
		}
	}
	return live, nil
}

// EndSignIn ends one of an account's sign-ins. Errors: fault.NotFound,
// fault.Unavailable.
func (s *Service) EndSignIn(ctx context.Context, a *Account, id string, now time.Time) error {
	family, err := s.c.Families.Family(ctx, a.ID, id, now)
	if errors.Is(err, fault.NotFound) || err == nil && family.Epoch != a.Epoch {
		return NoSignIn()
	}
	if err != nil {
		return err
	}
	return s.c.Families.End(ctx, a.ID, id)
}

// NoSignIn says that an account has no such sign-in, in the same words for one
// that never was and for one of somebody else.
func NoSignIn() error { return fault.New(fault.NotFound, "You have no sign-in with this id.") }
