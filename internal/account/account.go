package account

import (
	"context"
	"log/slog"
	"time"

	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/runner"
)

// An Account is a runner with what it takes to sign in.
type Account struct {
	ID           string // a UUIDv7
	Email        runner.Email
	Profile      runner.Profile
	PasswordHash string
	Version      int // of e-mail address and profile together; from 1
	// Epoch is the generation of sign-ins that is valid. Raising it ends all
	// others at once, however many there are.
	Epoch   int
	Created time.Time // whole seconds, UTC
	Updated time.Time
}

// A Family is one sign-in: the refresh tokens that follow one another.
type Family struct {
	Runner, ID string // UUIDv7
	Epoch      int    // of the account when it began
	Counter    uint32 // of the token that is good now
	Digest     [32]byte
	GivenUp    []GivenUp // what of late, oldest first; what is missing is long ago
	Agent      string    // what the client called itself, for the runner to recognise
	Created    time.Time
	Used       time.Time // when the present token was given out, in milliseconds
	Expires    time.Time // unless it is used before
	Ends       time.Time // however much it is used
}

// A GivenUp says that tokens, from the one with the counter From up to that of
// the next entry, have given way to their successors, the last of them at or
// shortly before At.
type GivenUp struct {
	From uint32
	At   time.Time // in milliseconds
}

// A Client is where a request comes from.
type Client struct {
	Address string // as limits count it: an IPv4 address or an IPv6 /64
	Agent   string
}

// A Caller is who a verified access token names.
type Caller struct {
	Runner string
	SignIn string // the family that the token came with; empty: not known
}

// A SignedIn is what every way of signing in gives.
type SignedIn struct {
	Account     *Account
	AccessToken string
	Refresh     RefreshToken
}

// Accounts keeps accounts. Whatever changes one does so only while it is
// there: fault.NotFound says that it is not, or not any more.
type Accounts interface {
	// Create keeps a new account and its first sign-in, both or none. Error:
	// fault.Conflict when the address has an account.
	Create(ctx context.Context, a *Account, first *Family, now time.Time) error
	// ByEmail finds an account by the key of its address; fault.NotFound.
	ByEmail(ctx context.Context, key string, now time.Time) (*Account, error)
	// ByID finds an account; fault.NotFound.
	ByID(ctx context.Context, id string, now time.Time) (*Account, error)
	// Save keeps the profile and the address of an account whose version is
	// still a.Version, and raises it. Old is the key of the address before.
	// Errors: fault.Stale, and fault.Conflict when the address has an account.
	Save(ctx context.Context, a *Account, old string, now time.Time) error
	// SetPassword replaces a.PasswordHash. With endOthers it raises the epoch
	// and takes the family keep along, if it is there. Error: fault.Stale when
	// the hash is another one by now.
	SetPassword(ctx context.Context, a *Account, hash string, endOthers bool, keep string, now time.Time) error
	// EndAll raises the epoch.
	EndAll(ctx context.Context, id string, now time.Time) error
	// Delete frees the address and marks the account: from then on nobody
	// finds it, and no write for this runner goes through. Error: fault.Stale
	// when the address is another one by now.
	Delete(ctx context.Context, a *Account, now time.Time) error
	// Sweep removes what a deleted account has left. It can be repeated, and
	// goes on where it was broken off. Error: fault.Conflict for an account
	// that is not deleted.
	Sweep(ctx context.Context, id string) error
}

// Families keeps sign-ins.
type Families interface {
	// Start keeps a new sign-in while the account's epoch is the family's;
	// else fault.NotFound.
	Start(ctx context.Context, f *Family, now time.Time) error
	// Family finds a sign-in; fault.NotFound.
	Family(ctx context.Context, runner, id string, now time.Time) (*Family, error)
	// Rotate replaces the family from by to, if it is still as it was and the
	// account's epoch is the family's. False: somebody else was faster, or the
	// sign-in has ended.
	Rotate(ctx context.Context, from, to *Family, now time.Time) (bool, error)
	// End removes a sign-in; none there is fine.
	End(ctx context.Context, runner, id string) error
	// Families lists sign-ins that began before the one named after (empty:
	// all), newest first, at most limit.
	Families(ctx context.Context, runner, after string, limit int, now time.Time) ([]*Family, error)
}

// Tries counts tries in fixed windows of time, each by one atomic write.
type Tries interface {
	// Reserve counts one try in a scope, unless limit tries have been counted
	// in the present window; then it says when the next one begins.
	Reserve(ctx context.Context, scope string, limit int, window time.Duration, now time.Time) (allowed bool, retryAfter time.Duration, err error)
	// ReserveShare is Reserve with a second limit for each name within the
	// scope. Neither counts unless both are kept.
	ReserveShare(ctx context.Context, scope, name string, limit, share int, window time.Duration, now time.Time) (allowed bool, retryAfter time.Duration, err error)
	// ResetShare forgets a name's tries; those of the scope stay.
	ResetShare(ctx context.Context, scope, name string, window time.Duration, now time.Time) error
	// Used returns how many tries were counted, perhaps a moment ago.
	Used(ctx context.Context, scope string, window time.Duration, now time.Time) (int, error)
}

// Passwords hashes and judges passwords. Each of Hash, Verify and Dummy costs
// the same.
type Passwords interface {
	Hash(ctx context.Context, password string) (string, error)
	Verify(ctx context.Context, stored, password string) (match, rehash bool, err error)
	Dummy(ctx context.Context, password string) error
	Refuse(pointer, password, email string) []fault.Field
	TooLong(password string) bool
}

// AccessTokens signs access tokens.
type AccessTokens interface {
	Issue(ctx context.Context, runner, session string, now time.Time) (string, error)
}

// RefreshTokens makes and reads refresh tokens. Error of Read and Next:
// fault.Denied.
type RefreshTokens interface {
	First(ctx context.Context, runner, family string) (RefreshToken, error)
	Read(ctx context.Context, text string) (RefreshToken, error)
	Next(ctx context.Context, present RefreshToken) (RefreshToken, error)
}

// A Sweeps is told of an account before it is deleted, and has it swept when
// that must be over, whether it then is deleted or not. So no crash leaves an
// account that is deleted and never swept.
type Sweeps interface {
	Schedule(ctx context.Context, runner string) error
}

// A Purge removes what a runner has outside the table. It can be repeated.
type Purge func(ctx context.Context, runner string) error

// Config is what a Service needs. All fields are required but those that say
// what their zero value means.
type Config struct {
	Accounts  Accounts
	Families  Families
	Tries     Tries // nil: nothing is limited
	Passwords Passwords
	Access    AccessTokens
	Refresh   RefreshTokens
	NewID     func() string // a UUIDv7
	Sweeps    Sweeps        // nil: Delete sweeps itself
	Purges    []Purge       // nil: there is nothing outside the table
	// Log takes what nobody is told: misuse, and damage that does not stop
	// the request.
	Log *slog.Logger
}

// A Service keeps the rules of accounts. It is safe for concurrent use.
type Service struct{ c Config }

// New returns a Service.
func New(c Config) *Service { return &Service{c} }

// gone is for a caller whose account has been deleted since the token was
// made.
func gone(cause error) error {
	return &fault.Fault{Kind: fault.Denied, Detail: "This account does not exist any more.", Cause: cause}
}
