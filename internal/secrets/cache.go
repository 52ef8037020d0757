package secrets

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
)

const (
	// MaxAge is how old the secret may be before a request looks for a newer
	// one. A rotation has to leave all keys in force for longer than this.
	MaxAge = 5 * time.Minute
	// retryAfter is the least time between two looks, whatever asks for them.
	retryAfter = time.Minute
	// timeout is how long one request may be held up by a look.
	timeout = 2 * time.Second
)

// reader is the part of Secrets Manager that reading takes.
type reader interface {
	GetSecretValue(context.Context, *secretsmanager.GetSecretValueInput, ...func(*secretsmanager.Options)) (*secretsmanager.GetSecretValueOutput, error)
}

// A Cache holds the secret, parsed into what a program needs of it. No
// goroutine runs between requests, since a Lambda is frozen there: the first
// request that finds the secret too old looks for a newer one itself, and
// all others are served the old one meanwhile. Where that fails the old one
// stays in force. It is safe for concurrent use.
type Cache[T any] struct {
	api   reader
	name  string
	parse func(Value) (T, error)
	log   *slog.Logger

	fetching chan struct{} // holds one element while somebody looks

	mu      sync.Mutex // of what follows
	value   T
	version string
	loaded  time.Time
	tried   time.Time
}

// Load reads the secret of a name for the first time. Without it nothing
// works, so a program that gets an error ends.
func Load[T any](ctx context.Context, api reader, name string, parse func(Value) (T, error), log *slog.Logger) (*Cache[T], error) {
	c := &Cache[T]{api: api, name: name, parse: parse, log: log, fetching: make(chan struct{}, 1)}
	if err := c.fetch(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

// Get returns the secret. It never fails; the error is there so that Get fits
// where keys are asked for.
func (c *Cache[T]) Get(ctx context.Context) (T, error) {
	if c.age() >= MaxAge {
		select {
		case c.fetching <- struct{}{}:
			c.look(ctx)
		default: // somebody else looks
		}
	}
	return c.current(), nil
}

// Refetch looks for a newer secret, for somebody who met the name of a key
// that is not in this one. It looks once a minute at most, however often it
// is called, and returns what there is then. Error: the context's, where it
// ends while somebody else looks.
func (c *Cache[T]) Refetch(ctx context.Context) (T, error) {
	select {
	case c.fetching <- struct{}{}:
	case <-ctx.Done():
		return c.current(), ctx.Err()
	}
	c.look(ctx)
	return c.current(), nil
}

// Part returns a source of one part of what a cache holds, for Get or
// Refetch.
func Part[T, P any](get func(context.Context) (T, error), pick func(T) P) func(context.Context) (P, error) {
	return func(ctx context.Context) (P, error) {
		whole, err := get(ctx)
		if err != nil {
			var none P
			return none, err
		}
		return pick(whole), nil
	}
}

// look fetches unless somebody has just tried. The caller has taken fetching;
// look gives it back.
func (c *Cache[T]) look(ctx context.Context) {
	defer func() { <-c.fetching }()
	c.mu.Lock()
	soon := clock().Sub(c.tried) < retryAfter
	c.mu.Unlock()
	if soon {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if err := c.fetch(ctx); err != nil {
		c.log.LogAttrs(ctx, slog.LevelError, "the secret stays as it was", slog.Any("cause", err))
	}
}

func (c *Cache[T]) fetch(ctx context.Context) error {
	c.mu.Lock()
	c.tried = clock()
	version := c.version
	c.mu.Unlock()

	out, err := c.api.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &c.name})
	if err != nil {
		return fmt.Errorf("read secret %s: %w", c.name, err)
	}
	if out.SecretString == nil || out.VersionId == nil {
		return fmt.Errorf("read secret %s: no text", c.name)
	}
	if *out.VersionId == version { // parsing keys takes longer than reading them
		c.mu.Lock()
		defer c.mu.Unlock()
		c.loaded = clock()
		return nil
	}
	value, err := Parse(*out.SecretString)
	if err != nil {
		return fmt.Errorf("read secret %s: %w", c.name, err)
	}
	parsed, err := c.parse(value)
	if err != nil {
		return fmt.Errorf("read secret %s: %w", c.name, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.value, c.version, c.loaded = parsed, *out.VersionId, clock()
	return nil
}

func (c *Cache[T]) age() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return clock().Sub(c.loaded)
}

func (c *Cache[T]) current() T {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.value
}

// clock is the wall clock: the monotonic one stands still while a Lambda is
// frozen.
func clock() time.Time { return time.Now().Round(0) }

// keeper is the part of Secrets Manager that making a secret takes.
type keeper interface {
	reader
	CreateSecret(context.Context, *secretsmanager.CreateSecretInput, ...func(*secretsmanager.Options)) (*secretsmanager.CreateSecretOutput, error)
	PutSecretValue(context.Context, *secretsmanager.PutSecretValueInput, ...func(*secretsmanager.Options)) (*secretsmanager.PutSecretValueOutput, error)
}

// Ensure sees to it that there is a secret of this name with a value, which
// newValue makes if need be. It never replaces one that has keys: who signs
// in with them would be signed out, and every password lost.
func Ensure(ctx context.Context, api keeper, name string, newValue func() (Value, error)) (created bool, err error) {
	out, err := api.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &name})
	_, missing := errors.AsType[*types.ResourceNotFoundException](err)
	switch {
	case missing: // no such secret, or one that has no value yet
	case err != nil:
		return false, fmt.Errorf("look for secret %s: %w", name, err)
	case out.SecretString != nil && *out.SecretString != placeholder:
		if _, err := Parse(*out.SecretString); err != nil {
			return false, fmt.Errorf("secret %s exists and cannot be used: %w", name, err)
		}
		return false, nil
	}
	value, err := newValue()
	if err != nil {
		return false, err
	}
	text, err := value.Text()
	if err != nil {
		return false, err
	}
	_, err = api.PutSecretValue(ctx, &secretsmanager.PutSecretValueInput{SecretId: &name, SecretString: &text})
	if _, missing = errors.AsType[*types.ResourceNotFoundException](err); missing {
		_, err = api.CreateSecret(ctx, &secretsmanager.CreateSecretInput{Name: &name, SecretString: &text})
	}
	if err != nil {
		return false, fmt.Errorf("make secret %s: %w", name, err)
	}
	return true, nil
}

// placeholder is the value of a secret that was made without one.
const placeholder = "{}"
