package server

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/backend"
	"github.com/stride-run/stride/internal/dynamo"
	"github.com/stride-run/stride/internal/route"
	"github.com/stride-run/stride/internal/storetest"
)

// start runs a server on a free port and returns its address, and a function
// that stops it and returns what Run did.
func start(t *testing.T) (url string, stop func() error) {
	t.Helper()
	return startIn(t, boot.Config{Data: t.TempDir()})
}

// settings are those that are given, and the usual ones beside them.
func settings(config boot.Config) boot.Config {
	config.Stage, config.Secret, config.Uploads, config.Audience, config.BcryptCost = boot.Local, "stride", "uploads", "stride-api", 4
	config.Table = "test" + strings.ReplaceAll(config.Data, "/", ".") // where all share one database
	if config.Addr == "" {
		config.Addr = "127.0.0.1:0"
	}
	return config
}

// startIn is start with settings of one's own, as far as they are given.
func startIn(t *testing.T, config boot.Config) (url string, stop func() error) {
	t.Helper()
	storetest.Need(t)
	config = settings(config)
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	done := make(chan error, 1)
	go func() {
		done <- Run(ctx, os.LookupEnv, config, in, slog.New(slog.DiscardHandler))
		in.Close()
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("no ready line: %v, %v", err, <-done)
	}
	ready := regexp.MustCompile(`^Stride is running at (http://127\.0\.0\.1:[1-9][0-9]*)\n$`).FindStringSubmatch(line)
	if ready == nil {
		t.Fatalf("ready line %q", line)
	}
	return ready[1], func() error {
		cancel()
		select {
		case err := <-done:
			return err
		case <-time.After(2 * grace):
			t.Fatal("the server does not stop")
			return nil
		}
	}
}

func get(t *testing.T, method, url string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

func TestRun(t *testing.T) {
	url, stop := start(t)
	for _, tt := range []struct {
		method, path string
		status       int
		body         string
	}{
		{"GET", "/api/health", 200, `{"status":"ok"}`},
		{"GET", "/api/nothing", 404, `"type":"/problems/not_found"`},
		{"DELETE", "/api/health", 405, `"type":"/problems/method_not_allowed"`},
		{"GET", "/", 200, "<title>Stride"},
	} {
		response, body := get(t, tt.method, url+tt.path)
		if response.StatusCode != tt.status || !strings.Contains(body, tt.body) {
			t.Errorf("%s %s = %d %s", tt.method, tt.path, response.StatusCode, body)
		}
		if id := response.Header.Get("X-Request-Id"); strings.HasPrefix(tt.path, "/api/") && id == "" {
			t.Errorf("%s %s has no request id", tt.method, tt.path)
		}
	}
	if err := stop(); err != nil {
		t.Errorf("stop: %v", err)
	}
	if _, err := net.Dial("tcp", strings.TrimPrefix(url, "http://")); err == nil {
		t.Error("the address still answers")
	}
}

// TestRunStopsWithOpenConnections: a browser keeps connections open; they
// must not keep the server.
func TestRunStopsWithOpenConnections(t *testing.T) {
	url, stop := start(t)
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET /api/health HTTP/1.1\r\n"); err != nil {
		t.Fatal(err)
	}
	if err := stop(); err != nil {
		t.Errorf("stop: %v", err)
	}
}

func TestRunRefusesLongHeaders(t *testing.T) {
	url, stop := start(t)
	r, err := http.NewRequestWithContext(t.Context(), "GET", url+"/api/health", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", strings.Repeat("a", 20<<10))
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("status %d, want 431", response.StatusCode)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestRunSaysThatTheAddressIsTaken(t *testing.T) {
	url, stop := start(t)
	config := boot.Config{Stage: boot.Local, Addr: strings.TrimPrefix(url, "http://")}
	err := Run(t.Context(), os.LookupEnv, config, io.Discard, slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), "STRIDE_ADDR") {
		t.Errorf("Run = %v, want a word about STRIDE_ADDR", err)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestEveryFunctionIsWired(t *testing.T) {
	want := map[string]bool{}
	for _, f := range route.Functions {
		if f.Trigger == route.HTTP {
			want[f.Name] = true
		}
	}
	got := map[string]bool{}
	log := slog.New(slog.DiscardHandler)
	config := boot.Config{Stage: boot.Local}
	lookup := func(string) (string, bool) { return "http://127.0.0.1:1", true }
	wired, err := functions(&backend.Backend{Config: config, Log: log, Store: dynamo.New(nil, "")}, lookup, config, log)
	if err != nil {
		t.Fatal(err)
	}
	for name := range wired {
		got[name] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("functions (-table +wired):\n%s", diff)
	}
}
