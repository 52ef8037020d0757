package server

import (
	"log/slog"
	"net/http"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/accounts"
	"github.com/stride-run/stride/internal/boot/activity"
	"github.com/stride-run/stride/internal/boot/backend"
	"github.com/stride-run/stride/internal/boot/bests"
	"github.com/stride-run/stride/internal/boot/docs"
	"github.com/stride-run/stride/internal/boot/metrics"
	"github.com/stride-run/stride/internal/boot/planning"
	"github.com/stride-run/stride/internal/boot/platform"
	"github.com/stride-run/stride/internal/boot/runners"
	"github.com/stride-run/stride/internal/boot/training"
	"github.com/stride-run/stride/internal/lambdahttp"
)

// functions are all functions that routes lead to, wired as their mains wire
// them. Error: a setting that is not allowed.
func functions(b *backend.Backend, lookup func(string) (string, bool), config boot.Config, log *slog.Logger) (map[string]lambdahttp.Function, error) {
	recorded, err := activity.New(lookup, b)
	if err != nil {
		return nil, err
	}
	options, err := runners.Options(lookup, b)
	if err != nil {
		return nil, err
	}
	a, err := accounts.New(b, options)
	if err != nil {
		return nil, err
	}
	served := map[string]lambdahttp.Function{}
	for name, handler := range map[string]http.Handler{
		"generate":       planning.Generate(config, log),
		"metrics":        metrics.Metrics(config, log),
		"health":         platform.Health(log),
		"docs":           docs.Docs(log),
		"register":       a.Register(),
		"login":          a.Login(),
		"refresh":        a.Refresh(),
		"logout":         a.Logout(),
		"runners":        a.Runners(),
		"plans":          training.Plans(b),
		"workouts":       training.Workouts(b),
		"imports":        recorded.Imports(),
		"sessions":       recorded.Sessions(),
		"personal_bests": bests.PersonalBests(b),
		"fallback":       platform.Fallback(log),
	} {
		served[name] = lambdahttp.Serve(handler)
	}
	return served, nil
}
