// Package activity has the handlers of what runners did: imports of files,
// recorded sessions, and the personal bests that follow from them.
package activity

import (
	"net/http"
	"time"

	"github.com/stride-run/stride/internal/activity"
	"github.com/stride-run/stride/internal/api"
)

// API answers for what runners did. All fields are required but Now.
type API struct {
	Activity *activity.Service
	// Runner returns the id in the request's verified access token. Error:
	// fault.Denied.
	Runner  func(*http.Request) (string, error)
	Cursors api.Cursors      // of the list of sessions
	Now     func() time.Time // nil: time.Now
}

// ImportHandlers are the handlers of the function imports, by route.
func (a API) ImportHandlers() map[string]api.Handler {
	return map[string]api.Handler{
		"POST /api/imports":                  a.createImport,
		"GET /api/imports/{import_id}":       a.getImport,
		"POST /api/imports/{import_id}/urls": a.renewURLs,
	}
}

// SessionHandlers are the handlers of the function sessions, by route.
func (a API) SessionHandlers() map[string]api.Handler {
	return map[string]api.Handler{
		"POST /api/sessions":                      a.addFile,
		"GET /api/sessions":                       a.listSessions,
		"GET /api/sessions/{session_id}":          a.getSession,
		"PATCH /api/sessions/{session_id}":        a.updateSession,
		"DELETE /api/sessions/{session_id}":       a.deleteSession,
		"GET /api/sessions/{session_id}/streams":  a.getStreams,
		"GET /api/sessions/{session_id}/original": a.getOriginal,
	}
}

// BestHandlers are the handlers of the function personal_bests, by route.
func (a API) BestHandlers() map[string]api.Handler {
	return map[string]api.Handler{
		"GET /api/personal_bests":                a.getBests,
		"POST /api/personal_bests":               a.addResult,
		"DELETE /api/personal_bests/{result_id}": a.deleteResult,
	}
}

func (a API) now() time.Time {
	if a.Now == nil {
		return time.Now()
	}
	return a.Now()
}

// What is left of the quantities on the wire: milliseconds, centimetres, and
// tenths of what is measured less well.

func seconds(t time.Duration) float64 { return api.Round(t.Seconds(), 3) }
func tenths(v float64) float64        { return api.Round(v, 1) }
func cents(v float64) float64         { return api.Round(v, 2) }
