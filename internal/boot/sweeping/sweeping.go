// Package sweeping wires what removes the remains of deleted accounts: the
// queue that names them, and the function that empties it.
package sweeping

import (
	"context"
	"errors"
	"log/slog"

	"github.com/aws/aws-lambda-go/events"

	"github.com/stride-run/stride/internal/account"
	"github.com/stride-run/stride/internal/activity"
	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/cloud"
	"github.com/stride-run/stride/internal/dynamo"
	"github.com/stride-run/stride/internal/objects"
	"github.com/stride-run/stride/internal/queue"
)

// Queue returns the queue of accounts to sweep; nil where none is set, for
// then whoever deletes an account also sweeps it. Only the local stage can do
// without. Lookup is os.LookupEnv outside tests.
func Queue(lookup func(string) (string, bool), c boot.Config) (account.Sweeps, error) {
	if c.SweepQueue == "" {
		if c.Stage != boot.Local {
			return nil, errors.New("STRIDE_SWEEP_QUEUE is not set")
		}
		return nil, nil
	}
	config, err := cloud.Config(lookup, c.Stage, cloud.SQS)
	if err != nil {
		return nil, err
	}
	return queue.NewSweeps(config, c.SweepQueue), nil
}

// A Function takes messages of the queue and says which of them have to come
// again.
type Function func(context.Context, events.SQSEvent) (events.SQSEventResponse, error)

// Sweep is the function sweep.
func Sweep(lookup func(string) (string, bool), c boot.Config, log *slog.Logger) (Function, error) {
	table, errTable := cloud.Config(lookup, c.Stage, cloud.DynamoDB)
	bucket, errBucket := cloud.Config(lookup, c.Stage, cloud.S3)
	if err := errors.Join(errTable, errBucket); err != nil {
		return nil, err
	}
	recordings := activity.New(activity.Config{Objects: objects.New(bucket, c.Uploads)})
	return New(dynamo.New(dynamo.Connect(table), c.Table), []account.Purge{recordings.Purge}, log), nil
}

// New is Sweep for a store, and with what removes a runner's things outside
// the table.
func New(store *dynamo.Store, purges []account.Purge, log *slog.Logger) Function {
	accounts := account.New(account.Config{Accounts: dynamo.Accounts{Store: store}, Purges: purges, Log: log})
	return func(ctx context.Context, event events.SQSEvent) (events.SQSEventResponse, error) {
		var again events.SQSEventResponse
		for _, message := range event.Records {
			err := errors.New("the message is no runner's id")
			if api.IsID(message.Body) {
				err = accounts.Sweep(ctx, message.Body)
			}
			if err != nil {
				log.ErrorContext(ctx, "sweep", slog.String("message", message.MessageId), slog.Any("cause", err))
				again.BatchItemFailures = append(again.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: message.MessageId})
			}
		}
		return again, nil
	}
}
