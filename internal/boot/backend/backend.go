// Package backend wires what all functions that know runners share: the table,
// and what comes out of the secret.
package backend

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/cloud"
	"github.com/stride-run/stride/internal/dynamo"
	"github.com/stride-run/stride/internal/password"
	"github.com/stride-run/stride/internal/secrets"
	"github.com/stride-run/stride/internal/token"
)

// loadTimeout bounds the first look at the secret.
const loadTimeout = 5 * time.Second

// A Backend is the table and the secret. It is safe for concurrent use.
type Backend struct {
	Config boot.Config
	Log    *slog.Logger
	Store  *dynamo.Store

	secret *secrets.Cache[keys]
}

// keys are the secret, as far as requests need it.
type keys struct {
	token           token.Keys
	peppers         password.Peppers
	refresh, cursor []byte
}

// Open reads the secret and makes the store. Lookup is os.LookupEnv outside
// tests. The error says which setting is missing or what does not answer.
func Open(ctx context.Context, lookup func(string) (string, bool), c boot.Config, log *slog.Logger) (*Backend, error) {
	table, errTable := cloud.Config(lookup, c.Stage, cloud.DynamoDB)
	secret, errSecret := cloud.Config(lookup, c.Stage, cloud.SecretsManager)
	errs := []error{errTable, errSecret}
	if c.Issuer == "" {
		errs = append(errs, errors.New("STRIDE_ISSUER is not set"))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, loadTimeout)
	defer cancel()
	cache, err := secrets.Load(ctx, secretsmanager.NewFromConfig(secret), c.Secret, parse, log)
	if err != nil {
		return nil, err
	}
	return &Backend{Config: c, Log: log, Store: dynamo.New(dynamo.Connect(table), c.Table), secret: cache}, nil
}

func parse(v secrets.Value) (keys, error) {
	previous := ""
	if v.SigningKeys.Previous != nil {
		previous = v.SigningKeys.Previous.PEM
	}
	signing, err := token.ParseKeys(previous, v.SigningKeys.Current.PEM, v.SigningKeys.Next.PEM)
	if err != nil {
		return keys{}, fmt.Errorf("signing keys: %w", err)
	}
	return keys{
		token:   signing,
		peppers: password.Peppers{Current: v.CurrentPepper, Keys: v.Peppers},
		refresh: v.RefreshKey, cursor: v.CursorKey,
	}, nil
}

// Hasher hashes passwords. Error: a cost that is not allowed in this stage.
func (b *Backend) Hasher(onHash func()) (*password.Hasher, error) {
	pick := func(k keys) password.Peppers { return k.peppers }
	return password.New(password.Config{
		Cost: b.Config.BcryptCost, Weak: b.Config.Stage == boot.Local,
		Peppers: secrets.Part(b.secret.Get, pick), Refetch: secrets.Part(b.secret.Refetch, pick),
		OnHash: onHash,
	})
}

// Issuer signs access tokens.
func (b *Backend) Issuer() token.Issuer {
	return token.Issuer{
		Keys:   secrets.Part(b.secret.Get, func(k keys) token.Keys { return k.token }),
		Issuer: b.Config.Issuer, Audience: b.Config.Audience,
	}
}

// RefreshTokens makes and reads refresh tokens.
func (b *Backend) RefreshTokens() token.RefreshTokens {
	return token.RefreshTokens{Key: secrets.Part(b.secret.Get, func(k keys) []byte { return k.refresh })}
}

// PublicKeys returns the keys that access tokens are checked with.
func (b *Backend) PublicKeys(ctx context.Context) (token.PublicKeys, error) {
	return secrets.Part(b.secret.Get, public)(ctx)
}

func public(k keys) token.PublicKeys { return k.token.Public }

// Verifier checks access tokens where no gateway does.
func (b *Backend) Verifier() api.Verifier {
	return token.Verifier{
		Keys: b.PublicKeys, Refetch: secrets.Part(b.secret.Refetch, public),
		Issuer: b.Config.Issuer, Audience: b.Config.Audience,
	}.Verify
}

// Runner returns the id of the runner that a request comes from. Error:
// fault.Denied.
func (b *Backend) Runner(r *http.Request) (string, error) {
	caller, err := b.Verifier().Caller(r, time.Now())
	return caller.Runner, err
}

// Cursors seals the positions in the lists of one route.
func (b *Backend) Cursors(route string) api.Cursors {
	return token.Cursors{Key: secrets.Part(b.secret.Get, func(k keys) []byte { return k.cursor })}.Of(route)
}
