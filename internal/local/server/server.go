// Package server is Stride on one machine: all functions behind the local
// gateway, and the site, on one loopback address.
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
	"github.com/stride-run/stride/internal/local/gateway"
	"github.com/stride-run/stride/internal/local/site"
	"github.com/stride-run/stride/internal/route"
)

// grace is how long requests that are under way may take to end when the
// server stops.
const grace = 3 * time.Second

// Run serves until ctx ends, and then returns nil once everything is closed.
// When the server is ready it writes one line with its address to out.
func Run(ctx context.Context, config boot.Config, out io.Writer, log *slog.Logger) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", config.Addr)
	if err != nil {
		return fmt.Errorf("listen on %s (STRIDE_ADDR sets another address): %w", config.Addr, err)
	}
	server := &http.Server{
		Handler: &gateway.Gateway{
			Routes:    route.Routes,
			Functions: functions(config, log),
			Origins:   config.AllowedOrigins,
			Site:      site.Handler(),
			Log:       log,
		},
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    10 << 10, // what an HTTP API takes
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	if _, err := fmt.Fprintf(out, "Stride is running at http://%s\n", listener.Addr()); err != nil {
		return errors.Join(fmt.Errorf("say that the server is ready: %w", err), server.Close())
	}
	select {
	case err := <-served:
		return fmt.Errorf("serve: %w", err)
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
