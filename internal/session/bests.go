package session

import (
	"cmp"
	"iter"
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

// records are the fastest times that anyone is known to have run, on track or
// road, by November 2026. They are the world records but for the half
// marathon: 400 m van Niekerk 2016, 1000 m Ngeny 1999, mile El Guerrouj 1999,
// 5000 m and 10,000 m Cheptegei 2020, half marathon Kiplimo, Barcelona 2025
// (behind a car, so the record is his 57:20 of 2026), marathon Sawe, London
// 2026.
var records = map[unit.Distance]time.Duration{
	race.FourHundred:  43030 * time.Millisecond,
	race.Kilometre:    131960 * time.Millisecond,
	race.Mile:         223130 * time.Millisecond,
	race.FiveK:        755360 * time.Millisecond,
	race.TenK:         1571000 * time.Millisecond,
	race.HalfMarathon: 3402 * time.Second,
	race.Marathon:     7170 * time.Second,
}

// Gate is the time over a standard distance below which a claim is a ride or a
// fault of the recording, and never a best; false for other distances. It is
// 2 % under the fastest that is known, so that whoever beats that is not
// refused: records fall by less at a time.
func Gate(distance unit.Distance) (time.Duration, bool) {
	t, ok := records[distance]
	return t / 100 * 98, ok
}

// Plausible says whether a claim may be a best on its own: it counts, is over
// a standard distance, and is not below the Gate.
func (c Claim) Plausible() bool {
	gate, ok := Gate(c.Distance)
	return ok && !c.Excluded && c.Time >= gate
}

// Compare puts the faster claim first, then the earlier, then the one with the
// lower source, so that the order of arrival never decides.
func (c Claim) Compare(o Claim) int {
	return cmp.Or(cmp.Compare(c.Time, o.Time), c.At.Compare(o.At), cmp.Compare(c.Source, o.Source))
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
	claims map[unit.Distance][]Claim // by Compare
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
		i, _ := slices.BinarySearchFunc(list, c, Claim.Compare)
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

// Standing returns the personal bests, as Stand says.
func (b *Bests) Standing() []Best {
	standing, _ := Stand(func(distance unit.Distance, atLeast time.Duration) iter.Seq2[Claim, error] {
		return func(yield func(Claim, error) bool) {
			for _, c := range b.claims[distance] {
				if c.Time >= atLeast && !yield(c, nil) {
					return
				}
			}
		}
	})
	return standing
}

// Sorted gives the claims over a distance that took at least a time, in the
// order of Compare. It is asked for no more than is needed, which is most
// often one.
type Sorted func(distance unit.Distance, atLeast time.Duration) iter.Seq2[Claim, error]

// Stand finds the personal bests among all claims, shortest distance first. A
// best is the fastest plausible claim that took longer than the best over each
// shorter distance: nobody covers more ground in the same time. The error is
// that of claims.
func Stand(claims Sorted) ([]Best, error) {
	var standing []Best
	var floor time.Duration
	for _, standard := range race.Standards {
		gate, _ := Gate(standard.Distance)
		var best *Best
		for c, err := range claims(standard.Distance, max(gate, floor+1)) {
			if err != nil {
				return nil, err
			}
			switch {
			case !c.Plausible():
				continue
			case best == nil:
				best = &Best{Claim: c}
				continue
			case !c.At.Before(best.At):
				continue
			}
			best.Previous = &c
			break
		}
		if best != nil {
			floor = best.Time
			standing = append(standing, *best)
		}
	}
	return standing, nil
}

// Touches says whether bests may be others after claims were added and
// dropped. False is certain: nothing needs to be found anew.
func Touches(standing []Best, added, dropped []Claim) bool {
	at := make(map[unit.Distance]Best, len(standing))
	for _, b := range standing {
		at[b.Distance] = b
	}
	for _, c := range dropped {
		b, ok := at[c.Distance]
		if ok && (b.Source == c.Source || b.Previous != nil && b.Previous.Source == c.Source) {
			return true
		}
	}
	for _, c := range added {
		b, ok := at[c.Distance]
		switch {
		case !c.Plausible():
		case !ok, c.Compare(b.Claim) < 0,
			c.At.Before(b.At) && (b.Previous == nil || c.Compare(*b.Previous) < 0):
			return true
		}
	}
	return false
}

// AllOut are the bests as results, as far as critical speed follows from them:
// without one over a shorter distance that is no faster than one over a longer.
// Whoever holds a speed for longer could have run the shorter distance faster,
// and never tried.
func AllOut(standing []Best) []race.Result {
	var results []race.Result
	for _, b := range standing {
		slower := func(r race.Result) bool { return r.Speed() <= b.Speed() }
		results = append(slices.DeleteFunc(results, slower), b.Result)
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
