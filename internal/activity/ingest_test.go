package activity_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/stride-run/stride/internal/activity"
	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/dynamo"
	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/session"
	"github.com/stride-run/stride/internal/storetest"
)

var same = cmp.Options{cmp.Comparer(func(a, b calendar.Date) bool { return a == b }), cmpopts.EquateEmpty()}

// verdicts are those of an import, in one text.
func verdicts(i *activity.Import) string {
	var all []string
	for _, f := range i.Files {
		all = append(all, strings.TrimSpace(string(f.Verdict)+" "+f.Reason))
	}
	return strings.Join(all, ", ")
}

func TestImport(t *testing.T) {
	w := newWorld(t)
	ada := w.runner(t, nil)
	first := content(t, file{Sessions: []run{at(0, 5000, 300)}})
	other := content(t, file{Sessions: []run{at(1, 1000, 250)}})
	i, keys := w.announce(t, ada, first, []byte("junk"), content(t, file{Panic: true}), content(t, file{}), other, other, content(t, file{Bad: "bad_checksum"}))
	if status, done := i.Status(); status != activity.Waiting || done != 0 || verdicts(i) != "pending, pending, pending, pending, pending, pending, pending" {
		t.Errorf("%s %d: %s", status, done, verdicts(i))
	}
	w.ingest(t, keys[0])
	if status, done := w.importOf(t, ada, i.ID).Status(); status != activity.Running || done != 1 {
		t.Errorf("after one: %s %d", status, done)
	}
	for range 2 { // each event comes twice
		for _, key := range keys {
			w.ingest(t, key)
		}
	}
	i = w.importOf(t, ada, i.ID)
	const want = "imported, failed not_fit, failed corrupt, skipped no_activity, imported, duplicate, failed bad_checksum"
	if status, done := i.Status(); status != activity.Done || done != 7 || verdicts(i) != want {
		t.Errorf("%s %d: %s", status, done, verdicts(i))
	}
	if !slices.Equal(i.Files[4].Sessions, i.Files[5].Sessions) {
		t.Errorf("the duplicate is of %v, not of %v", i.Files[5].Sessions, i.Files[4].Sessions)
	}
	// Nothing is kept of what was refused.
	if keys := w.objects.Keys(ada + "/"); len(keys) != 4 {
		t.Errorf("objects %q", keys)
	}
	all := w.sessions(t, ada)
	if len(all) != 2 || all[0].Statistics.Distance != 5000 || all[0].Start.Format(time.DateTime) != "2026-01-01 07:00:00" {
		t.Fatalf("%d sessions, %+v", len(all), all)
	}
	if id := all[0].ID; !strings.HasPrefix(strings.ReplaceAll(id, "-", ""), fmt.Sprintf("%012x", all[0].Start.UnixMilli())) {
		t.Errorf("id %s does not begin with the start", id)
	}
	r := all[0].Receipt
	if r.Digest != digest(first) || r.Import != i.ID || r.Parser != activity.Parser || len(r.Bests) != 4 || len(i.Files[0].Receipts) != 1 {
		t.Errorf("receipt %+v, import %+v", r, i.Files[0].Receipts)
	}
	// The same files again need no upload.
	again, keys := w.announce(t, ada, first, other)
	if status, _ := again.Status(); status != activity.Done || keys[0] != "" || again.Files[0].Sessions[0] != all[0].ID {
		t.Errorf("again: %s, %s, %+v", status, verdicts(again), again.Files[0])
	}
	// What was computed once is what would be computed now.
	samples := at(0, 5000, 300)
	rec := reader{}.Read(t.Context(), strings.NewReader(string(content(t, file{Sessions: []run{samples}})))).Recordings[0]
	if diff := cmp.Diff(session.Analyse(rec), all[0].Statistics, same); diff != "" {
		t.Errorf("statistics (-computed +kept):\n%s", diff)
	}
}

func TestUploadThatIsSomethingElse(t *testing.T) {
	w := newWorld(t)
	ada := w.runner(t, nil)
	good := content(t, file{Sessions: []run{at(0, 5000, 300)}})
	i, keys := w.announce(t, ada, good, good, []byte("x"))
	w.objects.Kept[keys[0]] = content(t, file{Sessions: []run{at(1, 5000, 200)}})
	w.objects.Kept[keys[1]] = make([]byte, activity.MaxFileBytes+1)
	delete(w.objects.Kept, keys[2]) // the event of an upload that is not there
	for _, key := range keys {
		w.ingest(t, key)
	}
	if got := verdicts(w.importOf(t, ada, i.ID)); got != "failed wrong_digest, failed too_many_bytes, pending" {
		t.Error(got)
	}
	if err := w.service.GiveUp(t.Context(), keys[2], now); err != nil {
		t.Fatal(err)
	}
	if got := verdicts(w.importOf(t, ada, i.ID)); got != "failed wrong_digest, failed too_many_bytes, failed internal_error" {
		t.Error(got)
	}
	if len(w.sessions(t, ada)) != 0 || len(w.objects.Keys(ada+"/")) != 0 {
		t.Errorf("objects %q", w.objects.Keys(ada+"/"))
	}
	for _, key := range []string{"", ada, ada + "/files/x", ada + "/streams/x.upload", "x/files/" + i.ID + "-00.upload", ada + "/files/" + i.ID + "-0.upload", strings.ToUpper(keys[0])} {
		if activity.IsUpload(key) {
			t.Errorf("%q is an upload", key)
		}
		w.ingest(t, key) // none of our business
	}
	// An upload that no import knows is removed.
	unknown := strings.Replace(keys[0], i.ID, "01a20e64-0000-7000-8000-000000000001", 1)
	_ = w.objects.Put(t.Context(), unknown, "", good)
	w.ingest(t, unknown)
	if len(w.objects.Keys(ada+"/")) != 0 || len(w.sessions(t, ada)) != 0 {
		t.Error("an upload without an import is kept")
	}
}

func TestSeveralSessionsInAFile(t *testing.T) {
	w := newWorld(t)
	ada := w.runner(t, nil)
	var many []run
	for n := range 30 {
		many = append(many, at(n, 1200, float64(300-n)))
	}
	i := w.bring(t, ada, content(t, file{Sessions: many}))
	all := w.sessions(t, ada)
	if len(all) != 30 || len(i.Files[0].Sessions) != 30 || len(i.Files[0].Receipts) != 30 {
		t.Fatalf("%d sessions, %+v", len(all), i.Files[0])
	}
	if diff := cmp.Diff(w.recomputed(t, ada), w.bests(t, ada).Standing); diff != "" {
		t.Error(diff)
	}
	for n, v := range all {
		if v.Receipt.Index != n || v.Receipt.Sessions != 30 {
			t.Errorf("session %d: %+v", n, v.Receipt)
		}
		if err := w.service.Delete(t.Context(), ada, v.ID, nil, now); err != nil {
			t.Fatal(err)
		}
		if left := len(w.objects.Keys(ada + "/")); n < 29 && left != 30-n {
			t.Errorf("%d objects after %d deletions", left, n+1)
		}
	}
	if keys := w.objects.Keys(ada + "/"); len(keys) != 0 {
		t.Errorf("left %q", keys)
	}
	if again := w.bring(t, ada, content(t, file{Sessions: many})); verdicts(again) != "imported" {
		t.Errorf("again: %s", verdicts(again))
	}
}

func TestTheSameRunOfAnotherFile(t *testing.T) {
	w := newWorld(t)
	ada := w.runner(t, nil)
	watch := at(0, 5000, 300)
	watch.Serial, watch.Created = 7, 1767250800
	w.bring(t, ada, content(t, file{Sessions: []run{watch}}))
	original := w.sessions(t, ada)[0].ID

	cut := watch // begins later, from the same watch
	cut.Pairs = cut.Pairs[10:]
	exported := at(0, 5010, 301) // without a device
	next := at(1, 5000, 300)     // a day later
	walked := at(0, 5000, 360)   // as far, but longer
	elsewhere := at(0, 9000, 300)
	elsewhere.Start += 30 // somebody else's, longer
	for _, tt := range []struct {
		run  run
		want []activity.Evidence
	}{
		{cut, []activity.Evidence{activity.SameDevice}},
		{exported, []activity.Evidence{activity.SameRun}},
		{next, nil},
		{elsewhere, nil},
		{walked, nil},
	} {
		i := w.bring(t, ada, content(t, file{Salt: "another", Sessions: []run{tt.run}}))
		if verdicts(i) != "imported" {
			t.Fatalf("dropped: %s", verdicts(i))
		}
		v, err := w.service.Get(t.Context(), ada, i.Files[0].Sessions[0], now)
		if err != nil {
			t.Fatal(err)
		}
		var got []activity.Evidence
		for _, l := range v.Receipt.Similar {
			if l.Session == original {
				got = append(got, l.Evidence)
			}
		}
		if !slices.Equal(got, tt.want) || !cmp.Equal(i.Files[0].Receipts[0].Similar, v.Receipt.Similar) {
			t.Errorf("%+v: %v, want %v", tt.run.Start, v.Receipt.Similar, tt.want)
		}
	}
}

func TestDirect(t *testing.T) {
	w := newWorld(t)
	ada := w.runner(t, nil)
	good := content(t, file{Sessions: []run{at(0, 5000, 300)}})
	added, err := w.service.Add(t.Context(), ada, `C:\runs\Morning.fit`, good, now)
	if err != nil || added.Duplicate || len(added.Sessions) != 1 || added.Sessions[0].Original.Name != "Morning.fit" {
		t.Fatalf("%+v, %v", added, err)
	}
	before := w.snapshot(t, ada)
	again, err := w.service.Add(t.Context(), ada, "", good, now)
	if err != nil || !again.Duplicate || again.Sessions[0].ID != added.Sessions[0].ID {
		t.Errorf("%+v, %v", again, err)
	}
	for name, bad := range map[string][]byte{
		"not_fit": []byte("junk"), "no_activity": content(t, file{}), "corrupt": content(t, file{Panic: true}), "bad_checksum": content(t, file{Bad: "bad_checksum"}),
	} {
		_, err := w.service.Add(t.Context(), ada, "", bad, now)
		f, ok := errors.AsType[*fault.Fault](err)
		if !ok || f.Slug != "bad_file" || string(f.Fields[0].Code) != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := w.service.Add(t.Context(), ada, "", make([]byte, activity.MaxDirectBytes+1), now); !errors.Is(err, fault.TooLarge) {
		t.Error(err)
	}
	if diff := cmp.Diff(before, w.snapshot(t, ada)); diff != "" {
		t.Errorf("side effects:\n%s", diff)
	}
}

// TestTheSameFileAtOnce: one file makes one session, however it comes and
// however often at the same time.
func TestTheSameFileAtOnce(t *testing.T) {
	w := newWorld(t)
	ada := w.runner(t, nil)
	good := content(t, file{Sessions: []run{at(0, 5000, 300), at(1, 5000, 290), at(2, 5000, 295)}})
	var all sync.WaitGroup
	imports := make([]*activity.Import, 5)
	for n := range imports {
		i, keys := w.announce(t, ada, good)
		imports[n] = i
		for range 2 {
			all.Go(func() {
				for w.service.Ingest(t.Context(), keys[0], now) != nil { // as the queue does
				}
			})
		}
	}
	for range 5 {
		all.Go(func() {
			for {
				added, err := w.service.Add(t.Context(), ada, "", good, now)
				if errors.Is(err, fault.Unavailable) {
					continue
				}
				if err != nil || len(added.Sessions) != 3 {
					t.Errorf("%+v, %v", added, err)
				}
				return
			}
		})
	}
	all.Wait()
	sessions := w.sessions(t, ada)
	if len(sessions) != 3 {
		t.Fatalf("%d sessions", len(sessions))
	}
	count := 0
	for _, i := range imports {
		if got := w.importOf(t, ada, i.ID).Files[0]; got.Verdict == activity.Imported {
			count++
		} else if got.Verdict != activity.Duplicate || len(got.Sessions) != 3 {
			t.Errorf("%+v", got)
		}
	}
	if keys := w.objects.Keys(ada + "/"); count > 1 || len(keys) != 4 {
		t.Errorf("%d imported it, objects %q", count, keys)
	}
	if diff := cmp.Diff(w.recomputed(t, ada), w.bests(t, ada).Standing); diff != "" {
		t.Error(diff)
	}
}

// TestKilledWhileIngesting: whenever an ingest ends, the next delivery of the
// event completes it, and what is kept is as if nothing had been.
func TestKilledWhileIngesting(t *testing.T) {
	w := newWorld(t)
	for name, f := range map[string][]byte{
		"good":      content(t, file{Sessions: []run{at(0, 5000, 300)}}),
		"several":   content(t, file{Sessions: []run{at(0, 1000, 300), at(1, 1000, 290)}}),
		"bad":       []byte("junk"),
		"settings":  content(t, file{}),
		"duplicate": content(t, file{Sessions: []run{at(9, 5000, 310)}}),
	} {
		t.Run(name, func(t *testing.T) {
			// prepare makes a runner who has something, and an upload to ingest.
			prepare := func(t *testing.T) (ada, id, key string, ids []string) {
				ada = w.runner(t, nil)
				i, keys := w.announce(t, ada, f)
				had := w.bring(t, ada, content(t, file{Sessions: []run{at(9, 5000, 310)}}))
				return ada, i.ID, keys[0], []string{i.ID, had.ID}
			}
			ada, id, key, ids := prepare(t)
			w.ingest(t, key)
			want := w.snapshot(t, ada, ids...)
			judged := verdicts(w.importOf(t, ada, id))
			calls := w.everyKill(t, func(s *activity.Service, arm func()) {
				bob, id, key, ids := prepare(t)
				arm()
				if err := s.Ingest(t.Context(), key, now); err != nil && !errors.Is(err, errKilled) {
					t.Fatal(err)
				}
				if diff := cmp.Diff(w.recomputed(t, bob), w.bests(t, bob).Standing); diff != "" {
					t.Errorf("bests after the kill:\n%s", diff)
				}
				w.ingest(t, key)
				if got := verdicts(w.importOf(t, bob, id)); got != judged {
					t.Errorf("%s, want %s", got, judged)
				}
				if diff := cmp.Diff(want, w.snapshot(t, bob, ids...)); diff != "" {
					t.Errorf("(-whole +resumed):\n%s", diff)
				}
			})
			if t.Logf("%s: %d calls", judged, calls); calls < 3 {
				t.Error("too few calls to have been killed at all")
			}
		})
	}
}

// TestKilledWhileAdding: a request that ends anywhere has made its session or
// not, and leaves no object for long.
func TestKilledWhileAdding(t *testing.T) {
	w := newWorld(t)
	good := content(t, file{Sessions: []run{at(0, 5000, 300)}})
	calls := w.everyKill(t, func(s *activity.Service, arm func()) {
		ada := w.runner(t, nil)
		arm()
		if _, err := s.Add(t.Context(), ada, "", good, now); err != nil && !errors.Is(err, errKilled) {
			t.Fatal(err)
		}
		if n := len(w.sessions(t, ada)); n > 0 && len(w.objects.Keys(ada+"/")) != 2*n {
			t.Errorf("%d sessions, objects %q", n, w.objects.Keys(ada+"/"))
		}
		if diff := cmp.Diff(w.recomputed(t, ada), w.bests(t, ada).Standing); diff != "" {
			t.Errorf("bests after the kill:\n%s", diff)
		}
		// Again, at once and much later, with another file.
		for n, f := range [][]byte{good, content(t, file{Sessions: []run{at(1, 5000, 300)}})} {
			if _, err := w.service.Add(t.Context(), ada, "", f, now.Add(time.Duration(n)*time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		if left := w.snapshot(t, ada); len(w.sessions(t, ada)) != 2 || len(w.objects.Keys(ada+"/")) != 4 || strings.Contains(left, "TRASH#") {
			t.Errorf("objects %q", w.objects.Keys(ada+"/"))
		}
	})
	if t.Logf("%d calls", calls); calls < 8 {
		t.Error("too few calls to have been killed at all")
	}
}

// TestSlowRequest: objects that were taken for trash are never referred to.
func TestSlowRequest(t *testing.T) {
	w := newWorld(t)
	ada := w.runner(t, nil)
	slow := &interrupted{Store: dynamo.Activities{Store: w.table.Store()}, before: func() {
		for _, key := range w.objects.Keys(ada + "/") { // somebody tidies up in between
			_ = w.objects.Delete(t.Context(), key)
			_ = dynamo.Activities{Store: w.table.Store()}.Emptied(t.Context(), ada, key)
		}
	}}
	s := activity.New(activity.Config{Store: slow, Objects: w.objects, Reader: reader{}, Log: slog.New(slog.DiscardHandler)})
	if _, err := s.Add(t.Context(), ada, "", content(t, file{Sessions: []run{at(0, 5000, 300)}}), now); !errors.Is(err, fault.Unavailable) {
		t.Error(err)
	}
	if n := len(w.sessions(t, ada)); n != 0 {
		t.Errorf("%d sessions without a file", n)
	}
}

// interrupted does something before each write.
type interrupted struct {
	activity.Store
	before func()
}

func (i *interrupted) Write(ctx context.Context, runner string, c activity.Change, now time.Time) error {
	i.before()
	return i.Store.Write(ctx, runner, c, now)
}

// TestAccountThatLeft: an upload that comes after its account has gone leaves
// nothing behind, and is done with.
func TestAccountThatLeft(t *testing.T) {
	w := newWorld(t)
	ada := w.runner(t, nil)
	good := content(t, file{Sessions: []run{at(0, 5000, 300)}})
	_, keys := w.announce(t, ada, good, content(t, file{Sessions: []run{at(1, 5000, 300)}}))
	w.ingest(t, keys[0])
	w.leave(t, ada)
	before := w.table.Dump(t)
	w.ingest(t, keys[1])
	if keys := w.objects.Keys(ada + "/"); len(keys) != 0 {
		t.Errorf("objects %q", keys)
	}
	denied := func(name string, err error) {
		if !errors.Is(err, fault.Denied) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := w.service.Add(t.Context(), ada, "", good, now)
	denied("add", err)
	_, _, err = w.service.NewImport(t.Context(), ada, []activity.NewFile{{Name: "x", Size: 1, SHA256: digest(nil)}}, "", now)
	denied("import", err)
	_, err = w.service.PersonalBests(t.Context(), ada, now)
	denied("bests", err)
	_, _, err = w.service.List(t.Context(), ada, activity.Range{Limit: 1}, now)
	denied("list", err)
	if diff := cmp.Diff(before, w.table.Dump(t)); diff != "" {
		t.Errorf("written:\n%s", diff)
	}
}

// TestManyUploads is a large import with everything that can go wrong between
// an upload and its event: half of the files are doubles, one in twenty is
// poison, events come one to three times, in any order, several at a time.
func TestManyUploads(t *testing.T) {
	w := newWorld(t)
	ada, bob := w.runner(t, nil), w.runner(t, nil)
	total := storetest.Size(60, 1000)
	random := rand.New(rand.NewPCG(1, 2))
	var files [][]byte
	good := total / 2
	for n := range good {
		files = append(files, content(t, file{Sessions: []run{at(n, float64(800+100*random.IntN(60)), float64(200+random.IntN(200)))}}))
	}
	for n := range total - good {
		files = append(files, files[n%good])
	}
	bad := total / 20
	for n := range bad {
		files = append(files, content(t, file{Panic: n%2 == 0, Bad: "corrupt", Salt: fmt.Sprint(n)}))
	}
	random.Shuffle(len(files), func(i, j int) { files[i], files[j] = files[j], files[i] })
	var events []string
	var imports []*activity.Import
	for batch := range slices.Chunk(files, activity.MaxFiles) {
		i, keys := w.announce(t, ada, batch...)
		imports = append(imports, i)
		for _, key := range keys {
			for range 1 + random.IntN(3) {
				events = append(events, key)
			}
		}
	}
	random.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
	queue := make(chan string)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for key := range queue {
				for w.service.Ingest(t.Context(), key, now) != nil {
				}
			}
		})
	}
	for _, key := range events {
		queue <- key
	}
	close(queue)
	all.Wait()

	count := map[activity.Verdict]int{}
	for _, i := range imports {
		for _, f := range w.importOf(t, ada, i.ID).Files {
			count[f.Verdict]++
		}
	}
	if count[activity.Imported] != good || count[activity.Duplicate] != total-good || count[activity.Failed] != bad {
		t.Errorf("%v", count)
	}
	sessions := w.sessions(t, ada)
	if len(sessions) != good || len(w.objects.Keys(ada+"/")) != 2*good {
		t.Fatalf("%d sessions, %d objects", len(sessions), len(w.objects.Keys(ada+"/")))
	}
	standing := w.bests(t, ada).Standing
	if diff := cmp.Diff(w.recomputed(t, ada), standing); diff != "" || len(standing) == 0 {
		t.Errorf("bests:\n%s", diff)
	}
	if len(w.sessions(t, bob)) != 0 || len(w.bests(t, bob).Standing) != 0 {
		t.Error("another runner sees them")
	}
}
