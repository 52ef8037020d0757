// Package metrics has the calculators: heart-rate zones, critical speed, and
// all that personal bests say about a runner.
//
// Numbers are rounded on the way out, by api.Round.
package metrics

import (
	"net/http"
	"time"

	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/api/criticalspeed"
	"github.com/stride-run/stride/internal/performance"
	"github.com/stride-run/stride/internal/race"
	"github.com/stride-run/stride/internal/unit"
)

// maxBests is how many bests one request may hold.
const maxBests = 50

// CriticalSpeed answers POST /api/calculate_critical_speed.
func CriticalSpeed(r *http.Request) (api.Response, error) {
	in, err := api.ReadObject(r)
	if err != nil {
		return api.Response{}, err
	}
	c, err := readBests(in, performance.FitCriticalSpeed)
	if err != nil {
		return api.Response{}, err
	}
	return api.Response{Body: criticalspeed.New(&c)}, nil
}

// readBests reads the personal bests of a request, ends the reading of the
// object, and computes: the error holds every fault of form and of value.
func readBests[T any](in *api.Object, compute func([]race.Result) (T, error)) (T, error) {
	var none T
	items := in.Objects("personal_bests", maxBests)
	if items == nil { // too long, which compute could not know
		return none, in.Faults(nil)
	}
	results := make([]race.Result, len(items))
	for i, item := range items {
		results[i].Distance = unit.Distance(item.Number("distance_m"))
		results[i].Time = api.Parse(item, "time", "MM:SS or H:MM:SS, like 5:24, 19:57.3 or 1:31:35", unit.ParseResult)
	}
	out, err := compute(results)
	if err = in.Faults(err); err != nil {
		return none, err
	}
	return out, nil
}

// What is left of the quantities on the wire.

func metres(d unit.Distance) float64 { return api.Round(d.Metres(), 3) }
func vdot(v float64) float64         { return api.Round(v, 2) }

// seconds keeps a result as it was typed; tenths is for times that are
// predicted.
func seconds(t time.Duration) float64 { return api.Round(t.Seconds(), 3) }
func tenths(t time.Duration) float64  { return api.Round(t.Seconds(), 1) }
