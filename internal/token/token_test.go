package token_test

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"testing"
	"time"

	"github.com/stride-run/stride/internal/token"
)

const (
	issuer   = "https://issuer.stride.example"
	audience = "stride"
	runner   = "019301d4-0c00-7abc-8def-0123456789ab"
	session  = "019301d4-0c00-7abc-9def-0123456789ab"
)

var now = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// A pair is a key as the tests need it.
type pair struct {
	kid, pem string
	key      *rsa.PrivateKey
}

func newPair(t testing.TB) pair {
	t.Helper()
	kid, text, err := token.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode([]byte(text))
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return pair{kid, text, key.(*rsa.PrivateKey)}
}

func newKeys(t testing.TB, current, next pair) token.Keys {
	t.Helper()
	keys, err := token.ParseKeys("", current.pem, next.pem)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func source[T any](value T) func(context.Context) (T, error) {
	return func(context.Context) (T, error) { return value, nil }
}

func segment(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// sign makes a token of any two texts.
func sign(t testing.TB, key *rsa.PrivateKey, header, claims string) string {
	t.Helper()
	input := segment(header) + "." + segment(claims)
	return input + "." + base64.RawURLEncoding.EncodeToString(signature(t, key, crypto.SHA256, input))
}

func signature(t testing.TB, key *rsa.PrivateKey, hash crypto.Hash, input string) []byte {
	t.Helper()
	h := hash.New()
	h.Write([]byte(input))
	sig, err := rsa.SignPKCS1v15(nil, key, hash, h.Sum(nil))
	if err != nil {
		t.Fatal(err)
	}
	return sig
}
