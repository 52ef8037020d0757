package accounts_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/accounts"
)

// wrong is a sign-in with a password that is none.
func wrong(email string) request {
	return request{method: "POST", path: "/api/login", body: credential(email, "not the right password")}
}

// setAttribute changes one attribute of a runner's item behind everybody's
// back.
func (w *world) setAttribute(runner, name string, value types.AttributeValue) {
	w.t.Helper()
	_, err := w.table.Look.UpdateItem(w.t.Context(), &dynamodb.UpdateItemInput{
		TableName:                 &w.table.Name,
		Key:                       map[string]types.AttributeValue{"PK": &types.AttributeValueMemberS{Value: "RUNNER#" + runner}, "SK": &types.AttributeValueMemberS{Value: "PROFILE"}},
		UpdateExpression:          new("SET #a = :v"),
		ExpressionAttributeNames:  map[string]string{"#a": name},
		ExpressionAttributeValues: map[string]types.AttributeValue{":v": value},
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// TestLoginRefusesAlike: S023, S024. Who is not let in learns nothing about
// why, and each costs one hash operation.
func TestLoginRefusesAlike(t *testing.T) {
	w := newWorld(t, nil)
	w.register("ada@example.com")
	deleted := w.register("gone@example.com")
	if a := w.as(deleted, "DELETE", "/api/runners/me", `{"password":"`+good+`"}`); a.status != 204 {
		t.Fatalf("delete: %d %s", a.status, a.body)
	}
	damaged := w.register("damaged@example.com")
	w.setAttribute(damaged.Runner.ID, "password_hash", &types.AttributeValueMemberS{Value: "v1:p1:$2a$damaged"})

	instance := regexp.MustCompile(`"instance":"[^"]*"`)
	var first answer
	for i, email := range []string{"ada@example.com", "nobody@example.com", "gone@example.com", "damaged@example.com"} {
		hashes := w.hashes.Load()
		a := w.refuses(wrong(email), 401, "invalid_credentials")
		if n := w.hashes.Load() - hashes; n != 1 {
			t.Errorf("%s costs %d hash operations, want 1", email, n)
		}
		a.body = instance.ReplaceAllString(a.body, "")
		a.header.Del("X-Request-Id")
		a.header.Del("Content-Length")
		if i == 0 {
			first = a
			continue
		}
		if diff := cmp.Diff(first.body, a.body) + cmp.Diff(first.header, a.header); diff != "" {
			t.Errorf("%s differs:\n%s", email, diff)
		}
	}
	// S029: the right password does not fit a damaged hash either, and we hear of it.
	w.refuses(request{method: "POST", path: "/api/login", body: credential("damaged@example.com", good)}, 401, "invalid_credentials")
	if !strings.Contains(w.log.String(), "password hash cannot be read") {
		t.Error("a damaged hash is not logged")
	}
}

func TestLoginRefuses(t *testing.T) {
	w := newWorld(t, nil)
	w.register("ada@example.com")
	hashes := w.hashes.Load()
	for _, tt := range []struct {
		id, body string
		status   int
		pointer  string
	}{
		{"S026", `{"email":"ada@example.com","password":1}`, 422, "/password"},
		{"S026", `{"email":"ada@example.com","password":null}`, 422, "/password"},
		{"S026", `{"email":"ada@example.com","password":["x"]}`, 422, "/password"},
		{"S026", `{"email":"ada@example.com","password":{"$ne":""}}`, 422, "/password"},
		{"S027", credential("ada@example.com", strings.Repeat("x", 200<<10)), 413, ""},
		{"S027", credential("ada@example.com", strings.Repeat("x", 513)), 422, "/password"},
		{"S027", credential("ada@example.com", strings.Repeat("x", 129)), 422, "/password"},
		{"S028", credential("' OR 1=1--", good), 422, "/email"},
		{"S028", credential("RUNNER#1", good), 422, "/email"},
		{"S028", credential("EMAIL#x", good), 422, "/email"},
		{"form", `{"email":"ada@example.com","password":"` + good + `","otp":1}`, 422, "/otp"},
	} {
		a := w.refuses(request{method: "POST", path: "/api/login", body: tt.body}, tt.status, "")
		if tt.pointer != "" && !strings.Contains(fmt.Sprint(a.pointers()), tt.pointer) {
			t.Errorf("%s points to %q, want %s", tt.id, a.pointers(), tt.pointer)
		}
	}
	if n := w.hashes.Load() - hashes; n != 0 {
		t.Errorf("%d hash operations", n)
	}
}

// TestLockout: S025, S031.
func TestLockout(t *testing.T) {
	for _, email := range []string{"ada@example.com", "nobody@example.com"} {
		t.Run(email, func(t *testing.T) {
			w := newWorld(t, nil)
			w.register("ada@example.com")
			for range 5 {
				w.refuses(wrong(email), 401, "invalid_credentials")
			}
			hashes := w.hashes.Load()
			a := w.refuses(wrong(email), 429, "rate_limited")
			if a.header.Get("Retry-After") == "" {
				t.Error("no Retry-After")
			}
			w.refuses(request{method: "POST", path: "/api/login", body: credential(email, good)}, 429, "rate_limited")
			if n := w.hashes.Load() - hashes; n != 0 {
				t.Errorf("%d hash operations while locked", n)
			}
			w.refuses(wrong("other@example.com"), 401, "invalid_credentials") // another pair
			w.wait(15 * time.Minute)
			w.refuses(wrong(email), 401, "invalid_credentials") // never for good
		})
	}
	w := newWorld(t, nil)
	w.register("ada@example.com")
	from := func(address, password string) int {
		return w.send(request{method: "POST", path: "/api/login", body: credential("ada@example.com", password), address: address}).status
	}
	for range 5 {
		from("203.0.113.7", "wrong")
		from("203.0.113.9", "wrong")
	}
	if got := from("203.0.113.8", good); got != 200 {
		t.Errorf("the right password from another address: %d", got)
	}
	if got := from("203.0.113.7", good); got != 429 {
		t.Errorf("another's success opens a locked pair: %d", got)
	}
	w.wait(15 * time.Minute)
	for round := range 3 {
		for range 4 {
			from("203.0.113.7", "wrong")
		}
		if got := from("203.0.113.7", good); got != 200 {
			t.Errorf("round %d: %d; success does not reset the count", round, got)
		}
	}
}

// TestAddressLimit: one address that tries many accounts.
func TestAddressLimit(t *testing.T) {
	w := newWorld(t, nil)
	for i := range 50 {
		if a := w.send(wrong(fmt.Sprintf("n%d@example.com", i))); a.status != 401 {
			t.Fatalf("try %d: %d %s", i, a.status, a.body)
		}
	}
	w.refuses(wrong("n50@example.com"), 429, "rate_limited")
	for _, line := range w.table.Dump(t) {
		if strings.Contains(line, "example.com") {
			t.Errorf("a limit names an address: %s", line)
		}
	}
}

// TestManyAddresses: an account that many addresses try is slowed down and not
// locked.
func TestManyAddresses(t *testing.T) {
	w := newWorld(t, nil)
	w.register("ada@example.com")
	for i := range 100 {
		r := wrong("ada@example.com")
		r.address = address(i)
		if a := w.send(r); a.status != 401 {
			t.Fatalf("try %d: %d %s", i, a.status, a.body)
		}
	}
	try := func(i int) answer {
		return w.send(request{method: "POST", path: "/api/login", body: credential("ada@example.com", good), address: address(200 + i)})
	}
	if a := try(0); a.status != 200 {
		t.Errorf("the owner: %d %s", a.status, a.body)
	}
	a := try(1)
	if a.status != 429 || a.header.Get("Retry-After") != "5" {
		t.Errorf("at once again: %d, Retry-After %q", a.status, a.header.Get("Retry-After"))
	}
	w.wait(5 * time.Second)
	if a := try(2); a.status != 200 {
		t.Errorf("5 s later: %d %s", a.status, a.body)
	}
}

// TestLockoutRace: R-07.
func TestLockoutRace(t *testing.T) {
	w := newWorld(t, nil)
	w.register("ada@example.com")
	hashes := w.hashes.Load()
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() { w.send(wrong("ada@example.com")) })
	}
	all.Wait()
	if n := w.hashes.Load() - hashes; n > 5 {
		t.Errorf("%d hash operations, want 5 at most", n)
	}
}

// TestLimitsOff: the switch for load tests.
func TestLimitsOff(t *testing.T) {
	w := newWorld(t, func(c *boot.Config, _ *accounts.Options) { c.RateLimitsOff = true })
	w.register("ada@example.com")
	for range 12 {
		w.refuses(wrong("ada@example.com"), 401, "invalid_credentials")
	}
	w.login("ada@example.com")
	if n := count(w.table.Dump(t), "LIMIT#"); n != 0 {
		t.Errorf("%d items of limits", n)
	}
}

// TestUnknownPepper: S030.
func TestUnknownPepper(t *testing.T) {
	w := newWorld(t, nil)
	in := w.register("ada@example.com")
	w.setAttribute(in.Runner.ID, "password_hash", &types.AttributeValueMemberS{Value: "v1:p99:$2a$04$" + strings.Repeat("a", 53)})
	a := w.refuses(request{method: "POST", path: "/api/login", body: credential("ada@example.com", good)}, 503, "unavailable")
	if a.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}

// TestCookie: S032.
func TestCookie(t *testing.T) {
	w := newWorld(t, nil)
	w.register("ada@example.com")
	a := w.post("/api/login", `{"email":"ada@example.com","password":"`+good+`","refresh_token_in":"cookie"}`)
	in := w.read(a, 200)
	if in.RefreshToken != "" || a.cookie() == "" || a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%+v, %v", in, a.header)
	}
	c := (&http.Response{Header: a.header}).Cookies()[0]
	if c.Name != "__Host-refresh" || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.Domain != "" {
		t.Errorf("cookie %v", c)
	}
}

// TestRehash: a sign-in stores the password under the present cost.
func TestRehash(t *testing.T) {
	w := newWorld(t, nil)
	in := w.register("ada@example.com")
	w.b.Config.BcryptCost = 5
	w.wire(w.b, accounts.Options{Now: w.time})
	w.login("ada@example.com")
	dump := strings.Join(w.table.Dump(t), "\n")
	if !strings.Contains(dump, "$2a$05$") || strings.Contains(dump, "$2a$04$") {
		t.Error("the hash is not new")
	}
	again := w.login("ada@example.com")
	if a := w.refresh(in.RefreshToken); a.status != 200 {
		t.Errorf("a new hash ends sign-ins: %d %s", a.status, a.body)
	}
	if again.Runner.ID != in.Runner.ID {
		t.Error("another runner")
	}
}

// TestProductionRefusesCheapHashes: SD5.
func TestProductionRefusesCheapHashes(t *testing.T) {
	w := newWorld(t, nil)
	for _, stage := range []boot.Stage{boot.Production, "staging"} {
		for cost, ok := range map[int]bool{4: false, 9: false, 10: true, 0: true, 17: false} {
			w.b.Config.Stage, w.b.Config.BcryptCost = stage, cost
			if _, err := accounts.New(w.b, accounts.Options{}); (err == nil) != ok {
				t.Errorf("cost %d in stage %s: %v", cost, stage, err)
			}
		}
	}
}
