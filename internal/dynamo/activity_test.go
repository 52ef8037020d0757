package dynamo_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/stride-run/stride/internal/activity"
	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/dynamo"
	"github.com/stride-run/stride/internal/race"
	"github.com/stride-run/stride/internal/session"
	"github.com/stride-run/stride/internal/storetest"
	"github.com/stride-run/stride/internal/unit"
)

// sourceAt is the id of a session or result of an instant.
func sourceAt(at time.Time, n int) string {
	ms := at.UnixMilli()
	return fmt.Sprintf("%08x-%04x-7000-8000-%012x", ms>>16, ms&0xFFFF, n)
}

func claimOf(metres unit.Distance, t time.Duration, source string) session.Claim {
	return session.Claim{Result: race.Result{Distance: metres, Time: t}, Source: source, At: activity.TimeOf(source)}
}

// kept makes a session with something in every field.
func kept(n int) *activity.Session {
	start := time.Date(2026, 5, 1, 6, 30, n, 250e6, time.UTC)
	at := time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)
	effort := session.Effort{Result: race.Result{Distance: 1000, Time: 240*time.Second + 333*time.Microsecond}, Start: 1.7e9 + 1.0/3, StartDistance: 17.01}
	return &activity.Session{
		ID: sourceAt(start, n), Name: "Hills", Note: "wet\nand cold", Sport: session.Running, CountsForBests: true, Version: 1,
		Created: at, Updated: at, Start: start, Recorded: "other", SubSport: "trail",
		Device: session.Device{Manufacturer: 1, Product: 2, Serial: math.MaxUint32, Created: at},
		Flags:  []session.Flag{session.NoPosition}, Samples: 3, Columns: []string{"distance", "power"},
		Statistics: session.Statistics{
			Distance: 5000.01, Elapsed: 1500*time.Second + 1, Timer: 1490 * time.Second, Moving: 1480 * time.Second, AveragePace: 296.1, GradeAdjustedPace: 1.0 / 3,
			HeartRate: session.Measure{Average: 150.2, Max: 170, Samples: 3}, Ascent: 12.2, Descent: 10,
			Kilometres: []session.Split{{Distance: 1000, Elapsed: 300 * time.Second, Moving: 299 * time.Second, AverageHeartRate: 149.5, Ascent: 1, Descent: 2}, {}},
			Laps:       []session.Lap{{Start: 1.7e9, Elapsed: time.Second, Distance: 5, AverageHeartRate: 1, MaxHeartRate: 2}},
			HeartRates: []session.AtHeartRate{{BPM: 150, Time: time.Minute}},
			Efforts:    []session.Effort{effort}, Candidates: []session.Effort{effort},
		},
		Receipt: activity.Receipt{
			Import: "i", Digest: "d", Parser: 1, Index: 2, Sessions: 3, Repairs: []session.Flag{"trailing_bytes"},
			Similar: []activity.Likeness{{Session: "s", Evidence: activity.SameRun}}, Bests: []unit.Distance{400, 21097.5}, At: at,
		},
		Original: activity.Original{Key: "k", Name: "n.fit", Size: 5}, Stream: "s",
	}
}

// write makes a change on the state as it is.
func write(t *testing.T, s dynamo.Activities, c activity.Change) {
	t.Helper()
	st, err := s.State(t.Context(), athlete, now)
	if err != nil {
		t.Fatal(err)
	}
	c.Of = st
	if err := s.Write(t.Context(), athlete, c, now); err != nil {
		t.Fatal(err)
	}
}

var alike = cmp.Options{cmp.Comparer(func(a, b calendar.Date) bool { return a == b }), cmpopts.EquateEmpty()}

func activities(t *testing.T) (*storetest.Table, dynamo.Activities) {
	t.Helper()
	table := storetest.New(t)
	put(t, table.Store(), newItem("RUNNER#"+athlete, "PROFILE", "a runner"))
	return table, dynamo.Activities{Store: table.Store()}
}

// TestEverythingIsReadAsWritten, also by a program that does not know all of
// it, and keeps that when it changes the rest.
func TestEverythingIsReadAsWritten(t *testing.T) {
	table, s := activities(t)
	one, best := kept(1), claimOf(1000, 250*time.Second, kept(1).ID)
	hand := claimOf(5000, 20*time.Minute, sourceAt(now, 2))
	hand.ByHand = true
	file := &activity.File{Digest: "d", Original: one.Original, Import: "i", Sessions: []string{one.ID}, Made: 1, Of: 2, Receipts: []activity.Receipt{one.Receipt}, Revision: 1}
	result := activity.Result{ID: hand.Source, Result: hand.Result, Date: calendar.Of(2026, time.May, 4), Name: "City run", Created: one.Created}
	older := hand
	older.Time += time.Minute
	standing := []session.Best{{Claim: best}, {Claim: hand, Previous: &older}}
	begun := &activity.Import{ID: sourceAt(now, 3), Created: one.Created, Files: []activity.ImportFile{
		{NewFile: activity.NewFile{Name: "a.fit", Size: 5, SHA256: "d"}, Verdict: activity.Pending},
		{NewFile: activity.NewFile{Name: "b.fit", Size: 6, SHA256: "e"}, Verdict: activity.Duplicate, Known: true, Sessions: []string{one.ID}},
	}}
	st, err := s.State(t.Context(), athlete, now)
	if err != nil {
		t.Fatal(err)
	}
	once := &activity.Once{Key: "key", Import: begun.ID, Expires: now.Add(time.Hour).UTC().Truncate(time.Second)}
	once.Hash[3] = 7
	if err := s.CreateImport(t.Context(), athlete, begun, once, st, 20000, now); err != nil {
		t.Fatal(err)
	}
	judged := begun.Files[0]
	judged.Verdict, judged.Sessions, judged.Flags, judged.Receipts = activity.Imported, []string{one.ID}, []session.Flag{"chained"}, file.Receipts
	write(t, s, activity.Change{
		Put: one, AddClaims: []session.Claim{best, hand}, SetBests: standing, File: file, AddResult: &result, Bytes: 5,
		Verdict: &activity.Judgement{Import: begun.ID, N: 0, File: judged}, Trash: []string{"an/object"},
	})
	begun.Files[0] = judged

	for _, when := range []string{"at once", "with more in it"} {
		st, files, err := s.Files(t.Context(), athlete, []string{"d", "other"}, now)
		if err != nil {
			t.Fatal(err)
		}
		want := &activity.State{Revision: 1, Sessions: 1, Bytes: 5, Results: 1, Day: 20000, Files: 2, Bests: standing}
		_, got, err := s.Session(t.Context(), athlete, one.ID, now)
		if err != nil {
			t.Fatal(err)
		}
		results, _ := s.Results(t.Context(), athlete, now)
		imported, _ := s.Import(t.Context(), athlete, begun.ID, now)
		single, _ := s.ImportFile(t.Context(), athlete, begun.ID, 0, now)
		record, _ := s.Once(t.Context(), athlete, "key", now)
		trash, _ := s.Trash(t.Context(), athlete, now)
		var claims []session.Claim
		for c, err := range s.Claims(t.Context(), athlete, 5000, 0, now) {
			if err != nil {
				t.Fatal(err)
			}
			claims = append(claims, c)
		}
		for name, pair := range map[string][2]any{
			"state": {want, st}, "files": {map[string]*activity.File{"d": file}, files}, "session": {one, got}, "results": {[]activity.Result{result}, results},
			"import": {begun, imported}, "file of it": {&judged, single}, "record": {once, record}, "trash": {[]string{"an/object"}, trash}, "claims": {[]session.Claim{hand}, claims},
		} {
			if diff := cmp.Diff(pair[0], pair[1], alike); diff != "" {
				t.Errorf("%s, %s (-written +read):\n%s", when, name, diff)
			}
		}
		rewrite(t, table, func(i map[string]types.AttributeValue) {
			everyMap(&types.AttributeValueMemberM{Value: i}, func(m map[string]types.AttributeValue) { m["later"] = text("something") })
		})
	}
	next := *one
	next.Version, next.Name = 2, ""
	write(t, s, activity.Change{Set: &next})
	i, err := dynamo.Get(table.Store(), t.Context(), dynamo.Key("RUNNER#"+athlete, "SESSION#"+one.ID), now)
	if err != nil || dynamo.TextOf(i, "later") != "something" || dynamo.TextOf(i, "name") != "" {
		t.Errorf("%v, %v", i, err)
	}
}

// TestWriteBuildsOnWhatIs: every part of a change is refused when it builds on
// what is not so, and then nothing of it is done.
func TestWriteBuildsOnWhatIs(t *testing.T) {
	table, s := activities(t)
	one := kept(1)
	file := &activity.File{Digest: "d", Sessions: []string{one.ID}, Made: 1, Of: 1, Revision: 1}
	old, err := s.State(t.Context(), athlete, now)
	if err != nil {
		t.Fatal(err)
	}
	begun := &activity.Import{ID: sourceAt(now, 3), Files: []activity.ImportFile{{Verdict: activity.Failed}}}
	if err := s.CreateImport(t.Context(), athlete, begun, nil, old, 20000, now); err != nil {
		t.Fatal(err)
	}
	result := &activity.Result{ID: sourceAt(now, 2), Result: race.Result{Distance: 5000, Time: time.Hour}, Date: calendar.Of(2026, time.May, 4)}
	write(t, s, activity.Change{Put: one, File: file, AddResult: result})
	passed, err := s.State(t.Context(), athlete, now)
	if err != nil {
		t.Fatal(err)
	}
	write(t, s, activity.Change{})
	at := *one
	at.Version = 3 // the one after 2, which is not there
	absent := kept(2)
	st, err := s.State(t.Context(), athlete, now)
	if err != nil {
		t.Fatal(err)
	}
	before := table.Dump(t)
	for name, c := range map[string]activity.Change{
		"an old revision":            {Of: old, Put: absent},
		"a revision that has passed": {Of: passed, Put: absent},
		"a session that is there":    {Of: st, Put: one},
		"another version":            {Of: st, Set: &at},
		"one that is not there":      {Of: st, Set: absent},
		"removing another version":   {Of: st, Remove: &at},
		"removing what is not there": {Of: st, Remove: absent},
		"a file that is there":       {File: file},
		"a file of another revision": {File: file, FileBefore: &activity.File{Revision: 2}},
		"a file that is gone":        {File: &activity.File{Digest: "x", Of: 1, Sessions: []string{"x"}}, FileBefore: &activity.File{Revision: 1}},
		"a verdict that is there":    {Verdict: &activity.Judgement{Import: begun.ID, File: begun.Files[0]}},
		"a file that was not named":  {Verdict: &activity.Judgement{Import: begun.ID, N: 1, File: begun.Files[0]}},
		"a result that is there":     {Of: st, AddResult: result},
		"a result that is not there": {Of: st, DropResult: &activity.Result{ID: sourceAt(now, 9)}},
		"an object that is no trash": {Sure: []string{"x"}},
		"with everything else right": {Of: old, AddClaims: []session.Claim{claimOf(400, time.Minute, one.ID)}, Trash: []string{"x"}},
	} {
		if err := s.Write(t.Context(), athlete, c, now); err != activity.ErrChanged { //nolint:errorlint // as it is
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.CreateImport(t.Context(), athlete, &activity.Import{ID: sourceAt(now, 4)}, nil, old, 20000, now); err != activity.ErrChanged { //nolint:errorlint // as it is
		t.Errorf("files counted by somebody else: %v", err)
	}
	if diff := cmp.Diff(before, table.Dump(t)); diff != "" {
		t.Errorf("done in part:\n%s", diff)
	}
}

// TestNoWriteForWhoLeft: the mark of an account that left is part of every
// write.
func TestNoWriteForWhoLeft(t *testing.T) {
	table, s := activities(t)
	st, err := s.State(t.Context(), athlete, now)
	if err != nil {
		t.Fatal(err)
	}
	i := newItem("RUNNER#"+athlete, "PROFILE", "nobody")
	i["deleted_at"] = dynamo.Number(now.Unix())
	put(t, table.Store(), i)
	before := table.Dump(t)
	for name, err := range map[string]error{
		"write":  s.Write(t.Context(), athlete, activity.Change{Of: st, Put: kept(1)}, now),
		"import": s.CreateImport(t.Context(), athlete, &activity.Import{ID: sourceAt(now, 4)}, nil, st, 20000, now),
		"doubt":  s.Doubt(t.Context(), athlete, []string{"x"}, now, now),
	} {
		if err != activity.ErrNoRunner { //nolint:errorlint // as it is
			t.Errorf("%s: %v", name, err)
		}
	}
	if diff := cmp.Diff(before, table.Dump(t)); diff != "" {
		t.Error(diff)
	}
}

// TestTrashIsDue: what is in doubt is no trash yet.
func TestTrashIsDue(t *testing.T) {
	_, s := activities(t)
	if err := s.Doubt(t.Context(), athlete, []string{"a/1", "a/2"}, now.Add(time.Hour), now); err != nil {
		t.Fatal(err)
	}
	if err := s.Write(t.Context(), athlete, activity.Change{Sure: []string{"a/2"}, Trash: []string{"a/3"}}, now); err != nil {
		t.Fatal(err)
	}
	for after, want := range map[time.Duration][]string{0: {"a/3"}, time.Hour - 1: {"a/3"}, time.Hour: {"a/1", "a/3"}} {
		if got, err := s.Trash(t.Context(), athlete, now.Add(after).Truncate(time.Second)); err != nil || !slices.Equal(got, want) {
			t.Errorf("after %v: %q, %v", after, got, err)
		}
	}
}

// TestClaimsSortAsTheyCompare: the order of keys is the order of claims.
func TestClaimsSortAsTheyCompare(t *testing.T) {
	_, s := activities(t)
	day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var claims []session.Claim
	for n, d := range []time.Duration{99 * time.Second, 100 * time.Second, 100*time.Second + 1, 100 * time.Second, 100 * time.Second, 1000 * time.Second, 27 * time.Hour} {
		claims = append(claims, claimOf(unit.Mile, d, sourceAt(day.AddDate(0, 0, (n*5)%3), n)))
	}
	mixed := slices.Clone(claims)
	slices.Reverse(mixed)
	for chunk := range slices.Chunk(mixed, 3) {
		write(t, s, activity.Change{AddClaims: chunk})
	}
	slices.SortFunc(claims, session.Claim.Compare)
	for _, from := range []int{0, 1, 4, 6} {
		want := slices.DeleteFunc(slices.Clone(claims), func(c session.Claim) bool { return c.Time < claims[from].Time })
		var got []session.Claim
		for c, err := range s.Claims(t.Context(), athlete, unit.Mile, claims[from].Time, now) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, c)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("from %v:\n%s", claims[from].Time, diff)
		}
	}
	for range s.Claims(t.Context(), athlete, 400, 0, now) {
		t.Error("a claim over another distance")
	}
}

// TestBestsNewerThanTheirRevision: whoever reads while somebody else writes
// sees one or the other.
func TestBestsNewerThanTheirRevision(t *testing.T) {
	table, s := activities(t)
	write(t, s, activity.Change{SetBests: []session.Best{{Claim: claimOf(400, 2*time.Minute, sourceAt(now, 1))}}})
	past := dynamo.Activities{Store: dynamo.New(table.Look, table.Name)}
	writes := 0
	table.Faults.Set(func(c storetest.Call) storetest.Fault {
		if c.Operation == "Query" && writes < 3 {
			writes++
			write(t, past, activity.Change{SetBests: []session.Best{{Claim: claimOf(400, time.Duration(100-writes)*time.Second, sourceAt(now, 1))}}})
		}
		return storetest.None
	})
	st, err := s.State(t.Context(), athlete, now)
	if err != nil || writes != 3 || st.Revision != 4 || st.Bests[0].Time != 97*time.Second {
		t.Errorf("%+v after %d writes, %v", st, writes, err)
	}
}

// drawnFloat is a number as devices give it, or any.
func drawnFloat(t *rapid.T) float64 {
	if rapid.Bool().Draw(t, "of a device") {
		return float64(rapid.Int32().Draw(t, "cents")) / 100
	}
	return rapid.Float64().Draw(t, "any")
}

func drawnDuration(t *rapid.T) time.Duration {
	if rapid.Bool().Draw(t, "of a device") {
		return time.Duration(rapid.Int32().Draw(t, "ms")) * time.Millisecond
	}
	return time.Duration(rapid.Int64Range(-1<<60, 1<<60).Draw(t, "ns"))
}

// Statistics are read to the last bit, and damage is an error.
func TestStatisticsKeepEveryBit(t *testing.T) {
	distance := func(t *rapid.T) unit.Distance { return unit.Distance(drawnFloat(t)) }
	measure := func(t *rapid.T) session.Measure {
		return session.Measure{Average: drawnFloat(t), Max: drawnFloat(t), Samples: rapid.IntRange(-1, 1e6).Draw(t, "samples")}
	}
	splits := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) session.Split {
		return session.Split{Distance: distance(t), Elapsed: drawnDuration(t), Moving: drawnDuration(t), AverageHeartRate: drawnFloat(t), Ascent: distance(t), Descent: distance(t)}
	}), 0, 4)
	efforts := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) session.Effort {
		return session.Effort{Result: race.Result{Distance: distance(t), Time: drawnDuration(t)}, Start: drawnFloat(t), StartDistance: distance(t)}
	}), 0, 3)
	laps := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) session.Lap {
		return session.Lap{Start: drawnFloat(t), Elapsed: drawnDuration(t), Timer: drawnDuration(t), Distance: distance(t), AverageHeartRate: rapid.Int().Draw(t, "hr"), MaxHeartRate: 7}
	}), 0, 4)
	rapid.Check(t, func(t *rapid.T) {
		s := session.Statistics{
			Distance: distance(t), Elapsed: drawnDuration(t), Timer: drawnDuration(t), Moving: drawnDuration(t),
			AveragePace: unit.Pace(drawnFloat(t)), GradeAdjustedPace: unit.Pace(drawnFloat(t)),
			HeartRate: measure(t), Cadence: measure(t), Power: measure(t), Ascent: distance(t), Descent: distance(t),
			Kilometres: splits.Draw(t, "km"), Miles: splits.Draw(t, "mi"), Laps: laps.Draw(t, "laps"),
			HeartRates: []session.AtHeartRate{{BPM: 99, Time: drawnDuration(t)}},
			Unseen:     rapid.IntRange(0, 1).Draw(t, "unseen"),
			Spikes:     rapid.IntRange(0, 2).Draw(t, "spikes"), Backwards: 3, Doubled: 4, Efforts: efforts.Draw(t, "efforts"),
		}
		s.Candidates = s.Efforts
		if s.Spikes > 0 || s.Unseen > 0 {
			s.Candidates = efforts.Draw(t, "candidates")
		}
		packed := dynamo.PackStatistics(&s)
		var back session.Statistics
		if err := dynamo.UnpackStatistics(packed, &back); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(s, back, cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
		bad := slices.Clone(packed)
		if cut := rapid.IntRange(0, len(bad)-1).Draw(t, "cut"); dynamo.UnpackStatistics(bad[:cut], &back) == nil {
			t.Fatalf("%d bytes of %d are read", cut, len(bad))
		}
		bad[rapid.IntRange(0, len(bad)-1).Draw(t, "where")] ^= 0x41
		_ = dynamo.UnpackStatistics(bad, &back) // whatever it says, without a panic
	})
}

// TestLargestSession: the most that a file can hold fits into an item, with
// much room.
func TestLargestSession(t *testing.T) {
	_, s := activities(t)
	one := kept(1)
	st := &one.Statistics
	st.Kilometres, st.Miles, st.Laps = nil, nil, nil
	for n := range 5000 { // as many laps as are read
		f := float64(n)
		st.Laps = append(st.Laps, session.Lap{
			Start: 1.8e9 + 40*f, Elapsed: time.Duration(40000+n*7919%997) * time.Millisecond, Timer: time.Duration(39000+n*104729%991) * time.Millisecond,
			Distance: unit.Distance(20000+n*7907%983) / 100, AverageHeartRate: 120 + n%37, MaxHeartRate: 150 + n%23,
		})
	}
	for n := range 1622 {
		split := session.Split{
			Distance: 1000, Elapsed: time.Duration(3e11 + math.Sqrt(float64(n))*1e9), Moving: time.Duration(2e11 + math.Cbrt(float64(n))*1e9),
			AverageHeartRate: 150 + math.Sin(float64(n)), Ascent: unit.Distance(math.Abs(math.Cos(float64(n)))), Descent: 3,
		}
		if n < 1000 {
			st.Kilometres = append(st.Kilometres, split)
		} else {
			st.Miles = append(st.Miles, split)
		}
	}
	for bpm := range 255 {
		st.HeartRates = append(st.HeartRates, session.AtHeartRate{BPM: bpm + 1, Time: time.Duration(bpm) * 7919 * time.Millisecond})
	}
	one.Note = string(slices.Repeat([]rune("ä"), 1000))
	size := len(dynamo.PackStatistics(st))
	if size > 150_000 {
		t.Errorf("%d bytes of statistics", size)
	}
	t.Logf("%d bytes of statistics", size)
	write(t, s, activity.Change{Put: one})
	_, back, err := s.Session(t.Context(), athlete, one.ID, now)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(one, back, alike); diff != "" {
		t.Error(diff)
	}
}

// TestDamagedSessionsAreSaid: what cannot be read is an error of ours.
func TestDamagedSessionsAreSaid(t *testing.T) {
	for name, damage := range map[string]func(m map[string]types.AttributeValue){
		"statistics": func(m map[string]types.AttributeValue) { delete(m, "statistics") },
		"result":     func(m map[string]types.AttributeValue) { m["date"] = text("soon") },
		"best": func(m map[string]types.AttributeValue) {
			if entity, ok := m["entity"].(*types.AttributeValueMemberS); ok && entity.Value == "best" {
				delete(m, "time")
			}
		},
	} {
		table, s := activities(t)
		one := kept(1)
		write(t, s, activity.Change{
			Put: one, SetBests: []session.Best{{Claim: claimOf(400, time.Minute, one.ID)}},
			AddResult: &activity.Result{ID: sourceAt(now, 2), Result: race.Result{Distance: 5000, Time: time.Hour}, Date: calendar.Of(2026, time.May, 4)},
		})
		rewrite(t, table, damage)
		_, _, err := s.Session(t.Context(), athlete, one.ID, now)
		_, stateErr := s.State(t.Context(), athlete, now)
		_, resultErr := s.Results(t.Context(), athlete, now)
		if (err != nil) != (name == "statistics") || (stateErr != nil) != (name == "best") || (resultErr != nil) != (name == "result") {
			t.Errorf("%s: %v, %v, %v", name, err, stateErr, resultErr)
		}
	}
}
