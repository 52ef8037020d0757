package activity

import (
	"context"
	"iter"
	"time"

	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/runner"
	"github.com/stride-run/stride/internal/session"
	"github.com/stride-run/stride/internal/zones"
)

func noSession() error { return fault.New(fault.NotFound, "You have no session with this id.") }

// home is the zone in which a runner's days are: UTC when they name none, or
// one that nobody knows.
func home(p *runner.Profile) *time.Location {
	if p.TimeZone == "" || p.TimeZone == "Local" {
		return time.UTC
	}
	zone, err := time.LoadLocation(p.TimeZone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// viewOf shows a session to a runner with a profile.
func viewOf(s *Session, p *runner.Profile) *View {
	v := &View{Session: s}
	if s.has(session.NoClock) {
		return v
	}
	v.Date = calendar.Of(s.Start.In(home(p)).Date())
	if v.Zones = zonesOn(p, v.Date); v.Zones != nil {
		v.TimeInZones = session.TimeInZones(s.Statistics.HeartRates, *v.Zones)
	}
	return v
}

// zonesOn are a runner's heart-rate zones on a day; nil when the profile says
// too little for them, or what cannot be.
func zonesOn(p *runner.Profile, day calendar.Date) *zones.Zones {
	rates := runner.HeartRatesOn(p.HeartRates, day)
	known := zones.Known{Resting: said(rates.Resting), Threshold: said(rates.Threshold), Max: said(rates.Max)}
	if p.BirthYear != 0 {
		year, _, _ := day.Civil()
		known.Age = said(year - p.BirthYear)
	}
	z, err := zones.Calculate(known)
	if err != nil {
		return nil
	}
	return &z
}

func said(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}

// Get returns a session. Errors: fault.NotFound, fault.Denied.
func (s *Service) Get(ctx context.Context, runner, id string, now time.Time) (*View, error) {
	p, found, err := s.session(ctx, runner, id, now)
	if err != nil {
		return nil, err
	}
	return viewOf(found, p), nil
}

// session reads a session that has to be there.
func (s *Service) session(ctx context.Context, runnerID, id string, now time.Time) (*runner.Profile, *Session, error) {
	if !isID(id) {
		return nil, nil, noSession()
	}
	p, found, err := s.store.Session(ctx, runnerID, id, now)
	if err != nil {
		return nil, nil, explain(err)
	}
	if found == nil {
		return nil, nil, noSession()
	}
	return p, found, nil
}

// List returns sessions, newest first. More says whether others follow; the
// cursor of the next page is the id of the last one. Errors: fault.Invalid,
// which names the query parameter, for a To before From; fault.Denied.
func (s *Service) List(ctx context.Context, runner string, of Range, now time.Time) (sessions []*View, more bool, err error) {
	if !of.From.IsZero() && !of.To.IsZero() && of.To.Before(of.From) {
		return nil, false, fault.Fields([]fault.Field{{
			Parameter: "to", Code: fault.OutOfRange, Message: "Choose a day from " + of.From.String() + " on.",
			Allowed: &fault.Allowed{Min: of.From.String()},
		}})
	}
	// The profile, which says where the days begin, comes with the page: the
	// span is a day wider on both sides, and what is outside is left out.
	from, to := firstID(time.Time{}), lastID(time.UnixMilli(1<<48-1))
	if !of.From.IsZero() {
		from = firstID(midnight(of.From, time.UTC).AddDate(0, 0, -1))
	}
	if !of.To.IsZero() {
		to = lastID(midnight(of.To, time.UTC).AddDate(0, 0, 2))
	}
	if of.After != "" {
		if !isID(of.After) {
			return nil, false, fault.New(fault.Malformed, "This is no place in a list of sessions.")
		}
		to = min(to, of.After)
	}
	p, found, err := s.store.Sessions(ctx, runner, from, to, true, of.Limit+2, now)
	if err != nil {
		return nil, false, explain(err)
	}
	zone := home(p)
	first, after := time.Time{}, time.UnixMilli(1<<48)
	if !of.From.IsZero() {
		first = midnight(of.From, zone)
	}
	if !of.To.IsZero() {
		after = midnight(of.To.AddDays(1), zone)
	}
	for one, err := range found {
		switch {
		case err != nil:
			return nil, false, err
		case one.ID == of.After, !one.Start.Before(after):
			continue
		case one.Start.Before(first):
			return sessions, false, nil
		case len(sessions) == of.Limit:
			return sessions, true, nil
		}
		sessions = append(sessions, viewOf(one, p))
	}
	return sessions, false, nil
}

func midnight(d calendar.Date, zone *time.Location) time.Time {
	year, month, day := d.Civil()
	return time.Date(year, month, day, 0, 0, 0, 0, zone)
}

// All walks over every session of a runner, oldest first, for somebody who
// takes their data along. It ends with the first error.
func (s *Service) All(ctx context.Context, runner string, now time.Time) iter.Seq2[*View, error] {
	return func(yield func(*View, error) bool) {
		p, found, err := s.store.Sessions(ctx, runner, firstID(time.Time{}), lastID(time.UnixMilli(1<<48-1)), false, 0, now)
		if err != nil {
			yield(nil, explain(err))
			return
		}
		for one, err := range found {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(viewOf(one, p), nil) {
				return
			}
		}
	}
}

// Original returns an address at which the file of a session can be fetched
// for a short time. Errors: fault.NotFound, fault.Denied.
func (s *Service) Original(ctx context.Context, runner, id string, now time.Time) (url string, err error) {
	_, found, err := s.session(ctx, runner, id, now)
	if err != nil {
		return "", err
	}
	name := found.Original.Name
	if name == "" {
		name = found.ID + ".fit"
	}
	return s.objects.SignDownload(ctx, found.Original.Key, name)
}

// Streams returns the streams of a session, in the order of ColumnNames. With
// points above 0 each has at most as many rows, at least 4; none of its peaks
// is lost. Errors: fault.NotFound, fault.Denied.
func (s *Service) Streams(ctx context.Context, runner, id string, points int, now time.Time) ([]Column, error) {
	_, found, err := s.session(ctx, runner, id, now)
	if err != nil || found.Stream == "" {
		return nil, err
	}
	packed, err := s.objects.Get(ctx, found.Stream, MaxFileBytes)
	if err != nil {
		return nil, err
	}
	samples, err := unpackSamples(packed)
	if err != nil {
		return nil, err
	}
	stepwise(&samples, found.Recorded, found.Sport)
	return columnsOf(samples, points), nil
}
