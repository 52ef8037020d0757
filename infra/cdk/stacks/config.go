package stacks

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/stride-run/stride/internal/route"
)

// Config says what is deployed, and how. The settings with a JSON name are
// those of a stage's file; the others come with the build.
type Config struct {
	// Stage names the deployment, and all its stacks. Never empty.
	Stage string `json:"-"`
	// Assets is the folder of the programs: <architecture>/<function>/bootstrap.
	Assets string `json:"-"`
	// Architecture of the programs: arm64 or, for SAM on such a machine,
	// amd64. Zero: arm64.
	Architecture string `json:"-"`
	// Site is the folder with the site's files.
	Site string `json:"-"`
	// Functions and Routes are the tables. Zero: those of internal/route.
	Functions []route.Function `json:"-"`
	Routes    route.Table      `json:"-"`

	// Production keeps data whatever happens to its stack. Zero: a stack that
	// goes takes its data along.
	Production bool `json:"production"`
	// Region is where all goes. Zero: where the command line stands.
	Region string `json:"region"`
	// LogDays is how long logs are kept. Zero: a week.
	LogDays int `json:"log_days"`
	// AllowedOrigins are the front ends on other origins that may call the
	// API. Zero: none.
	AllowedOrigins []string `json:"allowed_origins"`
	// Domain is the site's own name, and Certificate the ARN of its ACM
	// certificate, in us-east-1. Zero: a name of cloudfront.net.
	Domain      string `json:"domain"`
	Certificate string `json:"certificate_arn"`
	// IssuerDomain and IssuerCertificate are the same for the issuer, whose
	// name is in every token: with an own one the distribution can be made
	// anew.
	IssuerDomain      string `json:"issuer_domain"`
	IssuerCertificate string `json:"issuer_certificate_arn"`
	// HostedZone and HostedZoneID are a Route 53 zone of this account, in
	// which both names then get their records. Zero: the records are made by
	// hand, the issuer's before the Api stack.
	HostedZone   string `json:"hosted_zone"`
	HostedZoneID string `json:"hosted_zone_id"`
	// Audience is the aud of the tokens. Zero: stride-api. Another one
	// refuses all tokens that were issued before.
	Audience string `json:"audience"`
	// ReservedConcurrency caps functions by name, and sets that much of the
	// account's quota apart. New accounts have none to set apart. Zero: none.
	ReservedConcurrency map[string]int `json:"reserved_concurrency"`
	// WebACL is "" for none, "make" for one with AWS's common rules, or the
	// ARN of one. Those of a distribution live in us-east-1.
	WebACL string `json:"web_acl"`
	// AlarmEmail gets the alarms. Zero: nobody, and production warns of it.
	AlarmEmail string `json:"alarm_email"`
	// BudgetUSD is the account's cost of a month that is told of as alarms
	// are. Zero: none.
	BudgetUSD float64 `json:"budget_usd"`
	// Canary has Route 53 ask for /api/health from outside, for some 2 USD a
	// month. Its metric lives in us-east-1. Zero: nobody asks.
	Canary bool `json:"canary"`
}

// ReadConfig reads the file of a stage in a folder.
func ReadConfig(folder, stage string) (Config, error) {
	text, err := os.ReadFile(filepath.Join(folder, filepath.Base(stage)+".json")) //nolint:gosec // the folder is ours, the name a file's in it
	if errors.Is(err, fs.ErrNotExist) {
		known, _ := filepath.Glob(filepath.Join(folder, "*.json"))
		return Config{}, fmt.Errorf("there is no stage %q; there are %q", stage, known)
	}
	if err != nil {
		return Config{}, fmt.Errorf("read stage: %w", err)
	}
	c := Config{Stage: stage}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&c); err != nil {
		return Config{}, fmt.Errorf("read stage %s: %w", stage, err)
	}
	return c, nil
}

// withDefaults fills in what is zero.
func (c Config) withDefaults() Config {
	set := func(s *string, value string) {
		if *s == "" {
			*s = value
		}
	}
	set(&c.Architecture, "arm64")
	set(&c.Audience, "stride-api")
	if c.LogDays == 0 {
		c.LogDays = 7
	}
	if c.Functions == nil {
		c.Functions = route.Functions
	}
	if c.Routes == nil {
		c.Routes = route.Routes
	}
	return c
}

// check names every setting that cannot be.
func (c Config) check() error {
	var errs []error
	refuse := func(wrong bool, format string, args ...any) {
		if wrong {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	refuse(!regexp.MustCompile(`^[a-z][a-z0-9-]{0,19}$`).MatchString(c.Stage), "stage %q: lower-case letters, digits and hyphens", c.Stage)
	refuse(c.Stage == "local", "stage local weakens rules and is for one machine")
	refuse(c.Architecture != "arm64" && c.Architecture != "amd64", "architecture %q: arm64 or amd64", c.Architecture)
	refuse((c.Domain == "") != (c.Certificate == ""), "domain and certificate_arn go together")
	refuse((c.IssuerDomain == "") != (c.IssuerCertificate == ""), "issuer_domain and issuer_certificate_arn go together")
	refuse((c.HostedZone == "") != (c.HostedZoneID == ""), "hosted_zone and hosted_zone_id go together")
	for field, domain := range map[string]string{"domain": c.Domain, "issuer_domain": c.IssuerDomain} {
		outside := c.HostedZone != "" && domain != "" && domain != c.HostedZone && !strings.HasSuffix(domain, "."+c.HostedZone)
		refuse(outside, "%s %s is not in hosted_zone %s", field, domain, c.HostedZone)
	}
	refuse(c.BudgetUSD < 0, "budget_usd %v: no less than nothing", c.BudgetUSD)
	refuse(c.Region != "us-east-1" && c.WebACL == "make", `web_acl "make" needs region us-east-1; elsewhere give an ARN`)
	refuse(c.Region != "us-east-1" && c.Canary, "canary needs region us-east-1, where its metric is")
	refuse(c.Production && len(c.AllowedOrigins) > 0 && slices.ContainsFunc(c.AllowedOrigins, func(o string) bool { return strings.HasPrefix(o, "http:") }),
		"allowed_origins: https only in production")
	if _, err := route.ParseOrigins(strings.Join(c.AllowedOrigins, ",")); err != nil {
		errs = append(errs, fmt.Errorf("allowed_origins: %w", err))
	}
	for name := range c.ReservedConcurrency {
		refuse(!slices.ContainsFunc(c.Functions, func(f route.Function) bool { return f.Name == name }), "reserved_concurrency: there is no function %q", name)
	}
	return errors.Join(errs...)
}

// siteOrigin is the site's origin, as far as it is known before it exists.
func (c Config) siteOrigin() (string, bool) {
	if c.Domain == "" {
		return "", false
	}
	return "https://" + c.Domain, true
}
