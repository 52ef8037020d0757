// Package metrics wires the function that serves the calculators.
package metrics

import (
	"log/slog"
	"net/http"

	"github.com/stride-run/stride/internal/api"
	handlers "github.com/stride-run/stride/internal/api/metrics"
	"github.com/stride-run/stride/internal/boot"
)

// Metrics is the function metrics. Its routes share one limit.
func Metrics(c boot.Config, log *slog.Logger) http.Handler {
	limiter := c.Limiter()
	return boot.Serve("metrics", log, map[string]api.Handler{
		"POST /api/calculate_heart_rate_zones":    limiter.Limit(handlers.HeartRateZones),
		"POST /api/calculate_critical_speed":      limiter.Limit(handlers.CriticalSpeed),
		"POST /api/calculate_performance_metrics": limiter.Limit(handlers.Performance),
	})
}
