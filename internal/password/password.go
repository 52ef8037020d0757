// Package password hashes and checks passwords, and says which ones are too
// weak to take.
//
// A password is brought into Unicode normal form C, keyed with a secret
// pepper (HMAC-SHA-384), and the 64 characters of that, in base64, go through
// bcrypt. bcrypt alone would ignore whatever follows its 72nd byte, and take
// "abc" and "abc\x00abc" for the same; its input here always has 64 bytes and
// no NUL. Without the pepper a stolen table cannot be guessed against.
package password

import (
	"context"
	"crypto/hmac"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"golang.org/x/crypto/bcrypt"
	"golang.org/x/text/unicode/norm"

	"github.com/stride-run/stride/internal/fault"
)

const (
	// DefaultCost is the bcrypt cost where none is set: about a second of one
	// 2026 cloud core.
	DefaultCost = 12
	// MinCost is the lowest cost that protects a stolen table. Less is for
	// tests alone.
	MinCost = 10
	// maxCost bounds what a stored hash may ask of this process: each step
	// doubles the time.
	maxCost = 16

	// version is the first part of what is stored.
	version = "v1"

	// maxWait is how long a call without a deadline waits for others to finish
	// hashing, so that a flood of sign-ins cannot pile up.
	maxWait = 5 * time.Second
	// rest is what a call with a deadline keeps of it for its own hash, which
	// takes about a second, and for the store after it, which answers or fails
	// within two. Until then it waits for its place: in a crowd that clears in
	// time nobody is turned away.
	rest = 3 * time.Second
	// retryAfter is what whoever is turned away is told, in seconds.
	retryAfter = 5
)

// ErrMalformed says that a stored hash is none of ours. The caller logs it
// and treats the password as wrong: the runner can do nothing about it.
var ErrMalformed = errors.New("stored password hash is malformed")

// Peppers are the secret keys of the hashes, by the ids that are stored with
// the hashes. New hashes take the key named Current.
type Peppers struct {
	Current string
	Keys    map[string][]byte
}

// Config is what a Hasher needs.
type Config struct {
	// Cost is the bcrypt cost of new hashes. Zero: DefaultCost.
	Cost int
	// Weak allows a Cost below MinCost, for tests and the local stage. Zero:
	// such a cost is refused.
	Weak bool
	// Peppers returns the peppers. Required.
	Peppers func(context.Context) (Peppers, error)
	// Refetch returns the peppers anew, for a hash whose pepper is not known
	// yet. Nil: such a hash cannot be checked.
	Refetch func(context.Context) (Peppers, error)
	// OnHash is called before every bcrypt operation, for tests that count
	// them. Nil: nobody counts.
	OnHash func()
}

// A Hasher hashes and verifies passwords, as many at once as there are
// processors. It is safe for concurrent use.
type Hasher struct {
	config Config
	dummy  []byte
	gate   chan struct{}
}

// New returns a Hasher, or an error that says what is wrong with the cost.
func New(config Config) (*Hasher, error) {
	if config.Cost == 0 {
		config.Cost = DefaultCost
	}
	least := MinCost
	if config.Weak {
		least = bcrypt.MinCost
	}
	if config.Cost < least || config.Cost > maxCost {
		return nil, fmt.Errorf("bcrypt cost %d: set %d to %d (less than %d in the local stage only)", config.Cost, least, maxCost, MinCost)
	}
	return &Hasher{
		config: config,
		// A well-formed hash that fits no password: comparing with it costs
		// exactly what comparing with a real one does.
		dummy: fmt.Appendf(nil, "$2a$%02d$%s", config.Cost, strings.Repeat(".", 53)),
		gate:  make(chan struct{}, runtime.GOMAXPROCS(0)),
	}, nil
}

// Hash returns what to store for a password that passed Refuse:
// "v1:<pepper id>:<bcrypt hash>". It costs one bcrypt operation. Errors:
// fault.Unavailable when too many others are hashing, or the peppers' own.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	peppers, err := h.config.Peppers(ctx)
	if err != nil {
		return "", err
	}
	key, ok := peppers.Keys[peppers.Current]
	if !ok {
		return "", fmt.Errorf("hash password: no pepper %q", peppers.Current)
	}
	var hash []byte
	err = h.run(ctx, func() (err error) {
		hash, err = bcrypt.GenerateFromPassword(keyed(key, password), h.config.Cost)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("hash password: %w", err)
	}
	return version + ":" + peppers.Current + ":" + string(hash), nil
}

// Verify checks a password against what Hash returned earlier. Rehash says
// that a match should be stored anew, because the cost or the pepper has
// changed since. It costs one bcrypt operation whatever the outcome, so that
// time tells nothing. Errors: ErrMalformed (never with a match; log it),
// fault.Unavailable when too many others are hashing or when the hash names a
// pepper that this process does not have, or the peppers' own.
func (h *Hasher) Verify(ctx context.Context, stored, password string) (match, rehash bool, err error) {
	pepper, hash, err := parse(stored)
	if err != nil {
		return false, false, errors.Join(err, h.Dummy(ctx, password))
	}
	peppers, key, err := h.pepper(ctx, pepper)
	if err != nil {
		return false, false, errors.Join(err, h.Dummy(ctx, password))
	}
	err = h.run(ctx, func() error { return bcrypt.CompareHashAndPassword(hash, keyed(key, password)) })
	if errors.Is(err, bcrypt.ErrMismatchedHashAndPassword) {
		return false, false, nil
	}
	if err != nil {
		return false, false, fmt.Errorf("verify password: %w", err)
	}
	cost, _ := bcrypt.Cost(hash) // parse has read it already
	return true, cost != h.config.Cost || pepper != peppers.Current, nil
}

// Dummy does the work of Verify for nobody. Call it where there is no stored
// hash, so that an unknown address takes as long as a known one. Error:
// fault.Unavailable when too many others are hashing, or the peppers' own.
func (h *Hasher) Dummy(ctx context.Context, password string) error {
	peppers, err := h.config.Peppers(ctx)
	if err != nil {
		return err
	}
	input := keyed(peppers.Keys[peppers.Current], password)
	return h.run(ctx, func() error {
		_ = bcrypt.CompareHashAndPassword(h.dummy, input) // never a match
		return nil
	})
}

// pepper finds the key that a stored hash names.
func (h *Hasher) pepper(ctx context.Context, id string) (Peppers, []byte, error) {
	peppers, err := h.config.Peppers(ctx)
	if err != nil {
		return Peppers{}, nil, err
	}
	key, ok := peppers.Keys[id]
	if !ok && h.config.Refetch != nil {
		if peppers, err = h.config.Refetch(ctx); err != nil {
			return Peppers{}, nil, err
		}
		key, ok = peppers.Keys[id]
	}
	if !ok {
		return Peppers{}, nil, &fault.Fault{
			Kind:       fault.Unavailable,
			Detail:     "Try again in a minute.",
			RetryAfter: 60,
			Cause:      fmt.Errorf("password hash under unknown pepper %q", id),
		}
	}
	return peppers, key, nil
}

// run does one bcrypt operation when it is its turn.
func (h *Hasher) run(ctx context.Context, operation func() error) error {
	select {
	case h.gate <- struct{}{}: // whoever finds a place needs no time to wait
	default:
		until := time.Now().Add(maxWait)
		if end, ok := ctx.Deadline(); ok {
			until = end.Add(-rest)
		}
		waiting, cancel := context.WithDeadline(ctx, until)
		defer cancel()
		select {
		case h.gate <- struct{}{}:
		case <-waiting.Done():
			return &fault.Fault{
				Kind:       fault.Unavailable,
				Detail:     "Too many sign-ins at once. Try again in a few seconds.",
				RetryAfter: retryAfter,
				Cause:      waiting.Err(),
			}
		}
	}
	defer func() { <-h.gate }()
	if h.config.OnHash != nil {
		h.config.OnHash()
	}
	return operation()
}

// keyed returns bcrypt's input: 64 bytes of base64, whatever the password.
func keyed(pepper []byte, password string) []byte {
	mac := hmac.New(sha512.New384, pepper)
	mac.Write(norm.NFC.Bytes([]byte(password)))
	return base64.StdEncoding.AppendEncode(nil, mac.Sum(nil))
}

// parse takes apart what Hash returned.
func parse(stored string) (pepper string, hash []byte, err error) {
	v, rest, _ := strings.Cut(stored, ":")
	pepper, text, ok := strings.Cut(rest, ":")
	cost, err := bcrypt.Cost([]byte(text))
	if v != version || !ok || err != nil || cost > maxCost || !wellFormed(text) {
		return "", nil, ErrMalformed
	}
	return pepper, []byte(text), nil
}

// wellFormed looks at what bcrypt.Cost does not: version, length and alphabet.
func wellFormed(hash string) bool {
	const alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	return len(hash) == 60 && strings.HasPrefix(hash, "$2a$") && strings.Trim(hash[7:], alphabet) == ""
}
