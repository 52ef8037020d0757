// The function keyrotate makes the signing keys, and replaces them in time.
package main

import (
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/keyrotate"
)

func main() {
	keys, err := keyrotate.FromEnvironment(os.LookupEnv, boot.Log())
	if err != nil {
		boot.Exit(err)
	}
	lambda.Start(keys)
}
