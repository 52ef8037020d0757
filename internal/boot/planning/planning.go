// Package planning wires the function that makes plans.
package planning

import (
	"log/slog"
	"net/http"

	"github.com/stride-run/stride/internal/api"
	handlers "github.com/stride-run/stride/internal/api/planning"
	"github.com/stride-run/stride/internal/boot"
)

// Generate is the function generate.
func Generate(c boot.Config, log *slog.Logger) http.Handler {
	return boot.Serve("generate", log, map[string]api.Handler{
		"POST /api/generate": c.Limiter().Limit(handlers.Generate),
	})
}
