// The function sweep removes what deleted accounts have left.
package main

import (
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/sweeping"
)

func main() {
	config, err := boot.ConfigFrom(os.LookupEnv, boot.Production)
	if err != nil {
		boot.Exit(err)
	}
	sweep, err := sweeping.Sweep(os.LookupEnv, config, boot.Log())
	if err != nil {
		boot.Exit(err)
	}
	lambda.Start(sweep)
}
