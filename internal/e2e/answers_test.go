package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/local/lambdahost"
	"github.com/stride-run/stride/internal/local/server"
	"github.com/stride-run/stride/internal/password"
	"github.com/stride-run/stride/internal/route"
)

var update = flag.Bool("update", false, "write the answers to the events anew")

// read reads a function's answer; the zero value if there is none.
func read(t *testing.T, payload []byte) (a events.APIGatewayV2HTTPResponse) {
	t.Helper()
	if len(payload) == 0 {
		return a
	}
	if err := json.Unmarshal(payload, &a); err != nil {
		t.Fatalf("%v: %s", err, payload)
	}
	if a.IsBase64Encoded {
		body, err := base64.StdEncoding.DecodeString(a.Body)
		if err != nil {
			t.Fatal(err)
		}
		a.Body = string(body)
	}
	return a
}

// hosts starts a host for each function when it is first asked for one.
func hosts(t *testing.T) func(function string) *lambdahost.Host {
	t.Helper()
	needLinux(t)
	started := map[string]*lambdahost.Host{}
	return func(function string) *lambdahost.Host {
		if started[function] == nil {
			started[function] = start(t, config(t, function))
		}
		return started[function]
	}
}

// invoke calls a function with an event and returns its answer.
func invoke(t *testing.T, h *lambdahost.Host, event events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPResponse {
	t.Helper()
	raw, err := json.Marshal(event)
	if err != nil {
		t.Fatal(err)
	}
	result, err := h.Invoke(t.Context(), raw)
	if err != nil {
		t.Fatal(err)
	}
	return read(t, result.Payload)
}

func goldenPath(name string) string { return filepath.Join("testdata", name+".txt") }

// goldenStatus reads the status of the answer to an event.
func goldenStatus(t *testing.T, name string) (status int) {
	t.Helper()
	text, err := os.ReadFile(goldenPath(name))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Sscan(string(text), &status); err != nil {
		t.Fatalf("%s: %v", goldenPath(name), err)
	}
	return status
}

// maxLines is how much of a body is kept. It shows what an answer is like;
// that the rest is right as well, TestLocalServerAnswersTheSame and the tests
// of the handlers say.
const maxLines = 120

// masks hide what is new in every answer. What the events are about begins
// with seed and stays to be seen.
var masks = []struct {
	pattern *regexp.Regexp
	seed    string
	mask    string
}{
	{regexp.MustCompile(`eyJ[\w-]+\.[\w-]+\.[\w-]+`), "", "<access token>"},
	{regexp.MustCompile(`http://127\.0\.0\.1:\d+/[^"\s]+`), "", "<address in the bucket>"},
	{regexp.MustCompile(`srt1\.[\w-]+`), "", "<refresh token>"},
	{regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}`), "01990000-", "<id>"},
	{regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`), "2026-09-01T06:00:00Z", "<time>"},
}

func masked(s string) string {
	for _, m := range masks {
		s = m.pattern.ReplaceAllStringFunc(s, func(found string) string {
			if m.seed != "" && strings.HasPrefix(found, m.seed) {
				return found
			}
			return m.mask
		})
	}
	return s
}

// text writes an answer for people: status, headers, and JSON spread out. Of
// other bodies, which are pages with tests of their own, it keeps the first
// line, and not the digest in their ETag.
func text(t *testing.T, a events.APIGatewayV2HTTPResponse) string {
	t.Helper()
	isJSON := strings.HasSuffix(strings.Split(a.Headers["Content-Type"], ";")[0], "json")
	var b strings.Builder
	fmt.Fprintf(&b, "%d\n", a.StatusCode)
	for _, name := range slices.Sorted(maps.Keys(a.Headers)) {
		if name != "Content-Length" && (name != "Etag" || isJSON) {
			fmt.Fprintf(&b, "%s: %s\n", name, a.Headers[name])
		}
	}
	for _, cookie := range a.Cookies {
		fmt.Fprintf(&b, "Set-Cookie: %s\n", cookie)
	}
	if !isJSON {
		line, _, _ := strings.Cut(a.Body, "\n")
		return masked(b.String() + "\n" + line + "\n")
	}
	var body bytes.Buffer
	if err := json.Indent(&body, []byte(strings.TrimSpace(a.Body)), "", "  "); err != nil {
		t.Fatalf("%v: %s", err, a.Body)
	}
	lines := strings.Split(body.String(), "\n")
	if len(lines) > maxLines {
		lines = append(lines[:maxLines], "…")
	}
	return masked(b.String() + "\n" + strings.Join(lines, "\n") + "\n")
}

// TestEvents calls the bootstrap of each event's function and compares the
// answer with the one that was kept.
func TestEvents(t *testing.T) {
	host := hosts(t)
	names := map[string]bool{}
	for _, s := range load(t) {
		names[goldenPath(s.name)] = true
		t.Run(s.name, func(t *testing.T) {
			s.prepare(t)
			result, err := host(s.route.Function).Invoke(t.Context(), s.raw)
			if err != nil {
				t.Fatal(err)
			}
			answer := read(t, result.Payload)
			checkLog(t, s, answer.StatusCode, result.Log)
			got := text(t, answer)
			if *update {
				if err := os.WriteFile(goldenPath(s.name), []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(goldenPath(s.name))
			if err != nil {
				t.Fatalf("%v; go test -update keeps the answer", err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("the answer changed; go test -update keeps it if it should (-kept +answer):\n%s", diff)
			}
		})
	}
	files, err := filepath.Glob(goldenPath("*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !names[file] {
			t.Errorf("%s is the answer to no event: remove it", file)
		}
	}
}

// checkLog wants one line for a call, which says what was asked and what came
// of it.
func checkLog(t *testing.T, s sample, status int, log string) {
	t.Helper()
	var line struct {
		ID, Route string
		Status    int
	}
	if err := json.Unmarshal([]byte(log), &line); err != nil {
		t.Fatalf("%v: the log is %q", err, log)
	}
	if line.ID != s.event.RequestContext.RequestID || line.Status != status || line.Route != s.route.Key() && s.route.Function != "fallback" {
		t.Errorf("the log says %s", log)
	}
}

// TestClaims: who a caller is decides the gateway alone. A public route does
// not care, and one that needs a token has no answer without the gateway's
// word, whatever the headers say.
func TestClaims(t *testing.T) {
	host := hosts(t)
	for _, s := range load(t) {
		if kind(goldenStatus(t, s.name)) != success {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			h := host(s.route.Function)
			forged := s.event
			forged.Headers = maps.Clone(s.event.Headers)
			forged.Headers["authorization"] = "Bearer made.up.token"
			switch s.route.Auth {
			case route.None:
				forged.RequestContext.Authorizer = jwt(map[string]string{"sub": "somebody"})
				s.prepare(t)
				want := text(t, invoke(t, h, s.event))
				s.prepare(t)
				got := text(t, invoke(t, h, forged))
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("a token changes the answer (-without +with):\n%s", diff)
				}
			case route.Token:
				s.prepare(t)
				for name, authorizer := range map[string]*events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
					"no authorizer": nil,
					"another kind":  {Lambda: map[string]any{"sub": "somebody"}},
					"no claims":     jwt(nil),
					"no subject":    jwt(map[string]string{"iss": "somebody"}),
					"odd subject":   jwt(map[string]string{"sub": "somebody"}),
				} {
					forged.RequestContext.Authorizer = authorizer
					if got := invoke(t, h, forged); got.StatusCode != http.StatusUnauthorized {
						t.Errorf("%s: %d %s, want 401", name, got.StatusCode, got.Body)
					}
				}
			}
		})
	}
}

func jwt(claims map[string]string) *events.APIGatewayV2HTTPRequestContextAuthorizerDescription {
	return &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
		JWT: &events.APIGatewayV2HTTPRequestContextAuthorizerJWTDescription{Claims: claims},
	}
}

// streams is the one route whose answer comes out of the bucket.
const streams = "GET /api/sessions/{session_id}/streams"

// TestLocalServerAnswersTheSame sends the requests that the events stand for
// to the local server, on the same table and keys: what one sees there is what
// the bootstraps answer. An event with claims is sent with a token that has
// them.
func TestLocalServerAnswersTheSame(t *testing.T) {
	url, host := serve(t), hosts(t)
	for _, s := range load(t) {
		t.Run(s.name, func(t *testing.T) {
			if s.route.Key() == streams && kind(goldenStatus(t, s.name)) == success {
				t.Skip("the samples are in the bucket of the bootstraps; that of the server is its own")
			}
			s.prepare(t)
			want := invoke(t, host(s.route.Function), s.event)
			s.prepare(t)
			got := send(t, url, s.event)
			id := got.Headers[api.RequestIDHeader]
			got.Body = strings.ReplaceAll(got.Body, id, s.event.RequestContext.RequestID)
			if id == "" || got.StatusCode != want.StatusCode {
				t.Fatalf("%d %v %s, want %d %v %s", got.StatusCode, got.Headers, got.Body, want.StatusCode, want.Headers, want.Body)
			}
			for _, name := range []string{"Content-Type", "Etag", "Location", "Www-Authenticate", "Cache-Control"} {
				if masked(got.Headers[name]) != masked(want.Headers[name]) {
					t.Errorf("%s: %q, want %q", name, got.Headers[name], want.Headers[name])
				}
			}
			if diff := cmp.Diff(masked(strings.Join(want.Cookies, ", ")), masked(got.Headers["Set-Cookie"])); diff != "" {
				t.Errorf("cookies (-bootstrap +local server):\n%s", diff)
			}
			if diff := cmp.Diff(masked(want.Body), masked(got.Body)); diff != "" {
				t.Errorf("bodies (-bootstrap +local server):\n%s", diff)
			}
		})
	}
}

// serve runs the local server on the world's table and keys, and returns its
// address.
func serve(t *testing.T) string {
	t.Helper()
	w := around(t)
	config := w.config
	config.Addr, config.Data, config.BcryptCost, config.Origin = "127.0.0.1:0", t.TempDir(), password.MinCost, site
	if err := os.CopyFS(filepath.Join(config.Data, "secrets"), os.DirFS(filepath.Join(w.folder, "secrets"))); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	done := make(chan error, 1)
	go func() {
		done <- server.Run(ctx, w.stores.Lookup, config, in, slog.New(slog.DiscardHandler))
		in.Close()
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(strings.TrimPrefix(line, "Stride is running at "))
}

// plainBody is the body that an event stands for.
func plainBody(t *testing.T, e events.APIGatewayV2HTTPRequest) string {
	t.Helper()
	if !e.IsBase64Encoded {
		return e.Body
	}
	body, err := base64.StdEncoding.DecodeString(e.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// send makes an event a request again.
func send(t *testing.T, url string, e events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPResponse {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), e.RequestContext.HTTP.Method, url+e.RawPath+"?"+e.RawQueryString, strings.NewReader(plainBody(t, e)))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range e.Headers {
		if name != "host" && name != "authorization" && name != "content-length" && name != "accept-encoding" {
			r.Header.Set(name, value)
		}
	}
	if len(e.Cookies) > 0 {
		r.Header.Set("Cookie", strings.Join(e.Cookies, "; "))
	}
	if e.RequestContext.Authorizer != nil {
		r.Header.Set("Authorization", "Bearer "+around(t).accessToken(t, url))
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	headers := map[string]string{}
	for name, values := range response.Header {
		headers[name] = strings.Join(values, ", ")
	}
	return events.APIGatewayV2HTTPResponse{StatusCode: response.StatusCode, Headers: headers, Body: string(body)}
}
