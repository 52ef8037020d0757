// Package cloud reads from the environment how AWS is to be reached. It does
// what Stride needs and no more: the SDK's own reader of profiles, roles and
// instance metadata would cost every cold start more than all of the rest.
package cloud

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/stride-run/stride/internal/boot"
)

// The services that Stride calls, as the names of variables end:
// AWS_ENDPOINT_URL_DYNAMODB and so on.
const (
	DynamoDB       = "DYNAMODB"
	S3             = "S3"
	SecretsManager = "SECRETS_MANAGER"
	SQS            = "SQS"
)

const (
	// connectTimeout is more than it takes anywhere near the region, and
	// leaves time to try again.
	connectTimeout = time.Second
	// idleTimeout is less than that of the services, so that a connection is
	// rarely found closed.
	idleTimeout = 50 * time.Second
)

// Config returns how one service is reached: by credentials and region as
// Lambda sets them (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
// AWS_SESSION_TOKEN, AWS_REGION), at AWS_ENDPOINT_URL_<service> where it is
// set. Lookup is os.LookupEnv outside tests; set to nothing counts as not
// set. The error names every variable that is wrong.
//
// In the local stage the endpoint has to be set: without one the SDK would
// call the real AWS.
func Config(lookup func(string) (string, bool), stage boot.Stage, service string) (aws.Config, error) {
	get := func(name string) string {
		value, _ := lookup(name)
		return value
	}
	var errs []error
	require := func(name string) string {
		value := get(name)
		if value == "" {
			errs = append(errs, fmt.Errorf("%s is not set", name))
		}
		return value
	}
	credentials := aws.Credentials{
		AccessKeyID:     require("AWS_ACCESS_KEY_ID"),
		SecretAccessKey: require("AWS_SECRET_ACCESS_KEY"),
		SessionToken:    get("AWS_SESSION_TOKEN"),
		Source:          "environment",
	}
	config := aws.Config{
		Region: require("AWS_REGION"),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return credentials, nil
		}),
	}
	variable := "AWS_ENDPOINT_URL_" + service
	endpoint := get(variable)
	if stage == boot.Local {
		require(variable)
	}
	var authorities *x509.CertPool
	if endpoint != "" {
		u, err := url.Parse(endpoint)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			errs = append(errs, fmt.Errorf("%s=%s: write a URL, like http://127.0.0.1:8000", variable, endpoint))
		} else if u.Scheme == "https" {
			if authorities, err = bundle(get("AWS_CA_BUNDLE")); err != nil {
				errs = append(errs, err)
			}
		}
		config.BaseEndpoint = &endpoint
	}
	config.HTTPClient = &http.Client{
		Transport: &http.Transport{
			DialContext:         (&net.Dialer{Timeout: connectTimeout}).DialContext,
			TLSHandshakeTimeout: connectTimeout,
			TLSClientConfig:     &tls.Config{RootCAs: authorities, MinVersion: tls.VersionTLS12},
			MaxIdleConnsPerHost: 100,
			IdleConnTimeout:     idleTimeout,
		},
		// A service that points elsewhere is none that we asked for.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	if err := errors.Join(errs...); err != nil {
		return aws.Config{}, err
	}
	return config, nil
}

// bundle reads the certificates that a local AWS signs with; nil, which means
// the system's, for no file. It is read for an endpoint that is named by
// https alone: parsing a bundle costs more than a whole cold start.
func bundle(path string) (*x509.CertPool, error) {
	if path == "" {
		return nil, nil
	}
	text, err := os.ReadFile(path) //nolint:gosec // the user names it
	if err != nil {
		return nil, fmt.Errorf("AWS_CA_BUNDLE: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("AWS_CA_BUNDLE=%s has no certificate", path)
	}
	return pool, nil
}
