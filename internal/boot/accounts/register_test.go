package accounts_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/accounts"
	"github.com/stride-run/stride/internal/storetest"
)

func TestRegister(t *testing.T) {
	w := newWorld(t, nil)
	a := w.post("/api/register", `{"email":"Ada@Example.com","password":"`+good+`","first_name":"Ada","last_name":null}`)
	in := w.read(a, 201)
	if in.Runner.Email != "Ada@Example.com" || in.Runner.FirstName != "Ada" || in.TokenType != "Bearer" || in.ExpiresIn != 900 ||
		in.AccessToken == "" || in.RefreshToken == "" || a.header.Get("Cache-Control") != "no-store" || a.cookie() != "" {
		t.Errorf("%+v, %v", in, a.header)
	}
	if me := w.as(in, "GET", "/api/runners/me", ""); me.status != 200 || !strings.Contains(me.body, in.Runner.ID) {
		t.Errorf("me: %d %s", me.status, me.body)
	}
	if again := w.login("ada@example.COM"); again.Runner.ID != in.Runner.ID {
		t.Errorf("signed in as %s", again.Runner.ID)
	}
}

func TestRegisterRefuses(t *testing.T) {
	w := newWorld(t, nil)
	w.register("ada@example.com")
	hashes := w.hashes.Load()
	body := func(email, password, more string) string {
		return strings.TrimSuffix(credential(email, password), "}") + more + "}"
	}
	valid := body("b@c.co", good, "")
	for _, tt := range []struct {
		id, body, contentType string
		status                int
		problem               string
		pointer               string
	}{
		{"S001", `{"email":`, "", 400, "malformed_json", ""},
		{"S002", ``, "application/json", 400, "malformed_json", ""},
		{"S003", valid, "text/plain", 415, "unsupported_media_type", ""},
		{"S003", `email=b%40c.co`, "application/x-www-form-urlencoded", 415, "unsupported_media_type", ""},
		{"S004", body("b@c.co", good, `,"role":"admin"`), "", 422, "validation", "/role"},
		{"S005", body("b@c.co", good, `,"user_id":"x"`), "", 422, "validation", "/user_id"},
		{"S005", body("b@c.co", good, `,"email_verified":true`), "", 422, "validation", "/email_verified"},
		{"S006", `{"EMAIL":"b@c.co","password":"` + good + `"}`, "", 422, "validation", "/EMAIL"},
		{"S007", body("Bob <a@b.co>", good, ""), "", 422, "validation", "/email"},
		{"S007", body(" a@b.co ", good, ""), "", 422, "validation", "/email"},
		{"S007", body("a@b.co (x)", good, ""), "", 422, "validation", "/email"},
		{"S007", body("<a@b.co>", good, ""), "", 422, "validation", "/email"},
		{"S008", body("a@localhost", good, ""), "", 422, "validation", "/email"},
		{"S008", body("a@[127.0.0.1]", good, ""), "", 422, "validation", "/email"},
		{"S008", body("a@-b.co", good, ""), "", 422, "validation", "/email"},
		{"S008", body("a@b..co", good, ""), "", 422, "validation", "/email"},
		{"S008", body("a@b.co.", good, ""), "", 422, "validation", "/email"},
		{"S009", body(strings.Repeat("a", 65)+"@b.co", good, ""), "", 422, "validation", "/email"},
		{"S009", body("a@"+strings.Repeat("abcdefgh.", 28)+"co", good, ""), "", 422, "validation", "/email"},
		{"S011", body("b@c.co", "fourteen chars", ""), "", 422, "validation", "/password"},
		{"S012", body("b@c.co", "passwordpassword", ""), "", 422, "validation", "/password"},
		{"S012", body("b@c.co", "123456789012345", ""), "", 422, "validation", "/password"},
		{"S012", body("zebulon@c.co", "zebulonzebulonzebulon", ""), "", 422, "validation", "/password"},
		{"S012", body("b@c.co", "stridestridestride", ""), "", 422, "validation", "/password"},
		{"S013", body("b@c.co", strings.Repeat("abcdefg ", 17), ""), "", 422, "validation", "/password"},
		{"S013", body("b@c.co", strings.Repeat("x", 10<<20), ""), "", 413, "body_too_large", ""},
		{"S017", "{\"email\":\"b@c.co\",\"password\":\"\xff" + good + "\"}", "", 400, "malformed_json", ""},
		{"S017", `{"email":"b@c.co","password":"\ud800` + good + `"}`, "", 400, "malformed_json", ""},
		{"S018", strings.Repeat(`{"a":`, 10001) + "1" + strings.Repeat("}", 10001), "", 400, "malformed_json", ""},
		{"S018", strings.Repeat("[", 60000), "", 400, "malformed_json", ""},
		{"S019", `{"email":"` + strings.Repeat("a", 65537-12) + `"}`, "", 413, "body_too_large", ""},
		{"where", body("b@c.co", good, `,"refresh_token_in":"url"`), "", 422, "validation", "/refresh_token_in"},
		{"names", body("b@c.co", good, `,"first_name":"a\u0000b"`), "", 422, "validation", "/first_name"},
		{"types", `{"email":1,"password":{"$ne":""}}`, "", 422, "validation", "/password"},
	} {
		header := map[string]string{}
		if tt.contentType != "" {
			header["Content-Type"] = tt.contentType
		}
		a := w.refuses(request{method: "POST", path: "/api/register", body: tt.body, header: header}, tt.status, tt.problem)
		if tt.pointer != "" && !strings.Contains(fmt.Sprint(a.pointers()), tt.pointer) {
			t.Errorf("%s points to %q, want %s", tt.id, a.pointers(), tt.pointer)
		}
	}
	a := w.refuses(request{method: "POST", path: "/api/register", body: `{"email":"x","password":"short","first_name":"\u0007","role":1}`}, 422, "validation")
	if diff := cmp.Diff([]string{"/email", "/first_name", "/password", "/role"}, sorted(a.pointers())); diff != "" {
		t.Errorf("all faults at once (-want +got):\n%s", diff)
	}
	if n := w.hashes.Load() - hashes; n != 0 {
		t.Errorf("%d hash operations for what is refused unread", n)
	}
	// S010: taken, in another spelling; the hash comes first, so time does not tell.
	w.refuses(request{method: "POST", path: "/api/register", body: credential("ADA@example.com", good)}, 409, "email_taken")
	if n := w.hashes.Load() - hashes; n != 1 {
		t.Errorf("%d hash operations for a taken address, want 1", n)
	}
	// S021
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		// 405 is the catch-all's, which is not wired here: the function alone.
		r := httptest.NewRequest(method, "/api/register", strings.NewReader(valid))
		r.Header.Set("X-HTTP-Method-Override", "POST")
		rec := httptest.NewRecorder()
		w.functions.Register().ServeHTTP(rec, r)
		if rec.Code != 405 || rec.Header().Get("Allow") != "POST" {
			t.Errorf("S021 %s: %d, Allow %q", method, rec.Code, rec.Header().Get("Allow"))
		}
	}
}

// TestPasswordForms: S014, S015.
func TestPasswordForms(t *testing.T) {
	w := newWorld(t, nil)
	w.signIn("/api/register", credential("nfc@example.com", "quatre mots très épars"), 201)
	w.signIn("/api/login", credential("nfc@example.com", "quatre mots tre\u0300s e\u0301pars"), 200)
	w.signIn("/api/register", credential("space@example.com", " "+good+" "), 201)
	w.refuses(request{method: "POST", path: "/api/login", body: credential("space@example.com", good)}, 401, "invalid_credentials")
	w.signIn("/api/login", credential("space@example.com", " "+good+" "), 200)
}

// TestNaughtyStrings: S016.
func TestNaughtyStrings(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("testdata", "blns.json"))
	if err != nil {
		t.Fatal(err)
	}
	var naughty []string
	if err := json.Unmarshal(text, &naughty); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, func(c *boot.Config, _ *accounts.Options) { c.RateLimitsOff = true })
	kept := 0
	for i, s := range naughty {
		for _, member := range []string{"email", "password", "first_name"} {
			fields := map[string]string{"email": fmt.Sprintf("n%d-%s@example.com", i, strings.ReplaceAll(member, "_", "")), "password": good}
			fields[member] = s
			body, err := json.Marshal(fields)
			if err != nil {
				t.Fatal(err)
			}
			a := w.post("/api/register", string(body))
			if a.status != 201 && a.status != 422 {
				t.Errorf("%s %q: %d %s", member, s, a.status, a.body)
			}
			if a.status == 201 {
				kept++
				if in := w.read(a, 201); member == "first_name" && in.Runner.FirstName != s {
					t.Errorf("first_name %q came back as %q", s, in.Runner.FirstName)
				}
			}
		}
	}
	if kept == 0 {
		t.Error("no string at all is accepted")
	}
}

// TestRegistrationLimit: S020.
func TestRegistrationLimit(t *testing.T) {
	w := newWorld(t, nil)
	for i := range 10 {
		w.register(fmt.Sprintf("r%d@example.com", i))
	}
	a := w.refuses(request{method: "POST", path: "/api/register", body: credential("r10@example.com", good)}, 429, "rate_limited")
	if a.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	other := w.send(request{method: "POST", path: "/api/register", body: credential("r10@example.com", good), address: "203.0.113.8"})
	if other.status != 201 {
		t.Errorf("another address: %d %s", other.status, other.body)
	}
	w.wait(3600e9)
	w.register("r11@example.com")
}

// TestRacingRegistrations: R-01.
func TestRacingRegistrations(t *testing.T) {
	addresses := storetest.Size(25, 5000)
	w := newWorld(t, func(c *boot.Config, _ *accounts.Options) { c.RateLimitsOff = true })
	var mu sync.Mutex
	statuses := map[int]int{}
	winners := map[int]string{}
	var all sync.WaitGroup
	workers := make(chan struct{}, 200)
	for i := range addresses {
		for j, form := range []string{"runner%d@bücher.example", "RUNNER%d@xn--bcher-kva.example"} {
			workers <- struct{}{}
			all.Go(func() {
				defer func() { <-workers }()
				password := fmt.Sprintf("%s number %d", good, j)
				a := w.post("/api/register", credential(fmt.Sprintf(form, i), password))
				mu.Lock()
				defer mu.Unlock()
				statuses[a.status]++
				if a.status == 201 {
					winners[i] = password
				}
			})
		}
	}
	all.Wait()
	if diff := cmp.Diff(map[int]int{201: addresses, 409: addresses}, statuses); diff != "" {
		t.Fatalf("statuses (-want +got):\n%s", diff)
	}
	dump := w.table.Dump(t)
	if emails, runners := count(dump, `"PK":"EMAIL#`), count(dump, `"SK":"PROFILE"`); emails != addresses || runners != addresses {
		t.Errorf("%d addresses, %d runners, want %d of each", emails, runners, addresses)
	}
	for i, password := range winners {
		w.signIn("/api/login", credential(fmt.Sprintf("runner%d@bücher.example", i), password), 200)
		if a := w.post("/api/login", credential(fmt.Sprintf("runner%d@bücher.example", i), password+"x")); a.status != 401 {
			t.Errorf("the loser's password: %d", a.status)
		}
	}
}
