// Package dynamo keeps everything in one DynamoDB table. Whatever is private
// to a runner has the runner's id in its partition key, so that no request
// can reach another's items. This file and its neighbours are what all stores
// share: calls that end in time, retries that are safe to make, reads that do
// not see what has expired.
package dynamo

import (
	"context"
	"maps"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

const (
	// callTimeout bounds one call with all attempts that the SDK makes, so
	// that a request learns within two seconds that the store is down.
	callTimeout = 1800 * time.Millisecond
	// attempts and maxBackoff fit into it: the waits add up to 0.35 s at most.
	attempts   = 4
	maxBackoff = time.Second
)

// client is the part of DynamoDB that the stores use.
type client interface {
	GetItem(context.Context, *dynamodb.GetItemInput, ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error)
	Query(context.Context, *dynamodb.QueryInput, ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error)
	UpdateItem(context.Context, *dynamodb.UpdateItemInput, ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error)
	DeleteItem(context.Context, *dynamodb.DeleteItemInput, ...func(*dynamodb.Options)) (*dynamodb.DeleteItemOutput, error)
	TransactWriteItems(context.Context, *dynamodb.TransactWriteItemsInput, ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error)
	BatchGetItem(context.Context, *dynamodb.BatchGetItemInput, ...func(*dynamodb.Options)) (*dynamodb.BatchGetItemOutput, error)
	BatchWriteItem(context.Context, *dynamodb.BatchWriteItemInput, ...func(*dynamodb.Options)) (*dynamodb.BatchWriteItemOutput, error)
}

// Connect makes the SDK's client. It makes no call.
func Connect(config aws.Config) *dynamodb.Client {
	return dynamodb.NewFromConfig(config, func(o *dynamodb.Options) {
		o.Retryer = retry.NewStandard(func(s *retry.StandardOptions) {
			s.MaxAttempts = attempts
			s.MaxBackoff = maxBackoff
			s.Backoff = retry.BackoffDelayerFunc(func(attempt int, _ error) (time.Duration, error) {
				return backoff(attempt, 50*time.Millisecond), nil
			})
			s.Retryables = append(s.Retryables, retry.IsErrorRetryableFunc(damagedReply))
		})
	})
}

// backoff returns how long to wait after the n-th failure, counted from 0:
// twice as long each time, half of it by chance.
func backoff(n int, first time.Duration) time.Duration {
	wait := maxBackoff
	if n < 16 {
		wait = min(wait, first<<n)
	}
	return wait/2 + rand.N(wait/2) //nolint:gosec // waiting is no secret
}

// A Store is the table.
type Store struct {
	api   client
	table string
	meter func(Usage)
}

// Usage is what one call cost.
type Usage struct {
	Operation string  // "GetItem"
	Units     float64 // read or write request units, as the operation has it
}

// New returns the store in a table. It makes no call.
func New(api client, table string) *Store { return &Store{api: api, table: table} }

// Metered returns the same store, telling meter what each call costs. Meter
// has to be safe for concurrent use.
func (s *Store) Metered(meter func(Usage)) *Store {
	return &Store{api: s.api, table: s.table, meter: meter}
}

// capacity says whether DynamoDB is to tell the cost of a call.
func (s *Store) capacity() types.ReturnConsumedCapacity {
	if s.meter == nil {
		return types.ReturnConsumedCapacityNone
	}
	return types.ReturnConsumedCapacityTotal
}

func (s *Store) count(operation string, consumed ...types.ConsumedCapacity) {
	if s.meter == nil {
		return
	}
	usage := Usage{Operation: operation}
	for _, c := range consumed {
		usage.Units += aws.ToFloat64(c.CapacityUnits)
	}
	s.meter(usage)
}

func one(consumed *types.ConsumedCapacity) types.ConsumedCapacity {
	if consumed == nil {
		return types.ConsumedCapacity{}
	}
	return *consumed
}

// An item is what the table holds under one key.
type item = map[string]types.AttributeValue

// The names of the attributes that every store knows.
const (
	partitionKey = "PK"
	sortKey      = "SK"
	expiresAt    = "expires_at" // seconds since 1970; missing: never
)

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func number(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}

func key(partition, sort string) item {
	return item{partitionKey: text(partition), sortKey: text(sort)}
}

// textOf and numberOf read an attribute; they return zero for one that is
// missing or of another type.

func textOf(i item, name string) string {
	if s, ok := i[name].(*types.AttributeValueMemberS); ok {
		return s.Value
	}
	return ""
}

func numberOf(i item, name string) int64 {
	if n, ok := i[name].(*types.AttributeValueMemberN); ok {
		value, _ := strconv.ParseInt(n.Value, 10, 64)
		return value
	}
	return 0
}

// expired says whether an item is to be treated as if it were not there.
// DynamoDB deletes it days later.
func expired(i item, now time.Time) bool {
	_, ends := i[expiresAt]
	return ends && numberOf(i, expiresAt) <= now.Unix()
}

// The two conditions on an item's existence. Both need present's value.
const (
	isPresent = "(attribute_exists(PK) AND (attribute_not_exists(expires_at) OR expires_at > :now))"
	isAbsent  = "(attribute_not_exists(PK) OR expires_at <= :now)"
)

// at returns the values of an expression, and :now for isPresent and
// isAbsent.
func at(now time.Time, values item) item {
	all := maps.Clone(values)
	if all == nil {
		all = item{}
	}
	all[":now"] = number(now.Unix())
	return all
}
