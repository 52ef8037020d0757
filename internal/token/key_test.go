package token_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/token"
)

// TestThumbprint uses the example of RFC 7638, section 3.1.
func TestThumbprint(t *testing.T) {
	const n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
	keys, err := token.ParseJWKS([]byte(`{"keys":[{"kty":"RSA","use":"sig","alg":"RS256","kid":"x","e":"AQAB","n":"` + n + `"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := token.Thumbprint(keys[0].Key), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"; got != want {
		t.Errorf("thumbprint %s, want %s", got, want)
	}
}

func TestKeysOfOneGeneration(t *testing.T) {
	previous, current, next := newPair(t), newPair(t), newPair(t)
	public, err := token.PublicPEM(previous.pem)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := token.ParseKeys(public, current.pem, next.pem)
	if err != nil {
		t.Fatal(err)
	}
	if signer, err := keys.Signer(); err != nil || keys.KID != current.kid || !current.key.Equal(signer) {
		t.Errorf("%s signs, want the current key %s: %v", keys.KID, current.kid, err)
	}
	document := keys.Public.JWKS()
	var set struct{ Keys []map[string]string }
	if err := json.Unmarshal(document, &set); err != nil {
		t.Fatal(err)
	}
	var kids []string
	for _, key := range set.Keys {
		kids = append(kids, key["kid"])
		// Named one by one: a private member cannot slip in.
		want := map[string]string{"kty": "RSA", "use": "sig", "alg": "RS256", "e": "AQAB", "kid": key["kid"], "n": key["n"]}
		if diff := cmp.Diff(want, key); diff != "" {
			t.Errorf("published key (-want +got):\n%s", diff)
		}
	}
	if diff := cmp.Diff([]string{previous.kid, current.kid, next.kid}, kids); diff != "" {
		t.Errorf("published keys (-want +got):\n%s", diff)
	}
	again, err := token.ParseJWKS(document)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(keys.Public, again); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
	if len(document) > 2000 { // the gateway reads 150 kB at most
		t.Errorf("JWKS of %d bytes", len(document))
	}
}

func TestKeysRefused(t *testing.T) {
	a, b := newPair(t), newPair(t)
	public, err := token.PublicPEM(a.pem)
	if err != nil {
		t.Fatal(err)
	}
	encode := func(kind string, key any) string {
		der, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, previous, current, next string
	}{
		{"nothing", "", "", ""},
		{"no next", "", a.pem, ""},
		{"current twice", "", a.pem, a.pem},
		{"previous is current", public, a.pem, b.pem},
		{"previous private", a.pem, b.pem, newPair(t).pem},
		{"current public", "", public, b.pem},
		{"1024 bits", "", encode("PRIVATE KEY", small), b.pem},
		{"another kind of key", "", encode("PRIVATE KEY", curve), b.pem},
		{"PKCS#1 by name", "", encode("RSA PRIVATE KEY", a.key), b.pem},
		{"two blocks", "", a.pem + b.pem, b.pem},
		{"cut short", "", a.pem[:len(a.pem)/2], b.pem},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := token.ParseKeys(tt.previous, tt.current, tt.next)
			if err == nil {
				t.Fatal("accepted")
			}
			if strings.Contains(err.Error(), "MII") {
				t.Errorf("the error tells a key: %v", err)
			}
		})
	}
}

// TestDamagedPrivateKey: its public part can be read, and it signs nothing.
func TestDamagedPrivateKey(t *testing.T) {
	a, b := newPair(t), newPair(t)
	damaged := *a.key
	damaged.D = new(big.Int).Add(damaged.D, big.NewInt(2))
	der, err := asn1.Marshal(struct {
		Version   int
		Algorithm pkix.AlgorithmIdentifier
		Key       []byte
	}{0, pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}, Parameters: asn1.NullRawValue}, marshalled(t, &damaged)})
	if err != nil {
		t.Fatal(err)
	}
	keys, err := token.ParseKeys("", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), b.pem)
	if err != nil || keys.KID != a.kid {
		t.Fatal(keys.KID, err)
	}
	if _, err := keys.Signer(); err == nil {
		t.Error("a damaged key signs")
	}
	i := token.Issuer{Keys: func(context.Context) (token.Keys, error) { return keys, nil }, Issuer: issuer, Audience: "a"}
	if text, err := i.Issue(t.Context(), "runner", "session", time.Now()); err == nil {
		t.Errorf("it has signed %q", text)
	}
}

// marshalled writes a key as PKCS#1 without a look at whether it is one.
func marshalled(t *testing.T, k *rsa.PrivateKey) []byte {
	t.Helper()
	der, err := asn1.Marshal(struct {
		Version                      int
		N                            *big.Int
		E                            int
		D, P, Q, Dp, Dq, Coefficient *big.Int
	}{0, k.N, k.E, k.D, k.Primes[0], k.Primes[1], k.Precomputed.Dp, k.Precomputed.Dq, k.Precomputed.Qinv})
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestDiscovery(t *testing.T) {
	want := `{"issuer":"https://issuer.stride.example","jwks_uri":"https://issuer.stride.example/.well-known/jwks.json",` +
		`"authorization_endpoint":"https://stride.example/api/login","token_endpoint":"https://stride.example/api/refresh",` +
		`"response_types_supported":["token"],"subject_types_supported":["public"],"id_token_signing_alg_values_supported":["RS256"]}`
	if got := string(token.Discovery(issuer, "https://stride.example")); got != want {
		t.Errorf("Discovery:\n got %s\nwant %s", got, want)
	}
}

func BenchmarkParseKeys(b *testing.B) {
	current, next := newPair(b), newPair(b)
	for b.Loop() {
		if _, err := token.ParseKeys("", current.pem, next.pem); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkIssue(b *testing.B) {
	i := token.Issuer{Keys: source(newKeys(b, newPair(b), newPair(b))), Issuer: issuer, Audience: audience}
	for b.Loop() {
		if _, err := i.Issue(b.Context(), runner, session, now); err != nil {
			b.Fatal(err)
		}
	}
}
