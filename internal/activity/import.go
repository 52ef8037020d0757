package activity

import (
	"context"
	"time"

	"github.com/stride-run/stride/internal/session"
)

// A Verdict says what became of a file. Verdicts are part of the API: they are
// added, never renamed.
type Verdict string

// The verdicts. A file is Pending until it was uploaded and read.
const (
	Pending   Verdict = "pending"
	Imported  Verdict = "imported"
	Duplicate Verdict = "duplicate" // the runner has this very file
	Skipped   Verdict = "skipped"   // nothing that was done: settings, a workout, a course
	Failed    Verdict = "failed"
)

// Reasons for a verdict of Failed or Skipped, beside those of the Reader.
const (
	NoActivity     = "no_activity"
	TooManyBytes   = "too_many_bytes"
	WrongDigest    = "wrong_digest"   // not the bytes that were declared
	QuotaExceeded  = "quota_exceeded" // MaxSessions or MaxBytes
	ReaderPanicked = "corrupt"
	Internal       = "internal_error" // tried often, in vain
)

// An Import is a batch of files and what became of each.
type Import struct {
	ID      string    // a UUIDv7
	Created time.Time // whole seconds, UTC
	Files   []ImportFile
}

// A Status says how far an import is.
type Status string

// How far an import is.
const (
	Waiting Status = "waiting" // no upload has arrived
	Running Status = "running"
	Done    Status = "done" // each file has its verdict
)

// Status says how far the import is, and how many files have their verdict.
func (i *Import) Status() (status Status, done int) {
	known := 0
	for _, f := range i.Files {
		if f.Verdict != Pending {
			done++
		}
		if f.Known {
			known++
		}
	}
	switch done {
	case len(i.Files):
		return Done, done
	case known:
		return Waiting, done
	}
	return Running, done
}

// A NewFile is a file that a client is about to upload.
type NewFile struct {
	Name   string
	Size   int64  // bytes
	SHA256 string // 64 hex digits in lower case
}

// An ImportFile is a file of an import.
type ImportFile struct {
	NewFile
	Verdict  Verdict
	Known    bool     // it was a duplicate when the import was made
	Reason   string   // of Failed and Skipped, else empty
	Sessions []string // ids of Imported and Duplicate; most files have one
	Flags    []session.Flag
	Receipts []Receipt // of Imported, one for each session
	// Upload is where to put a Pending file. Only NewImport and URLs give it.
	Upload *Upload
}

// NewImport begins an import. With a key, which may be empty, the same request
// again within a day makes nothing and returns the import that the first one
// made, as it is now with fresh addresses, and true. Errors: fault.Invalid
// with all that is wrong with the files, at /files/<n>/…, or with the slug
// idempotency-mismatch; fault.Conflict with the slug quota_exceeded;
// fault.Denied.
func (s *Service) NewImport(ctx context.Context, runner string, files []NewFile, key string, now time.Time) (*Import, bool, error) {
	return s.newImport(ctx, runner, files, key, now)
}

// URLs returns an import with fresh addresses for the files that are pending.
// Errors: fault.NotFound, fault.Denied.
func (s *Service) URLs(ctx context.Context, runner, id string, now time.Time) (*Import, error) {
	return s.urls(ctx, runner, id, now)
}

// Import returns an import. Errors: fault.NotFound, fault.Denied.
func (s *Service) Import(ctx context.Context, runner, id string, now time.Time) (*Import, error) {
	return s.readImport(ctx, runner, id, now)
}

// IsUpload says whether an object is an upload of an import, by its key.
// Events of other objects are not for Ingest.
func IsUpload(key string) bool { _, ok := parseUpload(key); return ok }

// Ingest reads an uploaded object and makes sessions of it, or a verdict of
// why not. It can be called for the same object any number of times, also at
// the same time, and goes on where it was broken off. Nil: the event is done
// with, whatever the verdict. An error: it has to come again.
func (s *Service) Ingest(ctx context.Context, key string, now time.Time) error {
	return s.ingest(ctx, key, now)
}

// GiveUp gives an upload that cannot be dealt with the verdict Failed, for the
// reason Internal, so that its import comes to an end. One that has a verdict
// keeps it.
func (s *Service) GiveUp(ctx context.Context, key string, now time.Time) error {
	return s.giveUp(ctx, key, now)
}

// An Added is what a file that came in a request has made.
type Added struct {
	Sessions  []*View // in the order of the file; those that are left of a duplicate
	Duplicate bool    // the runner had this very file before
}

// Add makes sessions of a file of at most MaxDirectBytes. Name may be empty.
// The same file again makes nothing, also at the same time. Errors:
// fault.TooLarge; fault.Invalid with the slug bad-file, or not-an-activity,
// and a field without pointer whose code is the reason; fault.Conflict with
// the slug quota_exceeded; fault.Denied.
func (s *Service) Add(ctx context.Context, runner, name string, file []byte, now time.Time) (*Added, error) {
	return s.add(ctx, runner, name, file, now)
}
