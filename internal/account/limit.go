package account

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"github.com/stride-run/stride/internal/fault"
)

// The limits. All of them count before the work they guard, and none locks
// anybody for longer than its window.
const (
	registrations     = 10 // of one address
	registerWindow    = time.Hour
	signInsOfAddress  = 50 // whatever the account
	signInsOfPair     = 5  // of one address, for one account
	signInWindow      = 15 * time.Minute
	failuresOfAccount = 100 // from all addresses together; then one try per slow
	failureWindow     = 24 * time.Hour
	slow              = 5 * time.Second
	countFailure      = 1 << 30 // counts without a limit
)

// reserveRegistration counts a registration.
func (s *Service) reserveRegistration(ctx context.Context, client Client, now time.Time) error {
	if s.c.Tries == nil {
		return nil
	}
	return limited(s.c.Tries.Reserve(ctx, "register#"+client.Address, registrations, registerWindow, now))
}

// reserveSignIn counts a try to prove who one is, before the password is
// looked at: so however many tries run at once, no more than the limit are
// answered. Whether the e-mail address has an account plays no part.
//
// An address that tries many accounts is stopped by its own count, one that
// tries one account by the count of the pair. Many addresses that try one
// account are slowed down together; the owner is slowed down with them, and
// never locked out.
func (s *Service) reserveSignIn(ctx context.Context, emailKey string, client Client, now time.Time) error {
	if s.c.Tries == nil {
		return nil
	}
	name := digest(emailKey)
	err := limited(s.c.Tries.ReserveShare(ctx, "login#"+client.Address, name, signInsOfAddress, signInsOfPair, signInWindow, now))
	if err != nil {
		return err
	}
	failures, err := s.c.Tries.Used(ctx, "failed#"+name, failureWindow, now)
	if err != nil || failures < failuresOfAccount {
		return err
	}
	return limited(s.c.Tries.Reserve(ctx, "slow#"+name, 1, slow, now))
}

// failed counts a wrong password against the account.
func (s *Service) failed(ctx context.Context, emailKey string, now time.Time) error {
	if s.c.Tries == nil {
		return nil
	}
	_, _, err := s.c.Tries.Reserve(ctx, "failed#"+digest(emailKey), countFailure, failureWindow, now)
	return err
}

// proven forgets the tries of a pair that has the right password. Other
// addresses stay as they are: they have proven nothing.
func (s *Service) proven(ctx context.Context, emailKey string, client Client, now time.Time) error {
	if s.c.Tries == nil {
		return nil
	}
	return s.c.Tries.ResetShare(ctx, "login#"+client.Address, digest(emailKey), signInWindow, now)
}

func limited(allowed bool, retryAfter time.Duration, err error) error {
	if err != nil || allowed {
		return err
	}
	return &fault.Fault{
		Kind:       fault.RateLimited,
		Detail:     "Wait as long as the Retry-After header says.",
		RetryAfter: max(1, int((retryAfter+time.Second-1)/time.Second)),
	}
}

// digest stands for an e-mail address in counts, which hold no address. It is
// short, since one item holds fifty of them.
func digest(emailKey string) string {
	sum := sha256.Sum256([]byte("limit " + emailKey))
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}
