package sqs_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/stride-run/stride/internal/local/sqs"
)

var silent = slog.New(slog.DiscardHandler)

func open(t *testing.T, folder string) (*sqs.Server, *sqs.Queue) {
	t.Helper()
	s, err := sqs.Open(folder, time.Minute, silent, "work")
	if err != nil {
		t.Fatal(err)
	}
	return s, s.Queue("work")
}

func send(t *testing.T, q *sqs.Queue, body string, delay time.Duration) {
	t.Helper()
	if _, err := q.Send(body, delay); err != nil {
		t.Fatal(err)
	}
}

// A worker notes what it is given, and does with each message as do says.
type worker struct {
	mu    sync.Mutex
	calls [][]string
	tries map[string][]string // receive counts, by body
	do    func(body string) error
}

func (w *worker) work(_ context.Context, event events.SQSEvent) (events.SQSEventResponse, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var call []string
	var again events.SQSEventResponse
	for _, m := range event.Records {
		call = append(call, m.Body)
		if w.tries == nil {
			w.tries = map[string][]string{}
		}
		w.tries[m.Body] = append(w.tries[m.Body], m.Attributes["ApproximateReceiveCount"])
		if w.do != nil && w.do(m.Body) != nil {
			again.BatchItemFailures = append(again.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: m.MessageId})
		}
	}
	w.calls = append(w.calls, call)
	return again, nil
}

// run lets a mapping work for a while of the bubble's time.
func run(t *testing.T, q *sqs.Queue, function any, while time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), while)
	defer cancel()
	sqs.Mapping{
		Queue: q, Invoke: sqs.InProcess(function), Timeout: 10 * time.Second, Batch: 10, Concurrency: 1, Retry: 2 * time.Second, Log: silent,
	}.Run(ctx)
}

func left(t *testing.T, q *sqs.Queue, waiting, dead int) {
	t.Helper()
	if w, d := q.Len(); w != waiting || d != dead {
		t.Errorf("%d waiting, %d dead, want %d, %d", w, d, waiting, dead)
	}
}

func TestOnlyWhatFailedComesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, q := open(t, t.TempDir())
		for i := range 25 {
			send(t, q, strconv.Itoa(i), 0)
		}
		w := &worker{}
		w.do = func(body string) error {
			if body == "3" && len(w.tries[body]) < 3 || body == "7" {
				return errors.New("no")
			}
			return nil
		}
		run(t, q, w.work, time.Hour)
		left(t, q, 0, 1)
		if len(w.calls[0]) != 10 || len(w.calls[1]) != 10 {
			t.Errorf("calls %v, want full batches first", w.calls)
		}
		for body, tries := range w.tries {
			want := map[string]string{"3": "1 2 3", "7": "1 2 3 4 5"}[body]
			if want == "" {
				want = "1"
			}
			if got := strings.Join(tries, " "); got != want {
				t.Errorf("%s was tried %s, want %s", body, got, want)
			}
		}
	})
}

func TestCallThatFails(t *testing.T) {
	for name, function := range map[string]any{
		"error": func(context.Context, events.SQSEvent) (events.SQSEventResponse, error) {
			return events.SQSEventResponse{}, errors.New("no")
		},
		"panic":    func(context.Context, events.SQSEvent) (events.SQSEventResponse, error) { panic("no") },
		"nonsense": func(context.Context, events.SQSEvent) (string, error) { return "no", nil },
		"another's": func(context.Context, events.SQSEvent) (events.SQSEventResponse, error) {
			return events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{{ItemIdentifier: "unknown"}}}, nil
		},
		"time": func(ctx context.Context, _ events.SQSEvent) (events.SQSEventResponse, error) {
			<-ctx.Done()
			return events.SQSEventResponse{}, ctx.Err()
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, q := open(t, t.TempDir())
				send(t, q, "a", 0)
				send(t, q, "b", 0)
				run(t, q, function, time.Hour)
				left(t, q, 0, 2)
			})
		})
	}
}

func TestDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, q := open(t, t.TempDir())
		send(t, q, "later", 30*time.Second)
		send(t, q, "at most a minute later", 10*time.Minute)
		w := &worker{}
		run(t, q, w.work, 29*time.Second)
		if len(w.calls) != 0 {
			t.Errorf("too early: %v", w.calls)
		}
		run(t, q, w.work, 2*time.Second)
		if len(w.calls) != 1 || w.calls[0][0] != "later" {
			t.Errorf("in time: %v", w.calls)
		}
		run(t, q, w.work, 30*time.Second)
		left(t, q, 0, 0)
	})
}

func TestRetriesWaitLongerEachTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, q := open(t, t.TempDir())
		send(t, q, "a", 0)
		begin := time.Now()
		var at []string
		run(t, q, func(context.Context, events.SQSEvent) error {
			at = append(at, time.Since(begin).String())
			return errors.New("no")
		}, time.Hour)
		if want := []string{"0s", "2s", "6s", "14s", "30s"}; !slices.Equal(at, want) {
			t.Errorf("tried at %v, want %v", at, want)
		}
	})
}

// TestMessagesStay opens the queue again, as after a kill: it was never
// closed.
func TestMessagesStay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		folder := t.TempDir()
		_, q := open(t, folder)
		send(t, q, "sent", 0)
		send(t, q, "delayed", 50*time.Second)
		if _, err := q.Hold("held"); err != nil {
			t.Fatal(err)
		}
		for _, kept := range []bool{true, false} {
			settle, err := q.Hold("settled " + strconv.FormatBool(kept))
			if err == nil {
				err = settle(kept)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		// Somebody works on what is there, and never ends.
		ctx, cancel := context.WithCancel(t.Context())
		busy := make(chan struct{})
		var group sync.WaitGroup
		group.Go(func() {
			sqs.Mapping{Queue: q, Invoke: func(ctx context.Context, _ []byte) ([]byte, error) {
				close(busy)
				<-ctx.Done()
				return nil, ctx.Err()
			}, Timeout: time.Hour, Batch: 10, Concurrency: 1, Retry: time.Hour, Log: silent}.Run(ctx)
		})
		<-busy
		if err := os.WriteFile(filepath.Join(folder, "work", "half.json.new"), []byte(`{"bo`), 0o600); err != nil {
			t.Fatal(err)
		}

		_, again := open(t, folder)
		w := &worker{}
		run(t, again, w.work, 40*time.Second)
		if len(w.calls) != 1 || !slices.Equal(w.calls[0], []string{"sent", "held", "settled true"}) {
			t.Errorf("after a kill: %q", w.calls)
		}
		if got := w.tries["sent"][0]; got != "2" {
			t.Errorf("what was worked on is given out for the time %s, want 2", got)
		}
		run(t, again, w.work, 20*time.Second)
		left(t, again, 0, 0)
		if files, _ := filepath.Glob(filepath.Join(folder, "work", "*.*")); len(files) != 0 {
			t.Errorf("files %q are left", files)
		}
		cancel()
		group.Wait()
	})
}

func TestHeldIsGivenToNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, q := open(t, t.TempDir())
		settle, err := q.Hold("held")
		if err != nil {
			t.Fatal(err)
		}
		w := &worker{}
		run(t, q, w.work, time.Hour)
		if len(w.calls) != 0 {
			t.Errorf("given out: %v", w.calls)
		}
		if err := settle(true); err != nil {
			t.Fatal(err)
		}
		run(t, q, w.work, time.Second)
		left(t, q, 0, 0)
	})
}

// TestNobodyWorksOnTheSame has many work at the same time.
func TestNobodyWorksOnTheSame(t *testing.T) {
	_, q := open(t, t.TempDir())
	const many = 200
	for i := range many {
		send(t, q, strconv.Itoa(i), 0)
	}
	w := &worker{}
	ctx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() {
		sqs.Mapping{
			Queue: q, Invoke: sqs.InProcess(w.work), Timeout: time.Minute, Batch: 3, Concurrency: 8, Retry: time.Minute, Log: silent,
		}.Run(ctx)
	})
	for waiting := 1; waiting > 0; waiting, _ = q.Len() {
		time.Sleep(time.Millisecond)
	}
	cancel()
	group.Wait()
	for body, tries := range w.tries {
		if len(tries) != 1 {
			t.Errorf("%s was given out %d times", body, len(tries))
		}
	}
	if len(w.tries) != many {
		t.Errorf("%d messages, want %d", len(w.tries), many)
	}
}

func TestDamagedFileIsAnError(t *testing.T) {
	folder := t.TempDir()
	open(t, folder)
	if err := os.WriteFile(filepath.Join(folder, "work", "x.json"), []byte(`{"bo`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sqs.Open(folder, 0, silent, "work"); err == nil || !strings.Contains(err.Error(), "x.json") {
		t.Errorf("error %v", err)
	}
}

func TestProtocol(t *testing.T) {
	s, q := open(t, t.TempDir())
	server := httptest.NewServer(s)
	defer server.Close()
	api := sdk.New(sdk.Options{
		Region: "us-east-1", BaseEndpoint: &server.URL, RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		}),
	})
	url := sqs.URL(server.URL, "work")
	if _, err := api.SendMessage(t.Context(), &sdk.SendMessageInput{QueueUrl: &url, MessageBody: new("läuft"), DelaySeconds: 1}); err != nil {
		t.Fatal(err) // the client checks the digest
	}
	left(t, q, 1, 0)
	missing := url + "s"
	_, err := api.SendMessage(t.Context(), &sdk.SendMessageInput{QueueUrl: &missing, MessageBody: new("x")})
	if _, ok := errors.AsType[*types.QueueDoesNotExist](err); !ok {
		t.Errorf("no such queue: %v", err)
	}
	for _, in := range []*sdk.SendMessageInput{
		{MessageBody: new("")},
		{MessageBody: new(strings.Repeat("x", 256<<10+1))},
		{MessageBody: new("x"), DelaySeconds: 901},
		{MessageBody: new("x"), MessageAttributes: map[string]types.MessageAttributeValue{"a": {DataType: new("String"), StringValue: new("b")}}},
	} {
		in.QueueUrl = &url
		if _, err := api.SendMessage(t.Context(), in); err == nil || !strings.Contains(err.Error(), "InvalidParameterValue") {
			t.Errorf("%.40q: %v", *in.MessageBody, err)
		}
	}
	if _, err := api.ReceiveMessage(t.Context(), &sdk.ReceiveMessageInput{QueueUrl: &url}); err == nil || !strings.Contains(err.Error(), "UnknownOperation") {
		t.Errorf("what is not there: %v", err)
	}
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, strings.NewReader("{"))
	r.Header.Set("X-Amz-Target", "AmazonSQS.SendMessage")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var problem struct {
		Type string `json:"__type"`
	}
	if err := json.NewDecoder(response.Body).Decode(&problem); err != nil || response.StatusCode != 400 || !strings.Contains(problem.Type, "Exception") {
		t.Errorf("half a body: %d, %v, %v", response.StatusCode, problem, err)
	}
	left(t, q, 1, 0)
}
