// The function docs serves the contract of the API, and pages about it.
package main

import (
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/docs"
	"github.com/stride-run/stride/internal/lambdahttp"
)

func main() {
	if _, err := boot.ConfigFrom(os.LookupEnv, boot.Production); err != nil {
		boot.Exit(err)
	}
	lambda.Start(lambdahttp.Serve(docs.Docs(boot.Log())))
}
