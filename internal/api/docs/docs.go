// Package docs serves the contract of the API: the document itself, a page
// for people, and a page for each type of problem. The pages are made from
// the document beforehand; here is nothing left to do but to send them.
package docs

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"

	"github.com/stride-run/stride"
	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/fault"
)

//go:embed pages
var pages embed.FS

// policy lets a page load its style from here, and nothing else.
const policy = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// OpenAPI answers GET /api/openapi.yaml.
func OpenAPI(r *http.Request) (api.Response, error) {
	return content(r, "application/yaml", stride.OpenAPI), nil
}

// Page answers GET /api/docs.
func Page(r *http.Request) (api.Response, error) { return page(r, "index.html") }

// Style answers GET /api/docs/style.css.
func Style(r *http.Request) (api.Response, error) {
	data, err := pages.ReadFile("pages/style.css")
	if err != nil {
		return api.Response{}, err
	}
	return content(r, "text/css; charset=utf-8", data), nil
}

// Problem answers GET /problems/{slug}.
func Problem(r *http.Request) (api.Response, error) {
	return page(r, "problems/"+r.PathValue("slug")+".html")
}

// page answers a page, or that there is none of that name.
func page(r *http.Request, name string) (api.Response, error) {
	data, err := pages.ReadFile("pages/" + name)
	if err != nil {
		return api.Response{}, fault.New(fault.NotFound, "Check the path.")
	}
	response := content(r, "text/html; charset=utf-8", data)
	response.Header.Set("Content-Security-Policy", policy)
	response.Header.Set("Referrer-Policy", "no-referrer")
	return response, nil
}

// content answers what changes only with a new version of Stride: a caller
// may keep it for a while, and need not fetch it again when it has not
// changed.
func content(r *http.Request, media string, data []byte) api.Response {
	sum := sha256.Sum256(data)
	tag := `"` + hex.EncodeToString(sum[:12]) + `"`
	response := api.Response{Header: http.Header{
		"Cache-Control": {"public, max-age=300"},
		"Content-Type":  {media},
		"Etag":          {tag},
	}}
	if r.Header.Get("If-None-Match") == tag {
		response.Status = http.StatusNotModified
		response.Header.Del("Content-Type")
		return response
	}
	response.Body = data
	return response
}
