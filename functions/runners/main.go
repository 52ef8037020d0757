// The function runners keeps a runner's account.
package main

import (
	"context"
	"maps"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/accounts"
	"github.com/stride-run/stride/internal/boot/backend"
	"github.com/stride-run/stride/internal/boot/bests"
	"github.com/stride-run/stride/internal/boot/sweeping"
	"github.com/stride-run/stride/internal/boot/training"
	"github.com/stride-run/stride/internal/lambdahttp"
)

func main() {
	config, err := boot.ConfigFrom(os.LookupEnv, boot.Production)
	if err != nil {
		boot.Exit(err)
	}
	sweeps, err := sweeping.Queue(os.LookupEnv, config)
	if err != nil {
		boot.Exit(err)
	}
	b, err := backend.Open(context.Background(), os.LookupEnv, config, boot.Log())
	if err != nil {
		boot.Exit(err)
	}
	parts := training.Parts(b)
	maps.Copy(parts, bests.Parts(b))
	functions, err := accounts.New(b, accounts.Options{Sweeps: sweeps, Parts: parts})
	if err != nil {
		boot.Exit(err)
	}
	lambda.Start(lambdahttp.Serve(functions.Runners()))
}
