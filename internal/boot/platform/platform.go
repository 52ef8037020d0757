// Package platform wires the functions that belong to no feature.
package platform

import (
	"log/slog"
	"net/http"

	"github.com/stride-run/stride/internal/api"
	handlers "github.com/stride-run/stride/internal/api/platform"
	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/route"
)

// Health is the function health.
func Health(log *slog.Logger) http.Handler {
	return boot.Serve("health", log, map[string]api.Handler{"GET /api/health": handlers.Health})
}

// Fallback is the function fallback.
func Fallback(log *slog.Logger) http.Handler {
	return boot.Serve("fallback", log, map[string]api.Handler{"ANY /api/{proxy+}": handlers.Fallback(route.Routes)})
}
