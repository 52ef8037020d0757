package platform_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/api/platform"
	"github.com/stride-run/stride/internal/route"
)

func TestHandlers(t *testing.T) {
	h := api.Edge{}.Mount(route.Routes, map[string]api.Handler{
		"GET /api/health":   platform.Health,
		"ANY /api/{proxy+}": platform.Fallback(route.Routes),
	})
	for _, tt := range []struct {
		method, path string
		status       int
		allow, body  string
	}{
		{"GET", "/api/health", 200, "", `{"status":"ok"}`},
		{"POST", "/api/health", 405, "GET", "/problems/method_not_allowed"},
		{"DELETE", "/api/generate", 405, "POST", "/problems/method_not_allowed"},
		{"GET", "/api/nothing", 404, "", "/problems/not_found"},
		{"POST", "/api/generate/", 404, "", "/problems/not_found"},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(tt.method, tt.path, nil))
		if w.Code != tt.status || w.Header().Get("Allow") != tt.allow || !strings.Contains(w.Body.String(), tt.body) {
			t.Errorf("%s %s = %d, Allow %q, %s", tt.method, tt.path, w.Code, w.Header().Get("Allow"), w.Body)
		}
	}
}
