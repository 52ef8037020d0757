package token

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/stride-run/stride/internal/account"
	"github.com/stride-run/stride/internal/fault"
)

// The text of a refresh token is a prefix and, in base64url, 84 bytes:
//
//	runner 16 · family 16 · counter 4 · nonce 16 · HMAC-SHA-256 of these 32
//
// The nonce is random and the same for the whole family. So a token is found
// by key; a made-up or damaged one is refused before the store is asked; and
// the next token follows from the present one and the server's key, which is
// why two calls that race with the same token can be given the same answer.
// The store holds digests alone: to make a token out of what is stored one
// would need the key and 128 bits that are nowhere but in the token.
const (
	refreshPrefix = "srt1."
	bodySize      = 16 + 16 + 4 + 16
	refreshSize   = bodySize + sha256.Size
)

// RefreshTokens makes and reads refresh tokens.
type RefreshTokens struct {
	// Key returns the server's key for them, at least 32 bytes.
	Key func(context.Context) ([]byte, error)
}

// First starts a family. Runner and family are UUIDs. Error: the key's own,
// or that an id is none.
func (t RefreshTokens) First(ctx context.Context, runner, family string) (account.RefreshToken, error) {
	runnerID, errRunner := uuid.Parse(runner)
	familyID, errFamily := uuid.Parse(family)
	if err := errors.Join(errRunner, errFamily); err != nil {
		return account.RefreshToken{}, fmt.Errorf("start refresh-token family: %w", err)
	}
	body := make([]byte, bodySize)
	copy(body[0:], runnerID[:])
	copy(body[16:], familyID[:])
	if _, err := rand.Read(body[36:]); err != nil { // never fails, says crypto/rand
		return account.RefreshToken{}, err
	}
	return t.sealed(ctx, body)
}

// Read takes a token apart. Errors: fault.Denied for a text that this server
// did not make, or the key's own.
func (t RefreshTokens) Read(ctx context.Context, text string) (account.RefreshToken, error) {
	body, err := t.body(ctx, text)
	if err != nil {
		return account.RefreshToken{}, err
	}
	return tokenOf(body, text), nil
}

// Next returns the successor of a token, always the same one. Errors: as
// Read's.
func (t RefreshTokens) Next(ctx context.Context, present account.RefreshToken) (account.RefreshToken, error) {
	body, err := t.body(ctx, present.Text)
	if err != nil {
		return account.RefreshToken{}, err
	}
	counter := binary.BigEndian.Uint32(body[32:])
	if counter == 1<<32-1 {
		return account.RefreshToken{}, refreshInvalid("the family has no more tokens")
	}
	binary.BigEndian.PutUint32(body[32:], counter+1)
	return t.sealed(ctx, body)
}

// SameDigest compares digests in a time that does not depend on them.
func SameDigest(a, b []byte) bool { return subtle.ConstantTimeCompare(a, b) == 1 }

func (t RefreshTokens) body(ctx context.Context, text string) ([]byte, error) {
	encoded, ok := strings.CutPrefix(text, refreshPrefix)
	if !ok || len(text) > 2*refreshSize {
		return nil, refreshInvalid("no refresh token")
	}
	all, err := decode(encoded)
	if err != nil || len(all) != refreshSize {
		return nil, refreshInvalid("not in the form of a refresh token")
	}
	key, err := t.key(ctx)
	if err != nil {
		return nil, err
	}
	body := all[:bodySize:bodySize]
	if !hmac.Equal(all[bodySize:], mac(key, body)) {
		return nil, refreshInvalid("not made here")
	}
	return body, nil
}

func (t RefreshTokens) sealed(ctx context.Context, body []byte) (account.RefreshToken, error) {
	key, err := t.key(ctx)
	if err != nil {
		return account.RefreshToken{}, err
	}
	return tokenOf(body, refreshPrefix+encode(append(body, mac(key, body)...))), nil
}

func (t RefreshTokens) key(ctx context.Context) ([]byte, error) {
	key, err := t.Key(ctx)
	if err == nil && len(key) < sha256.Size {
		err = errors.New("the key for refresh tokens is too short")
	}
	return key, err
}

func tokenOf(body []byte, text string) account.RefreshToken {
	return account.RefreshToken{
		Text:    text,
		Runner:  uuid.UUID(body[0:16]).String(),
		Family:  uuid.UUID(body[16:32]).String(),
		Counter: binary.BigEndian.Uint32(body[32:36]),
		Digest:  sha256.Sum256([]byte(text)),
	}
}

func mac(key, body []byte) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(refreshPrefix))
	m.Write(body)
	return m.Sum(nil)
}

func refreshInvalid(why string) error {
	return &fault.Fault{Kind: fault.Denied, Slug: "refresh_invalid", Detail: "Sign in again.", Cause: errors.New(why)}
}
