package api

import (
	"context"
	"crypto/rand"
	"net"
	"net/http"
	"net/netip"
)

// CallInfo is what the gateway knows about a request beside HTTP.
type CallInfo struct {
	RequestID string
	Claims    map[string]string // of the verified access token; nil: there is none
	// Unverified says that no authorizer has looked at the request, so that
	// there may be a token to check. False: who has no claims has no token.
	Unverified bool
}

type callKey struct{}

// WithCall adds what the gateway knows to a context.
func WithCall(ctx context.Context, call CallInfo) context.Context {
	return context.WithValue(ctx, callKey{}, call)
}

// Call returns what the gateway knows. A request that came without a gateway
// has no claims, and a new id.
func Call(ctx context.Context) CallInfo {
	call, _ := ctx.Value(callKey{}).(CallInfo)
	if call.RequestID == "" {
		call.RequestID = rand.Text()
	}
	return call
}

// ClientAddress returns where a request comes from, as the connection or the
// gateway says; headers, which anybody can write, play no part. IPv6 counts
// by /64, since that is what one caller has. The zero Prefix means that it is
// not known.
func ClientAddress(r *http.Request) netip.Prefix {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Prefix{}
	}
	bits := 32
	if addr = addr.Unmap().WithZone(""); addr.Is6() {
		bits = 64
	}
	prefix, _ := addr.Prefix(bits) // 32 and 64 are always right here
	return prefix
}
