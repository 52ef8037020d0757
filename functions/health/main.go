// The function health says that Stride is up.
package main

import (
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/platform"
)

func main() {
	config, err := boot.ConfigFrom(os.LookupEnv, boot.Production)
	if err != nil {
		boot.Exit(err)
	}
	lambda.Start(config.Lambda(platform.Health(boot.Log())))
}
