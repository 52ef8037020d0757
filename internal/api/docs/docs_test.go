package docs

import (
	"bytes"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/stride-run/stride"
	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/route"
)

func get(target string, header http.Header) *httptest.ResponseRecorder {
	h := api.Edge{}.Mount(route.Routes, map[string]api.Handler{
		"GET /api/openapi.yaml": OpenAPI, "GET /api/docs": Page, "GET /api/docs/style.css": Style, "GET /problems/{slug}": Problem,
	})
	r := httptest.NewRequest(http.MethodGet, target, nil)
	r.Header = header
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestHandlers(t *testing.T) {
	for _, tt := range []struct {
		target string
		status int
		media  string
		body   string
	}{
		{"/api/openapi.yaml", 200, "application/yaml", string(stride.OpenAPI)},
		{"/api/docs", 200, "text/html; charset=utf-8", "<!doctype html>"},
		{"/api/docs/style.css", 200, "text/css; charset=utf-8", ":root"},
		{"/problems/rate_limited", 200, "text/html; charset=utf-8", "Retry-After"},
		{"/problems/..%2Findex", 404, "application/problem+json", ""},
		{"/problems/none", 404, "application/problem+json", ""},
	} {
		w := get(tt.target, http.Header{})
		if w.Code != tt.status || w.Header().Get("Content-Type") != tt.media || !strings.Contains(w.Body.String(), tt.body) {
			t.Errorf("%s: %d %s %.80s", tt.target, w.Code, w.Header().Get("Content-Type"), w.Body)
		}
		if tt.status != 200 {
			continue
		}
		again := get(tt.target, http.Header{"If-None-Match": {w.Header().Get("ETag")}})
		if again.Code != http.StatusNotModified || again.Body.Len() > 0 || again.Header().Get("ETag") != w.Header().Get("ETag") {
			t.Errorf("%s is sent again: %d", tt.target, again.Code)
		}
	}
}

var (
	links  = regexp.MustCompile(`(?:href|src)="([^"]*)"`)
	places = regexp.MustCompile(` id="([^"]*)"`)
)

// TestPagesKeepThePolicy: no script and no style inside a page, nothing from
// elsewhere, and no link that leads nowhere.
func TestPagesKeepThePolicy(t *testing.T) {
	err := fs.WalkDir(pages, "pages", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".html" {
			return err
		}
		page, err := pages.ReadFile(name)
		if err != nil {
			return err
		}
		for _, bad := range []string{"<script", "<style", " style=", " onclick=", "http://", "https://", "ZgotmplZ", "{{"} {
			if bytes.Contains(page, []byte(bad)) {
				t.Errorf("%s contains %s", name, bad)
			}
		}
		for _, need := range []string{`<html lang="en">`, `name="viewport"`, "<title>", "<main", "<h1>"} {
			if bytes.Count(page, []byte(need)) != 1 {
				t.Errorf("%s needs one %s", name, need)
			}
		}
		ids := map[string]bool{}
		for _, place := range places.FindAllSubmatch(page, -1) {
			if id := string(place[1]); ids[id] {
				t.Errorf("%s has two places %s", name, id)
			} else {
				ids[id] = true
			}
		}
		for _, link := range links.FindAllSubmatch(page, -1) {
			to, place, _ := strings.Cut(string(link[1]), "#")
			if to == "" && !ids[place] || strings.HasPrefix(to, "/") && get(to, http.Header{}).Code != 200 {
				t.Errorf("%s leads to %s, which is not there", name, link[1])
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
