// The program cdk writes the templates of Stride's stacks. The CDK's command
// line runs it; `make synth` runs that.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/stride-run/stride/infra/cdk/stacks"
)

func main() {
	defer jsii.Close()
	if err := synth(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		jsii.Close()
		os.Exit(1) //nolint:gocritic // closed just before
	}
}

// synth reads what is wanted from the context (-c stage=…, -c arch=…) and
// finds all folders from infra/cdk, where the command line runs it.
func synth() error {
	app := awscdk.NewApp(nil)
	context := func(name, otherwise string) string {
		if value, ok := app.Node().TryGetContext(&name).(string); ok && value != "" {
			return value
		}
		return otherwise
	}
	top, err := filepath.Abs("../..")
	if err != nil {
		return err
	}
	config, err := stacks.ReadConfig("stages", context("stage", "dev"))
	if err != nil {
		return err
	}
	config.Architecture = context("arch", "arm64")
	config.Assets = filepath.Join(top, "build", "lambda")
	if config.Site, err = site(top); err != nil {
		return err
	}
	if err := stacks.Build(app, config); err != nil {
		return err
	}
	app.Synth(nil)
	return nil
}

// site returns the folder of the built site.
func site(top string) (string, error) {
	folder := filepath.Join(top, "web", "dist")
	if _, err := os.Stat(filepath.Join(folder, "index.html")); err != nil {
		return "", errors.New("there is no site to deploy: run make site")
	}
	return folder, nil
}
