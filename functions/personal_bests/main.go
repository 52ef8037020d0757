// The function personal_bests knows what runners ran fastest.
package main

import (
	"context"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/backend"
	"github.com/stride-run/stride/internal/boot/bests"
)

func main() {
	config, err := boot.ConfigFrom(os.LookupEnv, boot.Production)
	if err != nil {
		boot.Exit(err)
	}
	b, err := backend.Open(context.Background(), os.LookupEnv, config, boot.Log())
	if err != nil {
		boot.Exit(err)
	}
	lambda.Start(config.Lambda(bests.PersonalBests(b)))
}
