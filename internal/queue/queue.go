// Package queue sends messages to the queues between functions (SQS).
package queue

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/stride-run/stride/internal/account"
	"github.com/stride-run/stride/internal/fault"
)

const (
	// sweepDelay is longer than the function that deletes an account may take,
	// so that a message never comes before what it announces.
	sweepDelay = time.Minute
	timeout    = 2 * time.Second
)

// sender is the part of SQS that sending takes.
type sender interface {
	SendMessage(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error)
}

// Sweeps is the queue of accounts to sweep. A message is the runner's id.
type Sweeps struct {
	api sender
	url string
}

var _ account.Sweeps = (*Sweeps)(nil)

// NewSweeps returns the queue at a URL. It makes no call.
func NewSweeps(config aws.Config, url string) *Sweeps {
	return &Sweeps{api: sqs.NewFromConfig(config), url: url}
}

// Schedule implements account.Sweeps. Error: fault.Unavailable.
func (q *Sweeps) Schedule(ctx context.Context, runner string) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	_, err := q.api.SendMessage(ctx, &sqs.SendMessageInput{
		QueueUrl: &q.url, MessageBody: &runner, DelaySeconds: int32(sweepDelay / time.Second),
	})
	if err != nil {
		return &fault.Fault{Kind: fault.Unavailable, Detail: "Try again in a moment.", RetryAfter: 2, Cause: fmt.Errorf("schedule sweep: %w", err)}
	}
	return nil
}
