package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/stride-run/stride/internal/fault"
)

// A Caller is who a request comes from, by its access token and nothing else.
type Caller struct {
	Runner string // a UUIDv7
	SignIn string // the sign-in that the token came with, a UUIDv7; empty: not said
}

// A Verifier checks an access token at a time and returns its claims. Error:
// fault.Denied.
type Verifier func(ctx context.Context, token string, now time.Time) (map[string]string, error)

// Caller says who a request comes from. There are three cases:
//
//   - The gateway has checked the token and hands on its claims: they hold.
//   - The event has no authorizer at all, as under SAM, which does not know
//     the native one: the token is checked here.
//   - Everything else is nobody: fault.Denied. That no authorizer was there
//     never means that none was needed.
//
// Handlers of public routes do not call it.
func (v Verifier) Caller(r *http.Request, now time.Time) (Caller, error) {
	call := Call(r.Context())
	claims := call.Claims
	if call.Unverified && claims == nil {
		token, ok := bearer(r.Header)
		if !ok || v == nil {
			return Caller{}, nobody()
		}
		var err error
		if claims, err = v(r.Context(), token, now); err != nil {
			return Caller{}, err
		}
	}
	caller := Caller{Runner: claims["sub"], SignIn: claims["sid"]}
	if !IsID(caller.Runner) || caller.SignIn != "" && !IsID(caller.SignIn) {
		return Caller{}, nobody()
	}
	return caller, nil
}

func nobody() error { return fault.New(fault.Denied, "Sign in and send the access token.") }

// bearer reads the one Authorization header. A gateway joins several by
// commas, which no token has.
func bearer(h http.Header) (string, bool) {
	values := h.Values("Authorization")
	if len(values) != 1 {
		return "", false
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	return token, strings.EqualFold(scheme, "Bearer") && token != "" && !strings.ContainsAny(token, ", ")
}

// IsID says whether a text is a UUIDv7 in its one spelling, as all ids are
// that stand in paths and tokens.
func IsID(text string) bool {
	const form = "xxxxxxxx-xxxx-7xxx-yxxx-xxxxxxxxxxxx"
	if len(text) != len(form) {
		return false
	}
	for i := range len(form) {
		c := text[i]
		switch form[i] {
		case 'x':
			if (c < '0' || '9' < c) && (c < 'a' || 'f' < c) {
				return false
			}
		case 'y':
			if c != '8' && c != '9' && c != 'a' && c != 'b' {
				return false
			}
		default:
			if c != form[i] {
				return false
			}
		}
	}
	return true
}
