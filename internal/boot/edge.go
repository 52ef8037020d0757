package boot

import (
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/lambdahttp"
	"github.com/stride-run/stride/internal/route"
)

// margin is what a function keeps of its timeout to answer that it ran out of
// it, before the platform ends it without a word.
const margin = 500 * time.Millisecond

// perMinute is how many answers one address may have in a minute from a
// function that anybody may call. It is more than a person can read, and
// keeps one caller from taking all there is.
const perMinute = 60

// Limiter returns the limit of a function that anybody may call, nil when
// limits are off.
func (c Config) Limiter() *api.Limiter {
	if c.RateLimitsOff {
		return nil
	}
	return api.NewLimiter(perMinute, time.Minute, nil)
}

// Serve returns the handler of a function of the table: its routes, answered
// by handlers, which are named by the routes' keys. It panics if the function
// is not in the table, or if its routes are not exactly those of handlers:
// the tables and the programs would contradict each other.
func Serve(function string, log *slog.Logger, handlers map[string]api.Handler) http.Handler {
	f, ok := route.FunctionNamed(function)
	if !ok {
		panic("boot: no function " + function + " in the table")
	}
	for _, r := range route.Routes {
		if _, served := handlers[r.Key()]; served != (r.Function == function) {
			panic(fmt.Sprintf("boot: the table leads %s to %s; %s serves it: %v", r.Key(), r.Function, function, served))
		}
	}
	return api.Edge{Log: log, Timeout: f.Timeout - margin}.Mount(route.Routes, handlers)
}

// Lambda returns what the main of a function that is called over HTTP starts.
func (c Config) Lambda(h http.Handler) lambdahttp.Function {
	return lambdahttp.Serve(api.BehindCDN(c.OriginSecret, h))
}
