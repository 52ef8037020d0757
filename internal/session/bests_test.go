package session_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/stride-run/stride/internal/race"
	"github.com/stride-run/stride/internal/session"
	"github.com/stride-run/stride/internal/unit"
)

var monday = time.Date(2027, 3, 1, 7, 0, 0, 0, time.UTC)

func claim(source string, day int, distance unit.Distance, seconds float64) session.Claim {
	return session.Claim{
		Result: race.Result{Distance: distance, Time: time.Duration(seconds * 1e9)},
		Source: source, At: monday.AddDate(0, 0, day),
	}
}

func TestBests(t *testing.T) {
	var b session.Bests
	b.Add(claim("a", 0, 5000, 1500), claim("a", 0, 1000, 280))
	b.Add(claim("b", 7, 5000, 1450))
	before := b.Standing()
	if len(before) != 2 || before[1].Source != "b" || before[1].Previous == nil || before[1].Previous.Source != "a" {
		t.Fatalf("%+v", before)
	}
	b.Exclude("b", true)
	after := b.Standing()
	if after[1].Source != "a" || after[1].Previous != nil {
		t.Errorf("without b: %+v", after)
	}
	if diff := cmp.Diff([]unit.Distance{5000}, session.Changed(before, after)); diff != "" {
		t.Error(diff)
	}
	b.Exclude("b", false)
	if diff := cmp.Diff(before, b.Standing()); diff != "" {
		t.Errorf("restored: %s", diff)
	}
	b.Remove("a")
	if got := b.Standing(); len(got) != 1 || got[0].Source != "b" || got[0].Previous != nil {
		t.Errorf("after a was deleted: %+v", got)
	}
	if diff := cmp.Diff([]unit.Distance{1000}, session.Changed(before, b.Standing())); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsNoBest(t *testing.T) {
	for _, tt := range []struct {
		name  string
		claim session.Claim
	}{
		{"far faster than the record", claim("x", 1, 5000, 740)},
		{"no standard distance", claim("x", 1, 1234, 600)},
		{"5 km in less than the best 1 km", claim("x", 1, 5000, 800)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var b session.Bests
			b.Add(claim("slow", 0, 1000, 900), tt.claim)
			if got := b.Standing(); len(got) != 1 || got[0].Source != "slow" {
				t.Errorf("%+v", got)
			}
		})
	}
	s := session.Statistics{Candidates: []session.Effort{{Result: race.Result{Distance: 5000, Time: time.Hour}}}}
	if got := session.Claims("ride", monday, "cycling", s); got != nil {
		t.Errorf("a ride claims %+v", got)
	}
	if got := session.Claims("run", monday, session.Running, s); len(got) != 1 || got[0].Time != time.Hour {
		t.Errorf("a run claims %+v", got)
	}
}

// Whatever came and went, in whatever order, the bests are those of the claims
// that are left.
func TestIncrementalEqualsRecomputation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type source struct {
			claims   []session.Claim
			excluded bool
		}
		left := make(map[string]source)
		var b session.Bests
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			id := fmt.Sprint("s", rapid.IntRange(0, 12).Draw(t, "id"))
			now, known := left[id]
			switch action := rapid.IntRange(0, 3).Draw(t, "action"); {
			case action < 2 && !known:
				for _, standard := range race.Standards[:rapid.IntRange(1, 7).Draw(t, "distances")] {
					pace := float64(rapid.IntRange(90, 400).Draw(t, "pace"))
					now.claims = append(now.claims, claim(id, rapid.IntRange(0, 9).Draw(t, "day"), standard.Distance, pace*standard.Distance.Kilometres()))
				}
				left[id] = now
				b.Add(now.claims...)
			case action == 2:
				delete(left, id)
				b.Remove(id)
			case known:
				now.excluded = !now.excluded
				left[id] = now
				b.Exclude(id, now.excluded)
			}
		}
		var anew session.Bests
		for id, s := range left { // in the map's own order
			anew.Add(s.claims...)
			anew.Exclude(id, s.excluded)
		}
		if diff := cmp.Diff(anew.Standing(), b.Standing()); diff != "" {
			t.Fatal(diff)
		}
		var floor time.Duration
		for _, best := range b.Standing() {
			if record, ok := session.Gate(best.Distance); !ok || best.Time < record || best.Time <= floor || best.Excluded {
				t.Fatalf("%+v must not stand", best)
			}
			floor = best.Time
		}
	})
}

// Whoever keeps the bests, and looks for them anew only when Touches says so,
// always has them.
func TestTouchesMissesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		left := make(map[string][]session.Claim)
		var b session.Bests
		kept := b.Standing()
		looks := 0
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			id := fmt.Sprint("s", rapid.IntRange(0, 12).Draw(t, "id"))
			dropped := left[id]
			delete(left, id)
			b.Remove(id)
			var added []session.Claim
			if rapid.IntRange(0, 3).Draw(t, "action") > 0 {
				for _, standard := range race.Standards[:rapid.IntRange(1, 7).Draw(t, "distances")] {
					pace := float64(rapid.IntRange(90, 400).Draw(t, "pace"))
					added = append(added, claim(id, rapid.IntRange(0, 9).Draw(t, "day"), standard.Distance, pace*standard.Distance.Kilometres()))
				}
				left[id] = added
				b.Add(added...)
			}
			if session.Touches(kept, added, dropped) {
				kept = b.Standing()
				looks++
			}
			if diff := cmp.Diff(b.Standing(), kept); diff != "" {
				t.Fatalf("added %v, dropped %v (-true +kept):\n%s", added, dropped, diff)
			}
		}
	})
}

func TestTouchesSparesLooks(t *testing.T) {
	var b session.Bests
	b.Add(claim("best", 5, 5000, 1200), claim("before", 1, 5000, 1300), claim("other", 2, 5000, 1400))
	standing := b.Standing()
	for name, tt := range map[string]struct {
		added, dropped []session.Claim
		want           bool
	}{
		"slower, later":                 {added: []session.Claim{claim("x", 9, 5000, 1250)}},
		"slower than what was before":   {added: []session.Claim{claim("x", 0, 5000, 1350)}},
		"impossible":                    {added: []session.Claim{claim("x", 9, 5000, 500)}},
		"neither best nor previous":     {dropped: []session.Claim{claim("other", 2, 5000, 1400)}},
		"faster":                        {added: []session.Claim{claim("x", 9, 5000, 1199)}, want: true},
		"best before the best":          {added: []session.Claim{claim("x", 0, 5000, 1250)}, want: true},
		"another distance":              {added: []session.Claim{claim("x", 9, 1000, 250)}, want: true},
		"the best goes":                 {dropped: []session.Claim{claim("best", 5, 5000, 1200)}, want: true},
		"the best before the best goes": {dropped: []session.Claim{claim("before", 1, 5000, 1300)}, want: true},
	} {
		if got := session.Touches(standing, tt.added, tt.dropped); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestGate(t *testing.T) {
	for distance, record := range map[unit.Distance]time.Duration{
		400: 43030 * time.Millisecond, 1000: 131960 * time.Millisecond, unit.Mile: 223130 * time.Millisecond, 5000: 755360 * time.Millisecond,
		10000: 1571 * time.Second, 21097.5: 3440 * time.Second, 42195: 7170 * time.Second,
	} {
		gate, ok := session.Gate(distance)
		if !ok || gate >= record || gate < record*95/100 {
			t.Errorf("%v m: %v for a record of %v", distance, gate, record)
		}
	}
	if _, ok := session.Gate(3000); ok {
		t.Error("a gate for 3 km")
	}
}

func TestAllOut(t *testing.T) {
	var b session.Bests
	b.Add(claim("a", 0, 400, 94), claim("a", 0, 1000, 281), claim("a", 0, 1609.344, 447), claim("b", 1, 5000, 1500), claim("b", 1, 10_000, 3000))
	var got []unit.Distance
	for _, r := range session.AllOut(b.Standing()) {
		got = append(got, r.Distance)
	}
	if diff := cmp.Diff([]unit.Distance{400, 1609.344, 10_000}, got); diff != "" {
		t.Errorf("a kilometre that is slower than the mile, and 5 km as fast as 10 (-want +got):\n%s", diff)
	}
	if got := session.AllOut(nil); len(got) != 0 {
		t.Errorf("%v", got)
	}
}
