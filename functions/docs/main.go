// The function docs serves the contract of the API, and pages about it.
package main

import (
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/docs"
)

func main() {
	config, err := boot.ConfigFrom(os.LookupEnv, boot.Production)
	if err != nil {
		boot.Exit(err)
	}
	lambda.Start(config.Lambda(docs.Docs(boot.Log())))
}
