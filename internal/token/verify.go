package token

import (
	"context"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"github.com/stride-run/stride/internal/fault"
)

// maxSize is the longest access token that is looked at, in bytes. Ours have
// about 650.
const maxSize = 4096

// A Verifier checks access tokens against a closed list of rules: what is not
// known to be right is refused. Its own strictness goes beyond the library's,
// which takes repeated names, any typ, crit and line breaks in a signature.
type Verifier struct {
	// Keys returns the public keys. Required.
	Keys func(context.Context) (PublicKeys, error)
	// Refetch returns them anew, for a token whose key is not known yet. It
	// limits by itself how often it really asks. Nil: unknown stays unknown.
	Refetch  func(context.Context) (PublicKeys, error)
	Issuer   string
	Audience string
}

// Verify returns the claims of a token in the form in which the HTTP API's
// authorizer hands them on: every value as text. Errors: fault.Denied, whose
// cause says why for the log, or the keys' own.
func (v Verifier) Verify(ctx context.Context, text string, now time.Time) (map[string]string, error) {
	var down error // of the key source: not the token's fault
	payload, err := open(text, func(h header) (*rsa.PublicKey, error) {
		if h.typ != tokenType {
			return nil, fmt.Errorf("typ %.20q", h.typ)
		}
		key, err := v.key(ctx, h.kid)
		if err != nil && !errors.Is(err, errUnknownKey) {
			down = err
		}
		return key, err
	})
	if down != nil {
		return nil, down
	}
	if err != nil {
		return nil, denied(err)
	}
	c, err := readClaims(payload)
	if err != nil {
		return nil, denied(err)
	}
	validator := jwt.NewValidator(
		jwt.WithTimeFunc(func() time.Time { return now }), jwt.WithLeeway(Leeway),
		jwt.WithExpirationRequired(), jwt.WithIssuedAt(),
		jwt.WithIssuer(v.Issuer), jwt.WithAudience(v.Audience),
	)
	if err := validator.Validate(c); err != nil {
		return nil, denied(err)
	}
	return c.text(), nil
}

func denied(cause error) error {
	return &fault.Fault{Kind: fault.Denied, Detail: "Sign in, or refresh the access token.", Cause: cause}
}

var errUnknownKey = errors.New("unknown kid")

func (v Verifier) key(ctx context.Context, kid string) (*rsa.PublicKey, error) {
	keys, err := v.Keys(ctx)
	if err != nil {
		return nil, err
	}
	key, ok := keys.find(kid)
	if !ok && v.Refetch != nil {
		if keys, err = v.Refetch(ctx); err != nil {
			return nil, err
		}
		key, ok = keys.find(kid)
	}
	if !ok {
		return nil, errUnknownKey
	}
	return key, nil
}

// header is all that the first part of a token may hold, beside alg.
type header struct{ typ, kid string }

// open checks a token's form, header and signature, in this order, and
// returns its payload. Only then is the payload looked at.
func open(text string, keyOf func(header) (*rsa.PublicKey, error)) ([]byte, error) {
	if len(text) > maxSize {
		return nil, errors.New("too long")
	}
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return nil, errors.New("not three parts")
	}
	var decoded [3][]byte
	for i, part := range parts {
		var err error
		if decoded[i], err = decode(part); err != nil {
			return nil, err
		}
	}
	h, err := readHeader(decoded[0])
	if err != nil {
		return nil, err
	}
	key, err := keyOf(h)
	if err != nil {
		return nil, err
	}
	if err := jwt.SigningMethodRS256.Verify(parts[0]+"."+parts[1], decoded[2], key); err != nil {
		return nil, fmt.Errorf("signature: %w", err)
	}
	return decoded[1], nil
}

// decode reads base64url in the one way it can be written: no padding, no
// bits left over, and no line breaks, which the standard library skips.
func decode(part string) ([]byte, error) {
	if strings.ContainsAny(part, "\r\n") {
		return nil, errors.New("line break in base64url")
	}
	return base64.RawURLEncoding.Strict().DecodeString(part)
}

// readHeader refuses every name but those that our tokens have: crit and b64
// change what a token means, and keys that a token brings are no proof.
func readHeader(text []byte) (header, error) {
	members, err := readObject(text)
	if err != nil {
		return header{}, fmt.Errorf("header: %w", err)
	}
	for name := range members {
		switch name {
		case "alg", "typ", "kid":
		default:
			return header{}, fmt.Errorf("header has %.20q", name)
		}
	}
	if alg, _ := members["alg"].(string); alg != jwt.SigningMethodRS256.Alg() {
		return header{}, fmt.Errorf("alg %.20q", alg)
	}
	typ, _ := members["typ"].(string)
	kid, _ := members["kid"].(string)
	return header{typ, kid}, nil
}

// claims are the claims that are read. All but nbf, which is nil where it is
// missing, are required.
type claims struct {
	iss, aud, sub, sid, jti string
	iat, exp                int64
	nbf                     *int64
}

// readClaims reads a payload. Names that are not known are skipped, so that a
// newer issuer may add some, but not in a spelling that others might take for
// a known one.
func readClaims(payload []byte) (claims, error) {
	members, err := readObject(payload)
	if err != nil {
		return claims{}, fmt.Errorf("claims: %w", err)
	}
	known := []string{"iss", "aud", "sub", "sid", "jti", "iat", "exp", "nbf"}
	for name := range members {
		for _, k := range known {
			if name != k && strings.EqualFold(name, k) {
				return claims{}, fmt.Errorf("claim %q", name)
			}
		}
	}
	var c claims
	for name, to := range map[string]*string{"iss": &c.iss, "aud": &c.aud, "sub": &c.sub, "sid": &c.sid, "jti": &c.jti} {
		text, ok := members[name].(string)
		if !ok {
			return claims{}, fmt.Errorf("claim %s is missing or no text", name)
		}
		*to = text
	}
	for name, to := range map[string]*int64{"iat": &c.iat, "exp": &c.exp} {
		if *to, err = seconds(members[name]); err != nil {
			return claims{}, fmt.Errorf("claim %s: %w", name, err)
		}
	}
	if value, ok := members["nbf"]; ok {
		at, err := seconds(value)
		if err != nil {
			return claims{}, fmt.Errorf("claim nbf: %w", err)
		}
		c.nbf = &at
	}
	return c, nil
}

// Validate holds the rules that the library does not have; it calls this.
func (c claims) Validate() error {
	switch {
	case !isID(c.sub):
		return errors.New("sub is not a runner's id")
	case !isID(c.sid):
		return errors.New("sid is not a sign-in's id")
	case c.jti == "" || len(c.jti) > 64:
		return errors.New("jti is empty or long")
	case c.exp <= c.iat || c.exp-c.iat > int64(Lifetime/time.Second):
		return errors.New("exp is not within 15 minutes of iat")
	}
	return nil
}

// isID accepts UUIDs of version 7 in their usual spelling alone.
func isID(text string) bool {
	id, err := uuid.Parse(text)
	return err == nil && id.Version() == 7 && id.Variant() == uuid.RFC4122 && id.String() == text
}

func (c claims) text() map[string]string {
	return map[string]string{
		"iss": c.iss, "aud": c.aud, "sub": c.sub, "sid": c.sid, "jti": c.jti,
		"iat": strconv.FormatInt(c.iat, 10), "exp": strconv.FormatInt(c.exp, 10),
	}
}

// The methods below are what the library's validator reads.

func (c claims) GetExpirationTime() (*jwt.NumericDate, error) { return date(&c.exp), nil }
func (c claims) GetIssuedAt() (*jwt.NumericDate, error)       { return date(&c.iat), nil }
func (c claims) GetNotBefore() (*jwt.NumericDate, error)      { return date(c.nbf), nil }
func (c claims) GetIssuer() (string, error)                   { return c.iss, nil }
func (c claims) GetSubject() (string, error)                  { return c.sub, nil }
func (c claims) GetAudience() (jwt.ClaimStrings, error)       { return jwt.ClaimStrings{c.aud}, nil }

func date(at *int64) *jwt.NumericDate {
	if at == nil {
		return nil
	}
	return jwt.NewNumericDate(time.Unix(*at, 0))
}
