// Package secrets reads and makes the one secret that Stride keeps in Secrets
// Manager: the keys that sign access tokens, the peppers of the passwords,
// and the server's keys for refresh tokens and cursors.
package secrets

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"time"
)

// keySize is the least number of bytes of every symmetric key.
const keySize = 32

// A Value is the secret, as it is stored: a JSON object. Whoever reads it
// skips what it does not know, so that a newer program may add to it.
type Value struct {
	SigningKeys SigningKeys `json:"signing_keys"`
	// Peppers are the keys of the password hashes by their ids. An id stays
	// as long as a stored hash names it.
	Peppers       map[string][]byte `json:"peppers"`
	CurrentPepper string            `json:"current_pepper"`
	RefreshKey    []byte            `json:"refresh_key"`
	CursorKey     []byte            `json:"cursor_key"`
	// OriginSecret is what the CDN sends along, so that nobody else's word is
	// taken for where a request comes from.
	OriginSecret string `json:"origin_secret"`
}

// SigningKeys are one generation of keys. Current signs; Next is published so
// that every verifier has it before it signs; Previous is published until its
// last token has expired. There is none before the first rotation.
type SigningKeys struct {
	Previous *SigningKey `json:"previous,omitempty"`
	Current  SigningKey  `json:"current"`
	Next     SigningKey  `json:"next"`
}

// A SigningKey is an RSA key: unencrypted PKCS#8, or the public part alone
// for one that will not sign again.
type SigningKey struct {
	KID       string    `json:"kid"` // RFC 7638 thumbprint
	PEM       string    `json:"pem"`
	CreatedAt time.Time `json:"created_at"`
}

// KeyMaker makes one signing key and names it.
type KeyMaker func() (kid, privatePEM string, err error)

// New makes a whole secret.
func New(newKey KeyMaker, now time.Time) (Value, error) {
	current, errCurrent := newSigningKey(newKey, now)
	next, errNext := newSigningKey(newKey, now)
	if err := errors.Join(errCurrent, errNext); err != nil {
		return Value{}, fmt.Errorf("make secret: %w", err)
	}
	const pepper = "p1"
	return Value{
		SigningKeys:   SigningKeys{Current: current, Next: next},
		Peppers:       map[string][]byte{pepper: random()},
		CurrentPepper: pepper,
		RefreshKey:    random(),
		CursorKey:     random(),
		OriginSecret:  rand.Text() + rand.Text(),
	}, nil
}

// Rotate returns the secret one generation on: the current key becomes the
// previous one and loses its private part, which publicPEM takes off, the
// next key signs, and a new one comes after it. All else stays.
func (v Value) Rotate(newKey KeyMaker, publicPEM func(privatePEM string) (string, error), now time.Time) (Value, error) {
	public, err := publicPEM(v.SigningKeys.Current.PEM)
	if err != nil {
		return Value{}, fmt.Errorf("rotate signing keys: %w", err)
	}
	next, err := newSigningKey(newKey, now)
	if err != nil {
		return Value{}, fmt.Errorf("rotate signing keys: %w", err)
	}
	previous := v.SigningKeys.Current
	previous.PEM = public
	v.SigningKeys = SigningKeys{Previous: &previous, Current: v.SigningKeys.Next, Next: next}
	return v, nil
}

// Replace returns the secret with new keys throughout, for one that is known
// to others. No token is good any more, so everybody signs in again. Old
// peppers stay, since hashes name them; whoever signs in gets a hash under the
// new one. The origin secret stays as well: it is no proof of anything but the
// way a request came, and a change takes a deployment.
func (v Value) Replace(newKey KeyMaker, now time.Time) (Value, error) {
	fresh, err := New(newKey, now)
	if err != nil {
		return Value{}, err
	}
	pepper := fmt.Sprintf("p%d", len(v.Peppers)+1)
	fresh.Peppers[pepper] = fresh.Peppers[fresh.CurrentPepper]
	maps.Copy(fresh.Peppers, v.Peppers)
	fresh.CurrentPepper = pepper
	fresh.OriginSecret = v.OriginSecret
	return fresh, nil
}

func newSigningKey(newKey KeyMaker, now time.Time) (SigningKey, error) {
	kid, pem, err := newKey()
	return SigningKey{KID: kid, PEM: pem, CreatedAt: now.UTC().Truncate(time.Second)}, err
}

func random() []byte {
	key := make([]byte, keySize)
	_, _ = rand.Read(key) // never fails, says crypto/rand
	return key
}

// Parse reads a stored secret. The error says what is missing, and never what
// is there.
func Parse(text string) (Value, error) {
	var v Value
	if json.Unmarshal([]byte(text), &v) != nil {
		return Value{}, errors.New("the secret is not in its form") // the cause would quote it
	}
	short := func(key []byte) bool { return len(key) < keySize }
	switch k := v.SigningKeys; {
	case k.Current.PEM == "" || k.Next.PEM == "" || k.Previous != nil && k.Previous.PEM == "":
		return Value{}, errors.New("the secret lacks a signing key")
	case short(v.Peppers[v.CurrentPepper]):
		return Value{}, errors.New("the secret lacks the current pepper")
	case short(v.RefreshKey) || short(v.CursorKey):
		return Value{}, errors.New("the secret lacks the key for refresh tokens or cursors")
	}
	return v, nil
}

// Text returns the secret as it is stored.
func (v Value) Text() (string, error) {
	text, err := json.MarshalIndent(v, "", "  ") //nolint:gosec // it goes to where secrets are kept
	if err != nil {
		return "", fmt.Errorf("write secret: %w", err)
	}
	return string(text), nil
}

// Format keeps the secret out of whatever is printed.
func (Value) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("[secret]")) }

// LogValue keeps the secret out of the log.
func (Value) LogValue() slog.Value { return slog.StringValue("[secret]") }
