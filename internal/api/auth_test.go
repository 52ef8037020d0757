package api_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/route"
)

const (
	anID      = "0190a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b"
	anotherID = "0190a1b2-c3d4-7e5f-9a6b-7c8d9e0f1a2c"
)

// verifier knows one token.
func verifier(_ context.Context, token string, _ time.Time) (map[string]string, error) {
	if token != "good" {
		return nil, fault.Denied
	}
	return map[string]string{"sub": anID, "sid": anotherID}, nil
}

func TestCaller(t *testing.T) {
	for _, tt := range []struct {
		name    string
		call    api.CallInfo
		headers []string // Authorization
		want    api.Caller
	}{
		{"the gateway's claims", api.CallInfo{Claims: map[string]string{"sub": anID, "sid": anotherID}}, nil, api.Caller{Runner: anID, SignIn: anotherID}},
		{"claims go before the header", api.CallInfo{Claims: map[string]string{"sub": anotherID}, Unverified: true}, []string{"Bearer good"}, api.Caller{Runner: anotherID}},
		{"no authorizer, a good token", api.CallInfo{Unverified: true}, []string{"Bearer good"}, api.Caller{Runner: anID, SignIn: anotherID}},
		{"scheme in lower case", api.CallInfo{Unverified: true}, []string{"bearer good"}, api.Caller{Runner: anID, SignIn: anotherID}},
		{"no authorizer, no token", api.CallInfo{Unverified: true}, nil, api.Caller{}},
		{"no authorizer, a bad token", api.CallInfo{Unverified: true}, []string{"Bearer bad"}, api.Caller{}},
		{"no authorizer, empty token", api.CallInfo{Unverified: true}, []string{"Bearer "}, api.Caller{}},
		{"no authorizer, no scheme", api.CallInfo{Unverified: true}, []string{"good"}, api.Caller{}},
		{"no authorizer, basic", api.CallInfo{Unverified: true}, []string{"Basic good"}, api.Caller{}},
		{"no authorizer, two headers", api.CallInfo{Unverified: true}, []string{"Bearer good", "Bearer good"}, api.Caller{}},
		{"no authorizer, two headers joined", api.CallInfo{Unverified: true}, []string{"Bearer good,Bearer good"}, api.Caller{}},
		{"another kind of authorizer", api.CallInfo{}, []string{"Bearer good"}, api.Caller{}},
		{"empty claims", api.CallInfo{Claims: map[string]string{}}, []string{"Bearer good"}, api.Caller{}},
		{"empty claims, no authorizer", api.CallInfo{Claims: map[string]string{}, Unverified: true}, []string{"Bearer good"}, api.Caller{}},
		{"sub that is a key", api.CallInfo{Claims: map[string]string{"sub": "RUNNER#" + anID}}, nil, api.Caller{}},
		{"sub in capitals", api.CallInfo{Claims: map[string]string{"sub": "0190A1B2-C3D4-7E5F-8A6B-7C8D9E0F1A2B"}}, nil, api.Caller{}},
		{"sub of version 4", api.CallInfo{Claims: map[string]string{"sub": "0190a1b2-c3d4-4e5f-8a6b-7c8d9e0f1a2b"}}, nil, api.Caller{}},
		{"sid that is no id", api.CallInfo{Claims: map[string]string{"sub": anID, "sid": "x"}}, nil, api.Caller{}},
		{"no call at all", api.CallInfo{}, nil, api.Caller{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "/api/plans", nil)
			r = r.WithContext(api.WithCall(r.Context(), tt.call))
			r.Header["Authorization"] = tt.headers
			got, err := api.Verifier(verifier).Caller(r, time.Now())
			if got != tt.want || errors.Is(err, fault.Denied) != (tt.want == api.Caller{}) {
				t.Errorf("Caller = %+v, %v, want %+v", got, err, tt.want)
			}
		})
	}
	r := httptest.NewRequest("GET", "/api/plans", nil)
	r = r.WithContext(api.WithCall(r.Context(), api.CallInfo{Unverified: true}))
	r.Header.Set("Authorization", "Bearer good")
	if _, err := api.Verifier(nil).Caller(r, time.Now()); !errors.Is(err, fault.Denied) {
		t.Errorf("without a verifier: %v", err)
	}
}

func TestOrigins(t *testing.T) {
	allowed := []string{"https://app.example"}
	by := map[string]string{"127.0.0.1:8080": "http", "stride.example": "https", "odd.example": "ftp"}
	for _, tt := range []struct {
		own, host string
		origins   []string
		ok        bool
	}{
		{"", "127.0.0.1:8080", []string{"http://127.0.0.1:8080"}, true},
		{"", "127.0.0.1:8080", []string{"https://127.0.0.1:8080"}, false},
		{"", "stride.example", []string{"https://stride.example"}, true},
		{"", "stride.example", []string{"http://stride.example"}, false},
		{"", "unknown.example", []string{"https://unknown.example"}, false},
		{"", "unknown.example", []string{"http://unknown.example"}, false},
		{"", "unknown.example", []string{"://unknown.example"}, false},
		{"", "odd.example", []string{"ftp://odd.example"}, false},
		{"", "stride.example", []string{"https://app.example"}, true},
		{"https://stride.example", "api.internal", []string{"https://stride.example"}, true},
		{"https://stride.example", "api.internal", []string{"https://api.internal"}, false},
		{"https://stride.example", "api.internal", []string{"https://stride.example.evil.com"}, false},
		{"https://stride.example", "api.internal", []string{"https://stride.example:8443"}, false},
		{"", "stride.example", nil, false},
		{"", "stride.example", []string{""}, false},
		{"", "stride.example", []string{"null"}, false},
		{"", "stride.example", []string{"https://evil.example"}, false},
		{"", "stride.example", []string{"https://app.example.evil.com"}, false},
		{"", "stride.example", []string{"http://app.example"}, false},
		{"", "stride.example", []string{"https://app.example", "https://app.example"}, false},
		{"", "stride.example", []string{"https://stride.example:8443"}, false},
		{"", "", []string{"https://"}, false},
	} {
		r := httptest.NewRequest("POST", "/api/refresh", nil)
		r.Host = tt.host
		if came := by[tt.host]; came != "" {
			r.Header.Set("X-Forwarded-Proto", came)
		}
		r.Header["Origin"] = tt.origins
		if err := (api.Origins{Own: tt.own, Allowed: allowed}).Check(r); (err == nil) != tt.ok || err != nil && !errors.Is(err, fault.Forbidden) {
			t.Errorf("own %q, host %q, origins %q: %v", tt.own, tt.host, tt.origins, err)
		}
	}
}

func TestBehindCDN(t *testing.T) {
	const socket = "192.0.2.1:1234"
	for _, tt := range []struct {
		name, secret, shown, client, host string
		wantAddr, wantHost                string // "": refused
	}{
		{"the distribution", "s3cret", "s3cret", "203.0.113.7", "stride.example", "203.0.113.7:0", "stride.example"},
		{"the distribution, IPv6", "s3cret", "s3cret", "2001:db8::7", "stride.example", "[2001:db8::7]:0", "stride.example"},
		{"there is none", "", "", "203.0.113.7", "evil.example", socket, "api.example"},
		{"a guess where there is none", "", "s3cret", "203.0.113.7", "evil.example", socket, "api.example"},
		{"a wrong secret", "s3cret", "guess", "203.0.113.7", "stride.example", "", ""},
		{"no secret shown", "s3cret", "", "203.0.113.7", "stride.example", "", ""},
		{"no address", "s3cret", "s3cret", "", "stride.example", "", ""},
		{"no address that can be read", "s3cret", "s3cret", "nonsense", "stride.example", "", ""},
		{"no host", "s3cret", "s3cret", "203.0.113.7", "", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var addr, host string
			h := api.BehindCDN(tt.secret, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				addr, host = r.RemoteAddr, r.Host
				for name := range r.Header {
					if strings.HasPrefix(name, "X-Stride-") {
						t.Errorf("%s goes on", name)
					}
				}
			}))
			r := httptest.NewRequest("POST", "https://api.example/api/login", nil)
			r.RemoteAddr = socket
			r.Header.Set(route.OriginHeader, tt.shown)
			r.Header.Set(route.ClientHeader, tt.client)
			r.Header.Set(route.HostHeader, tt.host)
			r.Header.Set("X-Forwarded-For", "198.51.100.1")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if addr != tt.wantAddr || host != tt.wantHost {
				t.Errorf("address %q, host %q, want %q, %q", addr, host, tt.wantAddr, tt.wantHost)
			}
			if refused := w.Code == http.StatusForbidden; refused != (tt.wantAddr == "") {
				t.Errorf("status %d", w.Code)
			}
		})
	}
}
