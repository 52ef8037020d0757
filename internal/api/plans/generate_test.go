package plans_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/api/planning"
	"github.com/stride-run/stride/internal/route"
)

// generate asks /api/generate, and returns the answer as json.Marshal has it.
func generate(t testing.TB, body string) string {
	t.Helper()
	h := api.Edge{}.Mount(route.Routes, map[string]api.Handler{"POST /api/generate": planning.Generate})
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/generate", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return strings.TrimSuffix(w.Body.String(), "\n")
}
