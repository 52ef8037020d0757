package contract

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stride-run/stride/internal/route"
)

// accountFunctions are those whose routes TestAccountsConform asks.
var accountFunctions = []string{"register", "login", "refresh", "logout", "runners"}

func ofAccounts(method, path string) bool {
	match, _ := route.Routes.Match(method, path)
	return slices.Contains(accountFunctions, match.Route.Function)
}

// example returns the example of a request, which has to fit its schema.
func (k asker) example(t *testing.T, method, path, name string) string {
	t.Helper()
	media := k.doc.Paths.Value(path).GetOperation(method).RequestBody.Value.Content["application/json"]
	value := media.Examples[name].Value.Value
	matches(t, name, media.Schema.Value, value)
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

type signedIn struct{ Access, Refresh, Cookie string }

// read reads tokens, and the cookie if there is one.
func read(t *testing.T, a answer) signedIn {
	t.Helper()
	var body struct {
		AccessToken  string `json:"access_token"`
		RefreshToken string `json:"refresh_token"`
	}
	if err := json.Unmarshal(a.body, &body); err != nil {
		t.Fatal(err)
	}
	cookie, _, _ := strings.Cut(a.header.Get("Set-Cookie"), ";")
	if (cookie == "") == (body.RefreshToken == "") {
		t.Errorf("the refresh token is in the body or in the cookie: %s, %q", a.body, cookie)
	}
	return signedIn{"Bearer " + body.AccessToken, body.RefreshToken, cookie}
}

// TestAccountsConform gets every answer that the routes of accounts are said
// to give, with the requests that are shown there.
func TestAccountsConform(t *testing.T) {
	k := asker{doc: load(t), url: start(t, false), seen: seen{}}
	const me = "/api/runners/me"
	registration, credentials := k.example(t, "POST", "/api/register", "ada"), k.example(t, "POST", "/api/login", "ada")

	ada := read(t, k.ask(t, 201, "POST", "/api/register", registration))
	k.ask(t, 409, "POST", "/api/register", registration)
	in := read(t, k.ask(t, 201, "POST", "/api/register", `{"email":"bob@example.org","password":"every mile counts","refresh_token_in":"cookie"}`))
	for _, password := range []string{"too short", "passwordpassword", "bobbobexamplebob", strings.Repeat("x", 200)} {
		k.ask(t, 422, "POST", "/api/register", `{"email":"bob@example.com","password":"`+password+`"}`)
	}

	other := read(t, k.ask(t, 200, "POST", "/api/login", credentials))
	read(t, k.ask(t, 200, "POST", "/api/login", strings.Replace(credentials, "{", `{"refresh_token_in":"cookie",`, 1)))
	k.ask(t, 401, "POST", "/api/login", strings.Replace(credentials, "four", "five", 1))
	k.ask(t, 401, "POST", "/api/login", strings.Replace(credentials, "ada", "nobody", 1))

	k.ask(t, 401, "POST", "/api/refresh", k.example(t, "POST", "/api/refresh", "token"))
	k.ask(t, 401, "POST", "/api/refresh", `{}`)
	other = read(t, k.ask(t, 200, "POST", "/api/refresh", `{"refresh_token":"`+other.Refresh+`"}`))
	in = read(t, k.ask(t, 200, "POST", "/api/refresh", `{}`, "Cookie", in.Cookie, "Origin", k.url))
	for _, path := range []string{"/api/refresh", "/api/logout"} {
		k.ask(t, 403, "POST", path, `{}`, "Cookie", in.Cookie)
		k.ask(t, 403, "POST", path, `{}`, "Cookie", in.Cookie, "Origin", "https://elsewhere.example")
		k.ask(t, 401, "POST", path, `{"refresh_token":"another"}`, "Cookie", in.Cookie, "Origin", k.url)
	}
	k.ask(t, 204, "POST", "/api/logout", "", "Cookie", in.Cookie, "Origin", k.url)
	k.ask(t, 204, "POST", "/api/logout", k.example(t, "POST", "/api/logout", "everywhere"))

	auth := []string{"Authorization", ada.Access}
	as := func(status int, method, path, body string, headers ...string) answer {
		t.Helper()
		return k.ask(t, status, method, path, body, slices.Concat(auth, headers)...)
	}
	as(200, "GET", me, "")
	as(428, "PATCH", me, `{}`)
	as(412, "PATCH", me, `{}`, "If-Match", `"9"`)
	as(200, "PATCH", me, k.example(t, "PATCH", me, "profile"), "If-Match", `"1"`)
	as(200, "PATCH", me, `{"first_name":null,"last_name":"Lovelace","sex":"female","heart_rates":null}`, "If-Match", `"2"`)
	as(403, "PATCH", me, `{"email":"new@example.org","password":"wrong"}`, "If-Match", `"3"`)
	as(409, "PATCH", me, `{"email":"bob@example.org","password":"four unrelated words here"}`, "If-Match", `"3"`)
	as(200, "PATCH", me, k.example(t, "PATCH", me, "email"), "If-Match", `"3"`)

	as(200, "GET", me+"/sign_ins", "")
	page := as(200, "GET", me+"/sign_ins?limit=1", "")
	var list struct {
		Items      []struct{ ID string }
		NextCursor string `json:"next_cursor"`
	}
	if err := json.Unmarshal(page.body, &list); err != nil || len(list.Items) != 1 || list.NextCursor == "" {
		t.Fatalf("%v: %s", err, page.body)
	}
	as(200, "GET", me+"/sign_ins?cursor="+list.NextCursor, "")
	as(400, "GET", me+"/sign_ins?cursor=x", "")
	as(422, "GET", me+"/sign_ins?limit=0&page=1", "")
	as(204, "DELETE", me+"/sign_ins/"+list.Items[0].ID, "")
	as(404, "DELETE", me+"/sign_ins/"+list.Items[0].ID, "")
	as(404, "DELETE", me+"/sign_ins/x", "")

	if a := send(t, k.url, "POST", "/api/plans", newPlan, http.Header{"Authorization": {ada.Access}}); a.status != 201 {
		t.Fatalf("plan: %d %s", a.status, a.body)
	}
	as(200, "GET", me+"/export", "")

	as(403, "POST", me+"/password", `{"current_password":"wrong","new_password":"another four unrelated words"}`)
	as(204, "POST", me+"/password", k.example(t, "POST", me+"/password", "password"))
	k.passwordRace(t, ada.Access, "another four unrelated words")
	k.ask(t, 401, "POST", "/api/refresh", `{"refresh_token":"`+other.Refresh+`"}`)

	for _, r := range [][2]string{{"POST", "/api/register"}, {"POST", "/api/login"}, {"POST", "/api/refresh"}, {"POST", "/api/logout"}, {"PATCH", me}, {"DELETE", me}, {"POST", me + "/password"}} {
		version := []string{"If-Match", `"4"`}
		as(400, r[0], r[1], `{"a":`, version...)
		as(413, r[0], r[1], `"`+strings.Repeat("a", 1<<16)+`"`, version...)
		as(415, r[0], r[1], "a=b", append(version, "Content-Type", "text/plain")...)
		as(422, r[0], r[1], `{"extra":1}`, version...)
	}
	for _, r := range route.Routes {
		if r.Function == "runners" {
			k.ask(t, 401, r.Method, strings.ReplaceAll(r.Path, "{sign_in_id}", "x"), "")
		}
	}

	const password = `{"password":"another four unrelated words"}`
	as(412, "DELETE", me, password, "If-Match", `"9"`)
	as(403, "DELETE", me, `{"password":"wrong"}`)
	as(204, "DELETE", me, password, "Cookie", "__Host-refresh=x", "If-Match", `"4"`)
	as(401, "GET", me, "")

	k.limited(t)
	for _, r := range route.Routes {
		if !slices.Contains(accountFunctions, r.Function) {
			continue
		}
		for status := range responses(t, k.doc, r.Key()) {
			if status < "500" && !k.seen[r.Key()][status] {
				t.Errorf("%s never answered %s, which openapi.yaml lists", r.Key(), status)
			}
		}
	}
}

// passwordRace replaces a password by itself, many times at once, until one
// request finds that another was faster.
func (k asker) passwordRace(t *testing.T, access, password string) {
	t.Helper()
	const path, at, rounds = "/api/runners/me/password", 8, 20
	body := `{"current_password":"` + password + `","new_password":"` + password + `"}`
	key := "POST " + path
	for range rounds {
		answers := make([]answer, at)
		var wg sync.WaitGroup
		for i := range answers {
			wg.Go(func() {
				answers[i] = send(t, k.url, "POST", path, body, http.Header{"Authorization": {access}})
			})
		}
		wg.Wait()
		for _, a := range answers {
			k.seen.add(key, a.status)
			conforms(t, responses(t, k.doc, key)[strconv.Itoa(a.status)], a)
		}
		if k.seen[key]["409"] {
			return
		}
	}
}

// limited tries too often, on a server that counts.
func (k asker) limited(t *testing.T) {
	t.Helper()
	k.url = start(t, true)
	const me = "/api/runners/me"
	ada := read(t, k.ask(t, 201, "POST", "/api/register", k.example(t, "POST", "/api/register", "ada")))
	for range 5 {
		k.ask(t, 401, "POST", "/api/login", `{"email":"ada@example.org","password":"wrong"}`)
	}
	k.ask(t, 429, "POST", "/api/login", k.example(t, "POST", "/api/login", "ada"))
	k.ask(t, 429, "PATCH", me, k.example(t, "PATCH", me, "email"), "Authorization", ada.Access, "If-Match", `"1"`)
	k.ask(t, 429, "POST", me+"/password", k.example(t, "POST", me+"/password", "password"), "Authorization", ada.Access)
	k.ask(t, 429, "DELETE", me, k.example(t, "DELETE", me, "password"), "Authorization", ada.Access)
	for range 9 {
		k.ask(t, 409, "POST", "/api/register", k.example(t, "POST", "/api/register", "ada"))
	}
	k.ask(t, 429, "POST", "/api/register", k.example(t, "POST", "/api/register", "ada"))
}
