// Package contract holds the whole of Stride, as it runs on one machine,
// against openapi.yaml: routes, answers good and bad, examples, codes, and
// the pages that are made from the document.
package contract

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/local/server"
	"github.com/stride-run/stride/internal/route"
	"github.com/stride-run/stride/internal/storetest"
)

// start runs the local server and returns its address.
func start(t *testing.T, limits bool) string {
	t.Helper()
	storetest.Need(t)
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	done := make(chan error, 1)
	config := boot.Config{
		Stage: boot.Local, Addr: "127.0.0.1:0", Data: t.TempDir(), RateLimitsOff: !limits,
		Table: "test-" + rand.Text(), Secret: "stride", Uploads: "uploads", Audience: "stride-api", BcryptCost: 4,
	}
	go func() {
		done <- server.Run(ctx, os.LookupEnv, config, in, slog.New(slog.DiscardHandler))
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
		t.Fatalf("the server does not start: %v", err)
	}
	return strings.TrimSpace(strings.TrimPrefix(line, "Stride is running at "))
}

// An answer is what came back, whole.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// media is the content type without parameters, empty for no body.
func (a answer) media() string {
	media, _, _ := strings.Cut(a.header.Get("Content-Type"), ";")
	return media
}

// client does not follow where an answer leads: that would be another answer.
var client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// send asks a server. A body goes as JSON unless the header says otherwise.
func send(t *testing.T, url, method, path, body string, header http.Header) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	maps.Copy(r.Header, header)
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(response.Body); err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, b.Bytes()}
}

// An asker sends requests and holds each answer to its description.
type asker struct {
	doc    *openapi3.T
	url    string
	seen   seen
	header http.Header // of every request, such as who asks; nil: none
}

// ask sends a request; headers are names and values in turn, and an empty
// value takes one of every request away.
func (k asker) ask(t *testing.T, status int, method, path, body string, headers ...string) answer {
	t.Helper()
	h := http.Header{}
	maps.Copy(h, k.header)
	for i := 0; i < len(headers); i += 2 {
		if h.Set(headers[i], headers[i+1]); headers[i+1] == "" {
			h.Del(headers[i])
		}
	}
	a := send(t, k.url, method, path, body, h)
	if a.status != status {
		t.Fatalf("%s %s %.80s = %d %.300s, want %d", method, path, body, a.status, a.body, status)
	}
	bare, _, _ := strings.Cut(path, "?")
	match, _ := route.Routes.Match(method, bare)
	k.seen.add(match.Route.Key(), status)
	conforms(t, responses(t, k.doc, match.Route.Key())[strconv.Itoa(status)], a)
	return a
}
