package gateway

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/stride-run/stride/internal/route"
)

// share lets pages of an allowed origin read the answer, with cookies, and
// says whether it did. Origins are compared whole: no pattern, no "*", no
// "null".
func (g *Gateway) share(h http.Header, r *http.Request) bool {
	if len(g.Origins) == 0 {
		return false
	}
	h.Set("Vary", "Origin")
	origin := r.Header.Get("Origin")
	if !slices.Contains(g.Origins, origin) {
		return false
	}
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Allow-Credentials", "true")
	h.Set("Access-Control-Expose-Headers", strings.Join(route.CORS.Expose, ","))
	return true
}

// preflight answers a browser that asks whether a page may call, as an HTTP
// API with this list of origins does: always with 204, and only an origin on
// the list gets permission. Without a list there is no CORS, and the question
// goes to the routes like any other request.
func (g *Gateway) preflight(w http.ResponseWriter, r *http.Request, allowed bool) bool {
	asks := r.Method == http.MethodOptions && r.Header.Get("Origin") != "" && r.Header.Get("Access-Control-Request-Method") != ""
	if !asks || len(g.Origins) == 0 {
		return false
	}
	if h := w.Header(); allowed {
		h.Del("Access-Control-Expose-Headers")
		h.Set("Access-Control-Allow-Methods", strings.Join(route.CORS.Methods, ","))
		h.Set("Access-Control-Allow-Headers", strings.Join(route.CORS.Headers, ","))
		h.Set("Access-Control-Max-Age", strconv.Itoa(int(route.CORS.MaxAge.Seconds())))
	}
	w.WriteHeader(http.StatusNoContent)
	return true
}
