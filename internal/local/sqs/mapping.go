package sqs

import (
	"context"
	"crypto/md5" //nolint:gosec // by which SQS proves that a message arrived whole
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
)

// A Mapping hands the messages of a queue to a function, as Lambda does for
// an event source mapping that reports failures one by one.
type Mapping struct {
	Queue *Queue
	// Invoke calls the function with an event and returns its answer, both
	// as JSON.
	Invoke func(ctx context.Context, event []byte) ([]byte, error)
	// Timeout is how long a call may take.
	Timeout time.Duration
	// Batch is how many messages a call is given at most, and Concurrency how
	// many calls there are at the same time.
	Batch, Concurrency int
	// Retry is how long a message that failed waits for the first time; it is
	// twice as long each further time.
	Retry time.Duration
	Log   *slog.Logger
}

// InProcess calls a function, of the form that lambda.Start takes, in this
// process.
func InProcess(function any) func(ctx context.Context, event []byte) ([]byte, error) {
	return func(ctx context.Context, event []byte) ([]byte, error) {
		// One for each call: they do not stand being shared.
		return lambda.NewHandler(function).Invoke(ctx, event)
	}
}

// grace is how long calls that are under way may take to end when a mapping
// stops.
const grace = 3 * time.Second

// Run works until the context ends, and lets the calls that are under way
// come to an end, for a while.
func (m Mapping) Run(ctx context.Context) {
	calls, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })()
	var group sync.WaitGroup
	for range m.Concurrency {
		group.Go(func() {
			for ctx.Err() == nil {
				batch, err := m.Queue.receive(ctx, m.Batch)
				if err == nil {
					m.deliver(calls, batch)
				} else if ctx.Err() == nil {
					m.Log.ErrorContext(ctx, "local SQS", slog.String("queue", m.Queue.name), slog.Any("cause", err))
					sleep(ctx, m.Retry)
				}
			}
		})
	}
	group.Wait()
}

func sleep(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// deliver calls the function and does with each message as it says.
func (m Mapping) deliver(ctx context.Context, batch []*message) {
	bounded, cancel := context.WithTimeout(ctx, m.Timeout)
	defer cancel()
	failed, err := m.call(bounded, batch)
	for _, one := range batch {
		again := err != nil || slices.Contains(failed, one.id)
		if !again {
			if err := m.Queue.delete(one); err != nil {
				m.Log.ErrorContext(ctx, "local SQS", slog.Any("cause", err))
			}
			continue
		}
		dead, errBack := m.Queue.giveBack(one, m.Retry<<(one.Received-1))
		if dead || err != nil || errBack != nil {
			m.Log.ErrorContext(ctx, "message failed", slog.String("queue", m.Queue.name), slog.String("message", one.id),
				slog.Int("received", one.Received), slog.Bool("dead", dead), slog.Any("cause", errors.Join(err, errBack)))
		}
	}
}

// call returns the ids of the messages that have to come again; with an
// error, all have to.
func (m Mapping) call(ctx context.Context, batch []*message) (failed []string, err error) {
	event, err := json.Marshal(m.event(batch))
	if err != nil {
		return nil, err
	}
	answer, err := m.invoke(ctx, event)
	if err != nil {
		return nil, err
	}
	var response events.SQSEventResponse
	if err := json.Unmarshal(answer, &response); err != nil {
		return nil, fmt.Errorf("answer of the function: %w", err)
	}
	for _, failure := range response.BatchItemFailures {
		if !slices.ContainsFunc(batch, func(one *message) bool { return one.id == failure.ItemIdentifier }) {
			return nil, fmt.Errorf("answer of the function: %q is no message of the batch", failure.ItemIdentifier)
		}
		failed = append(failed, failure.ItemIdentifier)
	}
	return failed, nil
}

func (m Mapping) invoke(ctx context.Context, event []byte) (answer []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the function panicked: %v", p)
		}
	}()
	return m.Invoke(ctx, event)
}

// event is a batch as functions get it.
func (m Mapping) event(batch []*message) events.SQSEvent {
	var event events.SQSEvent
	for _, one := range batch {
		sum := md5.Sum([]byte(one.Body)) //nolint:gosec // see above
		event.Records = append(event.Records, events.SQSMessage{
			MessageId: one.id, ReceiptHandle: one.id, Body: one.Body, Md5OfBody: hex.EncodeToString(sum[:]),
			Attributes: map[string]string{
				"ApproximateReceiveCount": strconv.Itoa(one.Received),
				"SentTimestamp":           strconv.FormatInt(one.Sent.UnixMilli(), 10),
			},
			EventSource: "aws:sqs", EventSourceARN: "arn:aws:sqs:us-east-1:" + account + ":" + m.Queue.name, AWSRegion: "us-east-1",
		})
	}
	return event
}
