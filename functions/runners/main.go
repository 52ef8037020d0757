// The function runners keeps a runner's account.
package main

import (
	"context"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/accounts"
	"github.com/stride-run/stride/internal/boot/backend"
	"github.com/stride-run/stride/internal/boot/runners"
	"github.com/stride-run/stride/internal/lambdahttp"
)

func main() {
	config, err := boot.ConfigFrom(os.LookupEnv, boot.Production)
	if err != nil {
		boot.Exit(err)
	}
	b, err := backend.Open(context.Background(), os.LookupEnv, config, boot.Log())
	if err != nil {
		boot.Exit(err)
	}
	options, err := runners.Options(os.LookupEnv, b)
	if err != nil {
		boot.Exit(err)
	}
	functions, err := accounts.New(b, options)
	if err != nil {
		boot.Exit(err)
	}
	lambda.Start(lambdahttp.Serve(functions.Runners()))
}
