package activity

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/stride-run/stride/internal/fault"
)

// Ingest reads an uploaded object and makes sessions of it, or a verdict of
// why not. It can be called for the same object any number of times, also at
// the same time, and goes on where it was broken off. Nil: the event is done
// with, whatever the verdict. An error: it has to come again.
func (s *Service) Ingest(ctx context.Context, key string, now time.Time) error {
	u, ok := parseUpload(key)
	if !ok {
		return nil
	}
	err := s.ingest(ctx, u, now)
	if errors.Is(err, ErrNoRunner) { // the upload came after the account had gone
		return s.Purge(ctx, u.runner)
	}
	return err
}

func (s *Service) ingest(ctx context.Context, u upload, now time.Time) error {
	begun, err := s.store.ImportFile(ctx, u.runner, u.imported, u.n, now)
	if err != nil {
		return err
	}
	if begun == nil || begun.Verdict != Pending {
		return s.discard(ctx, u, begun)
	}
	content, err := s.objects.Get(ctx, u.key(), MaxFileBytes)
	switch {
	case errors.Is(err, fault.NotFound): // nothing to read: an old event, or one too many
		return nil
	case errors.Is(err, fault.TooLarge):
		return s.judge(ctx, u, begun, outcome{verdict: Failed, reason: TooManyBytes}, now)
	case err != nil:
		return err
	}
	a := &arrival{
		Original: Original{Key: u.key(), Name: begun.Name, Size: int64(len(content))},
		runner:   u.runner, digest: digestOf(content), content: content, from: &u, begun: *begun, now: now,
	}
	if a.digest != begun.SHA256 {
		return s.judge(ctx, u, begun, outcome{verdict: Failed, reason: WrongDigest}, now)
	}
	o, err := s.settle(ctx, a)
	if err != nil {
		return err
	}
	if o.judged {
		return nil
	}
	if o.verdict == Duplicate { // samples that were kept before somebody else was faster
		if err := s.objects.Delete(ctx, streamKey(a.Key, 0)); err != nil {
			return err
		}
	}
	return s.judge(ctx, u, begun, o, now)
}

// judge keeps a verdict, unless there is one already, and then removes an
// object that it leaves without use.
func (s *Service) judge(ctx context.Context, u upload, begun *ImportFile, o outcome, now time.Time) error {
	done := *begun
	done.Verdict, done.Reason, done.Flags = o.verdict, o.reason, o.repairs
	if o.file != nil {
		done.Sessions = o.file.Sessions
		if o.verdict == Imported {
			done.Receipts = o.file.Receipts
		}
	}
	err := s.store.Write(ctx, u.runner, Change{Verdict: &Judgement{Import: u.imported, N: u.n, File: done}}, now)
	if errors.Is(err, ErrChanged) {
		kept, err := s.store.ImportFile(ctx, u.runner, u.imported, u.n, now)
		if err != nil {
			return err
		}
		return s.discard(ctx, u, kept)
	}
	if err != nil {
		return err
	}
	return s.discard(ctx, u, &done)
}

// discard removes the object of an upload whose verdict leaves it without
// use.
func (s *Service) discard(ctx context.Context, u upload, f *ImportFile) error {
	if f != nil && (f.Verdict == Imported || f.Verdict == Pending) {
		return nil
	}
	return s.objects.Delete(ctx, u.key())
}

// GiveUp gives an upload that cannot be dealt with the verdict Failed, for the
// reason Internal, so that its import comes to an end. One that has a verdict
// keeps it.
func (s *Service) GiveUp(ctx context.Context, key string, now time.Time) error {
	u, ok := parseUpload(key)
	if !ok {
		return nil
	}
	begun, err := s.store.ImportFile(ctx, u.runner, u.imported, u.n, now)
	if errors.Is(err, ErrNoRunner) {
		return nil
	}
	if err != nil || begun == nil || begun.Verdict != Pending {
		return err
	}
	return s.judge(ctx, u, begun, outcome{verdict: Failed, reason: Internal}, now)
}

// Add makes sessions of a file of at most MaxDirectBytes. Name may be empty.
// The same file again makes nothing, also at the same time. Errors:
// fault.TooLarge; fault.Invalid with the slug bad_file and a field without
// pointer whose code is the reason; fault.Conflict with the slug
// quota_exceeded; fault.Denied.
func (s *Service) Add(ctx context.Context, runner, name string, content []byte, now time.Time) (*Added, error) {
	if len(content) > MaxDirectBytes {
		return nil, fault.New(fault.TooLarge, "Send files above 4 MiB by an import: POST /api/imports.")
	}
	id, err := uuid.NewV7()
	if err != nil {
		return nil, fmt.Errorf("name file: %w", err)
	}
	a := &arrival{
		Original: Original{Key: runner + "/files/" + id.String(), Name: fileName(name), Size: int64(len(content))},
		runner:   runner, digest: digestOf(content), content: content, now: now,
	}
	// What is no good is refused before anything is kept of it.
	_, files, err := s.store.Files(ctx, runner, []string{a.digest}, now)
	if err != nil {
		return nil, explain(err)
	}
	if f := files[a.digest]; f == nil {
		if err := s.read(ctx, a); err != nil {
			return nil, err
		}
		if w := a.work; w.Reason != "" || len(w.Recordings) == 0 {
			return nil, badFile(w.Reason)
		}
		// Nobody comes back to a request that is broken off, so what it keeps
		// is noted first.
		s.tidy(ctx, runner, now)
		a.doubtful = []string{a.Key, streamKey(a.Key, 0)}
		if err := s.store.Doubt(ctx, runner, a.doubtful, now.Add(doubtTime), now); err != nil {
			return nil, explain(err)
		}
		if err := s.objects.Put(ctx, a.Key, originalType, content); err != nil {
			return nil, err
		}
	}
	o, err := s.settle(ctx, a)
	if errors.Is(err, ErrNoRunner) {
		return nil, errors.Join(err, s.Purge(ctx, runner))
	}
	if err != nil {
		return nil, err
	}
	if o.verdict != Imported {
		s.empty(ctx, runner, a.doubtful)
	}
	switch {
	case o.reason == QuotaExceeded:
		return nil, quota("You have as many sessions, or as many bytes of files, as there is room for. Delete some first.")
	case o.file == nil:
		return nil, badFile(o.reason)
	}
	added := &Added{Duplicate: o.verdict == Duplicate}
	for _, id := range o.file.Sessions {
		v, err := s.Get(ctx, runner, id, now)
		if errors.Is(err, fault.NotFound) {
			continue // deleted in between
		}
		if err != nil {
			return nil, err
		}
		added.Sessions = append(added.Sessions, v)
	}
	return added, nil
}

// badFile says why a file is refused.
func badFile(reason string) error {
	message := "This file cannot be read. Export it once more from the watch or from where it is kept."
	switch reason {
	case "", NoActivity:
		reason = NoActivity
		message = "There is no activity in this file: it holds settings, a workout or a course."
	case "not_fit":
		message = "This is no FIT file. Export the activity as its original file, with the ending .fit or .fit.gz."
	case TooManyBytes, "too_many_parts", "too_much_time":
		message = "There is more in this file than any recorded activity has."
	}
	return &fault.Fault{Kind: fault.Invalid, Slug: "bad_file", Detail: message, Fields: []fault.Field{{Code: fault.Code(reason), Message: message}}}
}
