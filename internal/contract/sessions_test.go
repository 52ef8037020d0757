package contract

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stride-run/stride/internal/fittest"
	"github.com/stride-run/stride/internal/route"
)

// fitFile is a run of so many metres on a day of September.
func fitFile(day, metres int) string {
	start := time.Date(2026, 9, day, 6, 0, 0, 0, time.UTC)
	return string(fittest.File(fittest.Run{Start: start, Metres: metres, Pace: 300, HeartRate: 150, Serial: 7}))
}

// announce is the request for an import of files.
func announce(files ...string) string {
	all := make([]string, len(files))
	for i, content := range files {
		sum := sha256.Sum256([]byte(content))
		all[i] = fmt.Sprintf(`{"name":"run-%d.fit","size":%d,"sha256":%q}`, i, len(content), hex.EncodeToString(sum[:]))
	}
	return `{"files":[` + strings.Join(all, ",") + `]}`
}

// put sends a file to the address that an import has given for it.
func put(t *testing.T, url string, headers map[string]string, content string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, url, strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.StatusCode
}

// TestSessionsConform gets every answer that the routes of imports, sessions
// and bests are said to give, from a server that really keeps files.
func TestSessionsConform(t *testing.T) {
	doc, url, seen := load(t), start(t, false), seen{}
	signedIn := signUp(t, url)
	k := asker{doc, url, seen, signedIn}
	ask := func(status int, method, path, body string, headers ...string) answer {
		t.Helper()
		return k.ask(t, status, method, path, body, headers...)
	}
	file := func(status int, content string) answer {
		t.Helper()
		return ask(status, "POST", "/api/sessions?file_name=run.fit", content, "Content-Type", "application/vnd.ant.fit")
	}
	const id = "01990000-0000-7000-8000-000000000042"
	ask(200, "GET", "/api/personal_bests", "")
	ask(200, "PATCH", "/api/runners/me", `{"birth_year":1986}`, "If-Match", tagOf(t, url, signedIn, "/api/runners/me"))

	first := file(201, fitFile(1, 5020))
	session := first.header.Get("Location")
	file(200, fitFile(1, 5020))
	file(201, fitFile(2, 1200))
	for _, bad := range []string{"no recording", string(fittest.Settings()), fitFile(3, 1000)[:40], "\x1f\x8bxx"} {
		file(422, bad)
	}
	ask(415, "POST", "/api/sessions", "{}")
	file(413, strings.Repeat("x", 4<<20+1))
	ask(200, "GET", "/api/sessions", "")
	ask(200, "GET", "/api/sessions?limit=1&from=2026-09-01&to=2026-09-30", "")
	ask(400, "GET", "/api/sessions?cursor=x", "")
	ask(422, "GET", "/api/sessions?from=x&limit=0", "")
	ask(200, "GET", session, "")
	ask(200, "GET", session+"/streams?points=50", "")
	ask(422, "GET", session+"/streams?points=1", "")
	plain(t, ask(307, "GET", session+"/original", "").header.Get("Location"), fitFile(1, 5020))
	ask(200, "PATCH", session, `{"name":"Morning","note":"wet","counts_for_bests":true}`, "If-Match", `"1"`)
	ask(412, "PATCH", session, `{"name":"x"}`, "If-Match", `"1"`)
	ask(428, "PATCH", session, `{"name":"x"}`)
	ask(412, "DELETE", session, "", "If-Match", `"1"`)
	ask(200, "GET", "/api/personal_bests", "")
	result := `{"distance_m":10000,"time":"41:30","date":"2026-10-01","name":"City run"}`
	var entered struct{ Result struct{ ID string } }
	if err := json.Unmarshal(ask(201, "POST", "/api/personal_bests", result).body, &entered); err != nil {
		t.Fatal(err)
	}
	ask(200, "GET", "/api/personal_bests", "")
	ask(204, "DELETE", "/api/personal_bests/"+entered.Result.ID, "")
	ask(404, "DELETE", "/api/personal_bests/"+entered.Result.ID, "")
	for n := range 200 {
		ask(201, "POST", "/api/personal_bests", strings.Replace(result, "41:30", fmt.Sprintf("%d:%02d", 41+n/60, n%60), 1))
	}
	ask(409, "POST", "/api/personal_bests", strings.Replace(result, "41:30", "59:59", 1))

	imported(t, ask, fitFile(1, 5020), fitFile(4, 3000), "no recording at all", string(fittest.Settings()))
	many := make([]string, 50) // in a hundred imports there is no room for on a day
	for i := range many {
		many[i] = strconv.Itoa(i)
	}
	for range 99 {
		if a := send(t, url, "POST", "/api/imports", announce(many...), signedIn); a.status != 201 {
			t.Fatalf("%d %.300s", a.status, a.body)
		}
	}
	ask(409, "POST", "/api/imports", announce(many...))

	for _, r := range [][2]string{{"POST", "/api/imports"}, {"PATCH", session}, {"POST", "/api/personal_bests"}} {
		ask(400, r[0], r[1], `{"a":`)
		ask(413, r[0], r[1], `"`+strings.Repeat("a", 1<<16)+`"`)
		ask(415, r[0], r[1], "a=b", "Content-Type", "text/plain")
		ask(422, r[0], r[1], `{"extra":1}`)
	}
	for _, r := range route.Routes {
		if !slices.Contains([]string{"imports", "sessions", "personal_bests"}, r.Function) {
			continue
		}
		path := strings.NewReplacer("{session_id}", id, "{import_id}", id, "{result_id}", id).Replace(r.Path)
		ask(401, r.Method, path, "", "Authorization", "")
		if path != r.Path {
			ask(404, r.Method, path, map[string]string{"PATCH": "{}"}[r.Method])
		}
	}
	ask(204, "DELETE", session, "")

	for _, r := range route.Routes {
		if !slices.Contains([]string{"imports", "sessions", "personal_bests"}, r.Function) {
			continue
		}
		for status := range responses(t, doc, r.Key()) {
			if status < "500" && !seen[r.Key()][status] && !unseen[r.Key()+" "+status] {
				t.Errorf("%s never answered %s, which openapi.yaml lists", r.Key(), status)
			}
		}
	}
}

// unseen are answers that no request gets for certain.
var unseen = map[string]bool{
	"POST /api/imports 404":  true, // the account was deleted between request and replay
	"POST /api/sessions 409": true, // the 1 GiB of a runner is full
}

// imported takes an import of four files to its end: one that is there, one
// that is new, one that is no recording, and one of settings.
func imported(t *testing.T, ask func(status int, method, path, body string, headers ...string) answer, files ...string) {
	t.Helper()
	type batch struct {
		ID, Status string
		Files      []struct {
			Verdict, Reason, URL string
			Headers              map[string]string
		}
	}
	read := func(a answer) (b batch) {
		t.Helper()
		if err := json.Unmarshal(a.body, &b); err != nil {
			t.Fatal(err)
		}
		return b
	}
	begun := read(ask(201, "POST", "/api/imports", announce(files...), "Idempotency-Key", "k"))
	ask(201, "POST", "/api/imports", announce(files...), "Idempotency-Key", "k")
	ask(422, "POST", "/api/imports", announce(files[0]), "Idempotency-Key", "k")
	at := "/api/imports/" + begun.ID
	ask(200, "GET", at, "")
	begun = read(ask(200, "POST", at+"/urls", ""))
	for n, f := range begun.Files {
		if n == 0 {
			continue
		}
		if got := put(t, f.URL, f.Headers, strings.ToUpper(files[n])+"x"); got < 400 {
			t.Errorf("other bytes than announced: %d", got)
		}
		if got := put(t, f.URL, f.Headers, files[n]); got != 200 {
			t.Fatalf("file %d: %d", n, got)
		}
		if got := put(t, f.URL, f.Headers, files[n]); got != http.StatusPreconditionFailed && got != http.StatusOK && got != http.StatusForbidden {
			t.Errorf("once more: %d", got)
		}
	}
	for read(ask(200, "GET", at, "")).Status != "done" {
		select {
		case <-t.Context().Done():
			t.Fatal("the import does not end")
		case <-time.After(50 * time.Millisecond):
		}
	}
	var got []string
	for _, f := range read(ask(200, "GET", at, "")).Files {
		got = append(got, strings.TrimSpace(f.Verdict+" "+f.Reason))
	}
	if want := "duplicate, imported, failed not_fit, skipped no_activity"; strings.Join(got, ", ") != want {
		t.Errorf("%q, want %s", got, want)
	}
}

// tagOf is the ETag of what is at a path.
func tagOf(t *testing.T, url string, h http.Header, path string) string {
	t.Helper()
	return send(t, url, "GET", path, "", h).header.Get("ETag")
}

// plain fetches an address without anything that says who asks.
func plain(t *testing.T, url, want string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var got bytes.Buffer
	if _, err := got.ReadFrom(response.Body); err != nil || response.StatusCode != 200 || got.String() != want {
		t.Errorf("the original: %d, %d bytes, %v", response.StatusCode, got.Len(), err)
	}
	if disposition := response.Header.Get("Content-Disposition"); !strings.Contains(disposition, "run.fit") {
		t.Errorf("disposition %q", disposition)
	}
}
