package site_test

import (
	"encoding/json"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/api/planning"
	"github.com/stride-run/stride/internal/local/site"
)

func TestHandler(t *testing.T) {
	for _, tt := range []struct {
		method, path string
		status       int
		contentType  string
	}{
		{"GET", "/", 200, "text/html; charset=utf-8"},
		{"HEAD", "/", 200, "text/html; charset=utf-8"},
		{"GET", "/favicon.svg", 200, "image/svg+xml"},
		{"GET", "/site.css", 200, "text/css; charset=utf-8"},
		{"GET", "/site.js", 200, "javascript"},
		{"GET", "/nothing", 404, ""},
		{"GET", "/../site.go", 404, ""},
		{"POST", "/", 405, ""},
	} {
		w := httptest.NewRecorder()
		site.Handler().ServeHTTP(w, httptest.NewRequest(tt.method, tt.path, nil))
		h := w.Header()
		if w.Code != tt.status || !strings.Contains(h.Get("Content-Type"), tt.contentType) {
			t.Errorf("%s %s = %d %q", tt.method, tt.path, w.Code, h.Get("Content-Type"))
		}
		if h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s %s: no nosniff", tt.method, tt.path)
		}
		if tt.status == 200 && !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'self'") {
			t.Errorf("%s %s: no policy", tt.method, tt.path)
		}
	}
}

func page(t *testing.T, path string) string {
	t.Helper()
	w := httptest.NewRecorder()
	site.Handler().ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	if w.Code != 200 {
		t.Fatalf("GET %s = %d", path, w.Code)
	}
	return w.Body.String()
}

// TestPagesKeepTheirPolicy: what the policy would block is not even there, and
// data cannot become markup.
func TestPagesKeepTheirPolicy(t *testing.T) {
	for path, forbidden := range map[string]string{
		"/":         `<style|<script[^>]*>[^<]| style=| on[a-z]+=|https?://`,
		"/site.css": `@import|url\(|https?://`,
		"/site.js":  `innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|https?://`,
	} {
		text := strings.ReplaceAll(page(t, path), "http://www.w3.org/2000/svg", "") // a name, never fetched
		if found := regexp.MustCompile(forbidden).FindString(text); found != "" {
			t.Errorf("%s contains %s", path, found)
		}
	}
}

// TestEveryAnswerHasAPlaceForItsError asks the API what it misses in an empty
// request, and looks for each of these fields on the page.
func TestEveryAnswerHasAPlaceForItsError(t *testing.T) {
	w := httptest.NewRecorder()
	r := httptest.NewRequest("POST", "/api/generate", strings.NewReader(`{}`))
	r.Header.Set("Content-Type", "application/json")
	api.Edge{}.Serve(planning.Generate).ServeHTTP(w, r)
	var problem api.Problem
	if err := json.Unmarshal(w.Body.Bytes(), &problem); err != nil || len(problem.Errors) == 0 {
		t.Fatalf("%s, %v", w.Body, err)
	}
	names := []string{"unit", "race_date"} // may be left out, and still be wrong
	for _, e := range problem.Errors {
		names = append(names, strings.TrimPrefix(*e.Pointer, "/"))
	}
	html := page(t, "/")
	for _, name := range names {
		if !strings.Contains(html, `name="`+name+`"`) || !strings.Contains(html, `id="`+name+`-error"`) {
			t.Errorf("the page does not ask for %s, or has no place for its error", name)
		}
	}
}
