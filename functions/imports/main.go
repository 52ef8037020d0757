// The function imports begins imports of files and says how far they are.
package main

import (
	"context"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/activity"
	"github.com/stride-run/stride/internal/boot/backend"
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
	functions, err := activity.New(os.LookupEnv, b)
	if err != nil {
		boot.Exit(err)
	}
	lambda.Start(config.Lambda(functions.Imports()))
}
