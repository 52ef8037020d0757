// The function metrics serves the calculators for zones, speed and race times.
package main

import (
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/metrics"
)

func main() {
	config, err := boot.ConfigFrom(os.LookupEnv, boot.Production)
	if err != nil {
		boot.Exit(err)
	}
	lambda.Start(config.Lambda(metrics.Metrics(config, boot.Log())))
}
