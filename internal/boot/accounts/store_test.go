package accounts_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stride-run/stride/internal/account"
	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/accounts"
	"github.com/stride-run/stride/internal/storetest"
	"github.com/stride-run/stride/internal/token"
)

// TestLostReplies: R-02 in small. Whatever a single fault does to any call of
// a request, what was acknowledged is there, and what was not is whole or not
// there at all.
func TestLostReplies(t *testing.T) {
	faults := map[string]storetest.Fault{
		"refused": storetest.Refused, "lost reply": storetest.LostReply, "reset": storetest.Reset, "truncated": storetest.Truncated,
		"500": storetest.ServerError, "throttled": storetest.Throttled, "conflict": storetest.Conflict,
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // most of the time goes into waiting before a call is repeated
			w := newWorld(t, func(c *boot.Config, _ *accounts.Options) { c.RateLimitsOff = true })
			for n := 1; n <= 5; n++ {
				email := fmt.Sprintf("r%d-%s@example.com", n, strings.ReplaceAll(name, " ", "-"))
				try := func(what string, send func() answer) answer {
					w.table.Faults.Set(func(c storetest.Call) storetest.Fault {
						isRead := c.Operation == "GetItem" || c.Operation == "Query"
						if c.N != n || isRead && fault == storetest.Conflict { // reads never clash
							return storetest.None
						}
						return fault
					})
					a := send()
					w.table.Faults.Set(nil)
					if a.status >= 400 {
						t.Errorf("%s with %s at call %d: %d %s", what, name, n, a.status, a.body)
					}
					return a
				}
				in := w.read(try("register", func() answer { return w.post("/api/register", credential(email, good)) }), 201)
				try("login", func() answer { return w.post("/api/login", credential(email, good)) })
				next := w.read(try("refresh", func() answer { return w.refresh(in.RefreshToken) }), 200)
				try("change", func() answer { return w.change(in, `"1"`, `{"first_name":"Ada"}`) })
				try("password", func() answer {
					return w.as(in, "POST", "/api/runners/me/password", `{"current_password":"`+good+`","new_password":"`+better+`"}`)
				})
				w.read(w.refresh(next.RefreshToken), 200)
				try("delete", func() answer { return w.as(in, "DELETE", "/api/runners/me", `{"password":"`+better+`"}`) })
			}
			if left := w.table.Dump(t); len(left) != 0 {
				t.Errorf("%d items are left:\n%s", len(left), strings.Join(left, "\n"))
			}
		})
	}
}

// TestStoreDown: R-13.
func TestStoreDown(t *testing.T) {
	w := newWorld(t, nil)
	in := w.register("ada@example.com")
	w.table.Faults.Set(storetest.Always(storetest.Refused))
	for name, send := range map[string]func() answer{
		"register": func() answer { return w.post("/api/register", credential("b@example.com", good)) },
		"login":    func() answer { return w.post("/api/login", credential("ada@example.com", good)) },
		"refresh":  func() answer { return w.refresh(in.RefreshToken) },
		"logout":   func() answer { return w.post("/api/logout", refreshBody(in.RefreshToken)) },
		"me":       func() answer { return w.as(in, "GET", "/api/runners/me", "") },
	} {
		start := time.Now()
		a := send()
		if took := time.Since(start); a.status != 503 || a.header.Get("Retry-After") == "" || took > 4*time.Second {
			t.Errorf("%s: %d %s after %v", name, a.status, a.body, took)
		}
	}
	w.table.Faults.Set(nil)
	w.read(w.refresh(in.RefreshToken), 200)
}

// TestOlderProgram: what a newer program has added stays, and does not
// disturb.
func TestOlderProgram(t *testing.T) {
	w := newWorld(t, nil)
	in := w.register("ada@example.com")
	w.setAttribute(in.Runner.ID, "added_later", attribute("kept"))
	w.setAttribute(in.Runner.ID, "v", attribute("2"))
	if a := w.change(in, `"1"`, `{"first_name":"Ada"}`); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	w.login("ada@example.com")
	if !strings.Contains(strings.Join(w.table.Dump(t), "\n"), `"added_later":"kept"`) {
		t.Error("the attribute is lost")
	}
}

// TestItemsAreMarked: every item says what it is.
func TestItemsAreMarked(t *testing.T) {
	w := newWorld(t, nil)
	w.register("ada@example.com")
	w.send(wrong("ada@example.com"))
	for _, line := range w.table.Dump(t) {
		if !strings.Contains(line, `"entity":`) || !strings.Contains(line, `"v":1`) {
			t.Errorf("unmarked: %s", line)
		}
	}
}

func TestLifetimesAgree(t *testing.T) {
	if account.AccessLifetime != token.Lifetime {
		t.Errorf("tokens live for %v, and clients are told %v", token.Lifetime, account.AccessLifetime)
	}
}

// TestExportSchema holds an export against its description.
func TestExportSchema(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "export.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Properties map[string]any
		Required   []string
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, nil)
	in := w.register("ada@example.com")
	var got map[string]any
	w.as(in, "GET", "/api/runners/me/export", "")
	if err := json.Unmarshal(w.export.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	for _, name := range schema.Required {
		if got[name] == nil && !slices.Contains([]string{"personal_bests", "plans", "sessions"}, name) { // parts, which this world lacks
			t.Errorf("%s is missing", name)
		}
	}
	for name := range got {
		if schema.Properties[name] == nil {
			t.Errorf("%s is not described", name)
		}
	}
}
