package ingesting_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/stride-run/stride/internal/activity"
	"github.com/stride-run/stride/internal/boot/ingesting"
	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/route"
)

const runner = "01980000-0000-7000-8000-000000000001"

// upload is the key of the n-th file of an import.
func upload(n int) string {
	return fmt.Sprintf("%s/files/01980000-0000-7000-8000-000000000002-%02d.upload", runner, n)
}

// record is an event of one object, as S3 sends it.
func record(name, key string) string {
	return fmt.Sprintf(`{"eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "eu-central-1", "eventTime": "2026-11-24T19:00:00.000Z",
		"eventName": %q, "s3": {"s3SchemaVersion": "1.0", "bucket": {"name": "b", "arn": "arn:aws:s3:::b"}, "object": {"key": %q, "size": 4, "sequencer": "00"}}}`,
		name, url.QueryEscape(key))
}

func message(id string, records ...string) events.SQSMessage {
	return events.SQSMessage{
		MessageId: id, Body: `{"Records": [` + strings.Join(records, ",") + `]}`, Attributes: map[string]string{"ApproximateReceiveCount": "1"},
	}
}

// A service fails with what it was told to, by key.
type service struct {
	ingested, givenUp []string
	errs              map[string]error
}

func (s *service) Ingest(_ context.Context, key string, _ time.Time) error {
	s.ingested = append(s.ingested, key)
	return s.errs[key]
}

func (s *service) GiveUp(_ context.Context, key string, _ time.Time) error {
	s.givenUp = append(s.givenUp, key)
	return nil
}

func call(ctx context.Context, t *testing.T, s *service, messages ...events.SQSMessage) []string {
	t.Helper()
	response, err := ingesting.New(s, slog.New(slog.DiscardHandler))(ctx, events.SQSEvent{Records: messages})
	if err != nil {
		t.Fatal(err)
	}
	again := []string{}
	for _, failure := range response.BatchItemFailures {
		again = append(again, failure.ItemIdentifier)
	}
	return again
}

func TestEvents(t *testing.T) {
	for _, tt := range []struct {
		name string
		m    events.SQSMessage
		keys []string
		fail bool
	}{
		{"an upload", message("1", record("ObjectCreated:Put", upload(0))), []string{upload(0)}, false},
		{"by another way", message("1", record("ObjectCreated:CompleteMultipartUpload", upload(0))), []string{upload(0)}, false},
		{"several", message("1", record("ObjectCreated:Put", upload(0)), record("ObjectCreated:Put", upload(1))), []string{upload(0), upload(1)}, false},
		{"deleted", message("1", record("ObjectRemoved:Delete", upload(0))), nil, false},
		{"another object", message("1", record("ObjectCreated:Put", runner+"/streams/a"), record("ObjectCreated:Put", "x y+z/ü.upload")), nil, false},
		{"the test of a new notification", events.SQSMessage{MessageId: "1", Body: `{"Service": "Amazon S3", "Event": "s3:TestEvent", "Time": "2026-11-24T19:00:00.000Z", "Bucket": "b"}`}, nil, false},
		{"no JSON", events.SQSMessage{MessageId: "1", Body: runner}, nil, true},
		{"no event", events.SQSMessage{MessageId: "1", Body: `{"a": 1}`}, nil, true},
		{"another source", events.SQSMessage{MessageId: "1", Body: strings.ReplaceAll(message("1", record("ObjectCreated:Put", upload(0))).Body, "aws:s3", "aws:sns")}, nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &service{}
			again := call(t.Context(), t, s, tt.m)
			if !slices.Equal(s.ingested, tt.keys) || (len(again) > 0) != tt.fail {
				t.Errorf("ingested %q, again %q", s.ingested, again)
			}
		})
	}
}

func TestOneFailureStopsNothing(t *testing.T) {
	down := fault.New(fault.Unavailable, "Try again.")
	s := &service{errs: map[string]error{upload(0): down, upload(2): errors.New("a mistake")}}
	again := call(t.Context(), t, s,
		message("a", record("ObjectCreated:Put", upload(0)), record("ObjectCreated:Put", upload(1))),
		events.SQSMessage{MessageId: "b", Body: "nonsense"},
		message("c", record("ObjectCreated:Put", upload(2))),
		message("d", record("ObjectCreated:Put", upload(3))))
	if want := []string{upload(0), upload(1), upload(2), upload(3)}; !slices.Equal(s.ingested, want) {
		t.Errorf("ingested %q, want %q", s.ingested, want)
	}
	if !slices.Equal(again, []string{"a", "b", "c"}) || len(s.givenUp) > 0 {
		t.Errorf("again %q, given up %q", again, s.givenUp)
	}
}

func TestLastDelivery(t *testing.T) {
	down := fault.New(fault.Unavailable, "Try again.")
	s := &service{errs: map[string]error{upload(0): down, upload(1): errors.New("a mistake")}}
	var last []events.SQSMessage
	for n := range 3 {
		m := message(fmt.Sprint(n), record("ObjectCreated:Put", upload(n)))
		m.Attributes["ApproximateReceiveCount"] = "5"
		last = append(last, m)
	}
	again := call(t.Context(), t, s, last...)
	if !slices.Equal(s.givenUp, []string{upload(1)}) {
		t.Errorf("given up %q: only what will never be well", s.givenUp)
	}
	if !slices.Equal(again, []string{"0", "1"}) {
		t.Errorf("again %q: what failed goes to the dead letters, for somebody to look at", again)
	}
}

// TestNoTime: a file that would be broken off is not begun, since its reader
// would take the file to be at fault.
func TestNoTime(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	s := &service{}
	if again := call(ctx, t, s, message("a", record("ObjectCreated:Put", upload(0)))); len(s.ingested) > 0 || !slices.Equal(again, []string{"a"}) {
		t.Errorf("ingested %q, again %q", s.ingested, again)
	}
}

// TestBucketTellsOfUploads: the stacks have the bucket tell of what the
// service takes for an upload.
func TestBucketTellsOfUploads(t *testing.T) {
	f, ok := route.FunctionNamed("ingest")
	if !ok || f.Uploaded != activity.UploadSuffix || f.Trigger != route.Queue || !activity.IsUpload(upload(3)) {
		t.Errorf("function %+v", f)
	}
}
