package token

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/stride-run/stride/internal/fault"
)

const (
	// CursorLifetime is how long a list can be continued.
	CursorLifetime = 24 * time.Hour

	maxCursor = 1024 // bytes of text
)

// Cursors seals positions in lists, so that callers carry them and can
// neither read nor change them, nor use one for another list.
type Cursors struct {
	// Key returns the server's key for them, at least 32 bytes.
	Key func(context.Context) ([]byte, error)
}

// A List is what a cursor belongs to.
type List struct {
	Runner string
	Route  string // the route's key
	Filter string // what else the caller chose, always written the same way
}

// Seal returns the cursor for a position in a list. Error: the key's own.
func (c Cursors) Seal(ctx context.Context, list List, position string, now time.Time) (string, error) {
	aead, err := c.aead(ctx, list)
	if err != nil {
		return "", err
	}
	plain := binary.BigEndian.AppendUint64(nil, uint64(now.Add(CursorLifetime).Unix()))
	plain = append(plain, position...)
	return encode(aead.Seal(nil, nil, plain, nil)), nil //nolint:gosec // the nonce is nil because this AEAD makes it
}

// Open returns the position that a cursor holds. Errors: fault.Malformed,
// with the slug invalid_cursor, for a cursor that is foreign, changed, too
// old, or of another list; or the key's own.
func (c Cursors) Open(ctx context.Context, list List, cursor string, now time.Time) (string, error) {
	if len(cursor) > maxCursor {
		return "", invalidCursor("too long")
	}
	sealed, err := decode(cursor)
	if err != nil {
		return "", invalidCursor("not base64url")
	}
	aead, err := c.aead(ctx, list)
	if err != nil {
		return "", err
	}
	plain, err := aead.Open(nil, nil, sealed, nil)
	if err != nil || len(plain) < 8 {
		return "", invalidCursor("foreign, changed, or of another list")
	}
	if uint64(now.Unix()) >= binary.BigEndian.Uint64(plain) {
		return "", invalidCursor("too old")
	}
	return string(plain[8:]), nil
}

// aead returns AES-256-GCM under a key of the list's own: the binding is in
// the key, and no key ever seals enough cursors for its nonces to meet.
func (c Cursors) aead(ctx context.Context, list List) (cipher.AEAD, error) {
	key, err := c.Key(ctx)
	if err != nil {
		return nil, err
	}
	if len(key) < sha256.Size {
		return nil, errors.New("the key for cursors is too short")
	}
	m := hmac.New(sha256.New, key)
	for _, part := range []string{"cursor v1", list.Runner, list.Route, list.Filter} {
		m.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
		m.Write([]byte(part))
	}
	block, err := aes.NewCipher(m.Sum(nil))
	if err != nil {
		return nil, fmt.Errorf("seal cursor: %w", err)
	}
	return cipher.NewGCMWithRandomNonce(block)
}

func invalidCursor(why string) error {
	return &fault.Fault{
		Kind: fault.Malformed, Slug: "invalid_cursor",
		Detail: "Start the list again, without a cursor.", Cause: errors.New(why),
	}
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// RouteCursors are the cursors of the lists of one route.
type RouteCursors struct {
	cursors Cursors
	route   string
}

// Of returns the cursors of the lists that a route gives, by its key.
func (c Cursors) Of(route string) RouteCursors { return RouteCursors{c, route} }

// Seal returns the cursor for a position in a runner's list. Error: the key's
// own.
func (c RouteCursors) Seal(ctx context.Context, runner, position string, now time.Time) (string, error) {
	return c.cursors.Seal(ctx, List{Runner: runner, Route: c.route}, position, now)
}

// Open returns the position that a cursor holds. Errors: as those of
// Cursors.Open.
func (c RouteCursors) Open(ctx context.Context, runner, cursor string, now time.Time) (string, error) {
	return c.cursors.Open(ctx, List{Runner: runner, Route: c.route}, cursor, now)
}
