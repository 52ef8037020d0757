// Package issuer serves the documents by which others check access tokens.
// In the cloud they are files behind an address of their own, which
// functions/keyrotate writes; the local server is its own issuer.
package issuer

import (
	"context"
	"net/http"

	"github.com/stride-run/stride/internal/token"
)

// Handler serves the two documents of an issuer at address, which is an
// origin, and leaves all other paths to next.
func Handler(address string, keys func(context.Context) (token.PublicKeys, error), next http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		write(w, token.Discovery(address, address))
	})
	mux.HandleFunc("GET /.well-known/jwks.json", func(w http.ResponseWriter, r *http.Request) {
		public, err := keys(r.Context())
		if err != nil {
			http.Error(w, "The keys cannot be read.", http.StatusServiceUnavailable)
			return
		}
		write(w, public.JWKS())
	})
	mux.Handle("/", next)
	return mux
}

func write(w http.ResponseWriter, document []byte) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "public, max-age=300")
	h.Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(document) // a caller who has left needs no answer
}
