package gateway_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/lambdahttp"
	"github.com/stride-run/stride/internal/local/gateway"
	"github.com/stride-run/stride/internal/route"
)

var routes = route.Table{
	{Method: "GET", Path: "/api/plans/{plan_id}", Function: "plans", Auth: route.Token},
	{Method: "POST", Path: "/api/open", Function: "open", Auth: route.None},
	{Method: "GET", Path: "/api/forgotten", Function: "open"}, // no Auth: the safe reading is a token
	{Method: "GET", Path: "/api/missing", Function: "missing", Auth: route.None},
	{Method: route.Any, Path: "/api/{proxy+}", Function: "open", Auth: route.None},
}

// start serves a gateway whose functions all are f. Change may be nil.
func start(t *testing.T, f lambdahttp.Function, change func(*gateway.Gateway)) *httptest.Server {
	t.Helper()
	g := &gateway.Gateway{
		Routes:    routes,
		Functions: map[string]lambdahttp.Function{"plans": f, "open": f},
		Site:      http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "site") }),
		Log:       slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(g)
	}
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	return server
}

// do sends a request and returns the answer with its body read.
func do(t *testing.T, method, url, body string, header http.Header) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(r.Header, header)
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(data)
}

func fixed(result events.APIGatewayV2HTTPResponse, err error) lambdahttp.Function {
	return func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		return result, err
	}
}

// TestEvent holds the event against one of a real HTTP API, as JSON, so that
// parts without content are seen to be absent.
func TestEvent(t *testing.T) {
	var got []byte
	capture := func(_ context.Context, e events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		got, _ = json.Marshal(e)
		return events.APIGatewayV2HTTPResponse{StatusCode: 204}, nil
	}
	server := start(t, capture, func(g *gateway.Gateway) {
		g.Authorize = func(_ context.Context, token string) (map[string]string, error) {
			return map[string]string{"sub": token, "exp": "1795288500"}, nil
		}
	})
	host := strings.TrimPrefix(server.URL, "http://")
	_, port, _ := net.SplitHostPort(host)
	about := func(key, method, path string, more map[string]any) map[string]any {
		out := map[string]any{
			"routeKey": key, "accountId": "000000000000", "apiId": "local", "domainName": host, "domainPrefix": "local", "stage": "$default",
			"http": map[string]any{"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "test/1"},
		}
		maps.Copy(out, more)
		return out
	}
	headers := func(more map[string]any) map[string]any {
		out := map[string]any{
			"host": host, "user-agent": "test/1", "accept-encoding": "gzip",
			"x-forwarded-for": "127.0.0.1", "x-forwarded-proto": "http", "x-forwarded-port": port,
		}
		maps.Copy(out, more)
		return out
	}
	for _, tt := range []struct {
		name, method, target, body string
		header                     http.Header
		want                       map[string]any
	}{
		{
			"everything", "GET", "/api/plans/a%2Fb?x=1&x=2&y=%20", "",
			http.Header{
				"Authorization": {"bearer t.o.k"}, "Cookie": {"a=1; b=2", "c=3"}, "X-Many": {"1", "2"}, "Connection": {"keep-alive"},
				"X-Forwarded-For": {"198.51.100.9"}, "X-Forwarded-Host": {"evil.example"}, "Forwarded": {"for=198.51.100.9"},
			},
			map[string]any{
				"version": "2.0", "routeKey": "GET /api/plans/{plan_id}", "rawPath": "/api/plans/a%2Fb", "rawQueryString": "x=1&x=2&y=%20",
				"cookies":               []any{"a=1", "b=2", "c=3"},
				"headers":               headers(map[string]any{"authorization": "bearer t.o.k", "x-many": "1,2"}),
				"queryStringParameters": map[string]any{"x": "1,2", "y": " "},
				"pathParameters":        map[string]any{"plan_id": "a/b"},
				"isBase64Encoded":       false,
				"requestContext": about("GET /api/plans/{plan_id}", "GET", "/api/plans/a%2Fb", map[string]any{
					"authorizer": map[string]any{"jwt": map[string]any{"claims": map[string]any{"sub": "t.o.k", "exp": "1795288500"}}},
				}),
			},
		},
		{
			"text", "POST", "/api/open", `{"a":"é"}`,
			http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer ignored"}},
			map[string]any{
				"version": "2.0", "routeKey": "POST /api/open", "rawPath": "/api/open", "rawQueryString": "",
				"headers": headers(map[string]any{"content-type": "application/json", "content-length": "10", "authorization": "Bearer ignored"}),
				"body":    `{"a":"é"}`, "isBase64Encoded": false, "requestContext": about("POST /api/open", "POST", "/api/open", nil),
			},
		},
		{
			"no text", "POST", "/api/open", "\x00\xff", nil,
			map[string]any{
				"version": "2.0", "routeKey": "POST /api/open", "rawPath": "/api/open", "rawQueryString": "",
				"headers": headers(map[string]any{"content-length": "2"}),
				"body":    "AP8=", "isBase64Encoded": true, "requestContext": about("POST /api/open", "POST", "/api/open", nil),
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			header := http.Header{"User-Agent": {"test/1"}}
			maps.Copy(header, tt.header)
			before := time.Now().UnixMilli()
			if response, body := do(t, tt.method, server.URL+tt.target, tt.body, header); response.StatusCode != 204 {
				t.Fatalf("%d %s", response.StatusCode, body)
			}
			var event map[string]any
			if err := json.Unmarshal(got, &event); err != nil {
				t.Fatal(err)
			}
			context, _ := event["requestContext"].(map[string]any)
			if id, _ := context["requestId"].(string); len(id) < 20 {
				t.Errorf("requestId %q", id)
			}
			if epoch, _ := context["timeEpoch"].(float64); int64(epoch) < before || int64(epoch) > time.Now().UnixMilli() {
				t.Errorf("timeEpoch %v is not now in milliseconds", epoch)
			}
			if at, err := time.Parse("02/Jan/2006:15:04:05 -0700", context["time"].(string)); err != nil || time.Since(at).Abs() > time.Minute {
				t.Errorf("time %v: %v", context["time"], err)
			}
			for _, name := range []string{"requestId", "timeEpoch", "time", "authentication"} {
				delete(context, name)
			}
			if diff := cmp.Diff(tt.want, event); diff != "" {
				t.Errorf("event (-want +got):\n%s", diff)
			}
		})
	}
}

func TestResult(t *testing.T) {
	for _, tt := range []struct {
		name   string
		f      lambdahttp.Function
		status int
		body   string
		header http.Header
	}{
		{
			"text", fixed(events.APIGatewayV2HTTPResponse{
				StatusCode: 201, Body: "é", Cookies: []string{"a=1", "b=2"},
				Headers: map[string]string{"content-type": "text/plain", "Content-Length": "999", "Access-Control-Allow-Origin": "*"},
			}, nil),
			201, "é",
			http.Header{"Content-Type": {"text/plain"}, "Content-Length": {"2"}, "Set-Cookie": {"a=1", "b=2"}},
		},
		{
			"base64", fixed(events.APIGatewayV2HTTPResponse{StatusCode: 200, Body: "AP8=", IsBase64Encoded: true, Headers: map[string]string{"Content-Type": "a/b"}}, nil),
			200, "\x00\xff",
			http.Header{"Content-Type": {"a/b"}, "Content-Length": {"2"}},
		},
		{"nothing", fixed(events.APIGatewayV2HTTPResponse{StatusCode: 204}, nil), 204, "", http.Header{}},
		{"error", fixed(events.APIGatewayV2HTTPResponse{}, errors.New("secret")), 500, wrong, wrongHeader},
		{"no status", fixed(events.APIGatewayV2HTTPResponse{Body: "x"}, nil), 500, wrong, wrongHeader},
		{"interim status", fixed(events.APIGatewayV2HTTPResponse{StatusCode: 101}, nil), 500, wrong, wrongHeader},
		{"no such status", fixed(events.APIGatewayV2HTTPResponse{StatusCode: 1000}, nil), 500, wrong, wrongHeader},
		{"bad base64", fixed(events.APIGatewayV2HTTPResponse{StatusCode: 200, Body: "%", IsBase64Encoded: true, Headers: map[string]string{"X": "1"}}, nil), 500, wrong, wrongHeader},
	} {
		t.Run(tt.name, func(t *testing.T) {
			response, body := do(t, "POST", start(t, tt.f, nil).URL+"/api/open", "", nil)
			if response.StatusCode != tt.status || body != tt.body {
				t.Errorf("%d %q, want %d %q", response.StatusCode, body, tt.status, tt.body)
			}
			response.Header.Del("Date")
			if diff := cmp.Diff(tt.header, response.Header); diff != "" {
				t.Errorf("headers (-want +got):\n%s", diff)
			}
		})
	}
	server := start(t, fixed(events.APIGatewayV2HTTPResponse{StatusCode: 200}, nil), nil)
	if response, body := do(t, "GET", server.URL+"/api/missing", "", nil); response.StatusCode != 500 || body != wrong {
		t.Errorf("function that is not there: %d %s", response.StatusCode, body)
	}
	if _, body := do(t, "GET", server.URL+"/apis", "", nil); body != "site" {
		t.Errorf("outside /api/: %q", body)
	}
}

const wrong = `{"message":"Internal Server Error"}`

var wrongHeader = http.Header{"Content-Type": {"application/json"}, "Content-Length": {"35"}}

func TestAuthorize(t *testing.T) {
	called := false
	f := func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		called = true
		return events.APIGatewayV2HTTPResponse{StatusCode: 204}, nil
	}
	good := func(_ context.Context, token string) (map[string]string, error) {
		switch token {
		case "good":
			return map[string]string{"sub": "runner"}, nil
		case "broken":
			return nil, errors.New("keys are gone")
		}
		return nil, nil
	}
	closed := start(t, f, nil)
	open := start(t, f, func(g *gateway.Gateway) { g.Authorize = good })
	for _, tt := range []struct {
		name   string
		server *httptest.Server
		path   string
		header http.Header
		status int
	}{
		{"good", open, "/api/plans/1", http.Header{"Authorization": {"Bearer good"}}, 204},
		{"bad", open, "/api/plans/1", http.Header{"Authorization": {"Bearer bad"}}, 401},
		{"none", open, "/api/plans/1", nil, 401},
		{"two", open, "/api/plans/1", http.Header{"Authorization": {"Bearer good", "Bearer good"}}, 401},
		{"other scheme", open, "/api/plans/1", http.Header{"Authorization": {"Basic good"}}, 401},
		{"check fails", open, "/api/plans/1", http.Header{"Authorization": {"Bearer broken"}}, 500},
		{"no check", closed, "/api/plans/1", http.Header{"Authorization": {"Bearer good"}}, 401},
		{"route says nothing", open, "/api/forgotten", nil, 401},
		{"open route", open, "/api/anything", http.Header{"Authorization": {"Bearer bad"}}, 204},
	} {
		t.Run(tt.name, func(t *testing.T) {
			called = false
			response, body := do(t, "GET", tt.server.URL+tt.path, "", tt.header)
			if response.StatusCode != tt.status || called != (tt.status == 204) {
				t.Errorf("%d, function called: %v: %s", response.StatusCode, called, body)
			}
			if tt.status == 401 && (response.Header.Get("WWW-Authenticate") != `Bearer error="invalid_token"` || !strings.Contains(body, "/problems/invalid_token")) {
				t.Errorf("401 is no problem of its kind: %v %s", response.Header, body)
			}
		})
	}
}

func TestPayloadLimit(t *testing.T) {
	server := start(t, fixed(events.APIGatewayV2HTTPResponse{StatusCode: 204}, nil), nil)
	for size, want := range map[int]int{6 << 20: 204, 6<<20 + 1: 413, 10_000_000: 413} {
		if response, body := do(t, "POST", server.URL+"/api/open", strings.Repeat("a", size), nil); response.StatusCode != want {
			t.Errorf("%d bytes: %d %s, want %d", size, response.StatusCode, body, want)
		}
	}
}

func TestPayloadCutShort(t *testing.T) {
	server := start(t, fixed(events.APIGatewayV2HTTPResponse{StatusCode: 204}, nil), nil)
	conn, err := net.Dial("tcp", strings.TrimPrefix(server.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, "POST /api/open HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nshort")
	_ = conn.(*net.TCPConn).CloseWrite()
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != 400 {
		t.Errorf("status %d, want 400", response.StatusCode)
	}
}

// TestBothWays: what a handler sees, and what its caller sees, is the same
// with the gateway and the events between them as without. (A lone "?" is
// lost: an event has no place for it.)
func TestBothWays(t *testing.T) {
	mirror := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		for _, name := range []string{"X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Port"} {
			r.Header.Del(name) // the gateway adds them
		}
		w.Header().Add("Set-Cookie", "a=1")
		w.Header().Add("Set-Cookie", "b=2")
		w.WriteHeader(http.StatusAccepted)
		_ = json.NewEncoder(w).Encode([]any{
			r.Method, r.URL.String(), r.URL.Path, r.URL.EscapedPath(), r.RequestURI, r.Proto, r.Header, body, r.ContentLength,
			api.ClientAddress(r), r.URL.Query(), r.UserAgent(),
		})
	})
	direct := httptest.NewServer(mirror)
	defer direct.Close()
	function := lambdahttp.Serve(mirror)
	functions := map[string]lambdahttp.Function{}
	for _, f := range route.Functions {
		functions[f.Name] = function
	}
	through := start(t, nil, func(g *gateway.Gateway) {
		g.Routes, g.Functions = route.Routes, functions
		g.Authorize = func(context.Context, string) (map[string]string, error) { return map[string]string{"sub": "x"}, nil }
	})
	fill := strings.NewReplacer("{proxy+}", "some/where%2Felse", "{", "a%20", "}", "")
	for _, r := range route.Routes {
		method := strings.Replace(r.Method, route.Any, "DELETE", 1)
		for _, query := range []string{"", "?a=1&a=2&b=%7E&c"} {
			for _, body := range []string{"", `{"weeks":16}`, "\x00\xff"} {
				header := http.Header{
					"Authorization": {"Bearer t"}, "Content-Type": {"application/json"}, "Cookie": {"a=1; b=2"}, "If-Match": {`"1"`}, "X-Empty": {""},
				}
				a, bodyA := do(t, method, direct.URL+fill.Replace(r.Path)+query, body, header)
				b, bodyB := do(t, method, through.URL+fill.Replace(r.Path)+query, body, header)
				if diff := cmp.Diff(bodyA, bodyB); diff != "" || a.StatusCode != b.StatusCode {
					t.Errorf("%s %q %q: %d and %d (-direct +through):\n%s", r.Key(), query, body, a.StatusCode, b.StatusCode, diff)
				}
				a.Header.Del("Date")
				b.Header.Del("Date")
				if diff := cmp.Diff(a.Header, b.Header); diff != "" {
					t.Errorf("%s %q %q: headers (-direct +through):\n%s", r.Key(), query, body, diff)
				}
			}
		}
	}
}

func TestFailuresAreLogged(t *testing.T) {
	var log bytes.Buffer
	server := start(t, fixed(events.APIGatewayV2HTTPResponse{}, errors.New("why")), func(g *gateway.Gateway) {
		g.Log = slog.New(slog.NewJSONHandler(&log, nil))
	})
	do(t, "POST", server.URL+"/api/open", "", nil)
	if got := log.String(); !strings.Contains(got, `"function":"open","cause":"why"`) {
		t.Errorf("log %s", got)
	}
}
