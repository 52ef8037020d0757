package activity

import (
	"context"
	"crypto/sha256"
	"errors"
	"iter"
	"time"

	"github.com/stride-run/stride/internal/runner"
	"github.com/stride-run/stride/internal/session"
	"github.com/stride-run/stride/internal/unit"
)

// What a Store says when it has done nothing. The texts are for the log.
var (
	// ErrNoRunner: the runner's account is gone, or about to go.
	ErrNoRunner = errors.New("the account is deleted")
	// ErrChanged: something is no longer as it was read.
	ErrChanged = errors.New("it has changed")
	// ErrKeyUsed: there is a record under the idempotency key.
	ErrKeyUsed = errors.New("the idempotency key is used")
)

// A State is what every change of sessions builds on.
type State struct {
	Profile  runner.Profile
	Revision int // counts the changes of claims and counts
	Sessions int
	Bytes    int64 // of originals
	Results  int   // by hand
	Day      int   // the last day, since 1970 in UTC, on which files were declared
	Files    int   // declared on it
	Bests    []session.Best
}

// A File is an upload that was accepted, by its digest. It is there as soon
// as its first session is, and says how far the others are.
type File struct {
	Digest   string
	Original Original
	Import   string   // id; empty: it came in a request
	Sessions []string // ids; those not yet made, and not those deleted since
	Made     int      // how many sessions of the file were made
	Of       int      // how many there are
	Receipts []Receipt
	Revision int // counts the changes; from 1
}

// Spent says that nothing is left of a file: all its sessions were made and
// deleted.
func (f *File) Spent() bool { return f.Complete() && len(f.Sessions) == 0 }

// Complete says that all sessions of the file were made.
func (f *File) Complete() bool { return f.Made == f.Of }

// A Once is the record of a request with an idempotency key.
type Once struct {
	Key     string
	Hash    [sha256.Size]byte // of the request
	Import  string            // id
	Expires time.Time
}

// A Store keeps sessions and what belongs to them. Everything is under the
// runner's id: what belongs to another runner is not there. Each write is done
// whole or not at all, also when its caller never hears of it. Every write,
// and every read that says so, is refused with ErrNoRunner once the account
// is gone. Now decides what has expired.
type Store interface {
	// State reads what changes build on, as it is. Error: ErrNoRunner.
	State(ctx context.Context, runner string, now time.Time) (*State, error)
	// Files reads files by their digests, beside State; those that are not
	// there are missing. Error: ErrNoRunner.
	Files(ctx context.Context, runner string, digests []string, now time.Time) (*State, map[string]*File, error)
	// Claims reads the claims that count over a standard distance and took at
	// least a time, fastest first, then earliest, then by source.
	Claims(ctx context.Context, runner string, distance unit.Distance, atLeast time.Duration, now time.Time) iter.Seq2[session.Claim, error]

	// Session reads a session, nil if there is none. Error: ErrNoRunner.
	Session(ctx context.Context, runner, id string, now time.Time) (*runner.Profile, *Session, error)
	// Sessions reads the sessions from one id to another, both included, in
	// pages of about the size given. Ids sort by start. Error: ErrNoRunner.
	Sessions(ctx context.Context, runner, from, to string, backwards bool, page int, now time.Time) (*runner.Profile, iter.Seq2[*Session, error], error)
	// Results reads the results by hand, newest first.
	Results(ctx context.Context, runner string, now time.Time) ([]Result, error)

	// CreateImport keeps a new import, and the record if there is one, and
	// counts its files to those declared on a day. Errors: ErrKeyUsed,
	// ErrChanged when they are no longer those of the State.
	CreateImport(ctx context.Context, runner string, i *Import, once *Once, of *State, day int, now time.Time) error
	// Import reads an import, nil if there is none. Error: ErrNoRunner.
	Import(ctx context.Context, runner, id string, now time.Time) (*Import, error)
	// ImportFile reads one file of an import, nil if there is none. Error:
	// ErrNoRunner.
	ImportFile(ctx context.Context, runner, id string, n int, now time.Time) (*ImportFile, error)
	// Once reads the record under an idempotency key; nil if there is none.
	Once(ctx context.Context, runner, key string, now time.Time) (*Once, error)

	// Write makes a change. Error: ErrChanged, when any part of it builds on
	// what is not so any more.
	Write(ctx context.Context, runner string, c Change, now time.Time) error

	// Doubt notes objects that are about to be kept, and that are trash when
	// no change takes them out of it before they are due.
	Doubt(ctx context.Context, runner string, keys []string, due, now time.Time) error
	// Trash reads the keys of objects that are to be deleted by now.
	Trash(ctx context.Context, runner string, now time.Time) ([]string, error)
	// Emptied forgets such a key.
	Emptied(ctx context.Context, runner, key string) error
}

// A Change is one write. Nil and empty parts change nothing.
type Change struct {
	// Of is the State that the change builds on; nil: it changes no claims,
	// counts or bests.
	Of *State

	Put    *Session // a new session: there must be none with its id
	Set    *Session // a session with a new version: it must be the one after what is there
	Remove *Session // it must have this version

	AddClaims, DropClaims []session.Claim
	SetBests              []session.Best
	DropBests             []unit.Distance

	File       *File // the file after the change; one that is Spent goes
	FileBefore *File // as it was read: it must have this Revision; nil: there must be none

	Verdict *Judgement

	AddResult, DropResult *Result

	Bytes int64    // by which the originals grow
	Trash []string // keys of objects that are to be deleted afterwards
	Sure  []string // keys that were in Doubt, and still have to be
}

// A Judgement is a verdict on a file of an import, which has to be pending.
type Judgement struct {
	Import string
	N      int
	File   ImportFile
}
