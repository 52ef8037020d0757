package activity

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/stride-run/stride/internal/fault"
)

// onceLifetime is how long a request can be repeated under its key.
const onceLifetime = 24 * time.Hour

// CheckFiles says all that is wrong with the files of a new import.
func CheckFiles(files []NewFile) error {
	if n := len(files); n < 1 || n > MaxFiles {
		return fault.Fields([]fault.Field{{
			Pointer: "/files", Code: fault.OutOfRange, Allowed: &fault.Allowed{Min: 1, Max: MaxFiles},
			Message: fmt.Sprintf("Name 1 to %d files; these are %d.", MaxFiles, n),
		}})
	}
	var fields []fault.Field
	for i, f := range files {
		at := fmt.Sprintf("/files/%d", i)
		if fileName(f.Name) != f.Name || f.Name == "" {
			fields = append(fields, fault.Field{
				Pointer: at + "/name", Code: fault.InvalidFormat,
				Message: "Give the name of the file, without folders and control characters, in at most 255 bytes.",
			})
		}
		if f.Size < 1 || f.Size > MaxFileBytes {
			fields = append(fields, fault.Field{
				Pointer: at + "/size", Code: fault.OutOfRange, Allowed: &fault.Allowed{Min: 1, Max: MaxFileBytes},
				Message: "Give the size in bytes. A file has at most 20 MiB.",
			})
		}
		if len(f.SHA256) != 2*sha256.Size || strings.Trim(f.SHA256, "0123456789abcdef") != "" {
			fields = append(fields, fault.Field{
				Pointer: at + "/sha256", Code: fault.InvalidFormat,
				Message: "Give the SHA-256 of the file as 64 hexadecimal digits in lower case.",
			})
		}
	}
	return fault.Fields(fields)
}

// newOnce returns the record of a request, in one form whatever form it came
// in; nil without a key.
func newOnce(key, imported string, files []NewFile, now time.Time) *Once {
	if key == "" {
		return nil
	}
	var request strings.Builder
	request.WriteString("import")
	for _, f := range files {
		fmt.Fprintf(&request, " %q %d %s", f.Name, f.Size, f.SHA256)
	}
	return &Once{Key: key, Hash: sha256.Sum256([]byte(request.String())), Import: imported, Expires: now.Add(onceLifetime)}
}

// NewImport begins an import. With a key, which may be empty, the same request
// again within a day makes nothing and returns the import that the first one
// made, as it is now with fresh addresses, and true. Errors: fault.Invalid
// with all that is wrong with the files, at /files/<n>/…, or with the slug
// idempotency_mismatch; fault.Conflict with the slug quota_exceeded;
// fault.NotFound when what the key has made is gone; fault.Denied.
func (s *Service) NewImport(ctx context.Context, runner string, files []NewFile, key string, now time.Time) (*Import, bool, error) {
	if err := CheckFiles(files); err != nil {
		return nil, false, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return nil, false, fmt.Errorf("name import: %w", err)
	}
	once := newOnce(key, id.String(), files, now)
	begun := &Import{ID: id.String(), Created: now.UTC().Truncate(time.Second)}
	err = retry(ctx, func() error { return s.begin(ctx, runner, begun, files, once, now) })
	if errors.Is(err, ErrKeyUsed) {
		begun, err = s.replay(ctx, runner, once, now)
		if err != nil {
			return nil, false, err
		}
		return begun, true, s.sign(ctx, runner, begun)
	}
	if err != nil {
		return nil, false, err
	}
	return begun, false, s.sign(ctx, runner, begun)
}

// begin keeps a new import: for each file whether the runner has it.
func (s *Service) begin(ctx context.Context, runner string, begun *Import, files []NewFile, once *Once, now time.Time) error {
	digests := make(map[string]bool, len(files))
	for _, f := range files {
		digests[f.SHA256] = true
	}
	distinct := make([]string, 0, len(digests))
	for digest := range digests {
		distinct = append(distinct, digest)
	}
	st, known, err := s.store.Files(ctx, runner, distinct, now)
	if err != nil {
		return err
	}
	begun.Files = make([]ImportFile, len(files))
	uploads, bytes := 0, int64(0)
	for i, f := range files {
		begun.Files[i] = ImportFile{NewFile: f, Verdict: Pending}
		if file := known[f.SHA256]; file != nil && file.Complete() {
			begun.Files[i].Verdict, begun.Files[i].Known, begun.Files[i].Sessions = Duplicate, true, file.Sessions
			continue
		}
		uploads++
		bytes += f.Size
	}
	today := int(now.Unix() / (24 * 60 * 60))
	if st.Day == today && st.Files+len(files) > MaxFilesPerDay {
		return quota("You have announced 5,000 files today, which is the most. Go on tomorrow.")
	}
	if st.Sessions+uploads > MaxSessions || st.Bytes+bytes > MaxBytes {
		return quota("There is no room for these files: a runner can keep 20,000 sessions and 1 GiB of files. Delete some first.")
	}
	return s.store.CreateImport(ctx, runner, begun, once, st, today, now)
}

// replay finds the import that a request under the same key has made.
func (s *Service) replay(ctx context.Context, runner string, asked *Once, now time.Time) (*Import, error) {
	made, err := s.store.Once(ctx, runner, asked.Key, now)
	if err != nil {
		return nil, explain(err)
	}
	if made == nil { // it has just expired
		return nil, &fault.Fault{Kind: fault.Unavailable, Detail: "Send it again.", RetryAfter: 1, Cause: ErrKeyUsed}
	}
	if made.Hash != asked.Hash {
		return nil, &fault.Fault{
			Kind: fault.Invalid, Slug: "idempotency_mismatch",
			Detail: "This Idempotency-Key came with another request before. Use a new key for each request.",
		}
	}
	return s.Import(ctx, runner, made.Import, now)
}

// Import returns an import. Errors: fault.NotFound, fault.Denied.
func (s *Service) Import(ctx context.Context, runner, id string, now time.Time) (*Import, error) {
	if !isID(id) {
		return nil, noImport()
	}
	found, err := s.store.Import(ctx, runner, id, now)
	if err != nil {
		return nil, explain(err)
	}
	if found == nil {
		return nil, noImport()
	}
	return found, nil
}

func noImport() error { return fault.New(fault.NotFound, "You have no import with this id.") }

// URLs returns an import with fresh addresses for the files that are pending.
// Errors: fault.NotFound, fault.Denied.
func (s *Service) URLs(ctx context.Context, runner, id string, now time.Time) (*Import, error) {
	found, err := s.Import(ctx, runner, id, now)
	if err != nil {
		return nil, err
	}
	return found, s.sign(ctx, runner, found)
}

// sign gives every pending file an address.
func (s *Service) sign(ctx context.Context, runner string, of *Import) error {
	for n := range of.Files {
		f := &of.Files[n]
		if f.Verdict != Pending {
			continue
		}
		signed, err := s.objects.SignUpload(ctx, upload{runner, of.ID, n}.key(), f.Size, f.SHA256)
		if err != nil {
			return err
		}
		f.Upload = &signed
	}
	return nil
}
