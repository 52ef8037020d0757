package activity

import (
	"time"

	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/performance"
	"github.com/stride-run/stride/internal/race"
	"github.com/stride-run/stride/internal/session"
)

// PersonalBests are what a runner ran fastest, and what follows from it.
type PersonalBests struct {
	Standing []session.Best // shortest distance first; distances without a best are left out
	// CriticalSpeed is that of the bests; nil with a sentence that says why.
	CriticalSpeed *performance.CriticalSpeed
	Unavailable   string
	// Results are those by hand, newest first, whether they are bests or not.
	Results []Result
	Zone    *time.Location // in which the sessions' days are
}

// Date is the day of a claim: where the runner is at home, or as entered.
func (p *PersonalBests) Date(c session.Claim) calendar.Date {
	if c.ByHand {
		return calendar.Of(c.At.UTC().Date())
	}
	return calendar.Of(c.At.In(p.Zone).Date())
}

// A Result is one that a runner entered by hand: of a race, or on a track,
// without a watch.
type Result struct {
	ID string // a UUIDv7 of its day
	race.Result
	Date    calendar.Date
	Name    string    // of the race; may be empty
	Created time.Time // whole seconds, UTC
}

// A NewResult is a result to enter by hand.
type NewResult struct {
	race.Result               // over one of race.Standards
	Date        calendar.Date // not in the future
	Name        string        // in the form that ParseName returns, or empty
}
