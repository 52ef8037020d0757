// Package stores starts what keeps data on one machine, the table and the
// secret, and says by which variables programs find them. What it starts
// speaks AWS's protocols on loopback addresses, so the programs that use it
// are the same as in the cloud.
package stores

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"path/filepath"
	"time"

	aws "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/smithy-go"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/cloud"
	"github.com/stride-run/stride/internal/dynamo"
	"github.com/stride-run/stride/internal/local/dynoxide"
	"github.com/stride-run/stride/internal/local/secretsmanager"
	"github.com/stride-run/stride/internal/secrets"
	"github.com/stride-run/stride/internal/token"
)

// region and credential are what local programs give out as theirs. They are
// good for nothing, which real ones are not, and the same for all, since some
// local engines keep a table for each.
const (
	region     = "us-east-1"
	credential = "local"
)

// prepareTimeout bounds making the table and the keys at the first start.
const prepareTimeout = 20 * time.Second

// Stores are running stores, with the table and the keys in them.
type Stores struct {
	environment map[string]string
	database    *dynoxide.Database
	secrets     *http.Server
}

// Open starts the stores with their files in the folder that config names,
// and makes the table and the keys if there are none. Lookup, os.LookupEnv
// outside tests, may name another DynamoDB (AWS_ENDPOINT_URL_DYNAMODB); no
// credentials are read from it. Whoever gets Stores has to Stop them.
func Open(ctx context.Context, lookup func(string) (string, bool), config boot.Config, log *slog.Logger) (_ *Stores, err error) {
	s := &Stores{}
	defer func() {
		if err != nil {
			s.Stop()
		}
	}()
	// First, because it takes the folder's lock.
	if s.database, err = dynoxide.Provide(ctx, lookup, config.Data); err != nil {
		return nil, err
	}
	endpoint, err := s.serveSecrets(ctx, filepath.Join(config.Data, "secrets"), log)
	if err != nil {
		return nil, err
	}
	s.environment = map[string]string{
		"AWS_ACCESS_KEY_ID":                        credential,
		"AWS_SECRET_ACCESS_KEY":                    credential,
		"AWS_REGION":                               region,
		"AWS_ENDPOINT_URL_" + cloud.DynamoDB:       s.database.Endpoint,
		"AWS_ENDPOINT_URL_" + cloud.SecretsManager: endpoint,
	}
	if bundle, _ := lookup("AWS_CA_BUNDLE"); bundle != "" {
		s.environment["AWS_CA_BUNDLE"] = bundle
	}
	ctx, cancel := context.WithTimeout(ctx, prepareTimeout)
	defer cancel()
	if err := s.prepare(ctx, config, log); err != nil {
		return nil, err
	}
	return s, nil
}

// serveSecrets serves the local Secrets Manager on a port of its own.
func (s *Stores) serveSecrets(ctx context.Context, folder string, log *slog.Logger) (endpoint string, err error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("serve secrets: %w", err)
	}
	s.secrets = &http.Server{
		Handler:           secretsmanager.New(folder, log),
		ReadHeaderTimeout: 5 * time.Second,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	go func() { _ = s.secrets.Serve(listener) }() // until Stop closes it
	return "http://" + listener.Addr().String(), nil
}

// prepare makes the table and the keys, unless they are there.
func (s *Stores) prepare(ctx context.Context, config boot.Config, log *slog.Logger) error {
	table, errTable := cloud.Config(s.Lookup, config.Stage, cloud.DynamoDB)
	secret, errSecret := cloud.Config(s.Lookup, config.Stage, cloud.SecretsManager)
	if err := errors.Join(errTable, errSecret); err != nil {
		return err
	}
	if err := dynamo.CreateTable(ctx, dynamo.Connect(table), config.Table); err != nil {
		return plainly(fmt.Errorf("the DynamoDB at %s: create table %s", s.database.Endpoint, config.Table), err)
	}
	created, err := secrets.Ensure(ctx, aws.NewFromConfig(secret), config.Secret, func() (secrets.Value, error) {
		return secrets.New(token.NewKey, time.Now())
	})
	if created {
		log.InfoContext(ctx, "made the keys, for there were none", slog.String("secret", config.Secret))
	}
	return err
}

// plainly says what was in the way in its own words, without those of the SDK,
// which name no setting. AWS_ENDPOINT_URL_DYNAMODB is what somebody can change.
func plainly(what, err error) error {
	if said, ok := errors.AsType[smithy.APIError](err); ok {
		return fmt.Errorf("%w: %s: %s", what, said.ErrorCode(), said.ErrorMessage())
	}
	if failed, ok := errors.AsType[*net.OpError](err); ok {
		return fmt.Errorf("%w: no answer (AWS_ENDPOINT_URL_DYNAMODB names another): %w", what, failed)
	}
	return fmt.Errorf("%w: %w", what, err)
}

// Lookup answers like os.LookupEnv in a program that uses these stores.
func (s *Stores) Lookup(name string) (string, bool) {
	value, ok := s.environment[name]
	return value, ok
}

// Environment returns the variables that Lookup knows.
func (s *Stores) Environment() map[string]string { return maps.Clone(s.environment) }

// Ended is closed once the database has ended, by Stop or by itself.
func (s *Stores) Ended() <-chan struct{} { return s.database.Ended() }

// Err says why the database has ended by itself; nil while it runs and after
// Stop.
func (s *Stores) Err() error { return s.database.Err() }

// Stop ends the stores and waits until they have ended. It may be called
// again.
func (s *Stores) Stop() {
	if s.secrets != nil {
		_ = s.secrets.Close()
	}
	if s.database != nil {
		s.database.Stop()
	}
}
