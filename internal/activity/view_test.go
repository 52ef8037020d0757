package activity_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/activity"
	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/session"
	"github.com/stride-run/stride/internal/storetest"
	"github.com/stride-run/stride/internal/unit"
)

func unitOf(metres float64) unit.Distance { return unit.Distance(metres) }

func TestList(t *testing.T) {
	w := newWorld(t)
	ada, bob := w.runner(t, map[string]types.AttributeValue{"time_zone": text("Pacific/Auckland")}), w.runner(t, nil)
	var ids []string
	for day := range 10 { // at 20:00 of the same day in Auckland
		ids = append(ids, w.add(t, ada, at(day, 500, 300)).ID)
	}
	night := at(3, 700, 300)
	night.Start += 5 * 3600 // 12:00 UTC, which is 1:00 of the next day there
	late := w.add(t, ada, night)
	if want := calendar.Of(2026, time.January, 5); late.Date != want {
		t.Errorf("date %v, want %v", late.Date, want)
	}
	list := func(r activity.Range) (got []string, more bool) {
		t.Helper()
		views, more, err := w.service.List(t.Context(), ada, r, now)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range views {
			got = append(got, v.ID)
		}
		return got, more
	}
	newest := slices.Insert(slices.Clone(ids), 4, late.ID)
	slices.Reverse(newest)
	var walked []string
	for after, more := "", true; more; after = walked[len(walked)-1] {
		var page []string
		page, more = list(activity.Range{After: after, Limit: 3})
		walked = append(walked, page...)
		if more != (len(walked) < len(newest)) {
			t.Fatalf("more is %v after %d", more, len(walked))
		}
	}
	if diff := cmp.Diff(newest, walked); diff != "" {
		t.Error(diff)
	}
	got, more := list(activity.Range{From: calendar.Of(2026, time.January, 5), To: calendar.Of(2026, time.January, 6), Limit: 20})
	if diff := cmp.Diff([]string{ids[5], ids[4], late.ID}, got); diff != "" || more {
		t.Errorf("more %v:\n%s", more, diff)
	}
	if got, _ := list(activity.Range{To: calendar.Of(2026, time.January, 4), Limit: 20}); len(got) != 4 {
		t.Errorf("%d up to the 4th", len(got))
	}
	if got, more := list(activity.Range{From: calendar.Of(2026, time.January, 9), Limit: 2}); len(got) != 2 || more {
		t.Errorf("%v %v from the 9th", got, more)
	}
	if _, _, err := w.service.List(t.Context(), ada, activity.Range{From: calendar.Of(2026, time.January, 5), To: calendar.Of(2026, time.January, 4), Limit: 1}, now); !errors.Is(err, fault.Invalid) {
		t.Error(err)
	}
	if views, _, err := w.service.List(t.Context(), bob, activity.Range{Limit: 20}, now); err != nil || len(views) != 0 {
		t.Errorf("another runner lists %d, %v", len(views), err)
	}
}

// TestNothingOfOthers: whatever a runner asks for by the id of another's is
// not there, as if there were no such id.
func TestNothingOfOthers(t *testing.T) {
	w := newWorld(t)
	ada, bob := w.runner(t, nil), w.runner(t, nil)
	good := content(t, file{Sessions: []run{at(0, 1000, 300)}})
	i := w.bring(t, ada, good)
	id := i.Files[0].Sessions[0]
	before := w.snapshot(t, ada)
	for _, id := range []string{id, "01a20e64-0000-7000-8000-000000000001", "x", "", strings.Repeat("x", 3000), id + "#", "..", "01A20E64-0000-7000-8000-000000000001"} {
		ask := map[string]error{}
		_, ask["get"] = w.service.Get(t.Context(), bob, id, now)
		_, ask["update"] = w.service.Update(t.Context(), bob, id, nil, activity.Patch{Name: new("mine")}, now)
		ask["delete"] = w.service.Delete(t.Context(), bob, id, nil, now)
		_, ask["original"] = w.service.Original(t.Context(), bob, id, now)
		_, ask["streams"] = w.service.Streams(t.Context(), bob, id, 0, now)
		for what, err := range ask {
			if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Kind != fault.NotFound || f.Detail != "You have no session with this id." {
				t.Errorf("%s %q: %v", what, id, err)
			}
		}
	}
	for _, err := range []error{
		second(w.service.Import(t.Context(), bob, i.ID, now)), second(w.service.URLs(t.Context(), bob, i.ID, now)),
		second(w.service.Import(t.Context(), bob, "x", now)),
	} {
		if !errors.Is(err, fault.NotFound) {
			t.Error(err)
		}
	}
	// The same file is no duplicate for somebody else, and not the same session.
	theirs := w.bring(t, bob, good)
	if verdicts(theirs) != "imported" || len(theirs.Files[0].Receipts[0].Similar) != 0 {
		t.Errorf("%+v", theirs.Files)
	}
	if diff := cmp.Diff(before, w.snapshot(t, ada)); diff != "" {
		t.Errorf("changed by another:\n%s", diff)
	}
}

func second[T any](_ T, err error) error { return err }

func TestVersions(t *testing.T) {
	w := newWorld(t)
	ada := w.runner(t, nil)
	one := w.add(t, ada, at(0, 1000, 300))
	stale := fault.New(fault.Stale, "")
	only := func(tag string) activity.Match {
		return func(is string) error {
			if is != tag {
				return stale
			}
			return nil
		}
	}
	v, err := w.service.Update(t.Context(), ada, one.ID, only("1"), activity.Patch{Name: new("Hills"), Note: new("wet\n")}, now.Add(time.Minute))
	if err != nil || v.Name != "Hills" || v.Note != "wet\n" || v.Tag() != "2" || !v.Updated.After(v.Created) {
		t.Errorf("%+v, %v", v, err)
	}
	if _, err := w.service.Update(t.Context(), ada, one.ID, only("1"), activity.Patch{Name: new("x")}, now); !errors.Is(err, fault.Stale) {
		t.Error(err)
	}
	if err := w.service.Delete(t.Context(), ada, one.ID, only("1"), now); !errors.Is(err, fault.Stale) {
		t.Error(err)
	}
	if v, err := w.service.Update(t.Context(), ada, one.ID, nil, activity.Patch{Name: new("Hills")}, now); err != nil || v.Tag() != "2" {
		t.Errorf("nothing changed: %s, %v", v.Tag(), err)
	}
	got, err := w.service.Get(t.Context(), ada, one.ID, now)
	if err != nil || got.Name != "Hills" {
		t.Errorf("%+v, %v", got, err)
	}
	w.update(t, ada, one.ID, activity.Patch{Name: new(""), Note: new("")})
	if got, _ := w.service.Get(t.Context(), ada, one.ID, now); got.Name != "" || got.Note != "" || got.Version != 3 {
		t.Errorf("%+v", got)
	}
	if err := w.service.Delete(t.Context(), ada, one.ID, only("3"), now); err != nil {
		t.Error(err)
	}
}

// TestZonesOfTheDay: time in zones goes by the settings of the day of the run,
// as they are now.
func TestZonesOfTheDay(t *testing.T) {
	w := newWorld(t)
	rates := func(from, highest string) types.AttributeValue {
		return &types.AttributeValueMemberM{Value: map[string]types.AttributeValue{"valid_from": text(from), "max": &types.AttributeValueMemberN{Value: highest}}}
	}
	settings := map[string]types.AttributeValue{"heart_rates": &types.AttributeValueMemberL{Value: []types.AttributeValue{
		rates("2025-01-01", "200"), rates("2026-01-03", "160"),
	}}}
	ada, bob := w.runner(t, settings), w.runner(t, nil)
	first, second := w.add(t, ada, at(0, 1000, 300)), w.add(t, ada, at(5, 1000, 300)) // at 150 bpm
	if first.Zones == nil || first.Zones.MaxHeartRate != 200 || first.TimeInZones[3] != 5*time.Minute {
		t.Errorf("%+v %v", first.Zones, first.TimeInZones)
	}
	if second.Zones == nil || second.Zones.MaxHeartRate != 160 || second.TimeInZones[5] != 5*time.Minute {
		t.Errorf("%+v %v", second.Zones, second.TimeInZones)
	}
	if v := w.add(t, bob, at(0, 1000, 300)); v.Zones != nil || v.TimeInZones != nil {
		t.Errorf("zones of nothing: %+v", v.Zones)
	}
	cleo := w.runner(t, map[string]types.AttributeValue{"birth_year": &types.AttributeValueMemberN{Value: "1986"}})
	if v := w.add(t, cleo, at(0, 1000, 300)); v.Zones == nil || v.Zones.MaxHeartRate != 185 {
		t.Errorf("by age: %+v", v.Zones)
	}
}

func TestStreams(t *testing.T) {
	w := newWorld(t)
	ada := w.runner(t, nil)
	one := w.add(t, ada, at(0, 5000, 300))
	if !slices.Equal(one.Columns, []string{"distance", "heart_rate", "cadence"}) || one.Samples != 51 {
		t.Errorf("%v, %d samples", one.Columns, one.Samples)
	}
	columns, err := w.service.Streams(t.Context(), ada, one.ID, 0, now)
	if err != nil || len(columns) != 3 {
		t.Fatal(columns, err)
	}
	for _, c := range columns {
		n := len(c.Values)
		if n != 51 || len(c.Elapsed) != n || len(c.Distance) != n || c.Elapsed[n-1] != 1500 || c.Distance[n-1] != 5000 {
			t.Errorf("%+v", c)
		}
	}
	columns, err = w.service.Streams(t.Context(), ada, one.ID, 10, now)
	if err != nil || len(columns[0].Values) > 10 || len(columns[0].Values) < 5 || columns[0].Values[0] != 0 {
		t.Errorf("%+v, %v", columns, err)
	}
	w.update(t, ada, one.ID, activity.Patch{Sport: new(session.Sport("cycling"))})
	if columns, _ = w.service.Streams(t.Context(), ada, one.ID, 0, now); columns[2].Values[0] != 90 {
		t.Errorf("cadence %v of a ride", columns[2].Values[0])
	}
	url, err := w.service.Original(t.Context(), ada, one.ID, now)
	if err != nil || storetest.KeyOf(url) != one.Original.Key+"?name="+one.ID+".fit" {
		t.Errorf("%s, %v", url, err)
	}
	empty := w.add(t, ada, run{Start: float64(now.Unix() - 1000), Sport: session.Running})
	if columns, err := w.service.Streams(t.Context(), ada, empty.ID, 0, now); err != nil || columns != nil || empty.Stream != "" {
		t.Errorf("%v, %v", columns, err)
	}
}
