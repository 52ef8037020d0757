// Package bests wires what needs no file of a session: the function of
// personal bests, and what sessions and bests add to an export. It knows
// nothing of the bucket, nor of how files are read.
package bests

import (
	"net/http"

	"github.com/stride-run/stride/internal/activity"
	"github.com/stride-run/stride/internal/api/accounts"
	handlers "github.com/stride-run/stride/internal/api/activity"
	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/backend"
	"github.com/stride-run/stride/internal/dynamo"
)

// PersonalBests is the function personal_bests.
func PersonalBests(b *backend.Backend) http.Handler {
	return boot.Serve("personal_bests", b.Log, api(b).BestHandlers())
}

// Parts are what sessions and bests add to a runner's export.
func Parts(b *backend.Backend) map[string]accounts.Part {
	return map[string]accounts.Part{"sessions": api(b).ExportSessions, "personal_bests": api(b).ExportBests}
}

func api(b *backend.Backend) handlers.API {
	return handlers.API{
		Activity: activity.New(activity.Config{Store: dynamo.Activities{Store: b.Store}, Log: b.Log}),
		Runner:   b.Runner,
	}
}
