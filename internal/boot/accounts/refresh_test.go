package accounts_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/boot/accounts"
	"github.com/stride-run/stride/internal/storetest"
)

const day = 24 * time.Hour

// flip changes one bit of a token.
func flip(token string, at int) string {
	b := []byte(token)
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	i := strings.IndexByte(alphabet, b[at])
	b[at] = alphabet[i^16]
	return string(b)
}

func TestRefresh(t *testing.T) {
	w := newWorld(t, nil)
	r0 := w.register("ada@example.com")
	seen := map[string]bool{r0.RefreshToken: true}
	for text, n := r0.RefreshToken, 0; n < 5; n++ {
		w.wait(time.Hour)
		next := w.read(w.refresh(text), 200)
		if seen[next.RefreshToken] || next.Runner.ID != r0.Runner.ID || next.AccessToken == "" || next.ExpiresIn != 900 {
			t.Fatalf("refresh %d: %+v", n, next)
		}
		if a := w.as(next, "GET", "/api/runners/me", ""); a.status != 200 {
			t.Errorf("me after refresh %d: %d %s", n, a.status, a.body)
		}
		text = next.RefreshToken
		seen[text] = true
	}
}

// TestRefreshRefuses: S033, S034, S040, S042.
func TestRefreshRefuses(t *testing.T) {
	w := newWorld(t, nil)
	a, b := w.register("ada@example.com"), w.register("bob@example.com")
	for name, body := range map[string]string{
		"missing":          `{}`,
		"null":             `{"refresh_token":null}`,
		"empty":            refreshBody(""),
		"10 KB":            refreshBody(strings.Repeat("x", 10<<10)),
		"not base64":       refreshBody("srt1.!!!!"),
		"first bit":        refreshBody(flip(a.RefreshToken, 5)),
		"a bit in between": refreshBody(flip(a.RefreshToken, 60)),
		"last bit":         refreshBody(flip(a.RefreshToken, len(a.RefreshToken)-1)),
		"an access token":  refreshBody(a.AccessToken),
	} {
		t.Run(name, func(t *testing.T) {
			w.refuses(request{method: "POST", path: "/api/refresh", body: body}, 401, "refresh_invalid")
		})
	}
	mix := request{method: "POST", path: "/api/refresh", body: refreshBody(a.RefreshToken), header: map[string]string{
		"Cookie": "__Host-refresh=" + b.RefreshToken, "Origin": site,
	}}
	w.refuses(mix, 401, "refresh_invalid")
	two := request{method: "POST", path: "/api/refresh", body: `{}`, header: map[string]string{
		"Cookie": "__Host-refresh=" + a.RefreshToken + "; __Host-refresh=" + b.RefreshToken, "Origin": site,
	}}
	w.refuses(two, 401, "refresh_invalid")
	w.refuses(request{method: "POST", path: "/api/refresh", body: refreshBody(a.RefreshToken), header: map[string]string{
		"Content-Type": "text/plain", "Cookie": "__Host-refresh=" + a.RefreshToken, "Origin": site,
	}}, 415, "unsupported_media_type")
	w.refuses(request{method: "POST", path: "/api/refresh", body: `{"refresh_token":1}`}, 422, "validation")
	w.refuses(request{method: "POST", path: "/api/refresh", body: `{"refresh_token":"` + a.RefreshToken + `","scope":"all"}`}, 422, "validation")
	w.read(w.refresh(a.RefreshToken), 200) // the family is untouched
}

// TestReuse: S035, S036, S038.
func TestReuse(t *testing.T) {
	w := newWorld(t, nil)
	r0 := w.register("ada@example.com").RefreshToken
	r1 := w.read(w.refresh(r0), 200).RefreshToken
	w.wait(time.Second)
	before := w.table.Dump(t)
	if again := w.read(w.refresh(r0), 200).RefreshToken; again != r1 {
		t.Error("within the grace the successor is another one")
	}
	if diff := cmp.Diff(before, w.table.Dump(t)); diff != "" {
		t.Errorf("the second use writes:\n%s", diff)
	}
	w.wait(9 * time.Second)
	w.read(w.refresh(r0), 200) // exactly 10 s
	w.wait(time.Second)
	if a := w.refresh(r0); a.status != 401 || a.problem() != "refresh_invalid" {
		t.Errorf("after the grace: %d %s", a.status, a.body)
	}
	if a := w.refresh(r1); a.status != 401 || a.problem() != "refresh_invalid" {
		t.Errorf("the rest of the family: %d %s", a.status, a.body)
	}
	if !strings.Contains(w.log.String(), "refresh_reuse") {
		t.Error("reuse is not logged")
	}
	if n := count(w.table.Dump(t), "TOKEN#"); n != 0 {
		t.Errorf("%d families are left", n)
	}
}

// TestReuseWithinTheGrace: a tab that is slow, or a request that is sent again,
// comes with a token whose successor has been given up, too. It gets the token
// that is good now: an older one would end the sign-in the next time.
func TestReuseWithinTheGrace(t *testing.T) {
	w := newWorld(t, nil)
	given := []string{w.register("ada@example.com").RefreshToken}
	for range 3 {
		given = append(given, w.read(w.refresh(given[len(given)-1]), 200).RefreshToken)
		w.wait(3 * time.Second)
	}
	before := w.table.Dump(t)
	for n, text := range given[:3] { // given up 9, 6 and 3 s ago
		if next := w.read(w.refresh(text), 200).RefreshToken; next != given[3] {
			t.Errorf("token %d leads to another one than all", n)
		}
	}
	if diff := cmp.Diff(before, w.table.Dump(t)); diff != "" {
		t.Errorf("the second use writes:\n%s", diff)
	}
	w.wait(2 * time.Second) // 11 s after the first was given up
	w.read(w.refresh(given[1]), 200)
	if a := w.refresh(given[0]); a.status != 401 || a.problem() != "refresh_invalid" {
		t.Errorf("after its grace: %d %s", a.status, a.body)
	}
	for n, text := range given {
		if a := w.refresh(text); a.status != 401 {
			t.Errorf("token %d of the ended sign-in: %d", n, a.status)
		}
	}
	if !strings.Contains(w.log.String(), "refresh_reuse") {
		t.Error("reuse is not logged")
	}
}

// TestManyRotations: a client that refreshes all the time gets its grace like
// any other, and its sign-in costs no more.
func TestManyRotations(t *testing.T) {
	m := &meter{}
	w := newWorld(t, nil)
	w.b.Store = w.table.Store().Metered(m.count)
	w.wire(w.b, accounts.Options{Now: w.time})
	w.register("ada@example.com")
	in := w.read(w.send(request{
		method: "POST", path: "/api/login", body: credential("ada@example.com", good),
		header: map[string]string{"User-Agent": strings.Repeat("a", 300)},
	}), 200)
	const every = 190 * time.Millisecond
	given := []string{in.RefreshToken}
	for range 120 { // more than two times the grace
		*m = meter{}
		given = append(given, w.read(w.refresh(given[len(given)-1]), 200).RefreshToken)
		if m.write > 4 {
			t.Fatalf("rotation %d costs %v write units", len(given), m.write)
		}
		w.wait(every)
	}
	last := len(given) - 1
	within := int(10 * time.Second / every)
	for _, n := range []int{last - 1, last - 2, last - within/2, last - within} {
		if next := w.read(w.refresh(given[n]), 200).RefreshToken; next != given[last] {
			t.Errorf("token %d of %d leads to another one", n, last)
		}
	}
	if a := w.refresh(given[last-within-5]); a.status != 401 { // 10.9 s
		t.Errorf("after its grace: %d", a.status)
	}
}

// TestExpiry: S037, S038 and R-19.
func TestExpiry(t *testing.T) {
	w := newWorld(t, nil)
	idle := w.register("ada@example.com").RefreshToken
	w.wait(30*day + time.Second)
	if a := w.refresh(idle); a.status != 401 || a.problem() != "refresh_invalid" {
		t.Errorf("after 30 days without use: %d %s", a.status, a.body)
	}
	if n := count(w.table.Dump(t), "TOKEN#"); n != 1 {
		t.Fatalf("the store holds %d families; the test needs the expired one", n)
	}

	text := w.login("ada@example.com").RefreshToken
	for range 9 {
		w.wait(10*day - time.Minute)
		text = w.read(w.refresh(text), 200).RefreshToken
	}
	w.wait(10 * time.Minute)
	if a := w.refresh(text); a.status != 401 {
		t.Errorf("after 90 days of use: %d %s", a.status, a.body)
	}

	// Expired, and yet within the grace of a rotation.
	last := w.login("ada@example.com").RefreshToken
	for range 3 {
		w.wait(30*day - 2*time.Second)
		next := w.read(w.refresh(last), 200).RefreshToken
		w.wait(time.Second)
		if a := w.refresh(last); a.status != 200 {
			t.Errorf("within the grace: %d %s", a.status, a.body)
		}
		last = next
	}
	w.wait(4 * time.Second) // 90 days are over
	if a := w.refresh(last); a.status != 401 {
		t.Errorf("expired: %d %s", a.status, a.body)
	}
}

// TestCookieRefresh: S041, and what a browser does.
func TestCookieRefresh(t *testing.T) {
	w := newWorld(t, nil)
	w.register("ada@example.com")
	cookie := w.post("/api/login", `{"email":"ada@example.com","password":"`+good+`","refresh_token_in":"cookie"}`).cookie()
	for _, path := range []string{"/api/refresh", "/api/logout"} {
		for name, origin := range map[string]string{
			"foreign": "https://evil.example", "null": "null", "none": "", "a name that begins alike": site + ".evil.example",
			"another scheme": "http://app.example", "another scheme of the host": "https" + strings.TrimPrefix(site, "http"), "another port": site + ":8443",
		} {
			w.refuses(request{method: "POST", path: path, body: `{}`, header: map[string]string{
				"Cookie": "__Host-refresh=" + cookie, "Origin": origin,
			}}, 403, "forbidden")
			if t.Failed() {
				t.Fatal(name)
			}
		}
	}
	for _, origin := range []string{site, "https://app.example"} {
		w.wait(time.Minute)
		a := w.send(request{method: "POST", path: "/api/refresh", body: `{}`, header: map[string]string{
			"Cookie": "__Host-refresh=" + cookie, "Origin": origin,
		}})
		if in := w.read(a, 200); in.RefreshToken != "" || a.cookie() == "" || a.cookie() == cookie {
			t.Errorf("%+v, %v", in, a.header)
		}
		cookie = a.cookie()
	}
	a := w.send(request{method: "POST", path: "/api/logout", header: map[string]string{"Cookie": "__Host-refresh=" + cookie, "Origin": site}})
	if a.status != 204 || a.body != "" || !strings.Contains(a.header.Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("logout: %d %s %v", a.status, a.body, a.header)
	}
	if n := count(w.table.Dump(t), "TOKEN#"); n != 1 { // that of the registration
		t.Errorf("%d families are left, want 1", n)
	}
}

// TestEnds: S039.
func TestEnds(t *testing.T) {
	for name, end := range map[string]func(w *world, in tokens) answer{
		"logout": func(w *world, in tokens) answer { return w.post("/api/logout", refreshBody(in.RefreshToken)) },
		"logout everywhere from another": func(w *world, _ tokens) answer {
			other := w.login("ada@example.com")
			return w.post("/api/logout", `{"refresh_token":"`+other.RefreshToken+`","everywhere":true}`)
		},
		"logout everywhere": func(w *world, in tokens) answer {
			return w.post("/api/logout", `{"refresh_token":"`+in.RefreshToken+`","everywhere":true}`)
		},
		"password change elsewhere": func(w *world, _ tokens) answer {
			other := w.login("ada@example.com")
			return w.as(other, "POST", "/api/runners/me/password", `{"current_password":"`+good+`","new_password":"`+better+`"}`)
		},
		"deletion": func(w *world, in tokens) answer {
			return w.as(in, "DELETE", "/api/runners/me", `{"password":"`+good+`"}`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			in := w.register("ada@example.com")
			if a := end(w, in); a.status != 204 || a.body != "" {
				t.Fatalf("%d %s", a.status, a.body)
			}
			w.refuses(request{method: "POST", path: "/api/refresh", body: refreshBody(in.RefreshToken)}, 401, "refresh_invalid")
		})
	}
}

func TestLogout(t *testing.T) {
	w := newWorld(t, nil)
	in, other := w.register("ada@example.com"), w.login("ada@example.com")
	for name, r := range map[string]request{
		"nothing":           {method: "POST", path: "/api/logout"},
		"no token":          {method: "POST", path: "/api/logout", body: `{}`},
		"an unknown token":  {method: "POST", path: "/api/logout", body: refreshBody("srt1.unknown")},
		"a forged token":    {method: "POST", path: "/api/logout", body: refreshBody(flip(in.RefreshToken, 40))},
		"everywhere, alone": {method: "POST", path: "/api/logout", body: `{"everywhere":true}`},
	} {
		t.Run(name, func(t *testing.T) { w.refuses(r, 204, "") })
	}
	w.refuses(request{method: "POST", path: "/api/logout", body: `{"everywhere":"yes"}`}, 422, "validation")
	w.refuses(request{method: "POST", path: "/api/logout", body: `a=b`, header: map[string]string{"Content-Type": "text/plain"}}, 415, "unsupported_media_type")

	// A stolen token that has been used ends its own sign-in and no other.
	w.wait(time.Minute)
	next := w.read(w.refresh(in.RefreshToken), 200)
	w.wait(time.Minute)
	if a := w.post("/api/logout", `{"refresh_token":"`+in.RefreshToken+`","everywhere":true}`); a.status != 204 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := w.refresh(next.RefreshToken); a.status != 401 {
		t.Errorf("its own sign-in: %d", a.status)
	}
	last := w.read(w.refresh(other.RefreshToken), 200)
	if a := w.post("/api/logout", refreshBody(last.RefreshToken)); a.status != 204 {
		t.Errorf("%d %s", a.status, a.body)
	}
	w.refuses(request{method: "POST", path: "/api/logout", body: refreshBody(last.RefreshToken)}, 204, "") // again
	if a := w.as(other, "GET", "/api/runners/me", ""); a.status != 200 {
		t.Errorf("an access token lives on to its end: %d", a.status)
	}
}

// TestStoreHoldsNoToken: S043.
func TestStoreHoldsNoToken(t *testing.T) {
	w := newWorld(t, nil)
	r0 := w.register("ada@example.com").RefreshToken
	r1 := w.read(w.refresh(r0), 200).RefreshToken
	dump := strings.Join(w.table.Dump(t), "\n")
	for _, text := range []string{r0, r1, good} {
		raw, _ := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(text, "srt1."))
		for _, secret := range []string{text, strings.TrimPrefix(text, "srt1."), string(raw), base64.StdEncoding.EncodeToString(raw)} {
			for i := 0; i+9 <= len(secret); i++ {
				if strings.Contains(dump, secret[i:i+9]) {
					t.Fatalf("the table holds %q of a secret", secret[i:i+9])
				}
			}
		}
	}
	if log := w.log.String(); strings.Contains(log, r0[:20]) || strings.Contains(log, good) || strings.Contains(log, "ada@example.com") {
		t.Error("the log holds a secret or an address")
	}
}

// TestRefreshRace: R-05.
func TestRefreshRace(t *testing.T) {
	families, callers := storetest.Size(10, 200), 20
	w := newWorld(t, nil)
	w.register("ada@example.com")
	for n := range families {
		w.wait(time.Minute)
		r0 := w.login("ada@example.com").RefreshToken
		var mu sync.Mutex
		successors := map[string]int{}
		var all sync.WaitGroup
		for range callers {
			all.Go(func() {
				a := w.refresh(r0)
				mu.Lock()
				defer mu.Unlock()
				if a.status == 200 {
					successors[w.read(a, 200).RefreshToken]++
					return
				}
				successors[fmt.Sprint(a.status, a.body)]++
			})
		}
		all.Wait()
		if len(successors) != 1 {
			t.Fatalf("family %d: %v", n, successors)
		}
		if rotated := count(w.table.Dump(t), `"counter":1`); rotated != n+1 {
			t.Fatalf("%d families have rotated once, want %d", rotated, n+1)
		}
	}
}

// TestRotationRace: callers with the present token and callers with tokens that
// were just given up, all at once. All get on, with one token for all.
func TestRotationRace(t *testing.T) {
	families, callers := storetest.Size(10, 200), 20
	w := newWorld(t, nil)
	w.register("ada@example.com")
	for n := range families {
		w.wait(time.Minute)
		given := []string{w.login("ada@example.com").RefreshToken}
		for range 2 {
			given = append(given, w.read(w.refresh(given[len(given)-1]), 200).RefreshToken)
			w.wait(time.Second)
		}
		var mu sync.Mutex
		var bad []string
		successors := map[string]int{}
		var all sync.WaitGroup
		for i := range callers {
			all.Go(func() {
				a := w.refresh(given[i%len(given)])
				mu.Lock()
				defer mu.Unlock()
				if a.status != 200 {
					bad = append(bad, fmt.Sprint(a.status, a.body))
					return
				}
				successors[w.read(a, 200).RefreshToken]++
			})
		}
		all.Wait()
		// Whoever reads before the rotation with an old token gets the token
		// that is then given up, and may still use it.
		delete(successors, given[2])
		if len(bad) > 0 || len(successors) != 1 {
			t.Fatalf("family %d: %d successors, %v", n, len(successors), bad)
		}
		for text := range successors {
			w.wait(time.Minute)
			w.read(w.refresh(text), 200)
		}
	}
}

// TestReuseRace: R-06.
func TestReuseRace(t *testing.T) {
	w := newWorld(t, nil)
	r0 := w.register("ada@example.com").RefreshToken
	r1 := w.read(w.refresh(r0), 200).RefreshToken
	w.wait(time.Minute)
	var mu sync.Mutex
	given := map[string]bool{}
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			text := []string{r0, r1}[i%2]
			if a := w.refresh(text); a.status == 200 {
				mu.Lock()
				defer mu.Unlock()
				given[w.read(a, 200).RefreshToken] = true
			}
		})
	}
	all.Wait()
	if len(given) > 1 {
		t.Errorf("%d further rotations", len(given))
	}
	given[r0], given[r1] = true, true
	for text := range given {
		if a := w.refresh(text); a.status != 401 {
			t.Errorf("a token of the family is good: %d %s", a.status, a.body)
		}
	}
}
