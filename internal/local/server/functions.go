package server

import (
	"log/slog"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/docs"
	"github.com/stride-run/stride/internal/boot/metrics"
	"github.com/stride-run/stride/internal/boot/planning"
	"github.com/stride-run/stride/internal/boot/platform"
	"github.com/stride-run/stride/internal/lambdahttp"
)

// functions are all functions that routes lead to, wired as their mains wire
// them.
func functions(config boot.Config, log *slog.Logger) map[string]lambdahttp.Function {
	return map[string]lambdahttp.Function{
		"generate": lambdahttp.Serve(planning.Generate(config, log)),
		"metrics":  lambdahttp.Serve(metrics.Metrics(config, log)),
		"health":   lambdahttp.Serve(platform.Health(log)),
		"docs":     lambdahttp.Serve(docs.Docs(log)),
		"fallback": lambdahttp.Serve(platform.Fallback(log)),
	}
}
