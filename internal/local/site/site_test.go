package site

import (
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

var built = fstest.MapFS{
	".keep":                 {Data: []byte("a note")},
	"index.html":            {Data: []byte("<!doctype html>")},
	"index.html.br":         {Data: []byte("smaller")},
	"favicon.svg":           {Data: []byte("<svg/>")},
	"assets/first-1a2b.js":  {Data: []byte("1")},
	"assets/first-1a2b.css": {Data: []byte("a{}")},
}

func TestHandler(t *testing.T) {
	const fresh, lasting = "no-cache", "public, max-age=31536000, immutable"
	for _, tt := range []struct {
		method, path      string
		status            int
		contentType, keep string
	}{
		{"GET", "/", 200, "text/html; charset=utf-8", fresh},
		{"HEAD", "/", 200, "text/html; charset=utf-8", fresh},
		{"GET", "/index.html", 200, "text/html; charset=utf-8", fresh},
		{"GET", "/plan", 200, "text/html; charset=utf-8", fresh},
		{"GET", "/plans/0193-a/w03-2", 200, "text/html; charset=utf-8", fresh},
		{"GET", "/assets/", 200, "text/html; charset=utf-8", fresh}, // no list of files
		{"GET", "/favicon.svg", 200, "image/svg+xml", fresh},
		{"GET", "/assets/first-1a2b.js", 200, "javascript", lasting},
		{"GET", "/assets/first-1a2b.css", 200, "text/css; charset=utf-8", lasting},
		{"GET", "/assets/gone-3c4d.js", 404, "text/plain", ""},
		{"GET", "/.keep", 404, "text/plain", ""},
		{"GET", "/index.html.br", 404, "text/plain", ""},
		{"GET", "/../site.go", 404, "text/plain", ""},
		{"POST", "/", 405, "text/plain", ""},
	} {
		w := httptest.NewRecorder()
		handler(built, nil).ServeHTTP(w, httptest.NewRequest(tt.method, tt.path, nil))
		h := w.Header()
		if w.Code != tt.status || !strings.Contains(h.Get("Content-Type"), tt.contentType) || h.Get("Cache-Control") != tt.keep {
			t.Errorf("%s %s = %d %q %q", tt.method, tt.path, w.Code, h.Get("Content-Type"), h.Get("Cache-Control"))
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(h.Get("Content-Security-Policy"), "default-src 'self'; connect-src 'self'; ") {
			t.Errorf("%s %s: %v", tt.method, tt.path, h)
		}
	}
}

func TestCompressed(t *testing.T) {
	get := func(path string, header ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", path, nil)
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		handler(built, nil).ServeHTTP(w, r)
		return w
	}
	plain, brotli := get("/"), get("/", "Accept-Encoding", "gzip, deflate, br")
	if plain.Body.String() != "<!doctype html>" || plain.Header().Get("Content-Encoding") != "" {
		t.Errorf("plain: %s %v", plain.Body, plain.Header())
	}
	if brotli.Body.String() != "smaller" || brotli.Header().Get("Content-Encoding") != "br" || brotli.Header().Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("brotli: %s %v", brotli.Body, brotli.Header())
	}
	if plain.Header().Get("ETag") == brotli.Header().Get("ETag") || plain.Header().Get("Vary") != "Accept-Encoding" {
		t.Errorf("a cache would mix them up: %v, %v", plain.Header(), brotli.Header())
	}
	if again := get("/", "If-None-Match", plain.Header().Get("ETag")); again.Code != 304 {
		t.Errorf("again = %d", again.Code)
	}
	if w := get("/favicon.svg", "Accept-Encoding", "br"); w.Body.String() != "<svg/>" {
		t.Errorf("what has no smaller form: %s", w.Body)
	}
}

func TestConnect(t *testing.T) {
	w := httptest.NewRecorder()
	handler(built, []string{"http://127.0.0.1:9000"}).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if policy := w.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "connect-src 'self' http://127.0.0.1:9000;") {
		t.Error(policy)
	}
}

func TestNotBuilt(t *testing.T) {
	w := httptest.NewRecorder()
	handler(fstest.MapFS{}, nil).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != 404 || !strings.Contains(w.Body.String(), "make local") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
