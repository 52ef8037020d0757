package gateway

import (
	"encoding/base64"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"

	"github.com/stride-run/stride/internal/route"
)

// eventOf makes the event that an HTTP API (payload format 2.0) makes of a
// request. What has no content is absent.
func eventOf(r *http.Request, body []byte, match route.Match, id string, claims map[string]string, now time.Time) events.APIGatewayV2HTTPRequest {
	address, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		address = r.RemoteAddr
	}
	e := events.APIGatewayV2HTTPRequest{
		Version:               "2.0",
		RouteKey:              match.Route.Key(),
		RawPath:               r.URL.EscapedPath(),
		RawQueryString:        r.URL.RawQuery,
		Headers:               headersOf(r, address, len(body)),
		Cookies:               cookiesOf(r.Header),
		QueryStringParameters: joined(r.URL.Query()),
		PathParameters:        match.Params,
		Body:                  string(body),
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			RouteKey:     match.Route.Key(),
			AccountID:    "000000000000",
			APIID:        "local",
			DomainName:   r.Host,
			DomainPrefix: "local",
			RequestID:    id,
			Stage:        "$default",
			Time:         now.UTC().Format("02/Jan/2006:15:04:05 -0700"),
			TimeEpoch:    now.UnixMilli(),
			HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{
				Method:    r.Method,
				Path:      r.URL.EscapedPath(),
				Protocol:  r.Proto,
				SourceIP:  address,
				UserAgent: r.UserAgent(),
			},
		},
	}
	if claims != nil {
		e.RequestContext.Authorizer = &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
			JWT: &events.APIGatewayV2HTTPRequestContextAuthorizerJWTDescription{Claims: claims},
		}
	}
	if !utf8.Valid(body) {
		e.Body, e.IsBase64Encoded = base64.StdEncoding.EncodeToString(body), true
	}
	return e
}

// ownHeaders belong to one connection, or are said by the gateway itself.
var ownHeaders = map[string]bool{
	"Connection": true, "Cookie": true, "Forwarded": true, "Keep-Alive": true, "Proxy-Connection": true,
	"Te": true, "Trailer": true, "Transfer-Encoding": true, "Upgrade": true,
}

// headersOf gives the headers in lower case, several values joined by commas.
// What the caller says about forwarding is dropped: the socket alone says
// where a request comes from.
func headersOf(r *http.Request, address string, size int) map[string]string {
	headers := make(map[string]string, len(r.Header)+4)
	for name, values := range r.Header {
		if !ownHeaders[name] && !strings.HasPrefix(name, "X-Forwarded-") {
			headers[strings.ToLower(name)] = strings.Join(values, ",")
		}
	}
	headers["host"] = r.Host
	headers["x-forwarded-for"] = address
	headers["x-forwarded-proto"] = "http"
	if _, port, err := net.SplitHostPort(r.Host); err == nil {
		headers["x-forwarded-port"] = port
	}
	if size > 0 {
		headers["content-length"] = strconv.Itoa(size)
	}
	return headers
}

func cookiesOf(h http.Header) []string {
	var cookies []string
	for _, line := range h.Values("Cookie") {
		for pair := range strings.SplitSeq(line, ";") {
			if pair = strings.TrimSpace(pair); pair != "" {
				cookies = append(cookies, pair)
			}
		}
	}
	return cookies
}

// joined joins the values of each name by commas.
func joined(values map[string][]string) map[string]string {
	if len(values) == 0 {
		return nil
	}
	out := make(map[string]string, len(values))
	for name, v := range values {
		out[name] = strings.Join(v, ",")
	}
	return out
}
