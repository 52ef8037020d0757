// Package boot reads the settings and makes the parts that every program
// shares. What one family of functions needs is wired in a package of its own
// below this one, so that no binary links what it does not use.
package boot

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"strconv"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/stride-run/stride/internal/metric"
	"github.com/stride-run/stride/internal/route"
)

// Stage is where a program runs.
type Stage string

// The stages that behave differently. Other names are possible and behave
// like Production: whatever weakens a rule asks for Local.
const (
	Local      Stage = "local"
	Production Stage = "production"
)

// Config is what can be set from outside.
type Config struct {
	// Stage is where the program runs (STRIDE_STAGE). Never empty: each
	// program names its default.
	Stage Stage
	// RateLimitsOff lets every caller through (STRIDE_RATE_LIMITS=off, in the
	// local stage only, for load tests). Zero: limits are on.
	RateLimitsOff bool
	// AllowedOrigins are the origins of other front ends that may call the
	// API (STRIDE_ALLOWED_ORIGINS, separated by commas). Zero: none may.
	AllowedOrigins []string
	// OriginSecret is what the site's distribution shows to the functions
	// (STRIDE_ORIGIN_SECRET). Zero: nothing stands before them.
	OriginSecret string
	// Origin is the origin of our own site (STRIDE_ORIGIN), such as
	// https://stride.example. Zero: that of the host that a request names.
	Origin string
	// Table and Secret are the names of the table and of the secret
	// (STRIDE_TABLE, STRIDE_SECRET). Never empty; the default is stride.
	Table, Secret string
	// Issuer and Audience are iss and aud of access tokens (STRIDE_ISSUER,
	// STRIDE_AUDIENCE). Issuer's zero value is for programs that neither make
	// nor check tokens; the default audience is stride-api.
	Issuer, Audience string
	// BcryptCost is the cost of new password hashes (STRIDE_BCRYPT_COST). Zero:
	// the usual one.
	BcryptCost int
	// SweepQueue is the URL of the queue of deleted accounts
	// (STRIDE_SWEEP_QUEUE). Zero: whoever deletes one also sweeps it.
	SweepQueue string
	// Uploads is the name of the bucket of recordings (STRIDE_UPLOADS). Never
	// empty; the default is stride.
	Uploads string
	// Addr is where the local server listens (STRIDE_ADDR), always on a
	// loopback address. Never empty; the default is 127.0.0.1:8080.
	Addr string
	// Data is the folder in which the local server keeps everything
	// (STRIDE_DATA). Never empty; the default is .stride.
	Data string
}

// ConfigFrom reads the settings through lookup, which is os.LookupEnv outside
// tests. A variable that is set to nothing counts as not set. The error names
// every setting that is wrong.
func ConfigFrom(lookup func(string) (string, bool), stage Stage) (Config, error) {
	get := func(name, otherwise string) string {
		if v, ok := lookup(name); ok && v != "" {
			return v
		}
		return otherwise
	}
	c := Config{
		Stage: Stage(get("STRIDE_STAGE", string(stage))),
		Addr:  get("STRIDE_ADDR", "127.0.0.1:8080"),
		Data:  get("STRIDE_DATA", ".stride"),

		OriginSecret: get("STRIDE_ORIGIN_SECRET", ""),

		Table:      get("STRIDE_TABLE", "stride"),
		Secret:     get("STRIDE_SECRET", "stride"),
		Issuer:     get("STRIDE_ISSUER", ""),
		Audience:   get("STRIDE_AUDIENCE", "stride-api"),
		SweepQueue: get("STRIDE_SWEEP_QUEUE", ""),
		Uploads:    get("STRIDE_UPLOADS", "stride"),
	}
	var errs []error
	if cost := get("STRIDE_BCRYPT_COST", ""); cost != "" {
		n, err := strconv.Atoi(cost)
		if err != nil || n < 1 {
			errs = append(errs, fmt.Errorf("STRIDE_BCRYPT_COST=%s: set a number, such as 12", cost))
		}
		c.BcryptCost = n
	}
	if own, err := route.ParseOrigins(get("STRIDE_ORIGIN", "")); err != nil || len(own) > 1 {
		errs = append(errs, errors.New("STRIDE_ORIGIN: set one origin, like https://stride.example"))
	} else if len(own) == 1 {
		c.Origin = own[0]
	}
	switch limits := get("STRIDE_RATE_LIMITS", "on"); {
	case limits == "off" && c.Stage == Local:
		c.RateLimitsOff = true
	case limits == "off":
		errs = append(errs, fmt.Errorf("STRIDE_RATE_LIMITS=off is for the local stage, and this is %s", c.Stage))
	case limits != "on":
		errs = append(errs, fmt.Errorf("STRIDE_RATE_LIMITS=%s: set on or off", limits))
	}
	origins, err := route.ParseOrigins(get("STRIDE_ALLOWED_ORIGINS", ""))
	if err != nil {
		errs = append(errs, fmt.Errorf("STRIDE_ALLOWED_ORIGINS: %w", err))
	}
	c.AllowedOrigins = origins
	if err := loopback(c.Addr); err != nil {
		errs = append(errs, fmt.Errorf("STRIDE_ADDR=%s: %w", c.Addr, err))
	}
	return c, errors.Join(errs...)
}

// loopback refuses an address that other machines could reach: the local
// server keeps its keys in plain files and is made for one machine.
func loopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return errors.New("write host:port, like 127.0.0.1:8080")
	}
	if host == "localhost" {
		return nil
	}
	if ip, err := netip.ParseAddr(host); err != nil || !ip.Unmap().IsLoopback() {
		return errors.New("listen on a loopback address, like 127.0.0.1:8080")
	}
	return nil
}

// Log returns the log of a program: JSON lines on standard error, with the
// keys that Lambda looks for. In a Lambda some of their numbers become metrics
// of the stage.
func Log() *slog.Logger {
	lines := slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{ReplaceAttr: lambdacontext.ReplaceAttr})
	if os.Getenv("AWS_LAMBDA_FUNCTION_NAME") == "" {
		return slog.New(lines)
	}
	stage := os.Getenv("STRIDE_STAGE")
	if stage == "" {
		stage = string(Production)
	}
	return slog.New(metric.Handler(lines, stage))
}

// Exit ends a program that cannot start, and says why.
func Exit(err error) {
	Log().Error("start", slog.Any("cause", err))
	os.Exit(1)
}
