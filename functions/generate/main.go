// The function generate makes a marathon plan from five answers.
package main

import (
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/planning"
)

func main() {
	config, err := boot.ConfigFrom(os.LookupEnv, boot.Production)
	if err != nil {
		boot.Exit(err)
	}
	lambda.Start(config.Lambda(planning.Generate(config, boot.Log())))
}
