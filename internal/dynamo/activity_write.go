package dynamo

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/stride-run/stride/internal/activity"
	"github.com/stride-run/stride/internal/session"
)

// Write makes a change. One transaction: up to 30 actions. See
// activity.Store.
func (s Activities) Write(ctx context.Context, runner string, c activity.Change, now time.Time) error {
	t := live(runner, now)
	w := activityWrite{transaction: &t, runner: runner, now: now}
	if c.Of != nil {
		w.count(c)
	}
	w.session(c)
	w.claims(c)
	w.file(c)
	if c.Verdict != nil {
		w.judge(c.Verdict)
	}
	w.result(c)
	for _, objectKey := range c.Trash {
		w.put(trashItem(runner, objectKey, now))
	}
	for _, objectKey := range c.Sure {
		w.delete(trashPrefix+objectKey, "attribute_exists(PK)", nil)
	}
	return s.commit(ctx, t)
}

// An activityWrite gathers the actions of a change.
type activityWrite struct {
	*transaction
	runner string
	now    time.Time
}

// at gives attributes the key of an item; those that are nil are left out.
func (w *activityWrite) at(sort string, attributes item) item {
	return merge(key(runnerKey(w.runner), sort), present(attributes))
}

// delete removes an item; with a condition, one that holds.
func (w *activityWrite) delete(sort, condition string, values item) {
	action := types.TransactWriteItem{Delete: &types.Delete{
		Key: key(runnerKey(w.runner), sort), ConditionExpression: optional(condition), ExpressionAttributeValues: values,
	}}
	if condition == "" {
		w.add(action, nil)
		return
	}
	w.add(action, always(activity.ErrChanged))
}

// count checks the revision that a change builds on, raises it, and counts.
func (w *activityWrite) count(c activity.Change) {
	sessions, results := int64(0), int64(0)
	if c.Put != nil {
		sessions++
	}
	if c.Remove != nil {
		sessions--
	}
	if c.AddResult != nil {
		results++
	}
	if c.DropResult != nil {
		results--
	}
	u := &types.Update{
		Key:                 key(runnerKey(w.runner), activityKey),
		UpdateExpression:    new("SET entity = :entity, v = :v ADD rev :one, #sessions :sessions, #bytes :bytes, #results :results"),
		ConditionExpression: new("rev = :rev"),
		// Some of these are words that DynamoDB keeps for itself.
		ExpressionAttributeNames: map[string]string{"#sessions": "sessions", "#bytes": "bytes", "#results": "results"},
		ExpressionAttributeValues: item{
			":entity": text("activity"), ":v": number(1), ":one": number(1), ":rev": number(int64(c.Of.Revision)),
			":sessions": number(sessions), ":bytes": number(c.Bytes), ":results": number(results),
		},
	}
	if c.Of.Revision == 0 {
		u.ConditionExpression = new("attribute_not_exists(rev)")
		delete(u.ExpressionAttributeValues, ":rev")
	}
	w.add(types.TransactWriteItem{Update: u}, always(activity.ErrChanged))
}

func (w *activityWrite) session(c activity.Change) {
	if one := c.Put; one != nil {
		w.add(putAction(w.at(sessionPrefix+one.ID, sessionItem(one)), isAbsent, at(w.now, nil)), always(activity.ErrChanged))
	}
	if one := c.Set; one != nil {
		w.add(types.TransactWriteItem{Update: setAction(key(runnerKey(w.runner), sessionPrefix+one.ID), sessionItem(one),
			"version = :was", item{":was": number(int64(one.Version - 1))})}, always(activity.ErrChanged))
	}
	if one := c.Remove; one != nil {
		w.delete(sessionPrefix+one.ID, "version = :was", item{":was": number(int64(one.Version))})
	}
}

func (w *activityWrite) claims(c activity.Change) {
	written := map[string]bool{}
	for _, claim := range c.AddClaims {
		written[effortKey(claim)] = true
		w.put(w.at(effortKey(claim), effortItem(claim)))
	}
	for _, claim := range c.DropClaims {
		if !written[effortKey(claim)] { // two actions on one item are refused
			w.delete(effortKey(claim), "", nil)
		}
	}
	for _, b := range c.SetBests {
		w.put(w.at(bestPrefix+nameOf(b.Distance), bestItem(b, c.Of.Revision+1)))
	}
	for _, distance := range c.DropBests {
		w.delete(bestPrefix+nameOf(distance), "", nil)
	}
}

func (w *activityWrite) file(c activity.Change) {
	f := c.File
	if f == nil {
		return
	}
	condition, values := isAbsent, at(w.now, nil)
	if c.FileBefore != nil {
		condition, values = "rev = :was", item{":was": number(int64(c.FileBefore.Revision))}
	}
	if f.Spent() {
		w.delete(filePrefix+f.Digest, condition, values)
		return
	}
	w.add(putAction(w.at(filePrefix+f.Digest, fileItem(f)), condition, values), always(activity.ErrChanged))
}

func (w *activityWrite) judge(j *activity.Judgement) {
	w.add(types.TransactWriteItem{Update: setAction(key(runnerKey(w.runner), importFileKey(j.Import, j.N)), importFileItem(&j.File),
		"verdict = :pending", item{":pending": text(string(activity.Pending))})}, always(activity.ErrChanged))
}

func (w *activityWrite) result(c activity.Change) {
	if r := c.AddResult; r != nil {
		w.add(putAction(w.at(resultPrefix+r.ID, resultItem(r)), isAbsent, at(w.now, nil)), always(activity.ErrChanged))
	}
	if r := c.DropResult; r != nil {
		w.delete(resultPrefix+r.ID, "attribute_exists(PK)", nil)
	}
}

// effortKey puts claims over a distance in the order of session.Claim.Compare:
// a source's id begins with the instant of the claim.
func effortKey(c session.Claim) string {
	return effortPrefix + nameOf(c.Distance) + "#" + clockOf(c.Time) + "#" + c.Source
}
