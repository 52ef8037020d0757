package token

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	// Lifetime is how long an access token is good for.
	Lifetime = 15 * time.Minute
	// Leeway is by how much the clocks of issuer and verifier may differ.
	Leeway = 30 * time.Second

	tokenType = "at+jwt" // RFC 9068
)

// An Issuer signs access tokens.
type Issuer struct {
	Keys     func(context.Context) (Keys, error)
	Issuer   string // iss: the origin of the issuer documents, no slash at the end
	Audience string // aud
}

// Issue returns an access token for a runner's sign-in. Both are UUIDs of
// version 7. Error: the keys' own.
func (i Issuer) Issue(ctx context.Context, runner, session string, now time.Time) (string, error) {
	keys, err := i.Keys(ctx)
	if err != nil {
		return "", err
	}
	signer, err := keys.Signer()
	if err != nil {
		return "", err
	}
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{
		"iss": i.Issuer,
		"aud": i.Audience,
		"sub": runner,
		"sid": session,
		"jti": rand.Text(),
		"iat": now.Unix(),
		"exp": now.Add(Lifetime).Unix(),
	})
	token.Header["typ"] = tokenType
	token.Header["kid"] = keys.KID
	text, err := token.SignedString(signer)
	if err != nil {
		return "", fmt.Errorf("sign access token: %w", err)
	}
	return text, nil
}
