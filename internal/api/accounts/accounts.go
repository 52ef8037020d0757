// Package accounts has the handlers by which runners register, sign in, keep
// their profile and leave.
package accounts

import (
	"net/http"
	"strings"
	"time"

	"github.com/stride-run/stride/internal/account"
	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/runner"
)

// Handlers answer for accounts. All fields are required but those that say
// what their zero value means.
type Handlers struct {
	Accounts *account.Service
	Now      func() time.Time
	Origins  api.Origins
	// Verify checks access tokens where no gateway does. Nil: nobody comes in
	// that way.
	Verify  api.Verifier
	Cursors api.Cursors
	// Parts are the parts of an export, by their names in it. Nil: it holds
	// the account alone.
	Parts map[string]Part
	// Exports keeps exports. Nil: there is no handler Export.
	Exports Exports
}

// Register answers POST /api/register: 201 with a new account, signed in.
func (h Handlers) Register(r *http.Request) (api.Response, error) {
	in, err := api.ReadObject(r)
	if err != nil {
		return api.Response{}, err
	}
	registration := account.Registration{Email: readEmail(in, "email"), Password: in.String("password")}
	for name, to := range map[string]*string{"first_name": &registration.Profile.FirstName, "last_name": &registration.Profile.LastName} {
		if in.Has(name) {
			*to = in.String(name)
		}
	}
	cookie := wantsCookie(in)
	now := h.Now()
	registration, err = h.Accounts.Check(registration, now)
	if err := in.Faults(err); err != nil {
		return api.Response{}, err
	}
	signedIn, err := h.Accounts.Register(r.Context(), registration, client(r), now)
	if err != nil {
		return api.Response{}, err
	}
	response := newTokens(signedIn, cookie)
	response.Status = http.StatusCreated
	return response, nil
}

// Login answers POST /api/login: tokens for an e-mail address and a password.
func (h Handlers) Login(r *http.Request) (api.Response, error) {
	in, err := api.ReadObject(r)
	if err != nil {
		return api.Response{}, err
	}
	email, password, cookie := readEmail(in, "email"), in.String("password"), wantsCookie(in)
	if err := in.Faults(nil); err != nil {
		return api.Response{}, err
	}
	signedIn, err := h.Accounts.Login(r.Context(), email, password, client(r), h.Now())
	if err != nil {
		return api.Response{}, err
	}
	return newTokens(signedIn, cookie), nil
}

// Refresh answers POST /api/refresh: new tokens for a refresh token, which
// goes back the way it came.
func (h Handlers) Refresh(r *http.Request) (api.Response, error) {
	in, err := api.ReadObject(r)
	if err != nil {
		return api.Response{}, err
	}
	given := readToken(in)
	if err := in.Faults(nil); err != nil {
		return api.Response{}, err
	}
	token, cookie, err := h.presented(r, given)
	if err != nil {
		return api.Response{}, err
	}
	signedIn, err := h.Accounts.Refresh(r.Context(), token, h.Now())
	if err != nil {
		return api.Response{}, err
	}
	return newTokens(signedIn, cookie), nil
}

// Logout answers POST /api/logout: 204, and the sign-in of the refresh token
// has ended, or never was.
func (h Handlers) Logout(r *http.Request) (api.Response, error) {
	emptyAsObject(r)
	in, err := api.ReadObject(r)
	if err != nil {
		return api.Response{}, err
	}
	given := readToken(in)
	everywhere := in.Has("everywhere") && in.Bool("everywhere")
	if err := in.Faults(nil); err != nil {
		return api.Response{}, err
	}
	token, cookie, err := h.presented(r, given)
	if err != nil {
		return api.Response{}, err
	}
	if err := h.Accounts.Logout(r.Context(), token, everywhere, h.Now()); err != nil {
		return api.Response{}, err
	}
	response := api.Response{Status: http.StatusNoContent}
	if cookie {
		response.Header = http.Header{"Set-Cookie": {noCookie()}}
	}
	return response, nil
}

// readEmail reads an address; what is none is noted.
func readEmail(in *api.Object, name string) runner.Email {
	return api.Parse(in, name, "a bare address that mail can reach, like name@example.com", runner.ParseEmail)
}

// readToken reads a refresh token that may be missing.
func readToken(in *api.Object) string {
	if !in.Has("refresh_token") {
		return ""
	}
	return in.String("refresh_token")
}

// wantsCookie says whether the refresh token is to go into a cookie.
func wantsCookie(in *api.Object) bool {
	return in.Has("refresh_token_in") && api.Enum(in, "refresh_token_in", "body", "cookie") == "cookie"
}

// client says where a request comes from.
func client(r *http.Request) account.Client {
	address := api.ClientAddress(r)
	c := account.Client{Address: "unknown", Agent: r.UserAgent()}
	if address.IsValid() {
		c.Address = strings.TrimSuffix(address.String(), "/32")
	}
	return c
}
