// Package docs wires the function that serves the contract of the API.
package docs

import (
	"log/slog"
	"net/http"

	"github.com/stride-run/stride/internal/api"
	handlers "github.com/stride-run/stride/internal/api/docs"
	"github.com/stride-run/stride/internal/boot"
)

// Docs is the function docs.
func Docs(log *slog.Logger) http.Handler {
	return boot.Serve("docs", log, map[string]api.Handler{
		"GET /api/openapi.yaml":   handlers.OpenAPI,
		"GET /api/docs":           handlers.Page,
		"GET /api/docs/style.css": handlers.Style,
		"GET /problems/{slug}":    handlers.Problem,
	})
}
