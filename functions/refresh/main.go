// The function refresh gives new tokens for a refresh token.
package main

import (
	"context"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/accounts"
	"github.com/stride-run/stride/internal/lambdahttp"
)

func main() {
	functions, err := accounts.Open(context.Background(), os.LookupEnv, boot.Production, accounts.Options{})
	if err != nil {
		boot.Exit(err)
	}
	lambda.Start(lambdahttp.Serve(functions.Refresh()))
}
