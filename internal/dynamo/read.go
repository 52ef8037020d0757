package dynamo

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// get reads one item as it is now; nil if there is none, or none any more.
func (s *Store) get(ctx context.Context, k item, now time.Time) (item, error) {
	out, err := call(ctx, "GetItem", s.api.GetItem, &dynamodb.GetItemInput{
		TableName: &s.table, Key: k, ConsistentRead: new(true), ReturnConsumedCapacity: s.capacity(),
	})
	if err != nil {
		return nil, err
	}
	s.count("GetItem", one(out.ConsumedCapacity))
	if len(out.Item) == 0 || expired(out.Item, now) {
		return nil, nil
	}
	return out.Item, nil
}

// A span is a run of items in one partition.
type span struct {
	Partition string
	// Prefix begins every sort key. Empty: From and To bound them.
	Prefix string
	// From and To are the first and last sort key, both included. Empty: the
	// whole partition.
	From, To string
	// After is the sort key to continue after. Empty: start at the start.
	After string
	// Backwards runs from the last to the first.
	Backwards bool
	// Eventual reads at half the price what was true a moment ago. Zero: the
	// read sees every finished write.
	Eventual bool
	// Page is how many items are asked for at a time. Zero: as many as fit
	// into a reply.
	Page int32
}

// query reads a span, in the order of its sort keys, without what has
// expired. It asks for further items only as they are needed.
func (s *Store) query(ctx context.Context, of span, now time.Time) iter.Seq2[item, error] {
	in := &dynamodb.QueryInput{
		TableName:                 &s.table,
		KeyConditionExpression:    new("PK = :pk"),
		ExpressionAttributeValues: item{":pk": text(of.Partition)},
		ScanIndexForward:          new(!of.Backwards),
		ConsistentRead:            new(!of.Eventual),
		ReturnConsumedCapacity:    s.capacity(),
	}
	switch {
	case of.Prefix != "":
		*in.KeyConditionExpression += " AND begins_with(SK, :prefix)"
		in.ExpressionAttributeValues[":prefix"] = text(of.Prefix)
	case of.From != "" || of.To != "":
		*in.KeyConditionExpression += " AND SK BETWEEN :from AND :to"
		in.ExpressionAttributeValues[":from"], in.ExpressionAttributeValues[":to"] = text(of.From), text(of.To)
	}
	if of.After != "" {
		in.ExclusiveStartKey = key(of.Partition, of.After)
	}
	if of.Page > 0 {
		in.Limit = &of.Page
	}
	return func(yield func(item, error) bool) {
		for next := in.ExclusiveStartKey; ; {
			page := *in
			page.ExclusiveStartKey = next
			out, err := call(ctx, "Query", s.api.Query, &page)
			if err != nil {
				yield(nil, err)
				return
			}
			s.count("Query", one(out.ConsumedCapacity))
			for _, i := range out.Items {
				if !expired(i, now) && !yield(i, nil) {
					return
				}
			}
			if next = out.LastEvaluatedKey; len(next) == 0 {
				return
			}
		}
	}
}

// maxGets is how many items one call of BatchGetItem reads.
const maxGets = 100

// batchGet reads items by their keys, which have to differ. The result is in
// no order, and lacks what is not there or has expired.
func (s *Store) batchGet(ctx context.Context, keys []item, now time.Time) ([]item, error) {
	ctx, cancel := context.WithTimeout(ctx, operationTimeout)
	defer cancel()
	var found []item
	for chunk := range slices.Chunk(keys, maxGets) {
		for n := 0; len(chunk) > 0; n++ {
			if n > 0 && !sleep(ctx, backoff(n-1, 20*time.Millisecond)) {
				return nil, unavailable(fmt.Errorf("BatchGetItem: %d keys of %d are unread", len(chunk), len(keys)))
			}
			out, err := call(ctx, "BatchGetItem", s.api.BatchGetItem, &dynamodb.BatchGetItemInput{
				RequestItems:           map[string]types.KeysAndAttributes{s.table: {Keys: chunk, ConsistentRead: new(true)}},
				ReturnConsumedCapacity: s.capacity(),
			})
			if err != nil {
				return nil, err
			}
			s.count("BatchGetItem", out.ConsumedCapacity...)
			for _, i := range out.Responses[s.table] {
				if !expired(i, now) {
					found = append(found, i)
				}
			}
			chunk = out.UnprocessedKeys[s.table].Keys
		}
	}
	return found, nil
}
