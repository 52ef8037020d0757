package server

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"github.com/stride-run/stride/internal/boot"
)

// Check looks at the settings that only this machine can judge, so that they
// are named together with the others before anything starts: the folder, which
// it makes, and the DynamoDB that lookup may name.
func Check(lookup func(string) (string, bool), config boot.Config) error {
	var errs []error
	if err := usable(config.Data); err != nil {
		errs = append(errs, fmt.Errorf("STRIDE_DATA=%s: name a folder that can be written to: %w", config.Data, err))
	}
	const variable = "AWS_ENDPOINT_URL_DYNAMODB"
	if endpoint, _ := lookup(variable); endpoint != "" {
		u, err := url.Parse(endpoint)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			errs = append(errs, fmt.Errorf("%s=%s: write a URL, like http://127.0.0.1:8000", variable, endpoint))
		}
	}
	return errors.Join(errs...)
}

// usable makes a folder, unless it is there, and tries to write into it.
func usable(folder string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	probe, err := os.CreateTemp(folder, "probe-")
	if err != nil {
		return err
	}
	return errors.Join(probe.Close(), os.Remove(filepath.Clean(probe.Name())))
}
