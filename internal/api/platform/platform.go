// Package platform has the handlers that belong to no feature: the health
// check, and the answer for paths that lead nowhere.
package platform

import (
	"net/http"

	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/route"
)

// health is the answer of a server that is up.
type health struct {
	Status string `json:"status"`
}

// Health says that the server is up.
func Health(*http.Request) (api.Response, error) {
	return api.Response{Body: health{Status: "ok"}}, nil
}

// Fallback answers what no other route of the table takes, with 404 or 405.
func Fallback(table route.Table) api.Handler { return api.NoRoute(table) }
