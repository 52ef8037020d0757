// The function health says that Stride is up.
package main

import (
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/platform"
	"github.com/stride-run/stride/internal/lambdahttp"
)

func main() {
	if _, err := boot.ConfigFrom(os.LookupEnv, boot.Production); err != nil {
		boot.Exit(err)
	}
	lambda.Start(lambdahttp.Serve(platform.Health(boot.Log())))
}
