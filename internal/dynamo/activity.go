package dynamo

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/stride-run/stride/internal/activity"
	"github.com/stride-run/stride/internal/runner"
	"github.com/stride-run/stride/internal/session"
	"github.com/stride-run/stride/internal/unit"
)

// Where a runner's sessions are. What is in them is in activity_items.go.
//
//	ACTIVITY                            revision and counts
//	SESSION#<session>                   a session with its statistics
//	EFFORT#<distance>#<time>#<source>   a claim that counts, so the fastest is the first
//	BEST#<distance>                     the personal best
//	RESULT#<result>                     a result by hand
//	FILE#<digest>                       an upload that was accepted
//	IMPORT#<import>                     an import
//	IMPORT#<import>#<nn>                a file of it, and what became of it
//	TRASH#<key>                         an object to delete
//
// Every write that changes claims, counts or bests builds on the revision in
// ACTIVITY and raises it, so BEST# always says what EFFORT# gives.
const (
	activityKey   = "ACTIVITY"
	sessionPrefix = "SESSION#"
	effortPrefix  = "EFFORT#"
	bestPrefix    = "BEST#"
	resultPrefix  = "RESULT#"
	filePrefix    = "FILE#"
	importPrefix  = "IMPORT#"
	trashPrefix   = "TRASH#"
)

// Activities is the store of sessions.
type Activities struct{ *Store }

var _ activity.Store = Activities{}

// State reads what changes build on by two calls. The revision comes first:
// bests that are newer than it are refused with it. See activity.Store.
func (s Activities) State(ctx context.Context, runner string, now time.Time) (*activity.State, error) {
	st, _, err := s.Files(ctx, runner, nil, now)
	return st, err
}

// Files reads files beside State, by the same calls. See activity.Store.
func (s Activities) Files(ctx context.Context, runner string, digests []string, now time.Time) (*activity.State, map[string]*activity.File, error) {
	for range tries {
		st, files, whole, err := s.state(ctx, runner, digests, now)
		if err != nil || whole {
			return st, files, err
		}
	}
	return nil, nil, unavailable(fmt.Errorf("runner %s: bests that do not fit their revision", runner))
}

func (s Activities) state(ctx context.Context, runnerID string, digests []string, now time.Time) (st *activity.State, files map[string]*activity.File, whole bool, err error) {
	sorts := []string{profileSort, activityKey}
	for _, digest := range digests {
		sorts = append(sorts, filePrefix+digest)
	}
	found, err := s.named(ctx, runnerID, now, sorts...)
	if err != nil {
		return nil, nil, false, err
	}
	if isGone(found[profileSort]) {
		return nil, nil, false, activity.ErrNoRunner
	}
	st = stateOf(found[activityKey])
	if st.Profile, err = profileOf(found[profileSort]); err != nil {
		return nil, nil, false, err
	}
	files = make(map[string]*activity.File, len(digests))
	for _, digest := range digests {
		if i := found[filePrefix+digest]; i != nil {
			files[digest] = fileOf(i)
		}
	}
	if st.Revision == 0 {
		return st, files, true, nil
	}
	for i, err := range s.query(ctx, span{Partition: runnerKey(runnerID), Prefix: bestPrefix}, now) {
		if err != nil {
			return nil, nil, false, err
		}
		if numberOf(i, "rev") > int64(st.Revision) { // changed in between
			return nil, nil, false, nil
		}
		b, err := bestOf(i)
		if err != nil {
			return nil, nil, false, err
		}
		st.Bests = append(st.Bests, b)
	}
	slices.SortFunc(st.Bests, func(a, b session.Best) int { return int(a.Distance - b.Distance) })
	return st, files, true, nil
}

// named reads items of a runner by one call. The result is by sort key.
func (s Activities) named(ctx context.Context, runner string, now time.Time, sorts ...string) (map[string]item, error) {
	return Plans(s).named(ctx, runner, now, sorts...)
}

// claimsPage is how many claims are read at a time: most often the first is
// the one.
const claimsPage = 8

// Claims reads claims from the fastest on. See activity.Store.
func (s Activities) Claims(ctx context.Context, runner string, distance unit.Distance, atLeast time.Duration, now time.Time) iter.Seq2[session.Claim, error] {
	prefix := effortPrefix + nameOf(distance) + "#"
	of := span{Partition: runnerKey(runner), From: prefix + clockOf(atLeast), To: prefix + "~", Page: claimsPage}
	return func(yield func(session.Claim, error) bool) {
		for i, err := range s.query(ctx, of, now) {
			var c session.Claim
			if err == nil {
				c, err = effortOf(i)
			}
			if !yield(c, err) || err != nil {
				return
			}
		}
	}
}

// Session reads a session by one call. See activity.Store.
func (s Activities) Session(ctx context.Context, runnerID, id string, now time.Time) (*runner.Profile, *activity.Session, error) {
	found, err := s.named(ctx, runnerID, now, profileSort, sessionPrefix+id)
	if err != nil {
		return nil, nil, err
	}
	p, err := living(found[profileSort])
	if err != nil || found[sessionPrefix+id] == nil {
		return p, nil, err
	}
	one, err := sessionOf(found[sessionPrefix+id])
	return p, one, err
}

// living reads a profile. Error: activity.ErrNoRunner.
func living(i item) (*runner.Profile, error) {
	if isGone(i) {
		return nil, activity.ErrNoRunner
	}
	p, err := profileOf(i)
	return &p, err
}

// Sessions reads the profile by one call, and sessions by one for each page.
// See activity.Store.
func (s Activities) Sessions(ctx context.Context, runnerID, from, to string, backwards bool, page int, now time.Time) (*runner.Profile, iter.Seq2[*activity.Session, error], error) {
	i, err := s.get(ctx, profileKey(runnerID), now)
	if err != nil {
		return nil, nil, err
	}
	p, err := living(i)
	if err != nil {
		return nil, nil, err
	}
	if to < from { // which BETWEEN refuses
		return p, func(func(*activity.Session, error) bool) {}, nil
	}
	of := span{Partition: runnerKey(runnerID), From: sessionPrefix + from, To: sessionPrefix + to, Backwards: backwards, Page: int32(page)}
	return p, func(yield func(*activity.Session, error) bool) {
		for i, err := range s.query(ctx, of, now) {
			var one *activity.Session
			if err == nil {
				one, err = sessionOf(i)
			}
			if !yield(one, err) || err != nil {
				return
			}
		}
	}, nil
}

// Results reads all results by hand by one call. See activity.Store.
func (s Activities) Results(ctx context.Context, runner string, now time.Time) ([]activity.Result, error) {
	var results []activity.Result
	for i, err := range s.query(ctx, span{Partition: runnerKey(runner), Prefix: resultPrefix, Backwards: true}, now) {
		if err != nil {
			return nil, err
		}
		r, err := resultOf(i)
		if err != nil {
			return nil, err
		}
		results = append(results, r)
	}
	return results, nil
}

// Import reads an import by two calls. See activity.Store.
func (s Activities) Import(ctx context.Context, runner, id string, now time.Time) (*activity.Import, error) {
	profile, err := s.get(ctx, profileKey(runner), now)
	if err != nil {
		return nil, err
	}
	if isGone(profile) {
		return nil, activity.ErrNoRunner
	}
	var found *activity.Import
	for i, err := range s.query(ctx, span{Partition: runnerKey(runner), Prefix: importPrefix + id}, now) {
		switch {
		case err != nil:
			return nil, err
		case textOf(i, sortKey) == importPrefix+id:
			found = &activity.Import{ID: id, Created: time.Unix(numberOf(i, "created"), 0).UTC()}
		case found != nil:
			found.Files = append(found.Files, importFileOf(i))
		}
	}
	return found, nil
}

// ImportFile reads a file of an import by one call. See activity.Store.
func (s Activities) ImportFile(ctx context.Context, runner, id string, n int, now time.Time) (*activity.ImportFile, error) {
	sort := importFileKey(id, n)
	found, err := s.named(ctx, runner, now, profileSort, sort)
	if err != nil {
		return nil, err
	}
	if isGone(found[profileSort]) {
		return nil, activity.ErrNoRunner
	}
	if found[sort] == nil {
		return nil, nil
	}
	f := importFileOf(found[sort])
	return &f, nil
}

// Once reads the record of a request by one call. See activity.Store.
func (s Activities) Once(ctx context.Context, runner, idempotencyKey string, now time.Time) (*activity.Once, error) {
	i, err := s.get(ctx, key(runnerKey(runner), receiptPrefix+idempotencyKey), now)
	if err != nil || i == nil {
		return nil, err
	}
	return onceOf(i), nil
}

// Doubt notes objects by one transaction. See activity.Store.
func (s Activities) Doubt(ctx context.Context, runner string, keys []string, due, now time.Time) error {
	t := live(runner, now)
	for _, objectKey := range keys {
		t.put(trashItem(runner, objectKey, due))
	}
	return s.commit(ctx, t)
}

func trashItem(runner, objectKey string, due time.Time) item {
	return merge(key(runnerKey(runner), trashPrefix+objectKey), item{"entity": text("trash"), "v": number(1), "due": number(due.Unix())})
}

// Trash reads the keys of objects to delete by one call. See activity.Store.
func (s Activities) Trash(ctx context.Context, runner string, now time.Time) ([]string, error) {
	var keys []string
	for i, err := range s.query(ctx, span{Partition: runnerKey(runner), Prefix: trashPrefix}, now) {
		if err != nil {
			return nil, err
		}
		if numberOf(i, "due") > now.Unix() {
			continue
		}
		keys = append(keys, strings.TrimPrefix(textOf(i, sortKey), trashPrefix))
	}
	return keys, nil
}

// Emptied forgets a key by one call. See activity.Store.
func (s Activities) Emptied(ctx context.Context, runner, objectKey string) error {
	return s.remove(ctx, key(runnerKey(runner), trashPrefix+objectKey), "", nil)
}

func importFileKey(id string, n int) string { return fmt.Sprintf("%s%s#%02d", importPrefix, id, n) }

// CreateImport keeps a new import. One transaction: up to 54 actions. See
// activity.Store.
func (s Activities) CreateImport(ctx context.Context, runner string, i *activity.Import, once *activity.Once, of *activity.State, day int, now time.Time) error {
	t := live(runner, now)
	if once != nil {
		t.add(putAction(onceItem(runner, once), isAbsent, at(now, nil)), always(activity.ErrKeyUsed))
	}
	files := len(i.Files)
	if of.Day == day {
		files += of.Files
	}
	condition, values := "attribute_not_exists(#files)", item{}
	if of.Files > 0 {
		condition, values = "#day = :day AND #files = :files", item{":day": number(int64(of.Day)), ":files": number(int64(of.Files))}
	}
	t.add(types.TransactWriteItem{Update: setAction(key(runnerKey(runner), activityKey), item{
		"entity": text("activity"), "v": number(1), "day": number(int64(day)), "files": number(int64(files)),
	}, condition, values)}, always(activity.ErrChanged))
	t.put(merge(key(runnerKey(runner), importPrefix+i.ID), item{
		"entity": text("import"), "v": number(1), "created": number(i.Created.Unix()),
	}))
	for n := range i.Files {
		t.put(merge(key(runnerKey(runner), importFileKey(i.ID, n)), present(importFileItem(&i.Files[n]))))
	}
	return s.commit(ctx, t)
}

// live starts a transaction of a runner with what all of them check: that the
// account is there.
func live(runner string, now time.Time) transaction {
	var t transaction
	t.add(types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
		Key: profileKey(runner), ConditionExpression: new(isLive), ExpressionAttributeValues: at(now, nil),
	}}, always(activity.ErrNoRunner))
	return t
}
