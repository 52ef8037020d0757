// The function ingest makes sessions of the files that were uploaded.
package main

import (
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/ingesting"
)

func main() {
	config, err := boot.ConfigFrom(os.LookupEnv, boot.Production)
	if err != nil {
		boot.Exit(err)
	}
	ingest, err := ingesting.Ingest(os.LookupEnv, config, boot.Log())
	if err != nil {
		boot.Exit(err)
	}
	lambda.Start(ingest)
}
