// Package token makes and checks what callers prove themselves with: access
// tokens (JWT, RS256), refresh tokens, and cursors of lists. It also writes
// the documents by which others check access tokens.
package token

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"sync"
)

// keyBits is the size of new keys; smaller ones are refused everywhere.
const keyBits = 2048

const (
	privateBlock = "PRIVATE KEY" // PKCS#8
	publicBlock  = "PUBLIC KEY"  // PKIX
)

// A PublicKey checks signatures. KID is its RFC 7638 thumbprint.
type PublicKey struct {
	KID string
	Key *rsa.PublicKey
}

// PublicKeys are the keys by which tokens are checked.
type PublicKeys []PublicKey

// find returns the key that a token names.
func (k PublicKeys) find(kid string) (*rsa.PublicKey, bool) {
	for _, key := range k {
		if key.KID == kid {
			return key.Key, true
		}
	}
	return nil, false
}

// Keys are one generation: Signer signs, all of Public are published. The
// next key is public long before it signs, and the previous one as long as
// tokens signed with it live, so that no verifier ever lacks one.
type Keys struct {
	// Signer returns the current key. It is read when something is first to be
	// signed: most programs only check signatures, and reading a private key
	// takes as long as much of a start.
	Signer func() (crypto.Signer, error)
	KID    string     // of the current key
	Public PublicKeys // previous (if there is one), current, next
}

// NewKey makes a key: its PKCS#8 PEM, and the id under which it is published.
func NewKey() (kid, privatePEM string, err error) {
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return "", "", fmt.Errorf("make signing key: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return "", "", fmt.Errorf("make signing key: %w", err)
	}
	return thumbprint(&key.PublicKey), string(pem.EncodeToMemory(&pem.Block{Type: privateBlock, Bytes: der})), nil
}

// PublicPEM returns the public part of a private key, for a key that will not
// sign again.
func PublicPEM(privatePEM string) (string, error) {
	key, err := parsePrivate(privatePEM)
	if err != nil {
		return "", err
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return "", fmt.Errorf("publish signing key: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: publicBlock, Bytes: der})), nil
}

// ParseKeys reads one generation of keys: previous is public or empty,
// current and next are private.
func ParseKeys(previous, current, next string) (Keys, error) {
	var public PublicKeys
	add := func(key *rsa.PublicKey) { public = append(public, PublicKey{thumbprint(key), key}) }
	if previous != "" {
		key, err := parsePublic(previous)
		if err != nil {
			return Keys{}, fmt.Errorf("previous signing key: %w", err)
		}
		add(key)
	}
	signing, err := publicOf(current)
	if err != nil {
		return Keys{}, fmt.Errorf("current signing key: %w", err)
	}
	add(signing)
	following, err := publicOf(next)
	if err != nil {
		return Keys{}, fmt.Errorf("next signing key: %w", err)
	}
	add(following)
	if err := public.check(); err != nil {
		return Keys{}, err
	}
	signer := sync.OnceValues(func() (crypto.Signer, error) {
		key, err := parsePrivate(current)
		if err != nil {
			return nil, fmt.Errorf("current signing key: %w", err)
		}
		return key, nil
	})
	return Keys{Signer: signer, KID: thumbprint(signing), Public: public}, nil
}

// publicOf reads the public part of a private key and leaves the rest unread,
// which takes a fiftieth of the time.
func publicOf(privatePEM string) (*rsa.PublicKey, error) {
	block, err := privateOf(privatePEM)
	if err != nil {
		return nil, err
	}
	var outer struct { // PKCS#8
		Version    int
		Algorithm  pkix.AlgorithmIdentifier
		PrivateKey []byte
	}
	var inner struct { // PKCS#1, as far as it is public
		Version int
		N       *big.Int
		E       int
	}
	rest, err := asn1.Unmarshal(block, &outer)
	if err != nil || len(rest) > 0 {
		return nil, errors.New("read private key: not in the form of PKCS#8")
	}
	if !outer.Algorithm.Algorithm.Equal(rsaEncryption) {
		return nil, fmt.Errorf("%v is no RSA key", outer.Algorithm.Algorithm)
	}
	rest, err = asn1.Unmarshal(outer.PrivateKey, &inner)
	if err != nil || len(rest) > 0 || inner.N == nil || inner.N.Sign() <= 0 {
		return nil, errors.New("read private key: not in the form of PKCS#1")
	}
	return &rsa.PublicKey{N: inner.N, E: inner.E}, nil
}

var rsaEncryption = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}

// privateOf returns what is in the one block of a private key's PEM.
func privateOf(text string) ([]byte, error) {
	block, rest := pem.Decode([]byte(text))
	if block == nil || block.Type != privateBlock || len(rest) > 0 {
		return nil, errors.New("not one PEM block of a private key (PKCS#8)")
	}
	return block.Bytes, nil
}

func parsePrivate(text string) (*rsa.PrivateKey, error) {
	block, err := privateOf(text)
	if err != nil {
		return nil, err
	}
	key, err := x509.ParsePKCS8PrivateKey(block)
	if err != nil {
		return nil, fmt.Errorf("read private key: %w", err)
	}
	private, ok := key.(*rsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("%T is no RSA key", key)
	}
	return private, nil
}

func parsePublic(text string) (*rsa.PublicKey, error) {
	block, rest := pem.Decode([]byte(text))
	if block == nil || block.Type != publicBlock || len(rest) > 0 {
		return nil, errors.New("not one PEM block of a public key")
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("read public key: %w", err)
	}
	public, ok := key.(*rsa.PublicKey)
	if !ok {
		return nil, fmt.Errorf("%T is no RSA key", key)
	}
	return public, nil
}

// check refuses weak keys, and two keys under one id.
func (k PublicKeys) check() error {
	seen := map[string]bool{}
	for _, key := range k {
		if key.Key.N.BitLen() < keyBits || key.Key.E != 65537 {
			return fmt.Errorf("key %s is weak: %d bits, exponent %d", key.KID, key.Key.N.BitLen(), key.Key.E)
		}
		if seen[key.KID] {
			return fmt.Errorf("key %s is there twice", key.KID)
		}
		seen[key.KID] = true
	}
	return nil
}

// A jwk is a public key as JSON (RFC 7517).
type jwk struct {
	KTY string `json:"kty"`
	Use string `json:"use"`
	Alg string `json:"alg"`
	KID string `json:"kid"`
	N   string `json:"n"`
	E   string `json:"e"`
}

type jwkSet struct {
	Keys []jwk `json:"keys"`
}

// thumbprint is the key's id: SHA-256 of its required members in order (RFC
// 7638).
func thumbprint(key *rsa.PublicKey) string {
	n, e := numbers(key)
	sum := sha256.Sum256([]byte(`{"e":"` + e + `","kty":"RSA","n":"` + n + `"}`))
	return encode(sum[:])
}

func numbers(key *rsa.PublicKey) (n, e string) {
	return encode(key.N.Bytes()), encode(big.NewInt(int64(key.E)).Bytes())
}

// JWKS returns the document behind the issuer's jwks_uri.
func (k PublicKeys) JWKS() []byte {
	set := jwkSet{Keys: []jwk{}}
	for _, key := range k {
		n, e := numbers(key.Key)
		set.Keys = append(set.Keys, jwk{KTY: "RSA", Use: "sig", Alg: "RS256", KID: key.KID, N: n, E: e})
	}
	document, _ := json.Marshal(set) // strings always encode
	return document
}

// ParseJWKS reads what JWKS wrote, for those who check tokens and hold no
// secret. It refuses everything that this package does not write.
func ParseJWKS(document []byte) (PublicKeys, error) {
	var set jwkSet
	if err := json.Unmarshal(document, &set); err != nil {
		return nil, fmt.Errorf("read JWKS: %w", err)
	}
	var keys PublicKeys
	for _, k := range set.Keys {
		n, errN := base64.RawURLEncoding.Strict().DecodeString(k.N)
		if k.KTY != "RSA" || k.Use != "sig" || k.Alg != "RS256" || k.E != "AQAB" || errN != nil {
			return nil, fmt.Errorf("read JWKS: key %q is not for RS256", k.KID)
		}
		keys = append(keys, PublicKey{k.KID, &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: 65537}})
	}
	if err := keys.check(); err != nil {
		return nil, fmt.Errorf("read JWKS: %w", err)
	}
	return keys, nil
}

// Discovery returns the issuer's openid-configuration: where its keys are.
// Issuer is the iss of the tokens, without a slash at the end; api is the
// origin that serves /api.
func Discovery(issuer, api string) []byte {
	document, _ := json.Marshal(struct {
		Issuer        string   `json:"issuer"`
		JWKS          string   `json:"jwks_uri"`
		Authorization string   `json:"authorization_endpoint"`
		Token         string   `json:"token_endpoint"`
		ResponseTypes []string `json:"response_types_supported"`
		SubjectTypes  []string `json:"subject_types_supported"`
		Algorithms    []string `json:"id_token_signing_alg_values_supported"`
	}{
		issuer, issuer + "/.well-known/jwks.json", api + "/api/login", api + "/api/refresh",
		[]string{"token"},
		[]string{"public"},
		[]string{"RS256"},
	})
	return document
}
