package api_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stride-run/stride/internal/api"
)

func TestLimiter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := api.NewLimiter(60, time.Minute, nil)
		a, b := netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("192.0.2.2/32")
		pass := func(caller netip.Prefix, want time.Duration) {
			t.Helper()
			if got := l.Pass(caller); got != want {
				t.Fatalf("Pass(%v) = %v, want %v", caller, got, want)
			}
		}
		for range 30 {
			pass(a, 0)
		}
		time.Sleep(45 * time.Second)
		for range 30 {
			pass(a, 0)
		}
		pass(a, 15*time.Second) // the 61st within the minute
		pass(b, 0)
		time.Sleep(14 * time.Second)
		pass(a, time.Second)
		time.Sleep(time.Second)
		for range 30 { // the first 30 are a minute old
			pass(a, 0)
		}
		pass(a, 45*time.Second)
		time.Sleep(time.Hour)
		for range 60 {
			pass(a, 0)
		}
		pass(a, time.Minute)
	})
}

func TestLimiterForgetsUnderAFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := api.NewLimiter(1, time.Minute, nil)
		loyal := netip.MustParsePrefix("192.0.2.1/32")
		l.Pass(loyal)
		for i := range 100_000 {
			other := netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), 32)
			if wait := l.Pass(other); wait > 0 {
				t.Fatalf("caller %d waits %v", i, wait)
			}
			if i%1000 == 0 && l.Pass(loyal) == 0 {
				t.Fatalf("after %d others the first caller is forgotten though it keeps asking", i)
			}
		}
	})
}

func TestLimitAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ok := answer(api.Response{}, nil)
		h := api.Edge{}.Serve(api.NewLimiter(2, time.Minute, nil).Limit(ok))
		ask := func(address, forwarded string, status int, retry string) {
			t.Helper()
			r := httptest.NewRequest("POST", "/", nil)
			r.RemoteAddr = address
			r.Header.Set("X-Forwarded-For", forwarded)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != status || w.Header().Get("Retry-After") != retry {
				t.Errorf("%s: %d, Retry-After %q, want %d, %q", address, w.Code, w.Header().Get("Retry-After"), status, retry)
			}
		}
		ask("192.0.2.1:1000", "", 200, "")
		time.Sleep(500 * time.Millisecond)
		ask("192.0.2.1:2000", "", 200, "")
		ask("192.0.2.1:1000", "198.51.100.1", 429, "60") // rounded up, and a header is no way out
		ask("192.0.2.2:1000", "", 200, "")

		off := api.Edge{}.Serve((*api.Limiter)(nil).Limit(ok))
		for i := range 100 {
			w := httptest.NewRecorder()
			if off.ServeHTTP(w, httptest.NewRequest("POST", "/", nil)); w.Code != 200 {
				t.Fatalf("request %d without a limiter: %d", i, w.Code)
			}
		}
	})
}

func TestClientAddress(t *testing.T) {
	for _, tt := range []struct{ remote, want string }{
		{"192.0.2.1:1234", "192.0.2.1/32"},
		{"192.0.2.1", "192.0.2.1/32"},
		{"[::ffff:192.0.2.1]:80", "192.0.2.1/32"},
		{"[2001:db8:1:2:3:4:5:6]:80", "2001:db8:1:2::/64"},
		{"2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"},
		{"[fe80::1%eth0]:80", "fe80::/64"},
		{"", "invalid Prefix"},
		{"@", "invalid Prefix"},
	} {
		if got := fmt.Sprint(api.ClientAddress(&http.Request{RemoteAddr: tt.remote})); got != tt.want {
			t.Errorf("ClientAddress(%q) = %s, want %s", tt.remote, got, tt.want)
		}
	}
}
