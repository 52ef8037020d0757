package account

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/runner"
)

// Login signs a runner in. Every way through it that is not limited costs one
// hash operation, so time does not tell whether the address has an account.
// Errors: fault.Denied, with the slug invalid_credentials, in the same words
// whatever is wrong; fault.RateLimited, whether or not the address has an
// account and the password is right; fault.Invalid for a password that no
// account can have; fault.Unavailable.
func (s *Service) Login(ctx context.Context, email runner.Email, password string, client Client, now time.Time) (SignedIn, error) {
	if err := s.tooLong("/password", password); err != nil {
		return SignedIn{}, err
	}
	if err := s.reserveSignIn(ctx, email.Key(), client, now); err != nil {
		return SignedIn{}, err
	}
	a, err := s.c.Accounts.ByEmail(ctx, email.Key(), now)
	if err != nil && !errors.Is(err, fault.NotFound) {
		return SignedIn{}, err
	}
	match, rehash, err := s.verify(ctx, a, password)
	if err != nil {
		return SignedIn{}, err
	}
	if !match {
		if err := s.failed(ctx, email.Key(), now); err != nil {
			return SignedIn{}, err
		}
		return SignedIn{}, invalidCredentials(nil)
	}
	if err := s.proven(ctx, email.Key(), client, now); err != nil {
		return SignedIn{}, err
	}
	if rehash {
		s.rehash(ctx, a, password, now)
	}
	in, family, err := s.prepare(ctx, a, client, now)
	if err != nil {
		return SignedIn{}, err
	}
	err = s.c.Families.Start(ctx, family, now)
	if errors.Is(err, fault.NotFound) { // deleted, or another password, a moment ago
		return SignedIn{}, invalidCredentials(err)
	}
	if err != nil {
		return SignedIn{}, err
	}
	return in, nil
}

// verify checks the password of an account, or does the same work for none. A
// hash that is damaged fits no password; that is for us to mend, not for the
// caller to know.
func (s *Service) verify(ctx context.Context, a *Account, password string) (match, rehash bool, err error) {
	if a == nil {
		return false, false, s.c.Passwords.Dummy(ctx, password)
	}
	match, rehash, err = s.c.Passwords.Verify(ctx, a.PasswordHash, password)
	if err == nil || errors.Is(err, fault.Unavailable) || ctx.Err() != nil {
		return match, rehash, err
	}
	s.c.Log.ErrorContext(ctx, "password hash cannot be read", slog.String("runner", a.ID), slog.Any("cause", err))
	return false, false, nil
}

// rehash stores a password anew under the present cost and pepper. The runner
// is in either way; what fails here is done at the next sign-in.
func (s *Service) rehash(ctx context.Context, a *Account, password string, now time.Time) {
	hash, err := s.c.Passwords.Hash(ctx, password)
	if err == nil {
		err = s.c.Accounts.SetPassword(ctx, a, hash, false, "", now)
	}
	if err != nil {
		s.c.Log.WarnContext(ctx, "password is not hashed anew", slog.String("runner", a.ID), slog.Any("cause", err))
	}
}

func (s *Service) tooLong(pointer, password string) error {
	if !s.c.Passwords.TooLong(password) {
		return nil
	}
	return fault.Fields([]fault.Field{{Pointer: pointer, Code: fault.OutOfRange, Message: "No password is as long as this."}})
}

func invalidCredentials(cause error) error {
	return &fault.Fault{
		Kind: fault.Denied, Slug: "invalid_credentials",
		Detail: "Check the e-mail address and the password.", Cause: cause,
	}
}

// confirm asks a signed-in caller for the password once more. Wrong ones
// count like those of a sign-in. Errors: fault.Forbidden for a wrong one,
// fault.RateLimited, fault.Unavailable.
func (s *Service) confirm(ctx context.Context, a *Account, pointer, password string, client Client, now time.Time) error {
	if err := s.tooLong(pointer, password); err != nil {
		return err
	}
	if err := s.reserveSignIn(ctx, a.Email.Key(), client, now); err != nil {
		return err
	}
	match, _, err := s.verify(ctx, a, password)
	if err != nil {
		return err
	}
	if !match {
		if err := s.failed(ctx, a.Email.Key(), now); err != nil {
			return err
		}
		return fault.New(fault.Forbidden, "The password is not right.")
	}
	return s.proven(ctx, a.Email.Key(), client, now)
}
