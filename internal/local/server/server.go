// Package server is Stride on one machine: the stores, all functions behind
// the local gateway, the issuer of access tokens, and the site, on one
// loopback address.
package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/backend"
	"github.com/stride-run/stride/internal/boot/cloud"
	"github.com/stride-run/stride/internal/local/gateway"
	"github.com/stride-run/stride/internal/local/issuer"
	"github.com/stride-run/stride/internal/local/site"
	"github.com/stride-run/stride/internal/local/stores"
	"github.com/stride-run/stride/internal/route"
)

// grace is how long requests that are under way may take to end when the
// server stops.
const grace = 3 * time.Second

// Run serves until ctx ends, and then returns nil once everything is closed,
// however far the start had come. When the server is ready it writes one line
// with its address to out. Lookup is os.LookupEnv outside tests; it may name
// another DynamoDB, see stores.
func Run(ctx context.Context, lookup func(string) (string, bool), config boot.Config, out io.Writer, log *slog.Logger) error {
	// What fails in a start that is to stop has failed because of it.
	failed := func(err error) error {
		if ctx.Err() == nil {
			return err
		}
		return nil
	}
	// First, so that a second start fails before it touches any data.
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", config.Addr)
	if err != nil {
		return failed(fmt.Errorf("listen on %s (STRIDE_ADDR sets another address): %w", config.Addr, err))
	}
	defer func() { _ = listener.Close() }() // the server has closed it, unless it never ran
	address := "http://" + listener.Addr().String()
	kept, err := stores.Open(ctx, lookup, config, log, pages(listener, config)...)
	if err != nil {
		return failed(err)
	}
	defer kept.Stop()

	config.SweepQueue, _ = kept.Lookup("STRIDE_SWEEP_QUEUE")
	handler, err := handler(ctx, kept, address, config, log)
	if err != nil {
		return failed(err)
	}
	work, err := mappings(kept, config, log)
	if err != nil {
		return err
	}
	defer work.start(ctx)()
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    10 << 10, // what an HTTP API takes
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	if _, err := fmt.Fprintf(out, "Stride is running at %s\n", address); err != nil {
		return errors.Join(fmt.Errorf("say that the server is ready: %w", err), server.Close())
	}
	select {
	case err := <-served:
		return fmt.Errorf("serve: %w", err)
	case <-kept.Ended(): // a server that keeps nothing is worse than none
		return errors.Join(kept.Err(), server.Close())
	case <-ctx.Done():
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := server.Shutdown(ending); errors.Is(err, context.DeadlineExceeded) {
		return server.Close() // whoever is still connected has had its time
	} else if err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	return nil
}

// pages are the origins of the sites that may send files to the bucket: our
// own by both its names, and those that are allowed.
func pages(listener net.Listener, config boot.Config) []string {
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	own := []string{"http://" + listener.Addr().String(), "http://127.0.0.1:" + port, "http://localhost:" + port}
	return append(own, config.AllowedOrigins...)
}

// handler is everything that is served at address.
func handler(ctx context.Context, kept *stores.Stores, address string, config boot.Config, log *slog.Logger) (http.Handler, error) {
	// The issuer is where its documents are. So tokens that were made under
	// another address are refused here, and their holders refresh.
	config.Issuer = address
	b, err := backend.Open(ctx, kept.Lookup, config, log)
	if err != nil {
		return nil, err
	}
	served, err := functions(b, kept.Lookup, config, log)
	if err != nil {
		return nil, err
	}
	verify := b.Verifier()
	uploads, _ := kept.Lookup("AWS_ENDPOINT_URL_" + cloud.S3) // where pages send files to
	return &gateway.Gateway{
		Routes:    route.Routes,
		Functions: served,
		Authorize: func(ctx context.Context, token string) (map[string]string, error) {
			return verify(ctx, token, time.Now())
		},
		Origins: config.AllowedOrigins,
		Site:    issuer.Handler(address, b.PublicKeys, site.Handler(uploads)),
		Log:     log,
	}, nil
}
