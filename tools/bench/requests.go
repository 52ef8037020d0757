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
	"strings"
	"sync"
	"time"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/local/server"
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
	url, stop, err := startServer(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: callers}}
	defer client.CloseIdleConnections()
	answer, err := ask(ctx, client, url)
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
		for server, times := range map[string]*[]time.Duration{url: &strides, bare.URL: &yardsticks} {
			took, err := load(ctx, client, server, answer)
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

// startServer starts the local server without rate limits; its log is written
// and thrown away.
func startServer(ctx context.Context) (url string, stop func() error, err error) {
	ctx, cancel := context.WithCancel(ctx)
	out, in := io.Pipe()
	done := make(chan error, 1)
	go func() {
		config := boot.Config{Stage: boot.Local, Addr: "127.0.0.1:0", RateLimitsOff: true}
		log := slog.New(slog.NewJSONHandler(io.Discard, nil)) //nolint:sloglint // writing the lines is part of the work
		err := server.Run(ctx, os.LookupEnv, config, in, log)
		done <- err
		in.CloseWithError(err)
	}()
	stop = func() error { cancel(); return <-done }
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return "", nil, errors.Join(err, stop())
	}
	return strings.TrimSpace(strings.TrimPrefix(line, "Stride is running at ")), stop, nil
}

// load sends a batch of requests from several callers at once, checks every
// answer, and returns how long it took.
func load(ctx context.Context, client *http.Client, url string, want []byte) (time.Duration, error) {
	errs := make([]error, callers)
	var wait sync.WaitGroup
	begin := time.Now()
	for i := range errs {
		wait.Go(func() {
			for range requestBatch / callers {
				got, err := ask(ctx, client, url)
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

// ask sends the question and returns the answer.
func ask(ctx context.Context, client *http.Client, url string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/api/generate", strings.NewReader(question))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	response, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	if err = errors.Join(err, response.Body.Close()); err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("POST /api/generate: %d %s", response.StatusCode, body)
	}
	return body, nil
}
