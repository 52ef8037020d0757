package api

import (
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"slices"

	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/route"
)

// Origins are the origins whose pages may use a cookie.
type Origins struct {
	// Own is the origin of our site: "https://stride.example". Empty: the host
	// that the request names, as BehindCDN restores it, by the scheme that the
	// gateway says it came by.
	Own string
	// Allowed are those of other front ends.
	Allowed []string
}

// Check refuses a request that a page of a foreign origin may have sent, or
// that does not say where it comes from. Every browser names the origin in a
// POST. Error: fault.Forbidden.
func (o Origins) Check(r *http.Request) error {
	values := r.Header.Values("Origin")
	if len(values) == 1 && (o.isOwn(values[0], r) || slices.Contains(o.Allowed, values[0])) {
		return nil
	}
	return fault.New(fault.Forbidden, "A cookie is accepted from Stride's own pages only. Other clients send the refresh token in the body.")
}

func (o Origins) isOwn(origin string, r *http.Request) bool {
	if o.Own != "" {
		return origin == o.Own
	}
	// One value, of the gateway alone: it replaces the caller's. Without one
	// nothing is known, and no origin is ours.
	scheme := r.Header.Get("X-Forwarded-Proto")
	return r.Host != "" && (scheme == "http" || scheme == "https") && origin == scheme+"://"+r.Host
}

// BehindCDN lets requests in that come through the site's distribution, which
// shows a secret, and takes from it who called and by which name: API Gateway
// itself sees nothing but the distribution. All others get 403, since they
// could say of themselves what they like. Without a secret there is no
// distribution, and connection and Host count. The next handler never sees
// the distribution's headers.
func BehindCDN(secret string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		shown, client, host := r.Header.Get(route.OriginHeader), r.Header.Get(route.ClientHeader), r.Header.Get(route.HostHeader)
		for _, name := range []string{route.OriginHeader, route.ClientHeader, route.HostHeader} {
			r.Header.Del(name)
		}
		if secret == "" {
			next.ServeHTTP(w, r)
			return
		}
		addr, err := netip.ParseAddr(client)
		if err != nil || host == "" || subtle.ConstantTimeCompare([]byte(shown), []byte(secret)) != 1 {
			WriteError(w, Call(r.Context()).RequestID, fault.New(fault.Forbidden, "Call the API by the address of the site."))
			return
		}
		r = r.Clone(r.Context())
		r.RemoteAddr, r.Host = net.JoinHostPort(addr.String(), "0"), host
		next.ServeHTTP(w, r)
	})
}
