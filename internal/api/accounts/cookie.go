package accounts

import (
	"io"
	"net/http"
	"strings"

	"github.com/stride-run/stride/internal/account"
	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/fault"
)

// cookieName begins with what makes a browser keep the cookie to this host,
// this scheme and every path of it.
const cookieName = "__Host-refresh"

// newCookie is a refresh token as no page can read it and no other site can
// send it.
func newCookie(token string) string {
	return (&http.Cookie{
		Name: cookieName, Value: token, Path: "/", MaxAge: int(account.IdleLifetime.Seconds()),
		HttpOnly: true, Secure: true, SameSite: http.SameSiteStrictMode,
	}).String()
}

func noCookie() string {
	return (&http.Cookie{
		Name: cookieName, Path: "/", MaxAge: -1, HttpOnly: true, Secure: true, SameSite: http.SameSiteStrictMode,
	}).String()
}

// presented returns the refresh token of a request, which comes in the body or
// in the cookie, and whether it was the cookie: a browser adds that by itself,
// whoever makes it send the request, so it counts from known pages only.
// Neither is an empty token, which is nobody's. Both are fine if they are the
// same. Errors: fault.Forbidden; fault.Denied for two tokens.
func (h Handlers) presented(r *http.Request, given string) (token string, cookie bool, err error) {
	cookies := r.CookiesNamed(cookieName)
	if len(cookies) == 0 {
		return given, false, nil
	}
	if err := h.Origins.Check(r); err != nil {
		return "", false, err
	}
	token = cookies[0].Value
	if len(cookies) > 1 || given != "" && given != token {
		return "", false, &fault.Fault{Kind: fault.Denied, Slug: "refresh_invalid", Detail: "Send one refresh token, in the body or in the cookie."}
	}
	return token, true, nil
}

// emptyAsObject lets a request without a body stand for {}. It has no say in
// what type a body has that is there.
func emptyAsObject(r *http.Request) {
	if r.ContentLength != 0 {
		return
	}
	r.Body = io.NopCloser(strings.NewReader("{}"))
	if len(r.Header.Values("Content-Type")) == 0 {
		r.Header.Set("Content-Type", "application/json")
	}
}

// newTokens is the answer to every way of signing in.
func newTokens(in account.SignedIn, cookie bool) api.Response {
	body := Tokens{
		Runner:      newRunner(in.Account),
		AccessToken: in.AccessToken,
		TokenType:   "Bearer",
		ExpiresIn:   int(account.AccessLifetime.Seconds()),
	}
	if !cookie {
		body.RefreshToken = in.Refresh.Text
		return api.Response{Body: body}
	}
	return api.Response{Body: body, Header: http.Header{"Set-Cookie": {newCookie(in.Refresh.Text)}}}
}
