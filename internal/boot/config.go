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
	}
	var errs []error
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

// Log returns the log of a Lambda: JSON lines on standard error.
func Log() *slog.Logger { return slog.New(slog.NewJSONHandler(os.Stderr, nil)) }

// Exit ends a program that cannot start, and says why.
func Exit(err error) {
	Log().Error("start", slog.Any("cause", err))
	os.Exit(1)
}
