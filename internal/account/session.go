package account

import (
	"context"
	"crypto/subtle"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/text"
)

const (
	// AccessLifetime is how long an access token is good for.
	AccessLifetime = 15 * time.Minute
	// IdleLifetime is how long a sign-in lives without use, and
	// AbsoluteLifetime how long it lives at all.
	IdleLifetime     = 30 * 24 * time.Hour
	AbsoluteLifetime = 90 * 24 * time.Hour
	// grace is how long a token that was given up still leads to the present
	// one, however many have followed since. Two tabs that refresh at once, or
	// a reply that got lost, sign nobody out; a thief who comes later than that
	// ends the sign-in.
	grace = 10 * time.Second
	// slot is how exactly a sign-in remembers when tokens were given up: all of
	// one slot count as given up at its end. So what it remembers has a bound,
	// however often a client refreshes.
	slot = time.Second / 2

	maxAgent = 200 // bytes of what a client calls itself
	// races is how often a refresh looks again after another was faster.
	races = 3
)

// prepare makes the tokens of a new sign-in. Nothing is stored yet, so that
// nothing is left over when a key is missing.
func (s *Service) prepare(ctx context.Context, a *Account, client Client, now time.Time) (SignedIn, *Family, error) {
	family := s.c.NewID()
	refresh, err := s.c.Refresh.First(ctx, a.ID, family)
	if err != nil {
		return SignedIn{}, nil, err
	}
	access, err := s.c.Access.Issue(ctx, a.ID, family, now)
	if err != nil {
		return SignedIn{}, nil, err
	}
	now = now.UTC()
	return SignedIn{Account: a, AccessToken: access, Refresh: refresh}, &Family{
		Runner: a.ID, ID: family, Epoch: a.Epoch, Counter: refresh.Counter, Digest: refresh.Digest,
		Agent: clip(client.Agent), Created: now.Truncate(time.Second), Used: now.Truncate(time.Millisecond),
		Expires: now.Add(IdleLifetime), Ends: now.Add(AbsoluteLifetime),
	}, nil
}

// clip bounds what a client says of itself, and leaves nothing in it that a
// list could not show.
func clip(agent string) string {
	agent = strings.Map(func(r rune) rune {
		if text.IsUnsafe(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, agent)
	for len(agent) > maxAgent {
		_, size := utf8.DecodeLastRuneInString(agent)
		agent = agent[:len(agent)-size]
	}
	return agent
}

// Refresh takes a refresh token and gives its successor. Within the grace
// whoever comes with a token that was given up gets the one that is good now,
// the same as all others. A token that was given up longer ago was used by
// two, and nobody knows which of them is the runner: the whole sign-in ends.
// Errors: fault.Denied, with the slug refresh_invalid; fault.Unavailable.
func (s *Service) Refresh(ctx context.Context, text string, now time.Time) (SignedIn, error) {
	presented, err := s.c.Refresh.Read(ctx, text)
	if err != nil {
		return SignedIn{}, err
	}
	for range races {
		a, family, err := s.signIn(ctx, presented, now)
		if err != nil {
			return SignedIn{}, err
		}
		switch standing(family, presented, now) {
		case present:
			in, next, err := s.successor(ctx, a, presented, family.Counter+1, now)
			if err != nil {
				return SignedIn{}, err
			}
			rotated, err := s.c.Families.Rotate(ctx, family, rotate(family, next, now), now)
			if err != nil || rotated {
				return in, err
			}
			// Somebody has changed the sign-in since: look again.
		case recent:
			in, _, err := s.successor(ctx, a, presented, family.Counter, now)
			return in, err
		case reused:
			return SignedIn{}, s.reuse(ctx, family)
		default:
			return SignedIn{}, refreshInvalid("no token of this sign-in")
		}
	}
	return SignedIn{}, &fault.Fault{Kind: fault.Unavailable, Detail: "Try again.", RetryAfter: 1, Cause: errors.New("refresh lost every race")}
}

// signIn finds the sign-in that a token belongs to, and its account. It is
// fault.Denied when either has ended.
func (s *Service) signIn(ctx context.Context, presented RefreshToken, now time.Time) (*Account, *Family, error) {
	family, err := s.c.Families.Family(ctx, presented.Runner, presented.Family, now)
	if errors.Is(err, fault.NotFound) {
		return nil, nil, refreshInvalid("no such sign-in")
	}
	if err != nil {
		return nil, nil, err
	}
	a, err := s.c.Accounts.ByID(ctx, presented.Runner, now)
	if errors.Is(err, fault.NotFound) || err == nil && a.Epoch != family.Epoch {
		return nil, nil, refreshInvalid("the sign-in has ended")
	}
	return a, family, err
}

// The places that a token can have in its family.
type place int

const (
	foreign place = iota // none: made here, and yet not one of these
	present              // the one that is good
	recent               // given up within the grace
	reused               // given up longer ago than that
)

// standing goes by the counter for tokens that were given up: they were made
// here, for this family, or Read would have refused them.
func standing(f *Family, presented RefreshToken, now time.Time) place {
	switch {
	case subtle.ConstantTimeCompare(f.Digest[:], presented.Digest[:]) == 1:
		return present
	case presented.Counter >= f.Counter:
		return foreign // of a table that was set back to an earlier day
	}
	for _, given := range slices.Backward(f.GivenUp) {
		if given.From <= presented.Counter {
			if now.Sub(given.At) <= grace {
				return recent
			}
			break
		}
	}
	return reused
}

// rotate returns the family with its next token. Use lengthens the idle time
// and never the whole.
func rotate(f *Family, next RefreshToken, now time.Time) *Family {
	now = now.UTC()
	to := *f
	to.Counter, to.Digest = next.Counter, next.Digest
	to.GivenUp = giveUp(f.GivenUp, f.Counter, now)
	to.Used = now.Truncate(time.Millisecond)
	to.Expires = now.Add(IdleLifetime)
	if to.Expires.After(f.Ends) {
		to.Expires = f.Ends
	}
	return &to
}

// giveUp notes that a token was given up now, and forgets what no grace is
// left for. A clock that is behind another joins the last slot.
func giveUp(before []GivenUp, counter uint32, now time.Time) []GivenUp {
	var after []GivenUp
	for _, given := range before {
		if now.Sub(given.At) <= grace {
			after = append(after, given)
		}
	}
	at := now.Truncate(slot).Add(slot)
	if n := len(after); n > 0 && !at.After(after[n-1].At) {
		return after
	}
	return append(after, GivenUp{From: counter, At: at})
}

// successor makes the token with a counter out of an earlier one of its
// family, and an access token.
func (s *Service) successor(ctx context.Context, a *Account, presented RefreshToken, counter uint32, now time.Time) (SignedIn, RefreshToken, error) {
	next := presented
	for next.Counter != counter {
		var err error
		if next, err = s.c.Refresh.Next(ctx, next); err != nil {
			return SignedIn{}, RefreshToken{}, err
		}
	}
	access, err := s.c.Access.Issue(ctx, a.ID, presented.Family, now)
	if err != nil {
		return SignedIn{}, RefreshToken{}, err
	}
	return SignedIn{Account: a, AccessToken: access, Refresh: next}, next, nil
}

// reuse ends a sign-in one of whose tokens was used twice.
func (s *Service) reuse(ctx context.Context, f *Family) error {
	if err := s.c.Families.End(ctx, f.Runner, f.ID); err != nil {
		return err
	}
	s.c.Log.WarnContext(ctx, "refresh_reuse", slog.String("runner", f.Runner), slog.String("sign_in", f.ID))
	return refreshInvalid("the token was used before")
}

// Logout ends the sign-in of a refresh token, or with everywhere all of its
// runner's. It needs no access token, so it works when that has expired. A
// token that ends nothing is no error: whoever has it is signed out. An old
// token ends its own sign-in and no other, for it may be stolen. Error:
// fault.Unavailable.
func (s *Service) Logout(ctx context.Context, text string, everywhere bool, now time.Time) error {
	presented, err := s.c.Refresh.Read(ctx, text)
	if errors.Is(err, fault.Denied) {
		return nil
	}
	if err != nil {
		return err
	}
	_, family, err := s.signIn(ctx, presented, now)
	if errors.Is(err, fault.Denied) {
		return nil
	}
	if err != nil {
		return err
	}
	where := standing(family, presented, now)
	if where == foreign {
		return nil
	}
	if everywhere && where != reused {
		err := s.c.Accounts.EndAll(ctx, presented.Runner, now)
		if errors.Is(err, fault.NotFound) {
			return nil
		}
		return err
	}
	return s.c.Families.End(ctx, presented.Runner, presented.Family)
}

func refreshInvalid(cause string) error {
	return &fault.Fault{Kind: fault.Denied, Slug: "refresh_invalid", Detail: "Sign in again.", Cause: errors.New(cause)}
}
