// Stride-local runs all of Stride on this machine. It takes no arguments;
// settings come from the environment, and Ctrl-C stops it.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/local/server"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	if err := run(ctx); err != nil {
		// For somebody at a terminal: one line, unlike the log.
		fmt.Fprintln(os.Stderr, "stride-local:", strings.Join(strings.Fields(strings.ReplaceAll(err.Error(), "\n", "; ")), " "))
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	config, err := boot.ConfigFrom(os.LookupEnv, boot.Local)
	if err := errors.Join(err, server.Check(os.LookupEnv, config)); err != nil {
		return err
	}
	return server.Run(ctx, os.LookupEnv, config, os.Stdout, boot.Log())
}
