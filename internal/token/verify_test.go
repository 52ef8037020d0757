package token_test

import (
	"context"
	"crypto"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/token"
)

func TestIssuedTokenIsAccepted(t *testing.T) {
	keys := newKeys(t, newPair(t), newPair(t))
	text, err := token.Issuer{Keys: source(keys), Issuer: issuer, Audience: audience}.Issue(t.Context(), runner, session, now)
	if err != nil {
		t.Fatal(err)
	}
	got, err := token.Verifier{Keys: source(keys.Public), Issuer: issuer, Audience: audience}.Verify(t.Context(), text, now)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"iss": issuer, "aud": audience, "sub": runner, "sid": session, "iat": "1795521600", "exp": "1795522500"}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreMapEntries(func(k, _ string) bool { return k == "jti" })); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
	if len(got["jti"]) < 26 {
		t.Errorf("jti %q", got["jti"])
	}
	if len(text) > 1000 {
		t.Errorf("token of %d bytes", len(text))
	}
}

// members writes a JSON object from a usual one with some members replaced;
// an empty value leaves the member out.
func members(usual [][2]string, change ...string) string {
	var b strings.Builder
	for _, member := range usual {
		value := member[1]
		for i := 0; i < len(change); i += 2 {
			if change[i] == member[0] {
				value = change[i+1]
			}
		}
		if value != "" {
			fmt.Fprintf(&b, ",%q:%s", member[0], value)
		}
	}
	for i := 0; i < len(change); i += 2 { // members that are not usual
		if !strings.Contains(b.String(), fmt.Sprintf(",%q:", change[i])) && change[i+1] != "" {
			fmt.Fprintf(&b, ",%q:%s", change[i], change[i+1])
		}
	}
	return "{" + b.String()[1:] + "}"
}

func claimsWith(change ...string) string {
	return members([][2]string{
		{"iss", `"` + issuer + `"`},
		{"aud", `"` + audience + `"`},
		{"sub", `"` + runner + `"`},
		{"sid", `"` + session + `"`},
		{"jti", `"one"`},
		{"iat", at(0)},
		{"exp", at(15 * time.Minute)},
	}, change...)
}

func at(offset time.Duration) string { return fmt.Sprint(now.Add(offset).Unix()) }

// TestVerifyRules is the closed list of rules, S044 to S056 of the negative
// cases among them, one way around each.
func TestVerifyRules(t *testing.T) {
	current, next, foreign := newPair(t), newPair(t), newPair(t)
	keys := newKeys(t, current, next)
	var called atomic.Int64
	listener := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called.Add(1) }))
	defer listener.Close()
	public, err := token.PublicPEM(current.pem)
	if err != nil {
		t.Fatal(err)
	}

	head := func(change ...string) string {
		return members([][2]string{{"alg", `"RS256"`}, {"kid", `"` + current.kid + `"`}, {"typ", `"at+jwt"`}}, change...)
	}
	by := func(key *rsa.PrivateKey, header, claims string) string { return sign(t, key, header, claims) }
	header := func(change ...string) string { return by(current.key, head(change...), claimsWith()) }
	claims := func(change ...string) string { return by(current.key, head(), claimsWith(change...)) }
	good := header()
	parts := strings.Split(good, ".")
	hs256 := func(key []byte) string {
		input := segment(head("alg", `"HS256"`)) + "." + segment(claimsWith())
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(input))
		return input + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
	}
	hashed := func(alg string, hash crypto.Hash) string {
		input := segment(head("alg", `"`+alg+`"`)) + "." + segment(claimsWith())
		return input + "." + base64.RawURLEncoding.EncodeToString(signature(t, current.key, hash, input))
	}
	last := string(good[len(good)-1] + 1) // the same bytes, and bits that are none of them

	for _, tt := range []struct {
		name, token string
		ok          bool
	}{
		{"usual", good, true},
		{"by the next key", by(next.key, head("kid", `"`+next.kid+`"`), claimsWith()), true},
		{"a claim of a newer issuer", claims("scope", `"plans"`), true},

		{"nothing", "", false},
		{"two parts", parts[0] + "." + parts[1], false},
		{"four parts", good + ".", false},
		{"with its scheme", "Bearer " + good, false},
		{"space after", good + " ", false},
		{"9 KB", claims("pad", `"`+strings.Repeat("x", 9<<10)+`"`), false},
		{"alg none", segment(head("alg", `"none"`)) + "." + parts[1] + ".", false},
		{"alg None", segment(head("alg", `"None"`)) + "." + parts[1] + ".", false},
		{"alg nOnE", segment(head("alg", `"nOnE"`)) + "." + parts[1] + "." + parts[2], false},
		{"no signature", parts[0] + "." + parts[1] + ".", false},
		{"HS256 with the public PEM", hs256([]byte(public)), false},
		{"HS256 with the modulus", hs256(current.key.N.Bytes()), false},
		{"HS256 with no key", hs256(nil), false},
		{"PS256", hashed("PS256", crypto.SHA256), false},
		{"ES256", hashed("ES256", crypto.SHA256), false},
		{"RS384", hashed("RS384", crypto.SHA384), false},
		{"RS512", hashed("RS512", crypto.SHA512), false},
		{"rs256", header("alg", `"rs256"`), false},
		{"no alg", header("alg", ""), false},
		{"alg no text", header("alg", "256"), false},

		{"foreign key under our kid", by(foreign.key, head(), claimsWith()), false},
		{"brings its own key", by(foreign.key, head("jwk", `{"kty":"RSA"}`), claimsWith()), false},
		{"jku", by(foreign.key, head("jku", `"`+listener.URL+`"`), claimsWith()), false},
		{"x5u", by(foreign.key, head("x5u", `"`+listener.URL+`"`), claimsWith()), false},
		{"jku, though signed by us", header("jku", `"`+listener.URL+`"`), false},
		{"kid unknown", header("kid", `"`+foreign.kid+`"`), false},
		{"kid a path", header("kid", `"../../dev/null"`), false},
		{"kid SQL", header("kid", `"' OR 1=1"`), false},
		{"kid of 4 KB", header("kid", `"`+strings.Repeat("k", 4<<10)+`"`), false},
		{"kid a number", header("kid", "1"), false},
		{"no kid", header("kid", ""), false},
		{"typ JWT", header("typ", `"JWT"`), false},
		{"typ AT+JWT", header("typ", `"AT+JWT"`), false},
		{"no typ", header("typ", ""), false},
		{"crit", header("crit", `["exp"]`), false},
		{"b64", header("b64", "false"), false},
		{"cty", header("cty", `"JWT"`), false},

		{"signature of another", parts[0] + "." + segment(claimsWith("jti", `"two"`)) + "." + parts[2], false},
		{"bits left over", good[:len(good)-1] + last, false},
		{"padding", good + "==", false},
		{"line break in signature", good[:len(good)-4] + "\n" + good[len(good)-4:], false},
		{"carriage return in signature", good[:len(good)-4] + "\r" + good[len(good)-4:], false},
		{"line break at the end", good + "\n", false},
		{"standard base64", strings.NewReplacer("-", "+", "_", "/").Replace(good), false},

		{"header not an object", by(current.key, `["RS256"]`, claimsWith()), false},
		{"header with a name twice", by(current.key, `{"alg":"RS256","kid":"x","typ":"at+jwt","kid":"`+current.kid+`"}`, claimsWith()), false},
		{"name twice by escape", by(current.key, `{"alg":"none","\u0061lg":"RS256","kid":"`+current.kid+`","typ":"at+jwt"}`, claimsWith()), false},
		{"header and more", by(current.key, head()+"{}", claimsWith()), false},
		{"claims not JSON", by(current.key, head(), "foo"), false},
		{"claims not UTF-8", by(current.key, head(), strings.Replace(claimsWith(), "one", "\xff", 1)), false},
		{"claims cut short", by(current.key, head(), strings.TrimSuffix(claimsWith(), "}")), false},
		{"claim twice", by(current.key, head(), `{"sub":"x",`+claimsWith()[1:]), false},
		{"claim in capitals too", claims("EXP", at(time.Hour)), false},
		{"claim in capitals alone", claims("exp", "", "EXP", at(time.Minute)), false},

		{"no aud", claims("aud", ""), false},
		{"other aud", claims("aud", `"other"`), false},
		{"aud of others", claims("aud", `["a","b"]`), false},
		{"aud a list with us", claims("aud", `["stride","b"]`), false},
		{"no iss", claims("iss", ""), false},
		{"iss with a slash", claims("iss", `"`+issuer+`/"`), false},
		{"iss by http", claims("iss", `"http`+strings.TrimPrefix(issuer, "https")+`"`), false},

		{"no exp", claims("exp", ""), false},
		{"exp 0", claims("exp", "0"), false},
		{"exp null", claims("exp", "null"), false},
		{"exp text", claims("exp", `"`+at(time.Minute)+`"`), false},
		{"exp 1e30", claims("exp", "1e30"), false},
		{"exp negative", claims("exp", "-1"), false},
		{"exp a fraction", claims("exp", at(time.Minute)+".5"), false},
		{"exp beyond 2^53", claims("exp", "9007199254740993"), false},
		{"lives 15 min and 1 s", claims("exp", at(15*time.Minute+time.Second)), false},
		{"ends as it begins", claims("exp", at(0)), false},
		{"no iat", claims("iat", ""), false},
		{"iat null", claims("iat", "null"), false},
		{"expired 29 s ago", claims("iat", at(-time.Minute), "exp", at(-29*time.Second)), true},
		{"expired 30 s ago", claims("iat", at(-time.Minute), "exp", at(-30*time.Second)), false},
		{"expired 31 s ago", claims("iat", at(-time.Minute), "exp", at(-31*time.Second)), false},
		{"issued in 30 s", claims("iat", at(30*time.Second)), true},
		{"issued in 31 s", claims("iat", at(31*time.Second)), false},
		{"good in 30 s", claims("nbf", at(30*time.Second)), true},
		{"good in 31 s", claims("nbf", at(31*time.Second)), false},
		{"nbf 0", claims("nbf", "0"), false},
		{"nbf so far off that clocks turn over", claims("nbf", "9223372036854775807"), false},
		{"nbf null", claims("nbf", "null"), false},
		{"nbf text", claims("nbf", `"`+at(0)+`"`), false},

		{"no sub", claims("sub", ""), false},
		{"sub empty", claims("sub", `""`), false},
		{"sub no UUID", claims("sub", `"runner"`), false},
		{"sub a key", claims("sub", `"RUNNER#`+runner+`"`), false},
		{"sub with a sort key", claims("sub", `"`+runner+`#PLAN"`), false},
		{"sub in capitals", claims("sub", `"`+strings.ToUpper(runner)+`"`), false},
		{"sub in braces", claims("sub", `"{`+runner+`}"`), false},
		{"sub of version 4", claims("sub", `"019301d4-0c00-4abc-8def-0123456789ab"`), false},
		{"sub a list", claims("sub", `["`+runner+`"]`), false},
		{"no sid", claims("sid", ""), false},
		{"sid no UUID", claims("sid", `"1"`), false},
		{"no jti", claims("jti", ""), false},
		{"jti empty", claims("jti", `""`), false},
		{"jti long", claims("jti", `"`+strings.Repeat("j", 65)+`"`), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			verifier := token.Verifier{Keys: source(keys.Public), Issuer: issuer, Audience: audience}
			got, err := verifier.Verify(t.Context(), tt.token, now)
			if tt.ok && err != nil {
				t.Fatalf("refused: %v", err)
			}
			if !tt.ok && (got != nil || !errors.Is(err, fault.Denied)) {
				t.Fatalf("Verify = %v, %v; want a denial", got, err)
			}
		})
	}
	if n := called.Load(); n != 0 {
		t.Errorf("%d requests to an address in a token", n)
	}
}

func TestVerifyFetchesUnknownKeys(t *testing.T) {
	current, next := newPair(t), newPair(t)
	old := newKeys(t, newPair(t), current) // where next is not published yet
	now1 := newKeys(t, current, next)
	issue := func(keys token.Keys) string {
		text, err := token.Issuer{Keys: source(keys), Issuer: issuer, Audience: audience}.Issue(t.Context(), runner, session, now)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	later := newKeys(t, next, newPair(t))
	down := errors.New("down")

	for _, tt := range []struct {
		name    string
		token   string
		keys    func(context.Context) (token.PublicKeys, error)
		refetch func(context.Context) (token.PublicKeys, error)
		want    error
	}{
		{"pre-published key signs", issue(now1), source(old.Public), nil, nil},
		{"unknown, nobody to ask", issue(later), source(old.Public), nil, fault.Denied},
		{"unknown, known after a fetch", issue(later), source(old.Public), source(later.Public), nil},
		{"retired key", issue(old), source(later.Public), source(later.Public), fault.Denied},
		{"keys out of reach", issue(now1), func(context.Context) (token.PublicKeys, error) { return nil, down }, nil, down},
		{"fetch fails", issue(later), source(old.Public), func(context.Context) (token.PublicKeys, error) { return nil, down }, down},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := token.Verifier{Keys: tt.keys, Refetch: tt.refetch, Issuer: issuer, Audience: audience}
			if _, err := v.Verify(t.Context(), tt.token, now); !errors.Is(err, tt.want) {
				t.Errorf("Verify: %v, want %v", err, tt.want)
			}
		})
	}
}

func FuzzVerify(f *testing.F) {
	current := newPair(f)
	keys := newKeys(f, current, newPair(f))
	verifier := token.Verifier{Keys: source(keys.Public), Issuer: issuer, Audience: audience}
	header := `{"alg":"RS256","typ":"at+jwt","kid":"` + current.kid + `"}`
	f.Add(header, claimsWith())
	f.Add(header, `{"exp":1e400}`)
	f.Add(`{"alg":"none"}`, `{}`)
	// Claims that are signed but strange: never a panic, and what is accepted
	// names a runner.
	f.Fuzz(func(t *testing.T, header, claims string) {
		got, err := verifier.Verify(t.Context(), sign(t, current.key, header, claims), now)
		if (err == nil) != (len(got["sub"]) == 36) {
			t.Errorf("Verify = %v, %v", got, err)
		}
	})
}
