package gateway_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/local/gateway"
)

func TestCORS(t *testing.T) {
	f := fixed(events.APIGatewayV2HTTPResponse{StatusCode: 200, Headers: map[string]string{"Vary": "Accept"}}, nil)
	const app = "https://app.example"
	listed := start(t, f, func(g *gateway.Gateway) { g.Origins = []string{app, "http://localhost:5173"} })
	unlisted := start(t, f, nil)
	for _, tt := range []struct {
		name, method, origin string
		server               *httptest.Server
		status               int
		allow                string
		vary                 []string
	}{
		{"preflight", "OPTIONS", app, listed, 204, app, []string{"Origin"}},
		{"preflight of another", "OPTIONS", "https://evil.example", listed, 204, "", []string{"Origin"}},
		{"preflight of a longer name", "OPTIONS", "https://app.example.evil.com", listed, 204, "", []string{"Origin"}},
		{"preflight without TLS", "OPTIONS", "http://app.example", listed, 204, "", []string{"Origin"}},
		{"preflight of null", "OPTIONS", "null", listed, 204, "", []string{"Origin"}},
		{"preflight without a list", "OPTIONS", app, unlisted, 200, "", []string{"Accept"}},
		{"request", "POST", app, listed, 200, app, []string{"Origin", "Accept"}},
		{"request of another", "POST", "https://evil.example", listed, 200, "", []string{"Origin", "Accept"}},
		{"request of null", "POST", "null", listed, 200, "", []string{"Origin", "Accept"}},
		{"request without origin", "POST", "", listed, 200, "", []string{"Origin", "Accept"}},
		{"request without a list", "POST", app, unlisted, 200, "", []string{"Accept"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			header := http.Header{}
			if tt.origin != "" {
				header.Set("Origin", tt.origin)
			}
			if tt.method == "OPTIONS" {
				header.Set("Access-Control-Request-Method", "POST")
			}
			response, _ := do(t, tt.method, tt.server.URL+"/api/open", "", header)
			h := response.Header
			if response.StatusCode != tt.status || h.Get("Access-Control-Allow-Origin") != tt.allow {
				t.Errorf("%d, allows %q, want %d, %q", response.StatusCode, h.Get("Access-Control-Allow-Origin"), tt.status, tt.allow)
			}
			if diff := cmp.Diff(tt.vary, h.Values("Vary")); diff != "" {
				t.Errorf("Vary (-want +got):\n%s", diff)
			}
			var names []string
			for name := range h {
				if rest, ok := strings.CutPrefix(name, "Access-Control-"); ok {
					names = append(names, rest)
				}
			}
			slices.Sort(names)
			var want []string
			switch {
			case tt.allow == "":
			case tt.method == "OPTIONS":
				want = []string{"Allow-Credentials", "Allow-Headers", "Allow-Methods", "Allow-Origin", "Max-Age"}
			default:
				want = []string{"Allow-Credentials", "Allow-Origin", "Expose-Headers"}
			}
			if diff := cmp.Diff(want, names); diff != "" {
				t.Errorf("CORS headers (-want +got):\n%s", diff)
			}
		})
	}
}
