// The function workouts says what a runner is to run on which day.
package main

import (
	"context"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/backend"
	"github.com/stride-run/stride/internal/boot/training"
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
	lambda.Start(config.Lambda(training.Workouts(b)))
}
