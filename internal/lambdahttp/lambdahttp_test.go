package lambdahttp_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/lambdahttp"
)

// A seen is what a handler can see of a request.
type seen struct {
	Method, Path, EscapedPath, Query, URI, Host, Remote, Proto, Body string
	Length                                                           int64
	Header                                                           http.Header
	Cookies                                                          []string
	Call                                                             api.CallInfo
}

// look calls a Function with an event written as JSON, and returns what its
// handler saw.
func look(t *testing.T, event string) (seen, events.APIGatewayV2HTTPResponse) {
	t.Helper()
	var got seen
	f := lambdahttp.Serve(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got = seen{
			Method: r.Method, Path: r.URL.Path, EscapedPath: r.URL.EscapedPath(), Query: r.URL.RawQuery, URI: r.RequestURI,
			Host: r.Host, Remote: r.RemoteAddr, Proto: r.Proto, Body: string(body), Length: r.ContentLength, Header: r.Header,
			Call: api.Call(r.Context()),
		}
		for _, c := range r.Cookies() {
			got.Cookies = append(got.Cookies, c.String())
		}
	}))
	var e events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal([]byte(event), &e); err != nil {
		t.Fatal(err)
	}
	result, err := f(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	return got, result
}

func TestRequest(t *testing.T) {
	got, _ := look(t, `{"version":"2.0","routeKey":"GET /api/plans/{plan_id}","rawPath":"/api/plans/a%2Fb%20c","rawQueryString":"x=1&x=%7e2",
		"cookies":["a=1","b=2"],"headers":{"content-type":"application/json","host":"api.example","x-many":"1,2"},
		"queryStringParameters":{"x":"1,~2"},"pathParameters":{"plan_id":"a/b c"},"body":"{\"a\":\"é\"}","isBase64Encoded":false,
		"requestContext":{"requestId":"unique","domainName":"other.example",
			"authorizer":{"jwt":{"claims":{"sub":"runner","exp":"1795288500"},"scopes":null}},
			"http":{"method":"PATCH","path":"/api/plans/a/b c","protocol":"HTTP/1.1","sourceIp":"203.0.113.7"}}}`)
	want := seen{
		Method: "PATCH", Path: "/api/plans/a/b c", EscapedPath: "/api/plans/a%2Fb%20c", Query: "x=1&x=%7e2", URI: "/api/plans/a%2Fb%20c?x=1&x=%7e2",
		Host: "api.example", Remote: "203.0.113.7:0", Proto: "HTTP/1.1", Body: `{"a":"é"}`, Length: 10,
		Header:  http.Header{"Content-Type": {"application/json"}, "X-Many": {"1,2"}, "Cookie": {"a=1; b=2"}},
		Cookies: []string{"a=1", "b=2"},
		Call:    api.CallInfo{RequestID: "unique", Claims: map[string]string{"sub": "runner", "exp": "1795288500"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestRequestFromSAM has an event as SAM makes it: names as sent, cookies
// twice, empty parts present, no authorizer.
func TestRequestFromSAM(t *testing.T) {
	got, _ := look(t, `{"version":"2.0","routeKey":"POST /api/generate","rawPath":"/api/generate","rawQueryString":"","body":"","cookies":["a=1"],
		"headers":{"Content-Type":"application/json","Host":"127.0.0.1:3000","Cookie":"a=1","X-Forwarded-Port":"3000"},"pathParameters":{},
		"stageVariables":null,"isBase64Encoded":false,"requestContext":{"requestId":"same","timeEpoch":1795287600,
		"http":{"method":"POST","path":"/api/generate","protocol":"HTTP/1.1","sourceIp":"127.0.0.1","userAgent":"Custom User Agent String"}}}`)
	want := seen{
		Method: "POST", Path: "/api/generate", EscapedPath: "/api/generate", URI: "/api/generate", Host: "127.0.0.1:3000", Remote: "127.0.0.1:0", Proto: "HTTP/1.1",
		Header:  http.Header{"Content-Type": {"application/json"}, "X-Forwarded-Port": {"3000"}, "Cookie": {"a=1"}},
		Cookies: []string{"a=1"},
		Call:    api.CallInfo{RequestID: "same", Unverified: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRequestCorners(t *testing.T) {
	const context = `"requestContext":{"requestId":"id-1","domainName":"d.example","http":{"method":"POST"}}`
	for _, tt := range []struct {
		name, event string
		want        func(seen) string
		value       string
	}{
		{"base64", `{"body":"AP8=","isBase64Encoded":true,` + context + `}`, func(s seen) string { return s.Body }, "\x00\xff"},
		{"decoded path", `{"rawPath":"/api/100%",` + context + `}`, func(s seen) string { return s.Path + " " + s.EscapedPath }, "/api/100% /api/100%25"},
		{"no path", `{` + context + `}`, func(s seen) string { return s.URI }, "/"},
		{"no slash", `{"rawPath":"api",` + context + `}`, func(s seen) string { return s.URI }, "/api"},
		{"double slash", `{"rawPath":"//evil.example/x",` + context + `}`, func(s seen) string { return s.Path + " " + s.Host }, "//evil.example/x d.example"},
		{"no host header", `{` + context + `}`, func(s seen) string { return s.Host }, "d.example"},
		{"lower-case name", `{"headers":{"x-a":"1"},` + context + `}`, func(s seen) string { return s.Header.Get("X-A") }, "1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, _ := look(t, tt.event)
			if v := tt.want(got); v != tt.value {
				t.Errorf("%q, want %q", v, tt.value)
			}
		})
	}
}

func TestUnreadableEvents(t *testing.T) {
	for _, tt := range []struct{ name, event string }{
		{"bad base64", `{"body":"%%","isBase64Encoded":true,"requestContext":{"requestId":"id-1","http":{"method":"POST"}}}`},
		{"no method", `{"requestContext":{"requestId":"id-1"}}`},
		{"bad method", `{"requestContext":{"requestId":"id-1","http":{"method":"A B"}}}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, result := look(t, tt.event)
			if got.Method != "" {
				t.Error("the handler was called")
			}
			if result.StatusCode != 400 || !strings.Contains(result.Body, `"instance":"id-1"`) || result.Headers["Content-Type"] != "application/problem+json" {
				t.Errorf("%+v", result)
			}
		})
	}
}

func TestResult(t *testing.T) {
	for _, tt := range []struct {
		name   string
		method string
		write  func(http.ResponseWriter)
		want   events.APIGatewayV2HTTPResponse
	}{
		{"nothing", "GET", func(http.ResponseWriter) {}, events.APIGatewayV2HTTPResponse{StatusCode: 200, Headers: map[string]string{}}},
		{
			"cookies, several values, status once", "GET", func(w http.ResponseWriter) {
				w.Header().Add("Set-Cookie", "a=1; Path=/")
				w.Header().Add("Set-Cookie", "b=2")
				w.Header().Add("Vary", "Origin")
				w.Header().Add("Vary", "Accept")
				w.WriteHeader(201)
				w.WriteHeader(500)
				w.Header().Set("Late", "1")
			},
			events.APIGatewayV2HTTPResponse{StatusCode: 201, Headers: map[string]string{"Vary": "Origin, Accept"}, Cookies: []string{"a=1; Path=/", "b=2"}},
		},
		{
			"text", "GET", func(w http.ResponseWriter) {
				w.Header().Set("Content-Type", "text/plain")
				_, _ = io.WriteString(w, "é")
			},
			events.APIGatewayV2HTTPResponse{StatusCode: 200, Headers: map[string]string{"Content-Type": "text/plain"}, Body: "é"},
		},
		{
			"no text", "GET", func(w http.ResponseWriter) { _, _ = w.Write([]byte{0, 0xff}) },
			events.APIGatewayV2HTTPResponse{StatusCode: 200, Headers: map[string]string{"Content-Type": "application/octet-stream"}, Body: "AP8=", IsBase64Encoded: true},
		},
		{
			"head", "HEAD", func(w http.ResponseWriter) { fmt.Fprint(w, "body") },
			events.APIGatewayV2HTTPResponse{StatusCode: 200, Headers: map[string]string{}},
		},
		{
			"no content", "GET", func(w http.ResponseWriter) {
				w.WriteHeader(103)
				w.WriteHeader(204)
				fmt.Fprint(w, "body")
			},
			events.APIGatewayV2HTTPResponse{StatusCode: 204, Headers: map[string]string{}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := lambdahttp.Serve(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { tt.write(w) }))
			event := events.APIGatewayV2HTTPRequest{RawPath: "/"}
			event.RequestContext.HTTP.Method = tt.method
			got, err := f(t.Context(), event)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// FuzzEvent: whatever the event, there is a well-formed answer and no panic.
func FuzzEvent(f *testing.F) {
	for _, seed := range []string{
		`{}`, `null`, `{"rawPath":"/api/%zz?#","rawQueryString":"%","requestContext":{"http":{"method":"POST","protocol":"HTTP/9"}}}`,
		`{"body":"AP8=","isBase64Encoded":true,"cookies":["a=1","; ="],"headers":{"":"","a b":"c\nd"},"requestContext":{"http":{"method":"GET","sourceIp":"::1"}}}`,
		`{"requestContext":{"authorizer":{"jwt":null},"http":{"method":"get"}},"headers":null}`,
		`{"version":"1.0","httpMethod":"GET","path":"/","requestContext":{"requestId":"x"}}`,
	} {
		f.Add([]byte(seed))
	}
	function := lambdahttp.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		_ = r.Cookies()
		body, _ := io.ReadAll(r.Body)
		w.Header()["Set-Cookie"] = []string{r.Host}
		w.Header().Set("X-Path", r.URL.EscapedPath()+r.URL.String()+r.RequestURI+api.ClientAddress(r).String())
		_, _ = w.Write(body)
	}))
	f.Fuzz(func(t *testing.T, data []byte) {
		var event events.APIGatewayV2HTTPRequest
		if json.Unmarshal(data, &event) != nil {
			return
		}
		got, err := function(context.Background(), event)
		if err != nil || got.StatusCode < 200 || got.StatusCode > 599 || !utf8.ValidString(got.Body) {
			t.Fatalf("%s: %+v, %v", data, got, err)
		}
	})
}
