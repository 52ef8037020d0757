package dynamo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"github.com/stride-run/stride/internal/fault"
)

const (
	// operationTimeout bounds what takes several calls: writes that clash
	// with others, and batches.
	operationTimeout = 5 * time.Second
	// tries is how often a write that clashes is made in all.
	tries = 8
)

// A conditionError is a write that was refused because its condition does
// not hold. Item is what is there instead, if the write asked for it.
type conditionError struct{ Item item }

func (*conditionError) Error() string { return "condition does not hold" }

// A canceledError is a transaction that was refused; it has done nothing. There is
// one reason for each action.
type canceledError struct{ Reasons []types.CancellationReason }

func (c *canceledError) Error() string {
	codes := make([]string, len(c.Reasons))
	for i, reason := range c.Reasons {
		codes[i] = aws.ToString(reason.Code)
	}
	return fmt.Sprintf("transaction canceled: %q", codes)
}

// failed says whether the condition of an action, counted from 0, does not
// hold.
func (c *canceledError) failed(action int) bool {
	return action < len(c.Reasons) && aws.ToString(c.Reasons[action].Code) == "ConditionalCheckFailed"
}

// clashed says whether nothing but others' simultaneous work was in the way,
// so that the same transaction may well succeed the next time.
func (c *canceledError) clashed() bool {
	clash := false
	for _, reason := range c.Reasons {
		switch aws.ToString(reason.Code) {
		case "", "None":
		case "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded":
			clash = true
		default:
			return false
		}
	}
	return clash
}

// errClash is a write to an item that a transaction is just changing.
var errClash = errors.New("clash with a transaction")

// call makes one call in bounded time, and explains its error.
func call[In, Out any](ctx context.Context, operation string,
	do func(context.Context, *In, ...func(*dynamodb.Options)) (*Out, error), in *In,
) (*Out, error) {
	bounded, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	out, err := do(bounded, in)
	if err != nil {
		return nil, explain(ctx, operation, err)
	}
	return out, nil
}

// explain turns the SDK's errors into those that the stores tell apart, by
// their types and codes, never by their words. What says that the store
// cannot answer now becomes fault.Unavailable; what says that we asked
// wrongly stays as it is.
func explain(ctx context.Context, operation string, err error) error {
	if failed, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		return &conditionError{failed.Item}
	}
	if refused, ok := errors.AsType[*types.TransactionCanceledException](err); ok {
		return &canceledError{refused.CancellationReasons}
	}
	if _, ok := errors.AsType[*types.TransactionConflictException](err); ok {
		return errClash
	}
	if errors.Is(ctx.Err(), context.Canceled) { // nobody waits any more
		return fmt.Errorf("%s: %w", operation, ctx.Err())
	}
	if passing(err) {
		return unavailable(fmt.Errorf("%s: %w", operation, err))
	}
	return fmt.Errorf("%s: %w", operation, err)
}

// passing says whether the same call may succeed a little later.
func passing(err error) bool {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		_, throttled := retry.DefaultThrottleErrorCodes[api.ErrorCode()]
		return throttled || retryableStatus(err)
	}
	_, invalid := errors.AsType[smithy.InvalidParamsError](err)
	_, unwritable := errors.AsType[*smithy.SerializationError](err)
	return !invalid && !unwritable // no answer, or half of one
}

func retryableStatus(err error) bool {
	check := retry.RetryableHTTPStatusCode{Codes: retry.DefaultRetryableHTTPStatusCodes}
	return check.IsErrorRetryable(err) == aws.TrueTernary
}

// damagedReply makes the SDK try again when a reply broke off or fails its
// checksum.
func damagedReply(err error) aws.Ternary {
	if _, said := errors.AsType[smithy.APIError](err); said {
		return aws.UnknownTernary
	}
	if _, damaged := errors.AsType[*smithy.DeserializationError](err); damaged {
		return aws.TrueTernary
	}
	return aws.UnknownTernary
}

func unavailable(cause error) error {
	return &fault.Fault{Kind: fault.Unavailable, Detail: "Try again in a moment.", RetryAfter: 2, Cause: cause}
}

// untangle repeats a write for as long as it only clashes with others'. Each
// try has to be the same write: a clash is a refusal, not a lost reply.
func untangle(ctx context.Context, write func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, operationTimeout)
	defer cancel()
	for n := 0; ; n++ {
		err := write(ctx)
		refused, _ := errors.AsType[*canceledError](err)
		if !errors.Is(err, errClash) && (refused == nil || !refused.clashed()) {
			return err
		}
		if n == tries-1 || !sleep(ctx, backoff(n, 20*time.Millisecond)) {
			return unavailable(err)
		}
	}
}

// sleep waits, and says whether the context lasted as long.
func sleep(ctx context.Context, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
