// Package ingesting wires what makes sessions of uploaded files: the function
// that events of the bucket lead to, by a queue.
package ingesting

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/stride-run/stride/internal/activity"
	"github.com/stride-run/stride/internal/boot"
	"github.com/stride-run/stride/internal/boot/cloud"
	"github.com/stride-run/stride/internal/dynamo"
	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/objects"
	"github.com/stride-run/stride/internal/recording"
)

const (
	// perObject is how long one object may take, with all calls.
	perObject = 20 * time.Second
	// reserve is what is left of a call's time to answer it.
	reserve = time.Second
	// lastDelivery is how often a message is given out before it goes to the
	// dead letters, in the stacks as on one machine.
	lastDelivery = 5
)

// Service is what uploads are for: the service of sessions.
type Service interface {
	Ingest(ctx context.Context, key string, now time.Time) error
	GiveUp(ctx context.Context, key string, now time.Time) error
}

var _ Service = (*activity.Service)(nil)

// A Function takes messages of the queue, each with events of the bucket, and
// says which of them have to come again.
type Function func(context.Context, events.SQSEvent) (events.SQSEventResponse, error)

// Ingest is the function ingest. Lookup is os.LookupEnv outside tests.
func Ingest(lookup func(string) (string, bool), c boot.Config, log *slog.Logger) (Function, error) {
	table, errTable := cloud.Config(lookup, c.Stage, cloud.DynamoDB)
	bucket, errBucket := cloud.Config(lookup, c.Stage, cloud.S3)
	if err := errors.Join(errTable, errBucket); err != nil {
		return nil, err
	}
	return New(activity.New(activity.Config{
		Store:   dynamo.Activities{Store: dynamo.New(dynamo.Connect(table), c.Table)},
		Objects: objects.New(bucket, c.Uploads),
		Reader:  recording.Reader{},
		Log:     log,
	}), log), nil
}

// New is Ingest for a service.
func New(service Service, log *slog.Logger) Function {
	f := function{service, log}
	return func(ctx context.Context, event events.SQSEvent) (events.SQSEventResponse, error) {
		var again events.SQSEventResponse
		for _, message := range event.Records {
			// Whatever becomes of one message, the others are not to suffer.
			if err := f.message(ctx, message); err != nil {
				log.ErrorContext(ctx, "ingest", slog.String("message", message.MessageId), slog.Any("cause", err))
				again.BatchItemFailures = append(again.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: message.MessageId})
			}
		}
		return again, nil
	}
}

type function struct {
	service Service
	log     *slog.Logger
}

// message ingests every object that a message tells of, and returns what has
// kept it from one of them.
func (f function) message(ctx context.Context, m events.SQSMessage) error {
	keys, err := uploads(m.Body)
	if err != nil {
		return err
	}
	delivery, _ := strconv.Atoi(m.Attributes["ApproximateReceiveCount"])
	var errs []error
	for _, key := range keys {
		if err := f.object(ctx, key, delivery); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", key, err))
		}
	}
	return errors.Join(errs...)
}

// errNoTime says that an object was not begun, because there was not enough
// time left for what it may take.
var errNoTime = errors.New("no time left in this call")

func (f function) object(ctx context.Context, key string, delivery int) error {
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < perObject+reserve {
		return errNoTime
	}
	bounded, cancel := context.WithTimeout(ctx, perObject)
	defer cancel()
	err := f.service.Ingest(bounded, key, time.Now())
	if err == nil || delivery < lastDelivery || errors.Is(err, fault.Unavailable) || bounded.Err() != nil {
		return err
	}
	// It is the file, or a mistake of ours: nothing that passes. The runner
	// is told so, and the message goes to the dead letters.
	return errors.Join(err, f.service.GiveUp(ctx, key, time.Now()))
}

// uploads returns the keys of the new uploads that a message of the bucket
// tells of. Other objects, other events and the test that comes with a new
// notification are none. Error: it is no message of a bucket.
func uploads(body string) ([]string, error) {
	var message struct {
		Event   string
		Records []events.S3EventRecord
	}
	if err := json.Unmarshal([]byte(body), &message); err != nil {
		return nil, fmt.Errorf("read event: %w", err)
	}
	if message.Event == "s3:TestEvent" {
		return nil, nil
	}
	if len(message.Records) == 0 {
		return nil, errors.New("read event: it has no records")
	}
	var keys []string
	for _, r := range message.Records {
		key := r.S3.Object.URLDecodedKey
		if r.EventSource == "aws:s3" && strings.HasPrefix(r.EventName, "ObjectCreated:") && activity.IsUpload(key) {
			keys = append(keys, key)
		}
	}
	return keys, nil
}
