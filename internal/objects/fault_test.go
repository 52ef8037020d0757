package objects_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/objects"
)

// A troubled transport does something else than it should with the first n
// requests.
type troubled struct {
	n    int64
	seen atomic.Int64
	do   func(*http.Request) (*http.Response, error)
}

func (f *troubled) RoundTrip(r *http.Request) (*http.Response, error) {
	if f.seen.Add(1) <= f.n {
		return f.do(r)
	}
	return http.DefaultTransport.RoundTrip(r)
}

func answer(r *http.Request, status int, code string) (*http.Response, error) {
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
	}
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/xml"}}, Request: r,
		Body: io.NopCloser(strings.NewReader("<Error><Code>" + code + "</Code><Message>no</Message></Error>")),
	}, nil
}

// lost makes the request, and loses the answer.
func lost(r *http.Request) (*http.Response, error) {
	response, err := http.DefaultTransport.RoundTrip(r)
	if err == nil {
		_ = response.Body.Close()
	}
	return nil, errors.New("connection reset")
}

// short breaks an answer off in its middle.
func short(r *http.Request) (*http.Response, error) {
	response, err := http.DefaultTransport.RoundTrip(r)
	if err == nil {
		response.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(io.LimitReader(response.Body, 3), broken{}), response.Body}
	}
	return response, err
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestPassingTroubleIsSurvived(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(*http.Request) (*http.Response, error)
	}{
		{"internal error", func(r *http.Request) (*http.Response, error) { return answer(r, 500, "InternalError") }},
		{"slow down", func(r *http.Request) (*http.Response, error) { return answer(r, 503, "SlowDown") }},
		{"lost answer", lost},
		{"no connection", func(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for name, do := range map[string]func(b *objects.Bucket, k string) error{
				"put": func(b *objects.Bucket, k string) error {
					return b.Put(t.Context(), k, "text/plain", []byte("content"))
				},
				"get": func(b *objects.Bucket, k string) error {
					_, err := b.Get(t.Context(), k, 100)
					return err
				},
				"delete": func(b *objects.Bucket, k string) error { return b.Delete(t.Context(), k) },
			} {
				sound, _ := open(t)
				k := key()
				if name != "put" {
					if err := sound.Put(t.Context(), k, "text/plain", []byte("content")); err != nil {
						t.Fatal(err)
					}
				}
				transport := &troubled{n: 2, do: tt.do}
				if err := do(objects.New(config(t, transport), bucketName), k); err != nil || transport.seen.Load() < 3 {
					t.Errorf("%s: %d requests, %v", name, transport.seen.Load(), err)
				}
			}
		})
	}
}

func TestLastingTrouble(t *testing.T) {
	sound, _ := open(t)
	k := key()
	if err := sound.Put(t.Context(), k, "text/plain", []byte("content")); err != nil {
		t.Fatal(err)
	}
	down := &troubled{n: 1000, do: func(r *http.Request) (*http.Response, error) { return answer(r, 503, "SlowDown") }}
	b := objects.New(config(t, down), bucketName)
	if err := b.Put(t.Context(), k, "text/plain", nil); !errors.Is(err, fault.Unavailable) {
		t.Errorf("put: %v", err)
	}
	if _, err := b.Get(t.Context(), k, 100); !errors.Is(err, fault.Unavailable) || errors.Is(err, fault.NotFound) {
		t.Errorf("get: %v", err)
	}
	if err := b.Delete(t.Context(), k); !errors.Is(err, fault.Unavailable) {
		t.Errorf("delete: %v", err)
	}
	if more, err := b.DeleteAll(t.Context(), k); !more || !errors.Is(err, fault.Unavailable) {
		t.Errorf("delete all: more %v, %v", more, err)
	}

	refused := &troubled{n: 1000, do: func(r *http.Request) (*http.Response, error) { return answer(r, 403, "AccessDenied") }}
	b = objects.New(config(t, refused), bucketName)
	if _, err := b.Get(t.Context(), k, 100); err == nil || errors.Is(err, fault.Unavailable) || errors.Is(err, fault.NotFound) {
		t.Errorf("what is our mistake is %v", err)
	}
	if refused.seen.Load() != 1 {
		t.Errorf("%d requests for what will not be allowed", refused.seen.Load())
	}
}

func TestBodyThatBreaksOff(t *testing.T) {
	sound, _ := open(t)
	k := key()
	if err := sound.Put(t.Context(), k, "text/plain", []byte("content")); err != nil {
		t.Fatal(err)
	}
	got, err := objects.New(config(t, &troubled{n: 2, do: short}), bucketName).Get(t.Context(), k, 100)
	if err != nil || string(got) != "content" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := objects.New(config(t, &troubled{n: 1000, do: short}), bucketName).Get(t.Context(), k, 100); !errors.Is(err, fault.Unavailable) {
		t.Errorf("always half: %v", err)
	}
}

// TestConflict is about S3's answer to two conditional writes at a time: it
// says of neither that it was done.
func TestConflict(t *testing.T) {
	conflict := func(r *http.Request) (*http.Response, error) { return answer(r, 409, "ConditionalRequestConflict") }
	k := key()
	if err := objects.New(config(t, &troubled{n: 2, do: conflict}), bucketName).Put(t.Context(), k, "text/plain", []byte("content")); err != nil {
		t.Error(err)
	}
	sound, _ := open(t)
	if got, err := sound.Get(t.Context(), k, 100); err != nil || string(got) != "content" {
		t.Errorf("%q, %v", got, err)
	}
	if err := objects.New(config(t, &troubled{n: 1000, do: conflict}), bucketName).Put(t.Context(), key(), "text/plain", nil); !errors.Is(err, fault.Unavailable) {
		t.Errorf("for ever: %v", err)
	}
}

// TestPartOfADeletionFails is about an answer of 200 that is none.
func TestPartOfADeletionFails(t *testing.T) {
	k := key()
	sound, _ := open(t)
	if err := sound.Put(t.Context(), k, "text/plain", []byte("content")); err != nil {
		t.Fatal(err)
	}
	for code, passing := range map[string]bool{"InternalError": true, "AccessDenied": false} {
		b := objects.New(config(t, part(func(r *http.Request) (*http.Response, error) {
			if r.Method != http.MethodPost {
				return http.DefaultTransport.RoundTrip(r)
			}
			response, err := answer(r, 200, "")
			response.Body = io.NopCloser(strings.NewReader("<DeleteResult><Error><Key>" + k + "</Key><Code>" + code + "</Code></Error></DeleteResult>"))
			return response, err
		})), bucketName)
		if err := b.Delete(t.Context(), k); err == nil || errors.Is(err, fault.Unavailable) != passing {
			t.Errorf("%s: %v", code, err)
		}
	}
}

type part func(*http.Request) (*http.Response, error)

func (p part) RoundTrip(r *http.Request) (*http.Response, error) { return p(r) }

func TestNobodyWaits(t *testing.T) {
	b, _ := open(t)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.Get(gone, key(), 1); !errors.Is(err, context.Canceled) || errors.Is(err, fault.Unavailable) {
		t.Errorf("canceled: %v", err)
	}
	late, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	if _, err := b.Get(late, key(), 1); !errors.Is(err, fault.Unavailable) {
		t.Errorf("out of time: %v", err)
	}
}
