package activity

import (
	"context"
	"iter"
	"time"

	"github.com/stride-run/stride/internal/fault"
)

// The way in is being built: each of these answers that it is not there yet.

func notYet() error { return fault.New(fault.Unavailable, "Sessions are not available yet.") }

func parseUpload(string) (struct{}, bool) { return struct{}{}, false }
func (s *Service) get(context.Context, string, string, time.Time) (*View, error) {
	return nil, notYet()
}
func (s *Service) list(context.Context, string, Range, time.Time) ([]*View, bool, error) {
	return nil, false, notYet()
}
func (s *Service) all(context.Context, string, time.Time) iter.Seq2[*View, error] {
	return func(yield func(*View, error) bool) { yield(nil, notYet()) }
}
func (s *Service) update(context.Context, string, string, Match, Patch, time.Time) (*View, error) {
	return nil, notYet()
}
func (s *Service) delete(context.Context, string, string, Match, time.Time) error { return notYet() }
func (s *Service) original(context.Context, string, string, time.Time) (string, error) {
	return "", notYet()
}
func (s *Service) streams(context.Context, string, string, int, time.Time) ([]Column, error) {
	return nil, notYet()
}
func (s *Service) newImport(context.Context, string, []NewFile, string, time.Time) (*Import, bool, error) {
	return nil, false, notYet()
}
func (s *Service) urls(context.Context, string, string, time.Time) (*Import, error) {
	return nil, notYet()
}
func (s *Service) readImport(context.Context, string, string, time.Time) (*Import, error) {
	return nil, notYet()
}
func (s *Service) ingest(context.Context, string, time.Time) error { return notYet() }
func (s *Service) giveUp(context.Context, string, time.Time) error { return notYet() }
func (s *Service) add(context.Context, string, string, []byte, time.Time) (*Added, error) {
	return nil, notYet()
}
func (s *Service) personalBests(context.Context, string, time.Time) (*PersonalBests, error) {
	return nil, notYet()
}
func (s *Service) addResult(context.Context, string, NewResult, time.Time) (*Result, *PersonalBests, error) {
	return nil, nil, notYet()
}
func (s *Service) deleteResult(context.Context, string, string, time.Time) error { return notYet() }
