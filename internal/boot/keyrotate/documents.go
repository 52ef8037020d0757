package keyrotate

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/uuid"

	"github.com/stride-run/stride/internal/token"
)

// Where the issuer's documents are, below its origin.
const (
	jwksPath      = ".well-known/jwks.json"
	discoveryPath = ".well-known/openid-configuration"
)

// maxDocument is more than API Gateway takes.
const maxDocument = 150_000

// Documents are what the issuer publishes.
type Documents interface {
	// Put writes a document.
	Put(ctx context.Context, path string, document []byte) error
	// Fetch returns the keys that the world finds at an issuer.
	Fetch(ctx context.Context, issuer string) (token.PublicKeys, error)
}

// A Bucket keeps the documents in S3, from where a distribution serves them.
type Bucket struct {
	S3   *s3.Client
	Name string
	HTTP *http.Client
}

var _ Documents = Bucket{}

// Put writes a document. Who reads it may keep it for five minutes.
func (b Bucket) Put(ctx context.Context, path string, document []byte) error {
	_, err := b.S3.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &b.Name, Key: &path, Body: bytes.NewReader(document),
		ContentType: new("application/json"), CacheControl: new("public, max-age=300"),
	})
	if err != nil {
		return fmt.Errorf("publish %s: %w", path, err)
	}
	return nil
}

// Fetch goes the way of a verifier: from the issuer to its first document,
// and to the keys that this one names.
func (b Bucket) Fetch(ctx context.Context, issuer string) (token.PublicKeys, error) {
	var discovery struct {
		Issuer string `json:"issuer"`
		JWKS   string `json:"jwks_uri"`
	}
	document, err := b.get(ctx, issuer+"/"+discoveryPath)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(document, &discovery); err != nil {
		return nil, fmt.Errorf("read %s: %w", discoveryPath, err)
	}
	if discovery.Issuer != issuer || discovery.JWKS != issuer+"/"+jwksPath {
		return nil, fmt.Errorf("%s names issuer %q and keys %q", discoveryPath, discovery.Issuer, discovery.JWKS)
	}
	if document, err = b.get(ctx, discovery.JWKS); err != nil {
		return nil, err
	}
	return token.ParseJWKS(document)
}

func (b Bucket) get(ctx context.Context, url string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", url, err)
	}
	response, err := b.HTTP.Do(r)
	if err != nil {
		return nil, fmt.Errorf("fetch: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("fetch %s: %s", url, response.Status)
	}
	document, err := io.ReadAll(io.LimitReader(response.Body, maxDocument))
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", url, err)
	}
	return document, nil
}

// tryOut signs a token and checks it by public keys.
func (k Keeper) tryOut(ctx context.Context, keys token.Keys, public token.PublicKeys) error {
	runner, errRunner := uuid.NewV7()
	session, errSession := uuid.NewV7()
	if errRunner != nil || errSession != nil {
		return fmt.Errorf("make ids: %w, %w", errRunner, errSession)
	}
	issuer := token.Issuer{
		Keys: func(context.Context) (token.Keys, error) { return keys, nil }, Issuer: k.Issuer, Audience: k.Audience,
	}
	text, err := issuer.Issue(ctx, runner.String(), session.String(), k.Now())
	if err != nil {
		return err
	}
	verifier := token.Verifier{
		Keys: func(context.Context) (token.PublicKeys, error) { return public, nil }, Issuer: k.Issuer, Audience: k.Audience,
	}
	if _, err := verifier.Verify(ctx, text, k.Now()); err != nil {
		return fmt.Errorf("a token of key %s by the published keys: %w", keys.KID, err)
	}
	return nil
}
