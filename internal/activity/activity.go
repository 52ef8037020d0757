package activity

import (
	"context"
	"errors"
	"io"
	"log/slog"

	"github.com/google/uuid"

	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/session"
)

// How much a runner may keep, and bring.
const (
	MaxSessions    = 20_000
	MaxBytes       = 1 << 30 // of originals
	MaxResults     = 200     // by hand
	MaxFilesPerDay = 5_000   // declared in imports, by the day in UTC
	MaxFiles       = 50      // of one import
	MaxFileBytes   = 20 << 20
	MaxDirectBytes = 4 << 20 // of a file that comes in a request
)

// Parser is the version of what makes sessions from files. It is raised when
// the same file would give another session or other statistics.
const Parser = 1

// A Reading is what a Reader made of a file.
type Reading struct {
	Recordings []session.Recording // in the order of the file; none: there was no activity in it
	Flags      []session.Flag      // of the file; those of a single session are in its recording
	Reason     string              // a code for why the file is refused; empty: it is not
	Cause      error               // of a refusal, for the log; may be nil
}

// A Reader reads the files that watches write, whatever they are called. An
// end of ctx is a refusal.
type Reader interface {
	Read(ctx context.Context, file io.Reader) Reading
}

// Config is what a Service needs. All fields are required.
type Config struct {
	Store   Store
	Objects Objects
	Reader  Reader
	Log     *slog.Logger // takes the causes that no runner is told
}

// A Service does what runners ask for, and what events of uploads ask for.
// Every runner is named by the id in their verified access token, or by the
// key of an object that the service has signed. It is safe for concurrent
// use.
type Service struct {
	store   Store
	objects Objects
	reader  Reader
	log     *slog.Logger
}

// New returns a Service.
func New(c Config) *Service { return &Service{c.Store, c.Objects, c.Reader, c.Log} }

// A Match says whether the caller means the present version of a resource,
// which has the given tag; its error is the answer. Nil is sure of it.
type Match func(tag string) error

func matches(match Match, tag string) error {
	if match == nil {
		return nil
	}
	return match(tag)
}

// attempts is how often a write is made anew on top of others'. Those who
// bring many files at a time change the same bests, so it is generous; what
// is still not done then is done by the next delivery of the event.
const attempts = 20

// retry makes a write again and again, each time from what it reads, until
// nobody else was faster.
func retry(ctx context.Context, write func() error) error {
	for range attempts {
		err := write()
		if !errors.Is(err, ErrChanged) {
			return explain(err)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return busy()
}

func busy() error {
	return &fault.Fault{Kind: fault.Unavailable, Detail: "Your sessions are changing all the time. Try again in a moment.", RetryAfter: 1, Cause: ErrChanged}
}

// isID says whether a text is a UUIDv7 in its one written form. Nothing else
// reaches a key.
func isID(s string) bool {
	id, err := uuid.Parse(s)
	return err == nil && id.Version() == 7 && id.Variant() == uuid.RFC4122 && id.String() == s
}

// conflict is a Conflict with a problem type of its own.
func conflict(slug, detail string) error {
	return &fault.Fault{Kind: fault.Conflict, Slug: slug, Detail: detail}
}

func quota(detail string) error { return conflict("quota_exceeded", detail) }

// explain says what the caller can do about a refusal of the store.
func explain(err error) error {
	if errors.Is(err, ErrNoRunner) {
		return &fault.Fault{Kind: fault.Denied, Detail: "This account is deleted.", Cause: err}
	}
	return err
}

// Purge removes all objects of a runner whose account is deleted, as far as it
// gets. It can be repeated. Error: something is left.
func (s *Service) Purge(ctx context.Context, runner string) error {
	for {
		more, err := s.objects.DeleteAll(ctx, runner+"/")
		if err != nil {
			return err
		}
		if !more {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}
