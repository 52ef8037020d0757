package accounts

import (
	"time"

	"github.com/stride-run/stride/internal/account"
	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/runner"
	"github.com/stride-run/stride/internal/unit"
)

// Tokens are what signing in gives.
type Tokens struct {
	Runner       Runner `json:"runner"`
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int    `json:"expires_in"`              // seconds
	RefreshToken string `json:"refresh_token,omitempty"` // missing: it is in the cookie
}

// Runner is an account on the wire.
type Runner struct {
	ID         string       `json:"id"`
	Email      string       `json:"email"`
	FirstName  string       `json:"first_name,omitempty"`
	LastName   string       `json:"last_name,omitempty"`
	BirthYear  int          `json:"birth_year,omitempty"`
	Sex        runner.Sex   `json:"sex,omitempty"`
	HeartRates []HeartRates `json:"heart_rates"`
	TimeZone   string       `json:"time_zone,omitempty"`
	Unit       unit.Length  `json:"unit"`
	CreatedAt  time.Time    `json:"created_at"`
	UpdatedAt  time.Time    `json:"updated_at"`
}

// HeartRates are measured values, from a day on.
type HeartRates struct {
	ValidFrom string `json:"valid_from"`
	Resting   int    `json:"resting_heart_rate_bpm,omitempty"`
	Max       int    `json:"max_heart_rate_bpm,omitempty"`
	Threshold int    `json:"threshold_heart_rate_bpm,omitempty"`
}

func newRunner(a *account.Account) Runner {
	p := a.Profile
	out := Runner{
		ID: a.ID, Email: a.Email.String(),
		FirstName: p.FirstName, LastName: p.LastName, BirthYear: p.BirthYear, Sex: p.Sex,
		HeartRates: make([]HeartRates, len(p.HeartRates)), TimeZone: p.TimeZone, Unit: p.Unit,
		CreatedAt: a.Created, UpdatedAt: a.Updated,
	}
	for i, rates := range p.HeartRates {
		out.HeartRates[i] = HeartRates{rates.ValidFrom.String(), rates.Resting, rates.Max, rates.Threshold}
	}
	return out
}

// readHeartRates reads the list that replaces the one before.
func readHeartRates(in *api.Object) []runner.HeartRates {
	var all []runner.HeartRates
	for _, entry := range in.Objects("heart_rates", runner.MaxHeartRates) {
		rates := runner.HeartRates{ValidFrom: api.Parse(entry, "valid_from", "YYYY-MM-DD, like 2026-11-01", calendar.Parse)}
		for name, to := range map[string]*int{
			"resting_heart_rate_bpm": &rates.Resting, "max_heart_rate_bpm": &rates.Max, "threshold_heart_rate_bpm": &rates.Threshold,
		} {
			if entry.Has(name) {
				*to = entry.Int(name)
			}
		}
		all = append(all, rates)
	}
	return all
}

// readProfile applies a merge patch to a profile: what is absent stays, and
// null clears.
func readProfile(in *api.Object, p runner.Profile) runner.Profile {
	for name, to := range map[string]*string{"first_name": &p.FirstName, "last_name": &p.LastName, "time_zone": &p.TimeZone} {
		patch(in, name, to, in.String)
	}
	patch(in, "birth_year", &p.BirthYear, in.Int)
	patch(in, "sex", &p.Sex, func(name string) runner.Sex { return api.Enum(in, name, runner.Sexes()...) })
	patch(in, "unit", &p.Unit, func(name string) unit.Length { return api.Enum(in, name, unit.Km, unit.Mi) })
	patch(in, "heart_rates", &p.HeartRates, func(string) []runner.HeartRates { return readHeartRates(in) })
	return p
}

func patch[T any](in *api.Object, name string, to *T, read func(string) T) {
	switch in.Presence(name) {
	case api.Given:
		*to = read(name)
	case api.Null:
		var nothing T
		*to = nothing
	case api.Absent:
	}
}

// SignIn is one place where a runner is signed in.
type SignIn struct {
	ID         string    `json:"id"`
	Current    bool      `json:"current"` // whether the request came from it
	UserAgent  string    `json:"user_agent,omitempty"`
	CreatedAt  time.Time `json:"created_at"`
	LastUsedAt time.Time `json:"last_used_at"`
	ExpiresAt  time.Time `json:"expires_at"` // unless it is used before
	EndsAt     time.Time `json:"ends_at"`    // however much it is used
}

func newSignIn(f *account.Family, current string) SignIn {
	return SignIn{
		ID: f.ID, Current: f.ID == current, UserAgent: f.Agent,
		CreatedAt: f.Created, LastUsedAt: f.Used.Truncate(time.Second), ExpiresAt: f.Expires, EndsAt: f.Ends,
	}
}

// SignIns is a list of them, newest first.
type SignIns struct {
	Items      []SignIn `json:"items"`
	NextCursor string   `json:"next_cursor,omitempty"`
}

func newSignIns(families []*account.Family, current string) []SignIn {
	out := make([]SignIn, len(families))
	for i, f := range families {
		out[i] = newSignIn(f, current)
	}
	return out
}
