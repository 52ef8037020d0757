package session

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/stride-run/stride/internal/race"
	"github.com/stride-run/stride/internal/unit"
)

// A Claim is a result that may be a personal best: the best effort of a
// session, or a result that the runner entered by hand.
type Claim struct {
	race.Result
	Source   string    // id of the session or of the entry; one claim for each source and distance
	At       time.Time // when it was run
	ByHand   bool
	Excluded bool // the runner does not want it to count
}

// Claims are the claims that a session makes: its candidates, if it was a
// run.
func Claims(source string, at time.Time, sport Sport, s Statistics) []Claim {
	if sport != Running {
		return nil
	}
	claims := make([]Claim, 0, len(s.Candidates))
	for _, e := range s.Candidates {
		claims = append(claims, Claim{Result: e.Result, Source: source, At: at})
	}
	return claims
}

// records are the fastest times that anyone has run, on track or road, by the
// list of World Athletics as of 2025. What beats one is a ride or a fault of
// the recording.
var records = map[unit.Distance]time.Duration{
	race.FourHundred:  43030 * time.Millisecond,
	race.Kilometre:    131960 * time.Millisecond,
	race.Mile:         223130 * time.Millisecond,
	race.FiveK:        755360 * time.Millisecond,
	race.TenK:         1571000 * time.Millisecond,
	race.HalfMarathon: 3402 * time.Second,
	race.Marathon:     7235 * time.Second,
}

// Record is the fastest time that anyone has run over a standard distance;
// false for other distances.
func Record(distance unit.Distance) (time.Duration, bool) {
	t, ok := records[distance]
	return t, ok
}

// Plausible says whether a claim may be a best on its own: it counts, is over
// a standard distance, and is no faster than the world's record.
func (c Claim) Plausible() bool {
	record, ok := Record(c.Distance)
	return ok && !c.Excluded && c.Time >= record
}

// compare puts the faster claim first, then the earlier, then the one with the
// lower source, so that the order of arrival never decides.
func compare(a, b Claim) int {
	return cmp.Or(cmp.Compare(a.Time, b.Time), a.At.Compare(b.At), cmp.Compare(a.Source, b.Source))
}

// A Best is the personal best over a distance. Previous is the best that stood
// before it was run; nil for the first.
type Best struct {
	Claim
	Previous *Claim
}

// Bests holds the claims of one runner. What stands depends on the set of
// claims alone, not on the order in which they came or went. The zero value
// is ready.
type Bests struct {
	claims map[unit.Distance][]Claim // by compare
}

// Add takes in claims. A claim replaces the one of the same source and
// distance.
func (b *Bests) Add(claims ...Claim) {
	if b.claims == nil {
		b.claims = make(map[unit.Distance][]Claim)
	}
	for _, c := range claims {
		b.drop(c.Distance, c.Source)
		list := b.claims[c.Distance]
		i, _ := slices.BinarySearchFunc(list, c, compare)
		b.claims[c.Distance] = slices.Insert(list, i, c)
	}
}

// Remove forgets the claims of a source: the session or entry was deleted.
func (b *Bests) Remove(source string) {
	for distance := range b.claims {
		b.drop(distance, source)
	}
}

func (b *Bests) drop(distance unit.Distance, source string) {
	b.claims[distance] = slices.DeleteFunc(b.claims[distance], func(c Claim) bool { return c.Source == source })
}

// Exclude sets whether the claims of a source are left out: true excludes
// them, false restores them.
func (b *Bests) Exclude(source string, excluded bool) {
	for _, list := range b.claims {
		for i := range list {
			if list[i].Source == source {
				list[i].Excluded = excluded
			}
		}
	}
}

// Standing returns the personal bests, shortest distance first. A best is the
// fastest plausible claim that took longer than the best over each shorter
// distance: nobody covers more ground in the same time.
func (b *Bests) Standing() []Best {
	var standing []Best
	var floor time.Duration
	for _, distance := range slices.Sorted(maps.Keys(b.claims)) {
		list := b.claims[distance]
		i := slices.IndexFunc(list, func(c Claim) bool { return c.Plausible() && c.Time > floor })
		if i < 0 {
			continue
		}
		floor = list[i].Time
		standing = append(standing, Best{Claim: list[i], Previous: previous(list[i+1:], list[i].At)})
	}
	return standing
}

// previous is the fastest plausible claim from before an instant. What is
// slower than the best took long enough, too.
func previous(slower []Claim, at time.Time) *Claim {
	for _, c := range slower {
		if c.Plausible() && c.At.Before(at) {
			return &c
		}
	}
	return nil
}

// Results are the bests as results, which critical speed is computed from.
func Results(standing []Best) []race.Result {
	results := make([]race.Result, len(standing))
	for i, b := range standing {
		results[i] = b.Result
	}
	return results
}

// Changed returns the distances whose best is another after than before,
// shortest first: those to be written, and announced.
func Changed(before, after []Best) []unit.Distance {
	old := make(map[unit.Distance]Claim, len(before))
	for _, b := range before {
		old[b.Distance] = b.Claim
	}
	changed := make(map[unit.Distance]bool)
	for _, b := range after {
		if was, ok := old[b.Distance]; !ok || was.Source != b.Source || was.Time != b.Time {
			changed[b.Distance] = true
		}
		delete(old, b.Distance)
	}
	for distance := range old {
		changed[distance] = true
	}
	return slices.Sorted(maps.Keys(changed))
}
