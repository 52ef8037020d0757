// Package planning wires the function that makes plans.
package planning

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/stride-run/stride/internal/api"
	handlers "github.com/stride-run/stride/internal/api/planning"
	"github.com/stride-run/stride/internal/boot"
)

// perMinute is how many plans one address may ask for in a minute. It is more
// than a person can read, and keeps one caller from taking all there is.
const perMinute = 60

// Generate is the function generate.
func Generate(c boot.Config, log *slog.Logger) http.Handler {
	var limiter *api.Limiter
	if !c.RateLimitsOff {
		limiter = api.NewLimiter(perMinute, time.Minute, nil)
	}
	return boot.Serve("generate", log, map[string]api.Handler{
		"POST /api/generate": limiter.Limit(handlers.Generate),
	})
}
