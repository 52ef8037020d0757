// Package accounts wires the functions by which runners register, sign in,
// keep their profile and leave.
package accounts

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/stride-run/stride/internal/account"
	"github.com/stride-run/stride/internal/api"
	handlers "github.com/stride-run/stride/internal/api/accounts"
	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/backend"
	"github.com/stride-run/stride/internal/boot/cloud"
	"github.com/stride-run/stride/internal/dynamo"
	"github.com/stride-run/stride/internal/objects"
)

// Options are what differs between programs. The zero value is fine.
type Options struct {
	// Sweeps is told of accounts that are to be deleted. Nil: whoever deletes
	// an account also sweeps it.
	Sweeps account.Sweeps
	// Purges remove what a runner has outside the table. Nil: nothing.
	Purges []account.Purge
	// Parts are what other parts of Stride add to an export. Nil: nothing.
	Parts map[string]handlers.Part
	// Exports keeps exports. Nil is for programs without the function runners.
	Exports handlers.Exports
	// Now is the clock. Nil: time.Now.
	Now func() time.Time
	// OnHash is called before every hash operation, for tests that count
	// them. Nil: nobody counts.
	OnHash func()
}

// Functions are the functions of accounts, by name.
type Functions struct {
	b *backend.Backend
	h handlers.Handlers
}

// New wires the functions. Error: a setting that is not allowed in this stage.
func New(b *backend.Backend, o Options) (Functions, error) {
	hasher, err := b.Hasher(o.OnHash)
	if err != nil {
		return Functions{}, err
	}
	store := dynamo.Accounts{Store: b.Store}
	config := account.Config{
		Accounts: store, Families: store, Passwords: hasher, Access: b.Issuer(), Refresh: b.RefreshTokens(),
		NewID:  func() string { return uuid.Must(uuid.NewV7()).String() },
		Sweeps: o.Sweeps, Purges: o.Purges, Log: b.Log,
	}
	if !b.Config.RateLimitsOff {
		config.Tries = store
	}
	now := o.Now
	if now == nil {
		now = time.Now
	}
	return Functions{b, handlers.Handlers{
		Accounts: account.New(config), Now: now,
		Origins: api.Origins{Own: b.Config.Origin, Allowed: b.Config.AllowedOrigins},
		Verify:  b.Verifier(), Cursors: b.Cursors(signIns), Parts: o.Parts, Exports: o.Exports,
	}}, nil
}

// Open reads the settings, opens the backend and wires the functions, for a
// program of its own. Lookup is os.LookupEnv outside tests.
func Open(ctx context.Context, lookup func(string) (string, bool), stage boot.Stage, o Options) (Functions, error) {
	config, err := boot.ConfigFrom(lookup, stage)
	if err != nil {
		return Functions{}, err
	}
	b, err := backend.Open(ctx, lookup, config, boot.Log())
	if err != nil {
		return Functions{}, err
	}
	return New(b, o)
}

const signIns = "GET /api/runners/me/sign_ins"

func (f Functions) serve(name string, table map[string]api.Handler) http.Handler {
	return api.BehindCDN(f.b.Config.OriginSecret, boot.Serve(name, f.b.Log, table))
}

// Register is the function register.
func (f Functions) Register() http.Handler {
	return f.serve("register", map[string]api.Handler{"POST /api/register": f.h.Register})
}

// Login is the function login.
func (f Functions) Login() http.Handler {
	return f.serve("login", map[string]api.Handler{"POST /api/login": f.h.Login})
}

// Refresh is the function refresh.
func (f Functions) Refresh() http.Handler {
	return f.serve("refresh", map[string]api.Handler{"POST /api/refresh": f.h.Refresh})
}

// Logout is the function logout.
func (f Functions) Logout() http.Handler {
	return f.serve("logout", map[string]api.Handler{"POST /api/logout": f.h.Logout})
}

// Runners is the function runners.
func (f Functions) Runners() http.Handler {
	return f.serve("runners", map[string]api.Handler{
		"GET /api/runners/me":                          f.h.Me,
		"PATCH /api/runners/me":                        f.h.Update,
		"DELETE /api/runners/me":                       f.h.Delete,
		"POST /api/runners/me/password":                f.h.ChangePassword,
		signIns:                                        f.h.SignIns,
		"DELETE /api/runners/me/sign_ins/{sign_in_id}": f.h.EndSignIn,
		"GET /api/runners/me/export":                   f.h.Export,
	})
}

// Exports returns the bucket as a place for exports. Lookup is os.LookupEnv
// outside tests. Error: a setting that is missing or wrong.
func Exports(lookup func(string) (string, bool), c boot.Config) (handlers.Exports, error) {
	bucket, err := cloud.Config(lookup, c.Stage, cloud.S3)
	if err != nil {
		return nil, err
	}
	return objects.New(bucket, c.Uploads), nil
}

// Accounts returns the service behind the functions.
func (f Functions) Accounts() *account.Service { return f.h.Accounts }
