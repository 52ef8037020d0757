package accounts

import (
	"net/http"
	"strconv"
	"time"

	"github.com/stride-run/stride/internal/account"
	"github.com/stride-run/stride/internal/api"
)

// caller says who a request comes from.
func (h Handlers) caller(r *http.Request, now time.Time) (account.Caller, error) {
	c, err := h.Verify.Caller(r, now)
	return account.Caller(c), err
}

// me finds the caller's account.
func (h Handlers) me(r *http.Request, now time.Time) (account.Caller, *account.Account, error) {
	caller, err := h.caller(r, now)
	if err != nil {
		return account.Caller{}, nil, err
	}
	a, err := h.Accounts.Me(r.Context(), caller, now)
	return caller, a, err
}

func tag(a *account.Account) string { return strconv.Itoa(a.Version) }

func runnerResponse(a *account.Account) api.Response {
	return api.Tagged(tag(a), newRunner(a))
}

// Me answers GET /api/runners/me.
func (h Handlers) Me(r *http.Request) (api.Response, error) {
	_, a, err := h.me(r, h.Now())
	if err != nil {
		return api.Response{}, err
	}
	return runnerResponse(a), nil
}

// Update answers PATCH /api/runners/me, a merge patch.
func (h Handlers) Update(r *http.Request) (api.Response, error) {
	now := h.Now()
	_, a, err := h.me(r, now)
	if err != nil {
		return api.Response{}, err
	}
	if err := api.IfMatch(r)(tag(a)); err != nil {
		return api.Response{}, err
	}
	in, err := api.ReadObject(r)
	if err != nil {
		return api.Response{}, err
	}
	change := account.Change{Profile: readProfile(in, a.Profile)}
	if in.Presence("email") != api.Absent {
		email := readEmail(in, "email")
		change.Email = &email
	}
	if in.Has("password") {
		change.Password = in.String("password")
	}
	change, err = h.Accounts.CheckChange(change, now)
	if err := in.Faults(err); err != nil {
		return api.Response{}, err
	}
	a, err = h.Accounts.Update(r.Context(), a, change, client(r), now)
	if err != nil {
		return api.Response{}, err
	}
	return runnerResponse(a), nil
}

// Delete answers DELETE /api/runners/me.
func (h Handlers) Delete(r *http.Request) (api.Response, error) {
	now := h.Now()
	_, a, err := h.me(r, now)
	if err != nil {
		return api.Response{}, err
	}
	if err := api.IfMatchGiven(r)(tag(a)); err != nil {
		return api.Response{}, err
	}
	in, err := api.ReadObject(r)
	if err != nil {
		return api.Response{}, err
	}
	password := in.String("password")
	if err := in.Faults(nil); err != nil {
		return api.Response{}, err
	}
	if err := h.Accounts.Delete(r.Context(), a, password, client(r), now); err != nil {
		return api.Response{}, err
	}
	response := api.Response{Status: http.StatusNoContent}
	if len(r.CookiesNamed(cookieName)) > 0 {
		response.Header = http.Header{"Set-Cookie": {noCookie()}}
	}
	return response, nil
}

// ChangePassword answers POST /api/runners/me/password.
func (h Handlers) ChangePassword(r *http.Request) (api.Response, error) {
	now := h.Now()
	caller, a, err := h.me(r, now)
	if err != nil {
		return api.Response{}, err
	}
	in, err := api.ReadObject(r)
	if err != nil {
		return api.Response{}, err
	}
	current, next := in.String("current_password"), in.String("new_password")
	if err := in.Faults(h.Accounts.CheckPassword(a, next)); err != nil {
		return api.Response{}, err
	}
	if err := h.Accounts.ChangePassword(r.Context(), a, caller.SignIn, current, next, client(r), now); err != nil {
		return api.Response{}, err
	}
	return api.Response{Status: http.StatusNoContent}, nil
}

// SignIns answers GET /api/runners/me/sign_ins.
func (h Handlers) SignIns(r *http.Request) (api.Response, error) {
	now := h.Now()
	caller, a, err := h.me(r, now)
	if err != nil {
		return api.Response{}, err
	}
	query, err := api.ReadQuery(r)
	if err != nil {
		return api.Response{}, err
	}
	limit := query.Limit()
	cursor, continues := query.Text("cursor")
	if err := query.Faults(); err != nil {
		return api.Response{}, err
	}
	after := ""
	if continues {
		if after, err = h.Cursors.Open(r.Context(), caller.Runner, cursor, now); err != nil {
			return api.Response{}, err
		}
	}
	families, err := h.Accounts.SignIns(r.Context(), a, after, limit+1, now)
	if err != nil {
		return api.Response{}, err
	}
	list := SignIns{}
	if len(families) > limit {
		families = families[:limit]
		if list.NextCursor, err = h.Cursors.Seal(r.Context(), caller.Runner, families[limit-1].ID, now); err != nil {
			return api.Response{}, err
		}
	}
	list.Items = newSignIns(families, caller.SignIn)
	return api.Response{Body: list}, nil
}

// EndSignIn answers DELETE /api/runners/me/sign_ins/{sign_in_id}.
func (h Handlers) EndSignIn(r *http.Request) (api.Response, error) {
	now := h.Now()
	_, a, err := h.me(r, now)
	if err != nil {
		return api.Response{}, err
	}
	id := r.PathValue("sign_in_id")
	if !api.IsID(id) {
		return api.Response{}, account.NoSignIn()
	}
	if err := h.Accounts.EndSignIn(r.Context(), a, id, now); err != nil {
		return api.Response{}, err
	}
	return api.Response{Status: http.StatusNoContent}, nil
}
