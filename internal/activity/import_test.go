package activity_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/activity"
	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/storetest"
)

func named(n int) activity.NewFile {
	return activity.NewFile{Name: fmt.Sprintf("%d.fit", n), Size: int64(n + 1), SHA256: digest([]byte(fmt.Sprint(n)))}
}

func TestImportChecksItsFiles(t *testing.T) {
	w := newWorld(t)
	ada := w.runner(t, nil)
	good := named(0)
	for want, files := range map[string][]activity.NewFile{
		"/files":          nil,
		"/files ":         slices.Repeat([]activity.NewFile{good}, 51),
		"/files/0/name":   {{Name: "", Size: 1, SHA256: good.SHA256}},
		"/files/0/name ":  {{Name: "a/b.fit", Size: 1, SHA256: good.SHA256}},
		"/files/0/name  ": {{Name: "a\u202Eb", Size: 1, SHA256: good.SHA256}},
		"/files/1/size":   {good, {Name: "a", Size: 0, SHA256: good.SHA256}},
		"/files/0/size":   {{Name: "a", Size: activity.MaxFileBytes + 1, SHA256: good.SHA256}},
		"/files/0/sha256": {{Name: "a", Size: 1, SHA256: strings.ToUpper(good.SHA256)}},
		"/files/0/name, /files/0/size, /files/0/sha256": {{}},
	} {
		_, _, err := w.service.NewImport(t.Context(), ada, files, "", now)
		f, ok := errors.AsType[*fault.Fault](err)
		if !ok {
			t.Errorf("%s: %v", want, err)
			continue
		}
		var got []string
		for _, field := range f.Fields {
			got = append(got, field.Pointer)
		}
		if strings.Join(got, ", ") != strings.TrimSpace(want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := w.snapshot(t, ada); strings.Contains(got, "IMPORT") || strings.Contains(got, "ACTIVITY") {
		t.Errorf("kept: %s", got)
	}
}

func TestImportUnderAKey(t *testing.T) {
	w := newWorld(t)
	ada, bob := w.runner(t, nil), w.runner(t, nil)
	begin := func(runner string, at time.Time, files ...activity.NewFile) (*activity.Import, bool, error) {
		return w.service.NewImport(t.Context(), runner, files, "key", at)
	}
	first, replayed, err := begin(ada, now, named(0), named(1))
	if err != nil || replayed {
		t.Fatal(replayed, err)
	}
	before := w.snapshot(t, ada)
	again, replayed, err := begin(ada, now, named(0), named(1))
	if err != nil || !replayed || again.ID != first.ID || again.Files[1].Upload == nil || again.Files[1].Upload.Headers["x-size"] != "2" {
		t.Errorf("%+v %v %v", again, replayed, err)
	}
	for _, files := range [][]activity.NewFile{{named(0)}, {named(1), named(0)}, {named(0), named(2)}} {
		_, _, err := begin(ada, now, files...)
		if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Slug != "idempotency_mismatch" {
			t.Errorf("%v", err)
		}
	}
	if diff := cmp.Diff(before, w.snapshot(t, ada)); diff != "" {
		t.Error(diff)
	}
	theirs, replayed, err := begin(bob, now, named(0), named(1))
	if err != nil || replayed || theirs.ID == first.ID {
		t.Errorf("another runner's key: %v %v", replayed, err)
	}
	if later, replayed, err := begin(ada, now.Add(24*time.Hour), named(0), named(1)); err != nil || replayed || later.ID == first.ID {
		t.Errorf("a day later: %v %v", replayed, err)
	}
	// However often the same request comes at the same time, it makes one.
	cleo := w.runner(t, nil)
	var all sync.WaitGroup
	ids := make([]string, 10)
	for n := range ids {
		all.Go(func() {
			for ids[n] == "" {
				i, _, err := begin(cleo, now, named(0))
				switch {
				case err == nil:
					ids[n] = i.ID
				case !errors.Is(err, fault.Unavailable):
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	slices.Sort(ids)
	if len(slices.Compact(ids)) != 1 {
		t.Errorf("imports %v", ids)
	}
}

func TestFreshAddresses(t *testing.T) {
	w := newWorld(t)
	ada := w.runner(t, nil)
	good := content(t, file{Sessions: []run{at(0, 500, 300)}})
	i, keys := w.announce(t, ada, good, []byte("junk"))
	w.ingest(t, keys[0])
	fresh, err := w.service.URLs(t.Context(), ada, i.ID, now)
	if err != nil || fresh.Files[0].Upload != nil || fresh.Files[1].Upload == nil || storetest.KeyOf(fresh.Files[1].Upload.URL) != keys[1] {
		t.Errorf("%+v, %v", fresh, err)
	}
	if plain := w.importOf(t, ada, i.ID); plain.Files[1].Upload != nil {
		t.Error("reading an import signs")
	}
}

// count sets what is counted of a runner.
func (w *world) count(t *testing.T, runner string, counts map[string]int64) {
	t.Helper()
	item := map[string]types.AttributeValue{"PK": text("RUNNER#" + runner), "SK": text("ACTIVITY")}
	numbers := map[string]types.AttributeValue{}
	for name, n := range counts {
		numbers[name] = &types.AttributeValueMemberN{Value: fmt.Sprint(n)}
	}
	maps.Copy(item, numbers)
	if _, err := w.table.Look.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &w.table.Name, Item: item}); err != nil {
		t.Fatal(err)
	}
}

func TestQuotas(t *testing.T) {
	w := newWorld(t)
	today := now.Unix() / (24 * 60 * 60)
	for name, counts := range map[string]map[string]int64{
		"sessions": {"rev": 1, "sessions": activity.MaxSessions},
		"bytes":    {"rev": 1, "bytes": activity.MaxBytes},
		"files":    {"day": today, "files": activity.MaxFilesPerDay},
	} {
		ada := w.runner(t, nil)
		good := content(t, file{Sessions: []run{at(0, 500, 300)}})
		_, keys := w.announce(t, ada, good)
		w.count(t, ada, counts)
		before := w.snapshot(t, ada)
		_, _, err := w.service.NewImport(t.Context(), ada, []activity.NewFile{named(0)}, "", now)
		if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Kind != fault.Conflict || f.Slug != "quota_exceeded" {
			t.Errorf("%s: %v", name, err)
		}
		if name == "files" { // the next day is another
			if _, _, err := w.service.NewImport(t.Context(), ada, []activity.NewFile{named(0)}, "", now.Add(24*time.Hour)); err != nil {
				t.Error(err)
			}
			continue
		}
		_, err = w.service.Add(t.Context(), ada, "", good, now)
		if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Slug != "quota_exceeded" {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(before, w.snapshot(t, ada)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		w.ingest(t, keys[0])
		if len(w.sessions(t, ada)) != 0 || len(w.objects.Keys(ada+"/")) != 0 {
			t.Errorf("%s: an upload is kept", name)
		}
	}
	ada := w.runner(t, nil)
	w.add(t, ada, at(0, 500, 300))
	w.count(t, ada, map[string]int64{"rev": 1, "results": activity.MaxResults})
	_, _, err := w.service.AddResult(t.Context(), ada, activity.NewResult{Result: w.bests(t, ada).Standing[0].Result, Date: w.sessions(t, ada)[0].Date}, now)
	if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Slug != "quota_exceeded" {
		t.Errorf("results: %v", err)
	}
}

// TestCountsAreRight: what is counted comes back to nothing.
func TestCountsAreRight(t *testing.T) {
	w := newWorld(t)
	ada := w.runner(t, nil)
	good := content(t, file{Sessions: []run{at(0, 500, 300), at(1, 500, 300)}})
	w.bring(t, ada, good)
	counts := func() string {
		for line := range strings.SplitSeq(w.snapshot(t, ada), "\n") {
			if strings.Contains(line, `"SK":"ACTIVITY"`) {
				return line
			}
		}
		return ""
	}
	if got := counts(); !strings.Contains(got, fmt.Sprintf(`"bytes":%d,`, len(good))) || !strings.Contains(got, `"sessions":2`) || !strings.Contains(got, `"files":1`) {
		t.Error(got)
	}
	for _, v := range w.sessions(t, ada) {
		w.delete(t, ada, v.ID)
	}
	if got := counts(); !strings.Contains(got, `"bytes":0,`) || !strings.Contains(got, `"sessions":0`) {
		t.Error(got)
	}
}

func TestWords(t *testing.T) {
	for _, bad := range []string{strings.Repeat("ä", 101), "a\nb", "a\x00", "a\u202E", "\xff"} {
		if _, err := activity.ParseName(bad); err == nil {
			t.Errorf("%q is a name", bad)
		}
	}
	if got, err := activity.ParseName(" \t"[:1]); got != "" || err != nil {
		t.Errorf("a blank name is %q, %v", got, err)
	}
	for _, good := range []string{"", "a\nb\tc\r\n", strings.Repeat("ä", 1000)} {
		if got, err := activity.ParseNote(good); got != good || err != nil {
			t.Errorf("%q: %q, %v", good, got, err)
		}
	}
	if _, err := activity.ParseNote(strings.Repeat("ä", 1001)); err == nil {
		t.Error("a long note")
	}
	for sport, ok := range map[string]bool{"running": true, "trail_running": true, "": false, "Running": false, "a b": false, strings.Repeat("a", 33): false} {
		if _, err := activity.ParseSport(sport); (err == nil) != ok {
			t.Errorf("%q: %v", sport, err)
		}
	}
}
