// Package recording reads the files that watches write. It streams: a file is
// never held as a whole, and what it makes is bounded by the limits.
package recording

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/muktihari/fit/decoder"

	"github.com/stride-run/stride/internal/session"
)

// Limits bound what one file may cost. A zero field is the default.
type Limits struct {
	Bytes    int64         // of the file, and again of what gzip makes of it; 20 MiB
	Messages int           // definitions included; 400,000
	Time     time.Duration // 10 s
}

// The default limits. The largest real files known have 100,000 messages.
const (
	DefaultBytes    = 20 << 20
	DefaultMessages = 400_000
	DefaultTime     = 10 * time.Second
)

func (l Limits) withDefaults() Limits {
	if l.Bytes == 0 {
		l.Bytes = DefaultBytes
	}
	if l.Messages == 0 {
		l.Messages = DefaultMessages
	}
	if l.Time == 0 {
		l.Time = DefaultTime
	}
	return l
}

// A Reason is a code for why a file is refused. Codes are part of the API:
// they are added, never renamed.
type Reason string

// The reasons for refusing a file.
const (
	Empty           Reason = "empty"          // no bytes to speak of
	NotFIT          Reason = "not_fit"        // some other kind of file
	BadHeader       Reason = "bad_header"     // the checksum of its header is wrong
	BadChecksum     Reason = "bad_checksum"   // the checksum of its data is wrong
	Corrupt         Reason = "corrupt"        // data that no definition explains
	Truncated       Reason = "truncated"      // it ends before the first sample or summary
	BadGzip         Reason = "bad_gzip"       // packed, and cannot be unpacked
	TooManyBytes    Reason = "too_many_bytes" // above Limits.Bytes
	TooManyParts    Reason = "too_many_parts" // above Limits.Messages, or too many sessions, laps or chained files
	TooMuchTime     Reason = "too_much_time"  // above Limits.Time
	NotReadToTheEnd Reason = "read_failed"    // the source failed; Verdict.Err says how
)

// The flags of a file that is accepted all the same. Those of a single
// session are in its recording.
const (
	TruncatedTail session.Flag = "truncated"      // it ends too early; what was there is kept
	BrokenTail    session.Flag = "broken_tail"    // a good file, then a chained one that is not: that one is left out
	TrailingBytes session.Flag = "trailing_bytes" // bytes behind the end
	Chained       session.Flag = "chained"        // several files in one
	NoActivity    session.Flag = "no_activity"    // settings, a workout, a course: nothing that was done
)

// A Verdict says whether a file was accepted, and what there was to it.
type Verdict struct {
	Reason    Reason         // empty: accepted
	Err       error          // the cause of a refusal, for the log; may be nil
	Flags     []session.Flag // of an accepted file
	FileType  uint8          // file_id.type of the FIT profile, of the first file; 4 is an activity, 0 is unknown
	Sequences int            // chained files that were read whole, or kept in part
	Messages  int            // data and definitions read
	Records   int            // record messages kept; those without a time are no samples
}

// Accepted says that the file was read. It may have no session all the same:
// see NoActivity.
func (v Verdict) Accepted() bool { return v.Reason == "" }

// Read reads a FIT file, also one packed by gzip, and returns its sessions in
// the order of the file. It looks at the content, never at a name. It keeps no
// bytes of the file, does not panic, and takes some 60 bytes for each sample
// beside a constant. What a runner can see of a failure is in the verdict; an
// end of ctx is a refusal for time.
func Read(ctx context.Context, r io.Reader, l Limits) ([]session.Recording, Verdict) {
	l = l.withDefaults()
	ctx, cancel := context.WithTimeout(ctx, l.Time)
	defer cancel()
	b := builder{ctx: ctx, limits: l}
	plain, err := unpacked(r, l.Bytes)
	if err == nil {
		_, err = decoder.NewRaw().Decode(plain, b.frame)
	}
	v := b.verdict(err)
	if !v.Accepted() {
		return nil, v
	}
	recordings := b.recordings()
	last := len(recordings) - 1
	switch {
	case last < 0:
		v.Flags = append(v.Flags, NoActivity)
	case slices.Contains(v.Flags, TruncatedTail): // whoever sees the session alone has to know
		recordings[last].Flags = append(recordings[last].Flags, TruncatedTail)
	}
	return recordings, v
}

var (
	errBytes = errors.New("too many bytes")
	errParts = errors.New("too many messages, sessions, laps or chained files")
)

// unpacked returns the bytes of the file, limited before and after unpacking.
func unpacked(r io.Reader, limit int64) (io.Reader, error) {
	packed := bufio.NewReaderSize(&limited{r, limit}, 64<<10)
	// What is too short to look at is for the decoder to tell.
	if magic, _ := packed.Peek(2); string(magic) != "\x1F\x8B" {
		return packed, nil
	}
	z, err := gzip.NewReader(packed)
	if err != nil {
		return nil, err
	}
	return bufio.NewReaderSize(&limited{z, limit}, 64<<10), nil
}

// limited fails when there are more bytes than left. An io.LimitReader would
// end instead, as if the file were cut off there.
type limited struct {
	io.Reader
	left int64
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.Reader.Read(p[:min(int64(len(p)), l.left+1)])
	if l.left -= int64(n); l.left < 0 {
		return 0, errBytes
	}
	return n, err
}

// verdict judges how reading ended.
func (b *builder) verdict(err error) Verdict {
	v := Verdict{Err: err}
	first := b.sequences == 0 // no file was read whole
	switch {
	case err == nil:
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		v.Reason = TooMuchTime
	case errors.Is(err, errBytes):
		v.Reason = TooManyBytes
	case errors.Is(err, errParts):
		v.Reason = TooManyParts
	case !first && !b.inside && (isEnd(err) || isBadGzip(err) || errors.Is(err, decoder.ErrNotFITFile)):
		v.Flags = append(v.Flags, TrailingBytes)
	case isEnd(err):
		switch {
		case b.bytes == 0 && errors.Is(err, io.EOF):
			v.Reason = Empty
		case !b.inside:
			v.Reason = NotFIT
		case first && b.samples.Len() == 0 && len(b.sessions) == 0:
			v.Reason = Truncated
		default:
			b.finish()
			v.Flags = append(v.Flags, TruncatedTail)
		}
	case isBadGzip(err):
		v.Reason = BadGzip
	case !b.inside && errors.Is(err, decoder.ErrNotFITFile):
		v.Reason = NotFIT
	case !first && isBroken(err):
		b.rollBack()
		v.Flags = append(v.Flags, BrokenTail)
	case errors.Is(err, errHeader):
		v.Reason = BadHeader
	case errors.Is(err, errChecksum):
		v.Reason = BadChecksum
	case errors.Is(err, decoder.ErrMesgDefMissing):
		v.Reason = Corrupt
	default:
		v.Reason = NotReadToTheEnd
	}
	if b.sequences > 1 {
		v.Flags = append(v.Flags, Chained)
	}
	v.FileType, v.Sequences, v.Messages, v.Records = b.fileType, b.sequences, b.messages, b.records
	return v
}

// isEnd says that the bytes end where more belong.
func isEnd(err error) bool { return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) }

// isBadGzip says that the bytes cannot be unpacked.
func isBadGzip(err error) bool {
	_, flawed := errors.AsType[flate.CorruptInputError](err)
	return flawed || errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum)
}

// isBroken says that the bytes are wrong, not the source of them.
func isBroken(err error) bool {
	return errors.Is(err, errHeader) || errors.Is(err, errChecksum) || errors.Is(err, decoder.ErrMesgDefMissing)
}
