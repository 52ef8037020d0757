package accounts_test

import (
	"flag"
	"fmt"
	"testing"

	"github.com/stride-run/stride/internal/boot/accounts"
	"github.com/stride-run/stride/internal/storetest"
)

var update = flag.Bool("update", false, "write the measured costs into docs/table.md")

// TestCosts measures what every request costs, counts of limits included, and
// holds it against the budgets and against docs/table.md, which lists it.
func TestCosts(t *testing.T) {
	m := &storetest.Meter{}
	w := newWorld(t, nil)
	w.b.Store = w.table.Store().Metered(m.Count)
	w.wire(w.b, accounts.Options{Now: w.time})
	costs := storetest.NewCosts("accounts", "keys")
	measure := func(what, keys string, read, write float64, status int, send func() answer) answer {
		t.Helper()
		m.Reset()
		a := send()
		if a.status != status {
			t.Fatalf("%s = %d %s, want %d", what, a.status, a.body, status)
		}
		if m.Read > read || m.Write > write {
			t.Errorf("%s: %v RRU, %v WRU; the budget is %v, %v", what, m.Read, m.Write, read, write)
		}
		costs.Add(what, keys, m)
		return a
	}

	const ada = "ada@example.com"
	in := w.read(measure("Register", "`LIMIT#register#<address>` counted; `EMAIL#` `PROFILE` `TOKEN#` put", 0, 8, 201,
		func() answer { return w.post("/api/register", credential(ada, good)) }), 201)
	measure("Register an address that is taken", "the same, refused", 0, 8, 409,
		func() answer { return w.post("/api/register", credential(ada, good)) })
	measure("Sign in", "`LIMIT#login#<address>` counted; `LIMIT#failed#<digest>` `EMAIL#` `PROFILE` read; the count reset; `PROFILE` checked, `TOKEN#` put", 2, 6, 200,
		func() answer { return w.post("/api/login", credential(ada, good)) })
	measure("Sign in with a wrong password", "counted and read as above; `LIMIT#failed#<digest>` counted", 2, 2, 401,
		func() answer { return w.send(wrong(ada)) })
	measure("Sign in with an unknown address", "the same; `EMAIL#` read again as it is now, in place of `PROFILE`", 2, 2, 401,
		func() answer { return w.send(wrong("nobody@example.com")) })
	measure("Refresh", "`TOKEN#` `PROFILE` read; `PROFILE` checked, `TOKEN#` updated", 2, 4, 200,
		func() answer { return w.refresh(in.RefreshToken) })
	measure("Refresh again within 10 s", "`TOKEN#` `PROFILE` read", 2, 0, 200,
		func() answer { return w.refresh(in.RefreshToken) })
	measure("Read the profile", "`PROFILE` read", 1, 0, 200,
		func() answer { return w.as(in, "GET", "/api/runners/me", "") })
	measure("Change the profile", "`PROFILE` read, updated", 1, 2, 200,
		func() answer { return w.change(in, `"1"`, `{"first_name":"Ada"}`) })
	measure("Change the e-mail address", "as *sign in* up to the reset; `PROFILE` updated, `EMAIL#` put and deleted", 2, 8, 200,
		func() answer { return w.change(in, `"2"`, `{"email":"a@example.com","password":"`+good+`"}`) })
	measure("Change the password", "as *sign in* up to the reset; `PROFILE` `TOKEN#` updated", 2, 6, 204, func() answer {
		return w.as(in, "POST", "/api/runners/me/password", `{"current_password":"`+good+`","new_password":"`+better+`"}`)
	})
	measure("List sign-ins", "`PROFILE`; backwards through `TOKEN#…`", 2, 0, 200,
		func() answer { return w.as(in, "GET", "/api/runners/me/sign_ins", "") })
	measure("Sign out", "`TOKEN#` `PROFILE` read; `TOKEN#` deleted", 2, 1, 204,
		func() answer { return w.post("/api/logout", refreshBody(in.RefreshToken)) })
	last := w.read(w.post("/api/login", credential("a@example.com", better)), 200)
	measure("Sign out everywhere", "`TOKEN#` `PROFILE` read; `PROFILE` updated", 2, 1, 204,
		func() answer {
			return w.post("/api/logout", `{"everywhere":true,"refresh_token":"`+last.RefreshToken+`"}`)
		})
	measure("Delete an account that has two sign-ins left", "as *sign in* up to the reset; `PROFILE` marked, `EMAIL#` deleted; the sweep: `PROFILE` and the whole partition read, every item deleted", 5, 12, 204,
		func() answer { return w.as(in, "DELETE", "/api/runners/me", `{"password":"`+better+`"}`) })

	for i := range 48 { // as many names as one window's item can hold
		w.send(wrong(fmt.Sprintf("n%d@example.com", i)))
	}
	m.Reset()
	if w.send(wrong("n0@example.com")); m.Write > 2 {
		t.Errorf("a try at the end of a full window costs %v WRU", m.Write)
	}
	costs.Compare(t, "../../..", *update)
}
