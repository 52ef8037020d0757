// Package objects keeps files in a bucket (S3). The bucket keeps versions, so
// that nothing is lost by a mistake; what is deleted here is deleted with all
// of them.
package objects

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"github.com/stride-run/stride/internal/activity"
	"github.com/stride-run/stride/internal/fault"
)

const (
	// callTimeout bounds one call with all attempts: 20 MiB take a second.
	callTimeout = 10 * time.Second
	attempts    = 4
	maxBackoff  = time.Second
	// conflicts is how often a write is made that meets another to the same
	// key.
	conflicts = 5
)

// A Bucket is a bucket of S3. It is safe for concurrent use.
type Bucket struct {
	api   *s3.Client
	signs *s3.PresignClient
	name  string
	now   func() time.Time
}

var _ activity.Objects = (*Bucket)(nil)

// New returns the bucket of a name. It makes no call.
func New(config aws.Config, name string) *Bucket {
	api := s3.NewFromConfig(config, func(o *s3.Options) {
		// An endpoint that is named is one machine's, and has no host for
		// each bucket.
		o.UsePathStyle = config.BaseEndpoint != nil
		o.Retryer = retry.NewStandard(func(s *retry.StandardOptions) {
			s.MaxAttempts = attempts
			s.MaxBackoff = maxBackoff
			s.Backoff = retry.BackoffDelayerFunc(func(attempt int, _ error) (time.Duration, error) {
				return backoff(attempt), nil
			})
		})
		// Put says its own SHA-256.
		o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
	})
	b := &Bucket{api: api, name: name, now: time.Now}
	b.signs = s3.NewPresignClient(api, func(o *s3.PresignOptions) { o.Presigner = signer{now: b.clock} })
	return b
}

func (b *Bucket) clock() time.Time { return b.now() }

// backoff returns how long to wait after the n-th failure, counted from 0:
// twice as long each time, half of it by chance.
func backoff(n int) time.Duration {
	wait := maxBackoff
	if n < 16 {
		wait = min(wait, 50*time.Millisecond<<n)
	}
	return wait/2 + rand.N(wait/2) //nolint:gosec // waiting is no secret
}

// Put implements activity.Objects. Error: fault.Unavailable.
func (b *Bucket) Put(ctx context.Context, key, contentType string, body []byte) error {
	return b.put(ctx, &s3.PutObjectInput{Key: &key, ContentType: &contentType}, body)
}

func (b *Bucket) put(ctx context.Context, in *s3.PutObjectInput, body []byte) error {
	in.Bucket, in.IfNoneMatch = &b.name, new("*")
	in.ChecksumSHA256 = new(sum(body))
	for n := 0; ; n++ {
		in.Body = bytes.NewReader(body)
		err := b.call(ctx, "put object", func(ctx context.Context) error {
			_, err := b.api.PutObject(ctx, in)
			return err
		})
		switch status(err) {
		case http.StatusPreconditionFailed: // it is there; a lost reply looks the same
			return nil
		case http.StatusConflict: // somebody is writing it just now, and may yet fail
			if n < conflicts-1 && sleep(ctx, backoff(n)) {
				continue
			}
			return unavailable(err)
		}
		return err
	}
}

// Get implements activity.Objects. Errors: fault.NotFound, fault.TooLarge,
// fault.Unavailable.
func (b *Bucket) Get(ctx context.Context, key string, limit int64) ([]byte, error) {
	var body []byte
	read := func(ctx context.Context) error {
		out, err := b.api.GetObject(ctx, &s3.GetObjectInput{Bucket: &b.name, Key: &key})
		if err != nil {
			return err
		}
		defer func() { _ = out.Body.Close() }()
		size := aws.ToInt64(out.ContentLength)
		if size > limit {
			return &fault.Fault{Kind: fault.TooLarge, Detail: fmt.Sprintf("An object has %d bytes; at most %d are read.", size, limit)}
		}
		body = make([]byte, size)
		_, err = io.ReadFull(out.Body, body)
		return err
	}
	for n := 0; ; n++ {
		err := b.call(ctx, "get object", read)
		if err == nil {
			return body, nil
		}
		if _, missing := errors.AsType[*types.NoSuchKey](err); missing || status(err) == http.StatusNotFound {
			return nil, &fault.Fault{Kind: fault.NotFound, Detail: "There is no such object.", Cause: err}
		}
		// The SDK does not try again once a body has begun to come.
		if !errors.Is(err, io.ErrUnexpectedEOF) || n == attempts-1 || !sleep(ctx, backoff(n)) {
			return nil, err
		}
	}
}

// SignDownload implements activity.Objects.
func (b *Bucket) SignDownload(ctx context.Context, key, fileName string) (string, error) {
	signed, err := b.signs.PresignGetObject(ctx, &s3.GetObjectInput{
		Bucket: &b.name, Key: &key, ResponseContentDisposition: new(disposition(fileName)),
	}, s3.WithPresignExpires(signedFor))
	if err != nil {
		return "", fmt.Errorf("sign download: %w", err)
	}
	return signed.URL, nil
}

// SignUpload implements activity.Objects. The address is good for signedFor,
// for that many bytes with that digest, and for a key that is not taken.
func (b *Bucket) SignUpload(ctx context.Context, key string, size int64, sha256 string) (activity.Upload, error) {
	checksum, err := checksumOf(sha256)
	if err != nil {
		return activity.Upload{}, fmt.Errorf("sign upload: %w", err)
	}
	expires := b.now().Add(signedFor).Truncate(time.Second).UTC()
	signed, err := b.signs.PresignPutObject(ctx, &s3.PutObjectInput{
		Bucket: &b.name, Key: &key, ContentLength: &size, ContentType: new(uploadType),
		ChecksumSHA256: &checksum, IfNoneMatch: new("*"),
	}, s3.WithPresignExpires(signedFor))
	if err != nil {
		return activity.Upload{}, fmt.Errorf("sign upload: %w", err)
	}
	headers := map[string]string{}
	for name, values := range signed.SignedHeader {
		switch name {
		case "Host", "Content-Length": // every client sends them, and no page may set them
		default:
			headers[name] = values[0]
		}
	}
	return activity.Upload{URL: signed.URL, Headers: headers, ExpiresAt: expires}, nil
}

// call makes one call in bounded time, and explains its error.
func (b *Bucket) call(ctx context.Context, operation string, do func(context.Context) error) error {
	bounded, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	err := do(bounded)
	switch {
	case err == nil:
		return nil
	case errors.Is(ctx.Err(), context.Canceled): // nobody waits any more
		return fmt.Errorf("%s: %w", operation, ctx.Err())
	case passing(err):
		return unavailable(fmt.Errorf("%s: %w", operation, err))
	}
	return fmt.Errorf("%s: %w", operation, err)
}

// passing says whether the same call may succeed a little later.
func passing(err error) bool {
	if errors.Is(err, fault.TooLarge) {
		return false
	}
	if code := status(err); code != 0 {
		api, said := errors.AsType[smithy.APIError](err)
		return code >= 500 || code == http.StatusTooManyRequests || said && slow[api.ErrorCode()]
	}
	_, invalid := errors.AsType[smithy.InvalidParamsError](err)
	_, unwritable := errors.AsType[*smithy.SerializationError](err)
	return !invalid && !unwritable // no answer, or half of one
}

// slow are refusals that go by the time of asking.
var slow = map[string]bool{"SlowDown": true, "RequestTimeout": true, "RequestTimeTooSkewed": true}

// status returns the status of the answer that an error is; 0: there was
// none.
func status(err error) int {
	if answer, ok := errors.AsType[*awshttp.ResponseError](err); ok {
		return answer.HTTPStatusCode()
	}
	return 0
}

func unavailable(cause error) error {
	return &fault.Fault{Kind: fault.Unavailable, Detail: "Try again in a moment.", RetryAfter: 2, Cause: cause}
}

// sleep waits, and says whether the context lasted as long.
func sleep(ctx context.Context, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
