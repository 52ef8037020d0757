package dynamo

import (
	"context"
	"errors"
	"time"
)

// A window's item counts for its scope in used, and for each name within it in
// an attribute of its own: so one write keeps two limits. The scope's limit
// bounds the names, and with them the item, which stays below 1 KB.
const sharePrefix = "s_"

// ReserveShare implements account.Tries. Cost: 1 write unit. A name has at
// most 12 characters.
func (s Accounts) ReserveShare(ctx context.Context, scope, name string, limit, share int, window time.Duration, now time.Time) (allowed bool, retryAfter time.Duration, err error) {
	k, end := limitKey(scope, window, now)
	_, err = s.update(ctx, k, update{
		Expression: "SET entity = :entity, v = :v, expires_at = :end ADD used :one, #share :one",
		Condition:  "(attribute_not_exists(used) OR used < :limit) AND (attribute_not_exists(#share) OR #share < :share)",
		Names:      map[string]string{"#share": sharePrefix + name},
		Values: item{
			":entity": text("limit"), ":v": number(1), ":one": number(1),
			":limit": number(int64(limit)), ":share": number(int64(share)),
			// Kept for a while longer, for a process whose clock is behind.
			":end": number(end.Add(time.Hour).Unix()),
		},
	})
	if _, full := errors.AsType[*conditionError](err); full {
		return false, end.Sub(now), nil
	}
	return err == nil, 0, wrap("count a try", err)
}

// ResetShare implements account.Tries. Cost: 1 write unit.
func (s Accounts) ResetShare(ctx context.Context, scope, name string, window time.Duration, now time.Time) error {
	k, _ := limitKey(scope, window, now)
	_, err := s.update(ctx, k, update{
		Expression: "REMOVE #share",
		Condition:  "attribute_exists(#share)",
		Names:      map[string]string{"#share": sharePrefix + name},
	})
	if _, none := errors.AsType[*conditionError](err); none {
		return nil
	}
	return wrap("forget tries", err)
}

// Used implements account.Tries. Cost: 0.5 read units.
func (s Accounts) Used(ctx context.Context, scope string, window time.Duration, now time.Time) (int, error) {
	k, _ := limitKey(scope, window, now)
	of := span{Partition: textOf(k, partitionKey), Prefix: textOf(k, sortKey), Eventual: true, Page: 1}
	for i, err := range s.query(ctx, of, now) {
		return int(numberOf(i, "used")), wrap("read tries", err)
	}
	return 0, nil
}
