package activity

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/stride-run/stride/internal/session"
)

// Update changes a session. Another sport, or whether it counts, changes the
// personal bests in the same step. Errors: fault.NotFound, those of match,
// fault.Denied.
func (s *Service) Update(ctx context.Context, runner, id string, match Match, p Patch, now time.Time) (*View, error) {
	var view *View
	err := retry(ctx, func() error {
		profile, was, err := s.session(ctx, runner, id, now)
		if err != nil {
			return err
		}
		if err := matches(match, was.Tag()); err != nil {
			return err
		}
		next := p.of(was)
		if next == nil {
			view = viewOf(was, profile)
			return nil
		}
		if next.Sport != was.Sport {
			if next.Statistics, err = s.reanalyse(ctx, next); err != nil {
				return err
			}
		}
		next.Version++
		next.Updated = now.UTC().Truncate(time.Second)
		c := Change{Set: next}
		if add, drop := next.claims(), was.claims(); !slices.Equal(add, drop) {
			st, err := s.store.State(ctx, runner, now)
			if err != nil {
				return err
			}
			if _, err := s.claim(ctx, runner, st, &c, add, drop, now); err != nil {
				return err
			}
		}
		if err := s.store.Write(ctx, runner, c, now); err != nil {
			return err
		}
		view = viewOf(next, profile)
		return nil
	})
	return view, err
}

// of returns a session with a change made, nil when it is so already.
func (p Patch) of(was *Session) *Session {
	next := *was
	if p.Name != nil {
		next.Name = *p.Name
	}
	if p.Note != nil {
		next.Note = *p.Note
	}
	if p.Sport != nil {
		next.Sport = *p.Sport
	}
	if p.CountsForBests != nil {
		next.CountsForBests = *p.CountsForBests
	}
	if next.Name == was.Name && next.Note == was.Note && next.Sport == was.Sport && next.CountsForBests == was.CountsForBests {
		return nil
	}
	return &next
}

// reanalyse computes the statistics of a session in its present sport, from
// its file.
func (s *Service) reanalyse(ctx context.Context, one *Session) (session.Statistics, error) {
	content, err := s.objects.Get(ctx, one.Original.Key, MaxFileBytes)
	if err != nil {
		return session.Statistics{}, err
	}
	r := s.reader.Read(ctx, bytes.NewReader(content))
	if r.Reason != "" || one.Receipt.Index >= len(r.Recordings) {
		return session.Statistics{}, errors.Join(fmt.Errorf("session %s cannot be read again: %s", one.ID, r.Reason), r.Cause)
	}
	recording := r.Recordings[one.Receipt.Index]
	stepwise(&recording.Samples, recording.Sport, one.Sport)
	recording.Sport = one.Sport
	return session.Analyse(recording), nil
}

// Delete removes a session, what it did to personal bests, its streams and,
// with the last session of a file, the file. The same file can be imported
// again then. Errors: fault.NotFound, those of match, fault.Denied.
func (s *Service) Delete(ctx context.Context, runner, id string, match Match, now time.Time) error {
	err := retry(ctx, func() error {
		_, was, err := s.session(ctx, runner, id, now)
		if err != nil {
			return err
		}
		if err := matches(match, was.Tag()); err != nil {
			return err
		}
		st, files, err := s.store.Files(ctx, runner, []string{was.Receipt.Digest}, now)
		if err != nil {
			return err
		}
		c := Change{Remove: was}
		if was.Stream != "" {
			c.Trash = append(c.Trash, was.Stream)
		}
		if before := files[was.Receipt.Digest]; before != nil {
			after := *before
			after.Revision++
			after.Sessions = slices.DeleteFunc(slices.Clone(before.Sessions), func(o string) bool { return o == id })
			c.File, c.FileBefore = &after, before
			if after.Spent() {
				c.Trash = append(c.Trash, after.Original.Key)
				c.Bytes = -after.Original.Size
			}
		}
		if _, err := s.claim(ctx, runner, st, &c, nil, was.claims(), now); err != nil {
			return err
		}
		return s.store.Write(ctx, runner, c, now)
	})
	if err != nil {
		return err
	}
	s.tidy(context.WithoutCancel(ctx), runner, now)
	return nil
}

// tidy deletes the objects that deletions have left, and requests that were
// broken off. What it cannot do now is done the next time, or with the
// account.
func (s *Service) tidy(ctx context.Context, runner string, now time.Time) {
	ctx, cancel := context.WithTimeout(ctx, tidyTime)
	defer cancel()
	keys, err := s.store.Trash(ctx, runner, now)
	if err != nil {
		s.log.ErrorContext(ctx, "objects are left for the next time", slog.Any("cause", err))
		return
	}
	s.empty(ctx, runner, keys)
}

// empty deletes objects that are in the trash, and takes them out of it. What
// cannot be done now stays there.
func (s *Service) empty(ctx context.Context, runner string, keys []string) {
	for _, key := range keys {
		err := s.objects.Delete(ctx, key)
		if err == nil {
			err = s.store.Emptied(ctx, runner, key)
		}
		if err != nil {
			s.log.ErrorContext(ctx, "an object is left for the next time", slog.String("key", key), slog.Any("cause", err))
		}
	}
}

// tidyTime is how long a request waits for what it leaves to be tidied up.
const tidyTime = 3 * time.Second

// doubtTime is longer than any request lasts.
const doubtTime = 15 * time.Minute
