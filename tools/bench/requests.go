package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/cloud"
	"github.com/stride-run/stride/internal/local/server"
	"github.com/stride-run/stride/internal/local/stores"
)

const (
	requestRounds = 9   // how often the two servers are timed, in turn
	requestBatch  = 600 // how many requests one timing is over
	callers       = 4   // how many send at once
)

// question asks for the plan whose making is measured as well.
const question = `{"weeks":20,"runs_per_week":6,"target_time":"4:00:00","first_long_run":10,"long_run_day":"sunday"}`

// requests compares the local server, which makes a plan for each request,
// with a handler of net/http that writes the same bytes.
func requests(ctx context.Context) (_ []figure, err error) {
	local, err := startServer(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, local.stop()) }()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: callers}}
	defer client.CloseIdleConnections()
	asks := func(url string) func() ([]byte, error) {
		return func() ([]byte, error) { return ask(ctx, client, http.MethodPost, url+"/api/generate", "", question) }
	}
	answer, err := asks(local.url)()
	if err != nil {
		return nil, err
	}
	bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(answer)
	}))
	defer bare.Close()

	var strides, yardsticks []time.Duration
	for range requestRounds {
		for server, times := range map[string]*[]time.Duration{local.url: &strides, bare.URL: &yardsticks} {
			took, err := load(asks(server), answer)
			if err != nil {
				return nil, err
			}
			*times = append(*times, took)
		}
	}
	stride, yardstick := perSecond(median(strides)), perSecond(median(yardsticks))
	return []figure{{
		name:   "POST /api/generate, requests a second / bare net/http",
		stride: fmt.Sprintf("%.0f/s", stride), yardstick: fmt.Sprintf("%.0f/s", yardstick), value: stride / yardstick, unit: "×",
	}}, nil
}

func perSecond(batch time.Duration) float64 { return requestBatch / batch.Seconds() }

// A localServer is the local server, without rate limits, on stores that can
// also be reached past it. Its log is written and thrown away.
type localServer struct {
	url    string
	folder string
	stores *stores.Stores
	warm   *warmStore // what the server takes for the database
	config boot.Config
	cancel context.CancelFunc
	done   chan error
}

func startServer(ctx context.Context) (_ *localServer, err error) {
	s := &localServer{done: make(chan error, 1)}
	if s.folder, err = os.MkdirTemp("", "stride-bench-"); err != nil {
		return nil, err
	}
	s.config = boot.Config{
		Stage: boot.Local, Addr: "127.0.0.1:0", Data: s.folder, RateLimitsOff: true,
		Table: "stride", Secret: "stride", Uploads: "stride", Audience: audience, BcryptCost: hashCost,
	}
	log := slog.New(slog.NewJSONHandler(io.Discard, nil)) //nolint:sloglint // writing the lines is part of the work
	if s.stores, err = stores.Open(ctx, os.LookupEnv, s.config, log); err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.folder))
	}
	endpoint, _ := s.stores.Lookup(databaseVariable)
	if s.warm, err = newWarmStore(endpoint); err != nil {
		s.stores.Stop()
		return nil, errors.Join(err, os.RemoveAll(s.folder))
	}
	// Table and secret are the same, bucket and queues of its own.
	config := s.config
	config.Data = filepath.Join(s.folder, "server")
	if err := os.CopyFS(filepath.Join(config.Data, "secrets"), os.DirFS(filepath.Join(s.folder, "secrets"))); err != nil {
		s.stores.Stop()
		return nil, errors.Join(err, os.RemoveAll(s.folder))
	}
	ctx, s.cancel = context.WithCancel(ctx)
	out, in := io.Pipe()
	go func() {
		err := server.Run(ctx, s.lookup, config, in, log)
		s.done <- err
		in.CloseWithError(err)
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, errors.Join(err, s.stop())
	}
	s.url = strings.TrimSpace(strings.TrimPrefix(line, "Stride is running at "))
	return s, nil
}

const databaseVariable = "AWS_ENDPOINT_URL_" + cloud.DynamoDB

// lookup answers like os.LookupEnv in the server.
func (s *localServer) lookup(name string) (string, bool) {
	if name == databaseVariable {
		return s.warm.URL, true
	}
	return s.stores.Lookup(name)
}

func (s *localServer) stop() error {
	s.cancel()
	err := <-s.done
	s.warm.Close()
	s.stores.Stop()
	return errors.Join(err, os.RemoveAll(s.folder))
}

// load asks a batch of times, several callers at once, checks every answer,
// and returns how long it took.
func load(ask func() ([]byte, error), want []byte) (time.Duration, error) {
	errs := make([]error, callers)
	var wait sync.WaitGroup
	begin := time.Now()
	for i := range errs {
		wait.Go(func() {
			for range requestBatch / callers {
				got, err := ask()
				if err == nil && !bytes.Equal(got, want) {
					err = errors.New("answers to the same question differ")
				}
				if err != nil {
					errs[i] = err
					return
				}
			}
		})
	}
	wait.Wait()
	return time.Since(begin), errors.Join(errs...)
}

// ask sends a request and returns the answer. The token may be empty.
func ask(ctx context.Context, client *http.Client, method, url, token, body string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	answer, err := io.ReadAll(response.Body)
	if err = errors.Join(err, response.Body.Close()); err != nil {
		return nil, err
	}
	if response.StatusCode >= 300 {
		return nil, fmt.Errorf("%s %s: %d %s", method, url, response.StatusCode, answer)
	}
	return answer, nil
}
