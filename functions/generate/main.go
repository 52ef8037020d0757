// The function generate makes a marathon plan from five answers.
package main

import (
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/planning"
	"github.com/stride-run/stride/internal/lambdahttp"
)

func main() {
	config, err := boot.ConfigFrom(os.LookupEnv, boot.Production)
	if err != nil {
		boot.Exit(err)
	}
	lambda.Start(lambdahttp.Serve(planning.Generate(config, boot.Log())))
}
