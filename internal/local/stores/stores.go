// Package stores starts what keeps data on one machine, the table, the secret,
// the bucket and the queues, and says by which variables programs find them. What it starts
// speaks AWS's protocols on loopback addresses, so the programs that use it
// are the same as in the cloud.
package stores

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"path/filepath"
	"time"

	aws "github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/cloud"
	"github.com/stride-run/stride/internal/dynamo"
	"github.com/stride-run/stride/internal/local/dynoxide"
	"github.com/stride-run/stride/internal/local/s3"
	"github.com/stride-run/stride/internal/local/secretsmanager"
	"github.com/stride-run/stride/internal/local/sqs"
	"github.com/stride-run/stride/internal/route"
	"github.com/stride-run/stride/internal/secrets"
	"github.com/stride-run/stride/internal/token"
)

// region and accessKey are what local programs give out as theirs. They are
// good for nothing, which real ones are not, and always the same, since some
// local engines keep a table for each.
const (
	region    = "us-east-1"
	accessKey = "local"
)

// prepareTimeout bounds making the table and the keys at the first start.
const prepareTimeout = 20 * time.Second

// Stores are running stores, with the table and the keys in them.
type Stores struct {
	environment map[string]string
	database    *dynoxide.Database
	objects     *s3.Store
	queues      *sqs.Server
	servers     []*http.Server
	ended       chan struct{}
}

// Open starts the stores with their files in the folder that config names,
// and makes the table, the bucket and the keys if there are none. Pages are
// the origins of the sites that may send recordings to the bucket. Lookup,
// os.LookupEnv outside tests, may name another DynamoDB
// (AWS_ENDPOINT_URL_DYNAMODB); no credentials are read from it. Whoever gets
// Stores has to Stop them.
func Open(ctx context.Context, lookup func(string) (string, bool), config boot.Config, log *slog.Logger, pages ...string) (_ *Stores, err error) {
	s := &Stores{ended: make(chan struct{})}
	defer func() {
		if err != nil {
			s.Stop()
		}
	}()
	// First, because it takes the folder's lock.
	if s.database, err = dynoxide.Provide(ctx, lookup, config.Data); err != nil {
		return nil, err
	}
	secretKey := rand.Text() // with it anybody could sign for the bucket
	secretsAt, err := s.serve(ctx, secretsmanager.New(filepath.Join(config.Data, "secrets"), log), log)
	if err != nil {
		return nil, err
	}
	queuesAt, err := s.openQueues(ctx, filepath.Join(config.Data, "queues"), log)
	if err != nil {
		return nil, err
	}
	bucket := s3.Config{
		Folder: filepath.Join(config.Data, "s3"), Bucket: config.Uploads, Region: region, Key: accessKey, Secret: secretKey,
		Origins: pages, Log: log,
	}
	for _, f := range route.Functions {
		if f.Uploaded != "" {
			bucket.Suffix, bucket.Notify = f.Uploaded, s.queues.Queue(f.Name).Hold
		}
	}
	if s.objects, err = s3.Open(ctx, bucket); err != nil {
		return nil, err
	}
	go s.watch()
	s.environment = map[string]string{
		"AWS_ACCESS_KEY_ID":                        accessKey,
		"AWS_SECRET_ACCESS_KEY":                    secretKey,
		"AWS_REGION":                               region,
		"AWS_ENDPOINT_URL_" + cloud.DynamoDB:       s.database.Endpoint,
		"AWS_ENDPOINT_URL_" + cloud.S3:             s.objects.Endpoint,
		"AWS_ENDPOINT_URL_" + cloud.SecretsManager: secretsAt,
		"AWS_ENDPOINT_URL_" + cloud.SQS:            queuesAt,
		"STRIDE_SWEEP_QUEUE":                       sqs.URL(queuesAt, "sweep"),
		"STRIDE_UPLOADS":                           config.Uploads,
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

// openQueues opens the queues of all functions that have one, and serves them.
// No message is delayed for longer than a request takes: that is what delays
// are for.
func (s *Stores) openQueues(ctx context.Context, folder string, log *slog.Logger) (endpoint string, err error) {
	var names []string
	var longest time.Duration
	for _, f := range route.Functions {
		switch f.Trigger {
		case route.Queue:
			names = append(names, f.Name)
		case route.HTTP:
			longest = max(longest, f.Timeout)
		case route.Rotation:
		}
	}
	if s.queues, err = sqs.Open(folder, longest, log, names...); err != nil {
		return "", err
	}
	return s.serve(ctx, s.queues, log)
}

// serve serves one of AWS's protocols on a port of its own.
func (s *Stores) serve(ctx context.Context, handler http.Handler, log *slog.Logger) (endpoint string, err error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("serve stores: %w", err)
	}
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	s.servers = append(s.servers, server)
	go func() { _ = server.Serve(listener) }() // until Stop closes it
	return "http://" + listener.Addr().String(), nil
}

// watch waits until the database or the bucket has ended.
func (s *Stores) watch() {
	select {
	case <-s.database.Ended():
	case <-s.objects.Ended():
	}
	close(s.ended)
}

// prepare makes the table and the keys, unless they are there.
func (s *Stores) prepare(ctx context.Context, config boot.Config, log *slog.Logger) error {
	table, errTable := cloud.Config(s.Lookup, config.Stage, cloud.DynamoDB)
	secret, errSecret := cloud.Config(s.Lookup, config.Stage, cloud.SecretsManager)
	if err := errors.Join(errTable, errSecret); err != nil {
		return err
	}
	if err := dynamo.CreateTable(ctx, dynamo.Connect(table), config.Table); err != nil {
		return err
	}
	created, err := secrets.Ensure(ctx, aws.NewFromConfig(secret), config.Secret, func() (secrets.Value, error) {
		return secrets.New(token.NewKey, time.Now())
	})
	if created {
		log.InfoContext(ctx, "made the keys, for there were none", slog.String("secret", config.Secret))
	}
	return err
}

// Lookup answers like os.LookupEnv in a program that uses these stores.
func (s *Stores) Lookup(name string) (string, bool) {
	value, ok := s.environment[name]
	return value, ok
}

// Environment returns the variables that Lookup knows.
func (s *Stores) Environment() map[string]string { return maps.Clone(s.environment) }

// Queue returns the queue of a function; nil if it has none.
func (s *Stores) Queue(function string) *sqs.Queue { return s.queues.Queue(function) }

// Ended is closed once the database or the bucket has ended, by Stop or by
// itself.
func (s *Stores) Ended() <-chan struct{} { return s.ended }

// Err says why one of them has ended by itself; nil while they run and after
// Stop.
func (s *Stores) Err() error { return errors.Join(s.database.Err(), s.objects.Err()) }

// Stop ends the stores and waits until they have ended. It may be called
// again.
func (s *Stores) Stop() {
	for _, server := range s.servers {
		_ = server.Close()
	}
	if s.objects != nil {
		s.objects.Stop()
	}
	if s.database != nil {
		s.database.Stop()
	}
}
