package account

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/stride-run/stride/internal/fault"
)

// Delete deletes an account that Me returned. One transaction frees the e-mail
// address, ends all sign-ins and closes the account to every write; a sweep
// then removes what is left, and goes on after whatever interrupts it. Errors:
// fault.Forbidden for a wrong password; fault.Stale when the address was
// changed at the same time; fault.Denied, fault.RateLimited,
// fault.Unavailable.
func (s *Service) Delete(ctx context.Context, a *Account, password string, client Client, now time.Time) error {
	if err := s.confirm(ctx, a, "/password", password, client, now); err != nil {
		return err
	}
	if s.c.Sweeps != nil {
		if err := s.c.Sweeps.Schedule(ctx, a.ID); err != nil {
			return err
		}
	}
	err := s.c.Accounts.Delete(ctx, a, now)
	if errors.Is(err, fault.NotFound) {
		return gone(err)
	}
	if err != nil {
		return err
	}
	if s.c.Sweeps != nil {
		return nil
	}
	// The account is gone for good, whatever becomes of the rest.
	if err := s.Sweep(context.WithoutCancel(ctx), a.ID); err != nil {
		s.c.Log.ErrorContext(ctx, "deleted account is not swept", slog.String("runner", a.ID), slog.Any("cause", err))
	}
	return nil
}

// Sweep removes everything that a deleted account has left, inside the table
// last, so that a sweep that is broken off is known to be unfinished. It can
// be repeated, also at the same time, and does nothing to an account that is
// not deleted. Error: whatever keeps it from finishing; try again.
func (s *Service) Sweep(ctx context.Context, id string) error {
	_, err := s.c.Accounts.ByID(ctx, id, time.Time{})
	if err == nil {
		s.c.Log.InfoContext(ctx, "account is not deleted, so it is not swept", slog.String("runner", id))
		return nil
	}
	if !errors.Is(err, fault.NotFound) {
		return err
	}
	for _, purge := range s.c.Purges {
		if err := purge(ctx, id); err != nil {
			return fmt.Errorf("sweep runner %s: %w", id, err)
		}
	}
	if err := s.c.Accounts.Sweep(ctx, id); err != nil && !errors.Is(err, fault.Conflict) {
		return fmt.Errorf("sweep runner %s: %w", id, err)
	}
	return nil
}
