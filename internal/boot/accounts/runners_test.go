package accounts_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/api/accounts"
	"github.com/stride-run/stride/internal/boot"
	wiring "github.com/stride-run/stride/internal/boot/accounts"
	"github.com/stride-run/stride/internal/fault"
)

// change sends a PATCH with a version; empty: without.
func (w *world) change(in tokens, tag, body string) answer {
	header := map[string]string{"Authorization": "Bearer " + in.AccessToken}
	if tag != "" {
		header["If-Match"] = tag
	}
	return w.send(request{method: "PATCH", path: "/api/runners/me", body: body, header: header})
}

func (w *world) me(in tokens) accounts.Runner {
	w.t.Helper()
	var me accounts.Runner
	a := w.as(in, "GET", "/api/runners/me", "")
	if a.status != 200 || json.Unmarshal([]byte(a.body), &me) != nil {
		w.t.Fatalf("me: %d %s", a.status, a.body)
	}
	return me
}

func TestProfile(t *testing.T) {
	w := newWorld(t, nil)
	in := w.register("ada@example.com")
	a := w.as(in, "GET", "/api/runners/me", "")
	if a.header.Get("ETag") != `"1"` {
		t.Fatalf("ETag %q", a.header.Get("ETag"))
	}
	w.wait(time.Minute)
	a = w.change(in, `"1"`, `{"first_name":"Ada","last_name":"Lovelace","birth_year":1988,"sex":"female","time_zone":"Europe/London","unit":"mi",
		"heart_rates":[{"valid_from":"2026-06-01","resting_heart_rate_bpm":48},{"valid_from":"2026-01-01","resting_heart_rate_bpm":52,"max_heart_rate_bpm":186,"threshold_heart_rate_bpm":170}]}`)
	if a.status != 200 || a.header.Get("ETag") != `"2"` {
		t.Fatalf("%d %s", a.status, a.body)
	}
	want := accounts.Runner{
		ID: in.Runner.ID, Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace", BirthYear: 1988, Sex: "female", TimeZone: "Europe/London", Unit: "mi",
		HeartRates: []accounts.HeartRates{{ValidFrom: "2026-01-01", Resting: 52, Max: 186, Threshold: 170}, {ValidFrom: "2026-06-01", Resting: 48}},
		CreatedAt:  w.time().Add(-time.Minute), UpdatedAt: w.time(),
	}
	if diff := cmp.Diff(want, w.me(in)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	a = w.change(in, `"2"`, `{"last_name":null,"birth_year":null,"sex":null,"time_zone":null,"unit":null,"heart_rates":null}`)
	if a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	want.LastName, want.BirthYear, want.Sex, want.TimeZone, want.Unit, want.HeartRates = "", 0, "", "", "km", []accounts.HeartRates{}
	if diff := cmp.Diff(want, w.me(in)); diff != "" {
		t.Errorf("null clears, absent stays (-want +got):\n%s", diff)
	}
}

func TestProfileRefuses(t *testing.T) {
	w := newWorld(t, nil)
	in := w.register("ada@example.com")
	w.register("bob@example.com")
	for _, tt := range []struct {
		name, tag, body string
		status          int
		problem         string
		pointer         string
	}{
		{"no version", "", `{"first_name":"A"}`, 428, "precondition_required", ""},
		{"any version", "*", `{"first_name":"A"}`, 428, "precondition_required", ""},
		{"another version", `"7"`, `{"first_name":"A"}`, 412, "stale", ""},
		{"weak", `W/"1"`, `{"first_name":"A"}`, 412, "stale", ""},
		{"not JSON", `"1"`, `{"first_name"`, 400, "malformed_json", ""},
		{"id", `"1"`, `{"id":"x"}`, 422, "validation", "/id"},
		{"version", `"1"`, `{"version":9}`, 422, "validation", "/version"},
		{"role", `"1"`, `{"role":"admin"}`, 422, "validation", "/role"},
		{"created_at", `"1"`, `{"created_at":"2026-01-01T00:00:00Z"}`, 422, "validation", "/created_at"},
		{"birth year to come", `"1"`, `{"birth_year":2030}`, 422, "validation", "/birth_year"},
		{"birth year as text", `"1"`, `{"birth_year":"1988"}`, 422, "validation", "/birth_year"},
		{"heart rates", `"1"`, `{"heart_rates":[{"valid_from":"2026-01-01","max_heart_rate_bpm":300}]}`, 422, "validation", "/heart_rates/0/max_heart_rate_bpm"},
		{"heart rates as a number", `"1"`, `{"heart_rates":186}`, 422, "validation", "/heart_rates"},
		{"zone", `"1"`, `{"time_zone":"Mars/X"}`, 422, "validation", "/time_zone"},
		{"the machine's zone", `"1"`, `{"time_zone":"Local"}`, 422, "validation", "/time_zone"},
		{"address without password", `"1"`, `{"email":"new@example.com"}`, 422, "validation", "/password"},
		{"address cleared", `"1"`, `{"email":null,"password":"` + good + `"}`, 422, "validation", "/email"},
		{"no address", `"1"`, `{"email":"new","password":"` + good + `"}`, 422, "validation", "/email"},
		{"wrong password", `"1"`, `{"email":"new@example.com","password":"wrong"}`, 403, "forbidden", ""},
		{"another's address", `"1"`, `{"email":"BOB@example.com","password":"` + good + `"}`, 409, "email_taken", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			header := map[string]string{"Authorization": "Bearer " + in.AccessToken, "If-Match": tt.tag}
			a := w.refuses(request{method: "PATCH", path: "/api/runners/me", body: tt.body, header: header}, tt.status, tt.problem)
			if tt.pointer != "" && !strings.Contains(strings.Join(a.pointers(), " "), tt.pointer) {
				t.Errorf("points to %q, want %s", a.pointers(), tt.pointer)
			}
		})
	}
}

func TestChangeEmail(t *testing.T) {
	w := newWorld(t, nil)
	in := w.register("ada@example.com")
	if a := w.change(in, `"1"`, `{"email":"ADA@example.com","password":"`+good+`"}`); a.status != 200 {
		t.Fatalf("another spelling: %d %s", a.status, a.body)
	}
	if a := w.change(in, `"2"`, `{"email":"countess@example.com","first_name":"Ada","password":"`+good+`"}`); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if me := w.me(in); me.Email != "countess@example.com" || me.FirstName != "Ada" {
		t.Errorf("%+v", me)
	}
	w.login("countess@example.com")
	w.refuses(request{method: "POST", path: "/api/login", body: credential("ada@example.com", good)}, 401, "invalid_credentials")
	if other := w.register("ada@example.com"); other.Runner.ID == in.Runner.ID {
		t.Error("the old address leads to the old account")
	}
	if n := count(w.table.Dump(t), `"PK":"EMAIL#`); n != 2 {
		t.Errorf("%d claims, want 2", n)
	}
}

func TestChangePassword(t *testing.T) {
	w := newWorld(t, nil)
	in, other := w.register("ada@example.com"), w.login("ada@example.com")
	const path = "/api/runners/me/password"
	header := map[string]string{"Authorization": "Bearer " + in.AccessToken}
	for _, tt := range []struct {
		body    string
		status  int
		problem string
	}{
		{`{"current_password":"wrong","new_password":"` + better + `"}`, 403, "forbidden"},
		{`{"current_password":"` + good + `","new_password":"short"}`, 422, "validation"},
		{`{"current_password":"` + good + `","new_password":"passwordpassword"}`, 422, "validation"},
		{`{"current_password":"` + good + `"}`, 422, "validation"},
		{`{"new_password":"` + better + `"}`, 422, "validation"},
		{`{"current_password":"` + strings.Repeat("x", 200) + `","new_password":"` + better + `"}`, 422, "validation"},
	} {
		w.refuses(request{method: "POST", path: path, body: tt.body, header: header}, tt.status, tt.problem)
	}
	if a := w.as(in, "POST", path, `{"current_password":"`+good+`","new_password":"`+better+`"}`); a.status != 204 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	w.refuses(request{method: "POST", path: "/api/login", body: credential("ada@example.com", good)}, 401, "invalid_credentials")
	w.signIn("/api/login", credential("ada@example.com", better), 200)
	w.refuses(request{method: "POST", path: "/api/refresh", body: refreshBody(other.RefreshToken)}, 401, "refresh_invalid")
	w.read(w.refresh(in.RefreshToken), 200) // one's own sign-in goes on

	// With an access token whose sign-in has ended.
	last := w.signIn("/api/login", credential("ada@example.com", better), 200)
	w.post("/api/logout", refreshBody(last.RefreshToken))
	if a := w.as(last, "POST", path, `{"current_password":"`+better+`","new_password":"`+good+`"}`); a.status != 204 {
		t.Errorf("%d %s", a.status, a.body)
	}
	w.login("ada@example.com")
}

// TestConfirmationsCount: a wrong password counts towards the lockout wherever
// it is asked for.
func TestConfirmationsCount(t *testing.T) {
	w := newWorld(t, nil)
	in := w.register("ada@example.com")
	header := map[string]string{"Authorization": "Bearer " + in.AccessToken, "If-Match": `"1"`}
	tries := []request{
		{method: "DELETE", path: "/api/runners/me", body: `{"password":"wrong"}`, header: header},
		{method: "PATCH", path: "/api/runners/me", body: `{"email":"new@example.com","password":"wrong"}`, header: header},
		{method: "POST", path: "/api/runners/me/password", body: `{"current_password":"wrong","new_password":"` + better + `"}`, header: header},
	}
	for n := range 5 {
		w.refuses(tries[n%3], 403, "forbidden")
	}
	hashes := w.hashes.Load()
	for _, r := range tries {
		w.refuses(r, 429, "rate_limited")
	}
	w.refuses(request{method: "POST", path: "/api/login", body: credential("ada@example.com", good)}, 429, "rate_limited")
	if n := w.hashes.Load() - hashes; n != 0 {
		t.Errorf("%d hash operations while locked", n)
	}
}

func TestSignIns(t *testing.T) {
	w := newWorld(t, nil)
	in := w.register("ada@example.com")
	stranger := w.register("bob@example.com")
	for range 4 {
		w.wait(time.Minute)
		w.login("ada@example.com")
	}
	list := func(query string) accounts.SignIns {
		t.Helper()
		var out accounts.SignIns
		a := w.as(in, "GET", "/api/runners/me/sign_ins"+query, "")
		if a.status != 200 || json.Unmarshal([]byte(a.body), &out) != nil {
			t.Fatalf("%d %s", a.status, a.body)
		}
		return out
	}
	all := list("")
	if len(all.Items) != 5 || all.NextCursor != "" || !all.Items[4].Current || all.Items[0].Current {
		t.Fatalf("%+v", all)
	}
	var paged []accounts.SignIn
	for query := "?limit=2"; query != ""; {
		page := list(query)
		paged = append(paged, page.Items...)
		if query = ""; page.NextCursor != "" {
			query = "?limit=2&cursor=" + page.NextCursor
		}
	}
	if diff := cmp.Diff(all.Items, paged); diff != "" {
		t.Errorf("pages (-whole +paged):\n%s", diff)
	}
	header := map[string]string{"Authorization": "Bearer " + stranger.AccessToken}
	cursor := list("?limit=1").NextCursor
	w.refuses(request{method: "GET", path: "/api/runners/me/sign_ins?cursor=" + cursor, header: header}, 400, "invalid_cursor")
	w.refuses(request{method: "GET", path: "/api/runners/me/sign_ins?cursor=x", header: header}, 400, "invalid_cursor")
	for _, limit := range []string{"0", "101", "-1", "abc"} {
		w.refuses(request{method: "GET", path: "/api/runners/me/sign_ins?limit=" + limit, header: header}, 422, "validation")
	}

	unknown := "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b"
	foreign := w.refuses(request{method: "DELETE", path: "/api/runners/me/sign_ins/" + all.Items[0].ID, header: header}, 404, "not_found")
	for _, id := range []string{unknown, "..%2f", "x", strings.ToUpper(all.Items[0].ID), strings.Repeat("1", 300)} {
		a := w.refuses(request{method: "DELETE", path: "/api/runners/me/sign_ins/" + id, header: header}, 404, "not_found")
		cut := func(body string) string { before, _, _ := strings.Cut(body, `"instance"`); return before }
		if cut(a.body) != cut(foreign.body) {
			t.Errorf("%s: %s, another's: %s", id, a.body, foreign.body)
		}
	}
	if a := w.as(in, "DELETE", "/api/runners/me/sign_ins/"+all.Items[0].ID, ""); a.status != 204 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if left := list(""); len(left.Items) != 4 {
		t.Errorf("%d are left", len(left.Items))
	}
	w.post("/api/logout", `{"refresh_token":"`+in.RefreshToken+`","everywhere":true}`)
	if left := list(""); len(left.Items) != 0 {
		t.Errorf("%d are left after logout everywhere", len(left.Items))
	}
}

func TestExport(t *testing.T) {
	var broken error
	w := newWorld(t, func(_ *boot.Config, o *wiring.Options) {
		o.Parts = map[string]accounts.Part{
			"plans": func(_ context.Context, runner string, _ time.Time) (any, error) { return []string{runner}, nil },
			"sessions": func(context.Context, string, time.Time) (any, error) {
				return accounts.Items(func(yield func(any, error) bool) {
					_ = yield(1, nil) && yield("two", broken) && yield(3, nil)
				}), nil
			},
			"nothing": func(context.Context, string, time.Time) (any, error) {
				return accounts.Items(func(func(any, error) bool) {}), nil
			},
			"runner": func(context.Context, string, time.Time) (any, error) { return "not this", nil },
		}
	})
	in := w.register("ada@example.com")
	a := w.as(in, "GET", "/api/runners/me/export", "")
	var at accounts.Export
	if a.status != 200 || json.Unmarshal([]byte(a.body), &at) != nil || at.URL != "https://bucket.example/"+in.Runner.ID+"/stride-export.json" || !at.ExpiresAt.Equal(w.time().Add(5*time.Minute)) {
		t.Fatalf("%d %s", a.status, a.body)
	}
	var got struct {
		Format   string
		Version  int
		Runner   accounts.Runner
		SignIns  []accounts.SignIn `json:"sign_ins"`
		Plans    []string
		Sessions []any
		Nothing  []any
	}
	text := w.export.String()
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	if got.Format != "stride-export" || got.Version != 1 || got.Runner.ID != in.Runner.ID || len(got.SignIns) != 1 || len(got.Plans) != 1 || got.Plans[0] != in.Runner.ID {
		t.Errorf("%s", text)
	}
	if diff := cmp.Diff([]any{1.0, "two", 3.0}, got.Sessions); diff != "" || got.Nothing == nil {
		t.Errorf("%s", text)
	}
	if strings.Contains(text, "digest") || strings.Contains(text, "$2a$") {
		t.Errorf("%s", text)
	}
	broken = fault.New(fault.Unavailable, "Try again.")
	if a := w.as(in, "GET", "/api/runners/me/export", ""); a.status != 503 {
		t.Errorf("half an export: %d %s", a.status, a.body)
	}
}
