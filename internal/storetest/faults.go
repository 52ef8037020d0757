package storetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
)

// A Fault is something that can happen to one attempt of one call.
type Fault int

// The faults. After LostReply, Reset and Truncated the call has had its
// effect, and the client does not know.
const (
	None        Fault = iota
	Refused           // not sent: the connection is refused
	LostReply         // done; then the connection ends without a reply
	Reset             // done; then the connection is reset
	Truncated         // done; the reply breaks off half way
	ServerError       // not done: status 500
	Throttled         // not done: ThrottlingException
	Conflict          // not done: others' transactions are in the way
	Unprocessed       // batches: half is done and the other half handed back
	Hang              // not done, and no reply until the client gives up
)

// A Call is one attempt of one call, as it goes out.
type Call struct {
	N         int    // counted from 1 since Set
	Operation string // "PutItem"
	Body      []byte
}

// Faults is a transport that lets calls fail as a test has planned. Until Set
// all go through. It is safe for concurrent use.
type Faults struct {
	base http.RoundTripper

	mu    sync.Mutex
	plan  func(Call) Fault
	calls []Call
}

// Set begins to count anew and asks plan about every call from now on. Plan is
// asked one call at a time. A nil plan lets all through.
func (f *Faults) Set(plan func(Call) Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.plan, f.calls = plan, nil
}

// Nth plans a fault for the n-th call alone, counted from 1.
func Nth(n int, fault Fault) func(Call) Fault {
	return func(c Call) Fault {
		if c.N == n {
			return fault
		}
		return None
	}
}

// Always plans a fault for every call.
func Always(fault Fault) func(Call) Fault { return func(Call) Fault { return fault } }

// Calls returns the calls since Set.
func (f *Faults) Calls() []Call {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.calls)
}

func (f *Faults) note(r *http.Request, body []byte) (Call, Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	call := Call{N: len(f.calls) + 1, Operation: operation, Body: body}
	f.calls = append(f.calls, call)
	if f.plan == nil {
		return call, None
	}
	return call, f.plan(call)
}

// RoundTrip sends a request, or does what is planned for it.
func (f *Faults) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	call, fault := f.note(r, body)
	send := func(body []byte) (*http.Response, error) {
		again := r.Clone(r.Context())
		again.Body, again.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		return f.base.RoundTrip(again)
	}
	switch fault {
	case Refused:
		return nil, syscall.ECONNREFUSED
	case ServerError:
		return reply(r, 500, "InternalServerError", nil), nil
	case Throttled:
		return reply(r, 400, "ThrottlingException", nil), nil
	case Conflict:
		return conflict(r, call), nil
	case Hang:
		<-r.Context().Done()
		return nil, r.Context().Err()
	case Unprocessed:
		return half(r, call, send)
	case None, LostReply, Reset, Truncated: // are sent
	}
	response, err := send(body)
	if err != nil || fault == None {
		return response, err
	}
	content, _ := io.ReadAll(response.Body)
	_ = response.Body.Close()
	switch fault {
	case LostReply:
		return nil, io.ErrUnexpectedEOF
	case Reset:
		return nil, syscall.ECONNRESET
	default: // Truncated
		response.Body = io.NopCloser(bytes.NewReader(content[:len(content)/2]))
		return response, nil
	}
}

// reply makes an error as DynamoDB sends it.
func reply(r *http.Request, status int, kind string, more map[string]any) *http.Response {
	answer := map[string]any{"__type": "com.amazonaws.dynamodb.v20120810#" + kind, "message": "made up by a test"}
	maps.Copy(answer, more)
	text, _ := json.Marshal(answer) // of strings and lists
	return &http.Response{
		StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header:        http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
		Body:          io.NopCloser(bytes.NewReader(text)),
		ContentLength: int64(len(text)),
	}
}

func conflict(r *http.Request, call Call) *http.Response {
	if call.Operation != "TransactWriteItems" {
		return reply(r, 400, "TransactionConflictException", nil)
	}
	var in struct{ TransactItems []json.RawMessage }
	_ = json.Unmarshal(call.Body, &in) // the SDK wrote it
	reasons := []map[string]string{{"Code": "TransactionConflict", "Message": "made up by a test"}}
	for range len(in.TransactItems) - 1 {
		reasons = append(reasons, map[string]string{"Code": "None"})
	}
	return reply(r, 400, "TransactionCanceledException", map[string]any{"CancellationReasons": reasons})
}

// half sends the first half of a batch, rounded down, and hands back the
// rest.
func half(r *http.Request, call Call, send func([]byte) (*http.Response, error)) (*http.Response, error) {
	in, out := map[string]any{}, map[string]any{}
	_ = json.Unmarshal(call.Body, &in) // the SDK wrote it
	tables, _ := in["RequestItems"].(map[string]any)
	back := map[string]any{}
	field := "UnprocessedItems"
	for name, wanted := range tables {
		switch wanted := wanted.(type) {
		case []any: // BatchWriteItem
			tables[name], back[name] = wanted[:len(wanted)/2], wanted[len(wanted)/2:]
		case map[string]any: // BatchGetItem
			field = "UnprocessedKeys"
			keys, _ := wanted["Keys"].([]any)
			back[name] = map[string]any{"Keys": keys[len(keys)/2:], "ConsistentRead": wanted["ConsistentRead"]}
			wanted["Keys"] = keys[:len(keys)/2]
			if len(keys) < 2 {
				delete(tables, name)
			}
		}
		if list, isList := tables[name].([]any); isList && len(list) == 0 {
			delete(tables, name)
		}
	}
	if len(tables) > 0 {
		body, err := json.Marshal(in)
		if err != nil {
			return nil, err
		}
		response, err := send(body)
		if err != nil {
			return nil, err
		}
		defer func() { _ = response.Body.Close() }()
		if err := json.NewDecoder(response.Body).Decode(&out); err != nil || response.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("half a batch: %s, %w", response.Status, err)
		}
	}
	out[field] = back
	response := reply(r, http.StatusOK, "", out)
	return response, nil
}
