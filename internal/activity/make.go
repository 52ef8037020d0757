package activity

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"runtime/debug"
	"slices"
	"time"

	"github.com/stride-run/stride/internal/session"
)

// An arrival is a file that is there to be made into sessions.
type arrival struct {
	Original
	runner  string
	digest  string
	content []byte
	from    *upload // of an import; nil: it came in a request
	begun   ImportFile
	work    *work // nil: it was not read yet
	// doubtful are the keys that were noted before anything was kept under them.
	doubtful []string
	now      time.Time
}

// An outcome is what became of an arrival.
type outcome struct {
	verdict Verdict
	reason  string
	file    *File // of Imported and Duplicate
	repairs []session.Flag
	judged  bool // the verdict is kept with the import already
}

// A work is a file as it was read, with its statistics.
type work struct {
	Reading
	statistics []session.Statistics
}

// examine reads a file and computes all statistics. Files come from anywhere:
// what makes the code panic is a file that cannot be read.
func (s *Service) examine(ctx context.Context, content []byte) (w work) {
	defer func() {
		if p := recover(); p != nil {
			s.log.ErrorContext(ctx, "reading a file panics", slog.Any("panic", p), slog.String("stack", string(debug.Stack())))
			w = work{Reading: Reading{Reason: ReaderPanicked, Cause: fmt.Errorf("panic: %v", p)}}
		}
	}()
	w.Reading = s.reader.Read(ctx, bytes.NewReader(content))
	for _, r := range w.Recordings {
		w.statistics = append(w.statistics, session.Analyse(r))
	}
	return w
}

// read reads an arrival, once. Error: the time is over.
func (s *Service) read(ctx context.Context, a *arrival) error {
	if a.work != nil {
		return nil
	}
	w := s.examine(ctx, a.content)
	if err := ctx.Err(); err != nil {
		return err
	}
	a.work = &w
	return nil
}

// settle makes sessions of an arrival, each in a write of its own, the last of
// which completes the file. Whoever finds a file that is not complete goes on
// with it, so that it does not matter where somebody was broken off, and
// several who do the same do it once. Errors: those of explain, and what
// passes.
func (s *Service) settle(ctx context.Context, a *arrival) (outcome, error) {
	for lost := 0; lost < attempts; {
		st, files, err := s.store.Files(ctx, a.runner, []string{a.digest}, a.now)
		if err != nil {
			return outcome{}, explain(err)
		}
		file := files[a.digest]
		if file != nil && file.Complete() {
			if file.Original.Key == a.Key {
				return outcome{verdict: Imported, file: file}, nil
			}
			return outcome{verdict: Duplicate, file: file}, nil
		}
		if err := s.read(ctx, a); err != nil {
			return outcome{}, err
		}
		w := a.work
		switch {
		case w.Reason != "":
			s.log.InfoContext(ctx, "a file is refused", slog.String("reason", w.Reason), slog.Any("cause", w.Cause))
			return outcome{verdict: Failed, reason: w.Reason}, nil
		case len(w.Recordings) == 0:
			return outcome{verdict: Skipped, reason: NoActivity, repairs: w.Flags}, nil
		case file == nil && (st.Sessions+len(w.Recordings) > MaxSessions || st.Bytes+a.Size > MaxBytes):
			return outcome{verdict: Failed, reason: QuotaExceeded}, nil
		}
		before := file
		next, judged, err := s.next(ctx, a, st, before, w)
		switch {
		case errors.Is(err, ErrChanged):
			lost++
			if err := ctx.Err(); err != nil {
				return outcome{}, err
			}
			continue
		case err != nil:
			return outcome{}, explain(err)
		}
		lost = 0
		if next.Complete() {
			verdict := Imported
			if next.Original.Key != a.Key {
				verdict = Duplicate
			}
			return outcome{verdict: verdict, file: next, repairs: w.Flags, judged: judged}, nil
		}
	}
	return outcome{}, busy()
}

// next makes the next session of a file and returns the file as it is then.
func (s *Service) next(ctx context.Context, a *arrival, st *State, before *File, w *work) (next *File, judged bool, err error) {
	if before == nil {
		next = &File{Digest: a.digest, Original: a.Original, Of: len(w.Recordings)}
		if a.from != nil {
			next.Import = a.from.imported
		}
	} else {
		copied := *before
		copied.Sessions, copied.Receipts = slices.Clone(before.Sessions), slices.Clone(before.Receipts)
		next = &copied
	}
	i := next.Made
	one, err := s.newSession(ctx, a, next, w, i)
	if err != nil {
		return nil, false, err
	}
	c := Change{Put: one, File: next, FileBefore: before}
	if before == nil {
		c.Bytes, c.Sure = a.Size, a.doubtful
	}
	one.Receipt.Bests, err = s.claim(ctx, a.runner, st, &c, one.claims(), nil, a.now)
	if err != nil {
		return nil, false, err
	}
	next.Made++
	next.Revision++
	next.Sessions = append(next.Sessions, one.ID)
	next.Receipts = append(next.Receipts, one.Receipt)
	if next.Complete() && a.from != nil && next.Original.Key == a.Key {
		done := a.begun
		done.Verdict, done.Sessions, done.Flags, done.Receipts = Imported, next.Sessions, w.Flags, next.Receipts
		c.Verdict, judged = &Judgement{Import: a.from.imported, N: a.from.n, File: done}, true
	}
	return next, judged, s.store.Write(ctx, a.runner, c, a.now)
}

// newSession makes the i-th session of a file, and keeps its samples.
func (s *Service) newSession(ctx context.Context, a *arrival, file *File, w *work, i int) (*Session, error) {
	r := &w.Recordings[i]
	at := a.now.UTC().Truncate(time.Second)
	one := &Session{
		Sport: r.Sport, CountsForBests: true, Version: 1, Created: at, Updated: at,
		Start:    time.UnixMilli(int64(math.Round(max(r.Start(), 0) * 1000))).UTC(),
		Recorded: r.Sport, SubSport: r.SubSport, Device: r.Device, Flags: slices.Clone(r.Flags),
		Samples: r.Samples.Len(), Columns: columnNames(r.Samples),
		Statistics: w.statistics[i],
		Receipt: Receipt{
			Import: file.Import, Digest: file.Digest, Parser: Parser, Index: i, Sessions: file.Of, Repairs: w.Flags, At: at,
		},
		Original: file.Original,
	}
	one.ID = idAt(one.Start, fmt.Sprintf("%s %d", file.Digest, i))
	if one.Start.After(a.now.Add(24 * time.Hour)) {
		one.Flags = append(one.Flags, FutureDate)
	}
	if one.has(session.NoClock) || one.has(FutureDate) {
		one.CountsForBests = false
	}
	if one.Samples > 0 {
		one.Stream = streamKey(file.Original.Key, i)
		packed, err := packSamples(r.Samples)
		if err != nil {
			return nil, err
		}
		if err := s.objects.Put(ctx, one.Stream, streamType, packed); err != nil {
			return nil, err
		}
	}
	var err error
	one.Receipt.Similar, err = s.similar(ctx, a.runner, one, a.now)
	return one, err
}

const (
	streamType   = "application/octet-stream"
	originalType = "application/vnd.ant.fit"
)

// How far apart two recordings of one run may be.
const (
	sameDevice   = 15 * time.Minute // between the starts, where a tool has cut one
	sameStart    = time.Minute
	sameDuration = 30 * time.Second // or 2 %
	sameDistance = 50               // metres, or 2 %
	sameShare    = 0.02
)

// similar finds the sessions of other files that look like the same run.
func (s *Service) similar(ctx context.Context, runner string, one *Session, now time.Time) ([]Likeness, error) {
	_, near, err := s.store.Sessions(ctx, runner, firstID(one.Start.Add(-sameDevice)), lastID(one.Start.Add(sameDevice)), false, 8, now)
	if err != nil {
		return nil, err
	}
	var found []Likeness
	for other, err := range near {
		if err != nil {
			return nil, err
		}
		if other.Receipt.Digest == one.Receipt.Digest {
			continue
		}
		if evidence := one.likeness(other); evidence != "" && len(found) < maxSimilar {
			found = append(found, Likeness{other.ID, evidence})
		}
	}
	return found, nil
}

// maxSimilar is how many similar sessions a receipt names.
const maxSimilar = 5

// likeness says what makes two sessions seem to be the same run; empty for
// nothing.
func (s *Session) likeness(o *Session) Evidence {
	apart := s.Start.Sub(o.Start).Abs()
	d, e := s.Device, o.Device
	if d.Serial != 0 && d.Serial == e.Serial && !d.Created.IsZero() && d.Created.Equal(e.Created) && s.Recorded == o.Recorded && apart <= sameDevice {
		return SameDevice
	}
	if s.has(session.NoClock) || o.has(session.NoClock) || apart > sameStart {
		return ""
	}
	a, b := s.Statistics, o.Statistics
	long := max(a.Elapsed, b.Elapsed)
	if (a.Elapsed - b.Elapsed).Abs() > max(sameDuration, time.Duration(sameShare*float64(long))) {
		return ""
	}
	far := max(a.Distance.Metres(), b.Distance.Metres())
	if math.Abs(a.Distance.Metres()-b.Distance.Metres()) > max(sameDistance, sameShare*far) {
		return ""
	}
	return SameRun
}
