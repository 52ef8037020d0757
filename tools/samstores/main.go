// The program samstores serves what functions in `sam local` keep things in,
// beside a DynamoDB of your own: it makes the table there, and serves the
// secret, with keys in it, on a loopback address until it is ended.
//
//	AWS_ENDPOINT_URL_DYNAMODB=http://127.0.0.1:8000 samstores
package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/cloud"
	"github.com/stride-run/stride/internal/dynamo"
	"github.com/stride-run/stride/internal/local/s3"
	local "github.com/stride-run/stride/internal/local/secretsmanager"
	"github.com/stride-run/stride/internal/secrets"
	"github.com/stride-run/stride/internal/token"
)

// addr and bucketAddr are where samenv tells functions to find the secret and
// the bucket. The bucket is signed for with the keys that docs/sam.md gives
// SAM.
const (
	addr       = "127.0.0.1:4599"
	bucketAddr = "127.0.0.1:4598"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "samstores:", err)
		stop()
		os.Exit(1) //nolint:gocritic // stopped just before
	}
}

func run(ctx context.Context) error {
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	lookup := func(name string) (string, bool) {
		switch name {
		case "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY": // SAM gives out as little
			return "local", true
		case "AWS_REGION":
			return "us-east-1", true
		case "AWS_ENDPOINT_URL_SECRETS_MANAGER":
			return "http://" + addr, true
		}
		return os.LookupEnv(name)
	}
	table, err := cloud.Config(lookup, boot.Local, cloud.DynamoDB)
	if err != nil {
		return err
	}
	secret, err := cloud.Config(lookup, boot.Local, cloud.SecretsManager)
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("serve the secret: %w", err)
	}
	server := &http.Server{Handler: local.New(filepath.Join(".stride", "sam"), log), ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(listener) }() // until it is closed below
	defer func() { _ = server.Close() }()

	if err := dynamo.CreateTable(ctx, dynamo.Connect(table), "stride"); err != nil {
		return err
	}
	if _, err := secrets.Ensure(ctx, secretsmanager.NewFromConfig(secret), "stride", func() (secrets.Value, error) {
		return secrets.New(token.NewKey, time.Now())
	}); err != nil {
		return err
	}
	// Nobody tells ingest of uploads here: SAM has no queues.
	bucket, err := s3.Open(ctx, s3.Config{
		Folder: filepath.Join(".stride", "sam", "s3"), Bucket: "uploads", Addr: bucketAddr,
		Region: "us-east-1", Key: "local", Secret: "local", Log: log,
	})
	if err != nil {
		return err
	}
	defer bucket.Stop()
	fmt.Println("Table, secret and bucket are ready; Ctrl-C ends this.")
	select {
	case <-ctx.Done():
	case <-bucket.Ended():
	}
	return bucket.Err()
}
