package api

import (
	"net/http"
	"slices"
	"strings"

	"github.com/stride-run/stride/internal/fault"
)

// ETag writes the tag of a resource's version as a header has it: quoted, and
// strong.
func ETag(tag string) string { return `"` + tag + `"` }

// Tagged answers with a resource and its entity tag.
func Tagged(tag string, body any) Response {
	return Response{Header: http.Header{"Etag": {ETag(tag)}}, Body: body}
}

// IfMatch returns a check of a version's tag against the request's If-Match.
// A change demands the header, since whoever does not say what they change
// would undo what others did: without one, and for "*", which is any version,
// the check is fault.PreconditionRequired. A tag that is not named is
// fault.Stale. The check is for when the resource is found, so that one that
// is not there is always just that.
func IfMatch(r *http.Request) func(tag string) error {
	tags := entityTags(r)
	return func(tag string) error {
		if len(tags) == 0 || slices.Contains(tags, "*") {
			return fault.New(fault.PreconditionRequired, "Read it first, and send the ETag of the version that you change as If-Match.")
		}
		return among(tags, tag)
	}
}

// IfMatchGiven is IfMatch for a request that need not say what it means:
// without the header, and with "*", any version will do.
func IfMatchGiven(r *http.Request) func(tag string) error {
	tags := entityTags(r)
	return func(tag string) error {
		if len(tags) == 0 || slices.Contains(tags, "*") {
			return nil
		}
		return among(tags, tag)
	}
}

// among compares strongly (RFC 9110): a weak tag is the same as none.
func among(tags []string, tag string) error {
	if slices.Contains(tags, ETag(tag)) {
		return nil
	}
	return fault.New(fault.Stale, "It has changed since you read it. Read it again and decide anew.")
}

// entityTags reads the list of If-Match. Our own tags have no commas.
func entityTags(r *http.Request) []string {
	var tags []string
	for _, value := range r.Header.Values("If-Match") {
		for tag := range strings.SplitSeq(value, ",") {
			if tag = strings.TrimSpace(tag); tag != "" {
				tags = append(tags, tag)
			}
		}
	}
	return tags
}

// maxIdempotencyKey is longer than any UUID, and short enough for a key.
const maxIdempotencyKey = 128

// IdempotencyKey reads the header that makes a request safe to repeat; empty
// for a request without one. Error: fault.Invalid, for more than one, a long
// one, or one with other than visible ASCII characters.
func IdempotencyKey(r *http.Request) (string, error) {
	values := r.Header.Values("Idempotency-Key")
	if len(values) == 0 {
		return "", nil
	}
	key := values[0]
	isOdd := func(c rune) bool { return c <= ' ' || c > '~' }
	if len(values) > 1 || key == "" || len(key) > maxIdempotencyKey || strings.ContainsFunc(key, isOdd) {
		return "", fault.Fields([]fault.Field{{
			Parameter: "Idempotency-Key", Code: fault.InvalidFormat,
			Message: "Send one Idempotency-Key of 1 to 128 visible ASCII characters, such as a UUID, and a new one for each request.",
		}})
	}
	return key, nil
}

const replayedHeader = "Idempotency-Replayed"

// Replayed marks an answer as that of an earlier request.
func Replayed(h http.Header) { h.Set(replayedHeader, "true") }

func isReplayed(h http.Header) bool { return h.Get(replayedHeader) != "" }
