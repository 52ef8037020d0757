// The function fallback answers the paths that no other route takes.
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
	lambda.Start(lambdahttp.Serve(platform.Fallback(boot.Log())))
}
