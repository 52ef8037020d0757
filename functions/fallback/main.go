// The function fallback answers the paths that no other route takes.
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
	lambda.Start(config.Lambda(platform.Fallback(boot.Log())))
}
