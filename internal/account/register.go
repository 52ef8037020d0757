package account

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/runner"
)

// A Registration is what it takes to get an account.
type Registration struct {
	Email    runner.Email
	Password string
	Profile  runner.Profile
}

// Check returns the registration with its profile in canonical form. The
// error is fault.Invalid with everything that is wrong. It takes no time worth
// counting.
func (s *Service) Check(r Registration, now time.Time) (Registration, error) {
	fields := s.c.Passwords.Refuse("/password", r.Password, r.Email.String())
	profile, err := r.Profile.Check(dayOf(now))
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		fields = slices.Concat(fields, f.Fields)
	}
	r.Profile = profile
	return r, fault.Fields(fields)
}

// Register makes an account from a registration that Check returned, and
// signs its owner in. An address that has an account costs the same time as
// one that has none: the password is hashed before the store is asked. Errors:
// fault.Conflict, with the slug email_taken; fault.RateLimited;
// fault.Unavailable.
func (s *Service) Register(ctx context.Context, r Registration, client Client, now time.Time) (SignedIn, error) {
	if err := s.reserveRegistration(ctx, client, now); err != nil {
		return SignedIn{}, err
	}
	hash, err := s.c.Passwords.Hash(ctx, r.Password)
	if err != nil {
		return SignedIn{}, err
	}
	created := now.UTC().Truncate(time.Second)
	a := &Account{
		ID: s.c.NewID(), Email: r.Email, Profile: r.Profile, PasswordHash: hash,
		Version: 1, Epoch: 1, Created: created, Updated: created,
	}
	in, first, err := s.prepare(ctx, a, client, now)
	if err != nil {
		return SignedIn{}, err
	}
	err = s.c.Accounts.Create(ctx, a, first, now)
	if errors.Is(err, fault.Conflict) {
		return SignedIn{}, emailTaken(err)
	}
	if err != nil {
		return SignedIn{}, err
	}
	return in, nil
}

func emailTaken(cause error) error {
	return &fault.Fault{Kind: fault.Conflict, Slug: "email_taken", Detail: "Sign in, or use another e-mail address.", Cause: cause}
}

// dayOf is the date in UTC, which is at most a day off anywhere.
func dayOf(now time.Time) calendar.Date {
	y, m, d := now.UTC().Date()
	return calendar.Of(y, m, d)
}
