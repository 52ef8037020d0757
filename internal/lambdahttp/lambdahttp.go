// Package lambdahttp lets an ordinary http.Handler answer the events of an
// API Gateway HTTP API (payload format 2.0), so that handlers know nothing of
// Lambda. It reads the events of SAM as well, which differ in the case of
// header names and in what they leave empty.
package lambdahttp

import (
	"context"
	"encoding/base64"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/fault"
)

// A Function is what a Lambda main starts, and what the local gateway calls.
type Function func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error)

// Serve returns a Function that answers events with a handler. It never
// returns an error: an event that cannot be read is answered with 400.
func Serve(h http.Handler) Function {
	return func(ctx context.Context, event events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		w := &recorder{header: http.Header{}}
		r, err := request(ctx, event)
		if err != nil {
			api.WriteError(w, event.RequestContext.RequestID, err)
			return w.result(), nil
		}
		w.noBody = r.Method == http.MethodHead
		h.ServeHTTP(w, r)
		return w.result(), nil
	}
}

// request makes the request that an event stands for. The id, the claims and
// the caller's address come from the event's context, never from a header.
func request(ctx context.Context, event events.APIGatewayV2HTTPRequest) (*http.Request, error) {
	about := event.RequestContext
	call := api.CallInfo{RequestID: about.RequestID, Unverified: about.Authorizer == nil}
	if about.Authorizer != nil && about.Authorizer.JWT != nil {
		call.Claims = about.Authorizer.JWT.Claims
	}
	body := event.Body
	if event.IsBase64Encoded {
		decoded, err := base64.StdEncoding.DecodeString(body)
		if err != nil {
			return nil, &fault.Fault{Kind: fault.Malformed, Detail: "The body did not arrive whole. Send it again.", Cause: err}
		}
		body = string(decoded)
	}
	r, err := http.NewRequestWithContext(api.WithCall(ctx, call), about.HTTP.Method, "/", strings.NewReader(body))
	if err != nil || about.HTTP.Method == "" {
		return nil, &fault.Fault{Kind: fault.Malformed, Detail: "This is no HTTP request.", Cause: err}
	}
	r.URL = target(event)
	r.RequestURI = r.URL.RequestURI()
	r.Header = header(event)
	r.Host = r.Header.Get("Host")
	r.Header.Del("Host") // as net/http does
	if r.Host == "" {
		r.Host = about.DomainName
	}
	r.RemoteAddr = net.JoinHostPort(about.HTTP.SourceIP, "0") // the event has no port
	if major, minor, ok := http.ParseHTTPVersion(about.HTTP.Protocol); ok {
		r.Proto, r.ProtoMajor, r.ProtoMinor = about.HTTP.Protocol, major, minor
	}
	return r, nil
}

// target keeps path and query as they came. A path that is no valid escaped
// one has been decoded on the way and stands for itself.
func target(event events.APIGatewayV2HTTPRequest) *url.URL {
	raw := event.RawPath
	if !strings.HasPrefix(raw, "/") {
		raw = "/" + raw
	}
	u := &url.URL{Path: raw, RawQuery: event.RawQueryString}
	if path, err := url.PathUnescape(raw); err == nil {
		u.Path, u.RawPath = path, raw // RawPath is ignored where it says no more than Path
	}
	return u
}

// header takes names in any case. Cookies come apart from the other headers;
// SAM leaves them in both places.
func header(event events.APIGatewayV2HTTPRequest) http.Header {
	h := make(http.Header, len(event.Headers)+1)
	for name, value := range event.Headers {
		h.Add(name, value)
	}
	if len(event.Cookies) > 0 {
		h.Set("Cookie", strings.Join(event.Cookies, "; "))
	}
	return h
}
