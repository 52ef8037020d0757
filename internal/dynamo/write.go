package dynamo

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// An update is a change of one item: an expression and a condition, with the
// names and values that both use. An empty condition always holds.
type update struct {
	Expression string
	Condition  string
	Names      map[string]string
	Values     item
}

// update changes one item and returns it as it is then. Errors:
// *conditionError with the item as it is. The SDK repeats a call whose reply
// was lost, so a refusal may be the echo of this very write: the caller
// compares what is there, or uses transact.
func (s *Store) update(ctx context.Context, k item, u update) (item, error) {
	in := &dynamodb.UpdateItemInput{
		TableName: &s.table, Key: k, UpdateExpression: &u.Expression, ConditionExpression: optional(u.Condition),
		ExpressionAttributeNames: u.Names, ExpressionAttributeValues: u.Values, ReturnValues: types.ReturnValueAllNew,
		ReturnConsumedCapacity: s.capacity(), ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}
	var changed item
	err := untangle(ctx, func(ctx context.Context) error {
		out, err := call(ctx, "UpdateItem", s.api.UpdateItem, in)
		if err == nil {
			s.count("UpdateItem", one(out.ConsumedCapacity))
			changed = out.Attributes
		}
		return err
	})
	return changed, err
}

// remove deletes one item; none there is fine, unless the condition minds.
// Errors: *conditionError.
func (s *Store) remove(ctx context.Context, k item, condition string, values item) error {
	in := &dynamodb.DeleteItemInput{
		TableName: &s.table, Key: k, ConditionExpression: optional(condition), ExpressionAttributeValues: values,
		ReturnConsumedCapacity: s.capacity(), ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}
	return untangle(ctx, func(ctx context.Context) error {
		out, err := call(ctx, "DeleteItem", s.api.DeleteItem, in)
		if err == nil {
			s.count("DeleteItem", one(out.ConsumedCapacity))
		}
		return err
	})
}

// transact does all of the actions or none; it fills in the table's name.
// Token names the operation, in at most 36 characters: the same operation
// with the same token again, within ten minutes, is done once. Empty: every
// call is an operation of its own, which is still safe against lost replies.
// Errors: *canceledError, when a condition does not hold.
func (s *Store) transact(ctx context.Context, token string, actions ...types.TransactWriteItem) error {
	if token == "" {
		token = rand.Text()
	}
	for i := range actions {
		a := &actions[i]
		switch {
		case a.Put != nil:
			a.Put.TableName = &s.table
		case a.Update != nil:
			a.Update.TableName = &s.table
		case a.Delete != nil:
			a.Delete.TableName = &s.table
		case a.ConditionCheck != nil:
			a.ConditionCheck.TableName = &s.table
		}
	}
	// The token is ours: the SDK would make another for each try, and a try
	// whose reply was lost would then be refused by its own effect.
	in := &dynamodb.TransactWriteItemsInput{
		TransactItems: actions, ClientRequestToken: &token, ReturnConsumedCapacity: s.capacity(),
	}
	return untangle(ctx, func(ctx context.Context) error {
		out, err := call(ctx, "TransactWriteItems", s.api.TransactWriteItems, in)
		if err == nil {
			s.count("TransactWriteItems", out.ConsumedCapacity...)
		}
		return err
	})
}

// maxWrites is how many items one call of BatchWriteItem writes.
const maxWrites = 25

// batchWrite puts and deletes items, in no order and not as one: where it
// fails, some are done. It is for work that can be repeated, never for what
// has to be whole. Error: fault.Unavailable, which says how many are not
// done, when DynamoDB keeps handing items back.
func (s *Store) batchWrite(ctx context.Context, requests []types.WriteRequest) error {
	ctx, cancel := context.WithTimeout(ctx, operationTimeout)
	defer cancel()
	left := len(requests)
	for chunk := range slices.Chunk(requests, maxWrites) {
		for n := 0; len(chunk) > 0; n++ {
			if n > 0 && !sleep(ctx, backoff(n-1, 20*time.Millisecond)) {
				return unavailable(fmt.Errorf("BatchWriteItem: %d items of %d are not written", left, len(requests)))
			}
			out, err := call(ctx, "BatchWriteItem", s.api.BatchWriteItem, &dynamodb.BatchWriteItemInput{
				RequestItems: map[string][]types.WriteRequest{s.table: chunk}, ReturnConsumedCapacity: s.capacity(),
			})
			if err != nil {
				return fmt.Errorf("%d items of %d are not written: %w", left, len(requests), err)
			}
			s.count("BatchWriteItem", out.ConsumedCapacity...)
			left -= len(chunk) - len(out.UnprocessedItems[s.table])
			chunk = out.UnprocessedItems[s.table]
		}
	}
	return nil
}

// optional returns nil for an empty expression, which DynamoDB refuses.
func optional(expression string) *string {
	if expression == "" {
		return nil
	}
	return &expression
}
