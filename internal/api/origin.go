package api

import (
	"context"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/stride-run/stride/internal/fault"
)

// Origins are the origins whose pages may use a cookie.
type Origins struct {
	// Own is the origin of our site: "https://stride.example". Empty: the host
	// that the request names. That is enough on one machine; behind a CDN the
	// request names the API's own host.
	Own string
	// Allowed are those of other front ends.
	Allowed []string
}

// Check refuses a request that a page of a foreign origin may have sent, or
// that does not say where it comes from. Every browser names the origin in a
// POST. Error: fault.Forbidden.
func (o Origins) Check(r *http.Request) error {
	values := r.Header.Values("Origin")
	if len(values) == 1 && (o.isOwn(values[0], r.Host) || slices.Contains(o.Allowed, values[0])) {
		return nil
	}
	return fault.New(fault.Forbidden, "A cookie is accepted from Stride's own pages only. Other clients send the refresh token in the body.")
}

func (o Origins) isOwn(origin, host string) bool {
	if o.Own != "" {
		return origin == o.Own
	}
	return host != "" && (origin == "http://"+host || origin == "https://"+host)
}

const (
	// OriginSecretHeader is what the CDN proves itself with.
	OriginSecretHeader = "X-Stride-Origin-Secret" //nolint:gosec // the name of a header
	// viewerHeader is where CloudFront says who it serves: address and port.
	viewerHeader = "Cloudfront-Viewer-Address"
)

// BehindCDN takes the caller's address from the CDN's header if the request
// has the CDN's secret, and from the connection in every other case: whoever
// makes up the header without the secret is counted as who they are. Secret
// returns the secret; an empty one proves nothing. The next handler sees
// neither header.
func BehindCDN(secret func(context.Context) (string, error), next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		shown, viewer := r.Header.Get(OriginSecretHeader), r.Header.Get(viewerHeader)
		if shown != "" && viewer != "" {
			want, err := secret(r.Context())
			addr, ok := viewerAddress(viewer)
			if err == nil && ok && want != "" && subtle.ConstantTimeCompare([]byte(shown), []byte(want)) == 1 {
				r = r.Clone(r.Context())
				r.RemoteAddr = net.JoinHostPort(addr.String(), "0")
			}
		}
		r.Header.Del(OriginSecretHeader)
		next.ServeHTTP(w, r)
	})
}

// viewerAddress reads "203.0.113.7:4711" and "2001:db8::1:4711": CloudFront
// writes an IPv6 address without brackets.
func viewerAddress(viewer string) (netip.Addr, bool) {
	end := strings.LastIndexByte(viewer, ':')
	if end < 0 {
		return netip.Addr{}, false
	}
	addr, err := netip.ParseAddr(strings.Trim(viewer[:end], "[]"))
	return addr, err == nil
}
