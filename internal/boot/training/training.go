// Package training wires the functions of saved plans.
package training

import (
	"net/http"

	"github.com/stride-run/stride/internal/api/accounts"
	"github.com/stride-run/stride/internal/api/plans"
	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/backend"
	"github.com/stride-run/stride/internal/dynamo"
	"github.com/stride-run/stride/internal/training"
)

// Plans is the function plans.
func Plans(b *backend.Backend) http.Handler {
	return boot.Serve("plans", b.Log, handlers(b).PlanHandlers())
}

// Workouts is the function workouts.
func Workouts(b *backend.Backend) http.Handler {
	return boot.Serve("workouts", b.Log, handlers(b).WorkoutHandlers())
}

func handlers(b *backend.Backend) plans.API {
	return plans.API{
		Plans:   training.New(dynamo.Plans{Store: b.Store}),
		Runner:  b.Runner,
		Cursors: b.Cursors("GET /api/plans"),
	}
}

// Parts are what saved plans add to a runner's export.
func Parts(b *backend.Backend) map[string]accounts.Part {
	return map[string]accounts.Part{"plans": handlers(b).Export}
}
