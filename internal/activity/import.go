package activity

import (
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

// An Added is what a file that came in a request has made.
type Added struct {
	Sessions  []*View // in the order of the file; those that are left of a duplicate
	Duplicate bool    // the runner had this very file before
}
