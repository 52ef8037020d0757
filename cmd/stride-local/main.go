// Stride-local runs all of Stride on this machine. It takes no arguments;
// settings come from the environment, and Ctrl-C stops it.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/local/server"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	config, err := boot.ConfigFrom(os.LookupEnv, boot.Local)
	if err != nil {
		boot.Exit(err)
	}
	if err := server.Run(ctx, config, os.Stdout, boot.Log()); err != nil {
		boot.Exit(err)
	}
}
