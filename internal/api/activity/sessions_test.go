package activity_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/activity"
	handlers "github.com/stride-run/stride/internal/api/activity"
	"github.com/stride-run/stride/internal/apitest"
	"github.com/stride-run/stride/internal/fittest"
	"github.com/stride-run/stride/internal/route"
	"github.com/stride-run/stride/internal/storetest"
)

const fit = "application/vnd.ant.fit"

// TestSession takes one file from its upload to its end.
func TestSession(t *testing.T) {
	w := newWorld(t)
	ada := w.runner(t)
	content := run(0, 5020, 300)
	added, a := w.upload(t, ada, content)
	at := "/api/sessions/" + added.ID
	if a.Header.Get("Location") != at || a.Header.Get("ETag") != `"1"` || added.Duplicate || len(added.SessionIDs) != 1 {
		t.Fatalf("%v %+v", a.Header, added)
	}
	s := apitest.Decode[handlers.Session](t, w.must(t, 200, ada, "GET", at, ""))
	if diff := cmp.Diff(added.Session, s); diff != "" {
		t.Errorf("(-posted +read):\n%s", diff)
	}
	want := handlers.Summary{
		DistanceM: 5020, ElapsedS: 1506, TimerS: 1506, MovingS: 1506, PaceSPerKm: 300, GradeAdjustedPaceSPerKm: s.Summary.GradeAdjustedPaceSPerKm,
		AverageHeartRateBPM: 150, MaxHeartRateBPM: 150, AverageCadencePerMin: 170, MaxCadencePerMin: 170,
		AscentM: s.Summary.AscentM, DescentM: s.Summary.DescentM,
	}
	if diff := cmp.Diff(want, s.Summary); diff != "" || s.Summary.AscentM < 30 || s.Summary.GradeAdjustedPaceSPerKm == 0 {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
	if s.Date != "2026-09-01" || !s.StartedAt.Equal(time.Date(2026, 9, 1, 6, 0, 0, 0, time.UTC)) || s.Sport != "running" || !s.CountsForBests ||
		len(s.Kilometres) != 6 || len(s.Miles) != 4 || len(s.Laps) != 1 || len(s.Efforts) != 4 || s.Samples != 303 ||
		s.Original != (handlers.Original{Name: "run.fit", Size: int64(len(content))}) || s.Device.Serial != 7 {
		t.Errorf("%+v", s)
	}
	if e := s.Efforts[3]; e.Name != "5km" || e.DistanceM != 5000 || e.TimeS < 1499.9 || e.TimeS > 1500.1 || e.CountingTimeS != e.TimeS {
		t.Errorf("%+v", e)
	}
	// A runner of 40 has a maximum of 185 by the formula: 150 is zone 4.
	if s.Zones == nil || len(s.Zones.Zones) != 6 || s.Zones.Zones[4] != (handlers.Zone{Zone: 4, ToBPM: 167, TimeS: 1506}) {
		t.Errorf("%+v", s.Zones)
	}
	if diff := cmp.Diff([]float64{400, 1000, 1609.344, 5000}, s.Receipt.BestsChangedM); diff != "" || s.Receipt.SHA256 != digest(content) {
		t.Errorf("receipt %+v:\n%s", s.Receipt, diff)
	}
	if diff := cmp.Diff([]string{"distance_m", "latitude_degrees", "longitude_degrees", "heart_rate_bpm", "cadence_per_min", "altitude_m"}, s.Streams); diff != "" {
		t.Errorf("streams (-want +got):\n%s", diff)
	}

	changed := apitest.Decode[handlers.Session](t, w.must(t, 200, ada, "PATCH", at, `{"name":"Morning","note":"windy\nand wet","counts_for_bests":false}`, "If-Match", `"1"`))
	if changed.Name != "Morning" || changed.Note != "windy\nand wet" || changed.CountsForBests {
		t.Errorf("%+v", changed.Item)
	}
	changed = apitest.Decode[handlers.Session](t, w.must(t, 200, ada, "PATCH", at, `{"name":null,"sport":"walking"}`, "If-Match", `"2"`))
	if changed.Name != "" || changed.Note == "" || changed.Sport != "walking" || changed.RecordedSport != "running" || len(changed.Efforts) != 0 {
		t.Errorf("%+v", changed)
	}

	original := w.must(t, 307, ada, "GET", at+"/original", "")
	if url := original.Header.Get("Location"); !strings.HasSuffix(url, "?name=run.fit") || original.Body != "" ||
		!bytes.Equal(w.objects.Kept[strings.TrimSuffix(storetest.KeyOf(url), "?name=run.fit")], content) {
		t.Errorf("%v %s", original.Header, original.Body)
	}
	w.refuses(t, 412, "stale", ada, "DELETE", at, "", "If-Match", `"1"`)
	w.must(t, 204, ada, "DELETE", at, "", "If-Match", `"3"`)
	w.refuses(t, 404, "not_found", ada, "GET", at, "")
	if left := w.objects.Keys(""); len(left) != 0 {
		t.Errorf("objects left: %q", left)
	}
	if again, _ := w.upload(t, ada, content); again.ID != added.ID || again.Name != "" || again.Sport != "running" {
		t.Errorf("again: %+v", again)
	}
}

// TestSameFile: the same file is one session, whoever is faster.
func TestSameFile(t *testing.T) {
	w := newWorld(t)
	ada := w.runner(t)
	content := string(run(0, 3000, 300))
	answers := make([]apitest.Answer, 8)
	var wait sync.WaitGroup
	for i := range answers {
		wait.Go(func() {
			answers[i] = w.ask(t, ada, "POST", fmt.Sprintf("/api/sessions?file_name=%d.fit", i), content, "Content-Type", fit)
		})
	}
	wait.Wait()
	ids, created := map[string]bool{}, 0
	for _, a := range answers {
		added := apitest.Decode[handlers.Added](t, a)
		ids[added.ID] = true
		if a.Status == 201 {
			created++
		}
		if a.Status != 201 && a.Status != 200 || added.Duplicate != (a.Status == 200) {
			t.Errorf("%d %.300s", a.Status, a.Body)
		}
	}
	list := apitest.Decode[handlers.List](t, w.must(t, 200, ada, "GET", "/api/sessions", ""))
	if len(ids) != 1 || created != 1 || len(list.Items) != 1 || len(w.objects.Keys("")) != 2 {
		t.Errorf("%d ids, %d times created, %d sessions, objects %q", len(ids), created, len(list.Items), w.objects.Keys(""))
	}
}

// TestFilesRefused: what cannot be read says why, and leaves nothing.
func TestFilesRefused(t *testing.T) {
	w := newWorld(t)
	ada := w.runner(t)
	good := run(0, 1000, 300)
	broken := bytes.Clone(good)
	broken[len(broken)/2] ^= 1
	header := bytes.Clone(good)
	header[12] ^= 1
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	if _, err := z.Write(make([]byte, 32<<20)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, media, content, faults string
	}{
		{"nothing", fit, "", " empty"},
		{"thirteen bytes", fit, string(good[:13]), " not_fit"},
		{"a page", fit, "%PDF-1.7 " + strings.Repeat("x", 100), " not_fit"},
		{"an archive", fit, "PK\x03\x04" + strings.Repeat("x", 100), " not_fit"},
		{"a changed byte", fit, string(broken), " bad_checksum"},
		{"a changed header", fit, string(header), " bad_header"},
		{"cut short", fit, string(good[:40]), " truncated"},
		{"settings", fit, string(fittest.Settings()), " no_activity"},
		{"a bomb", "application/gzip", bomb.String(), " "},
	} {
		a := w.refuses(t, 422, "bad_file", ada, "POST", "/api/sessions", tt.content, "Content-Type", tt.media)
		if !strings.HasPrefix(a.Faults(), tt.faults) {
			t.Errorf("%s: %q, want %q", tt.name, a.Faults(), tt.faults)
		}
	}
	for _, media := range []string{"application/json", "text/plain", "multipart/form-data; boundary=x", "", "application/octet-stream"} {
		w.refuses(t, 415, "unsupported_media_type", ada, "POST", "/api/sessions", string(good), "Content-Type", media)
	}
	w.refuses(t, 415, "unsupported_media_type", ada, "POST", "/api/sessions", string(good), "Content-Type", fit, "Content-Encoding", "gzip")
	large := strings.Repeat("x", activity.MaxDirectBytes)
	w.refuses(t, 413, "body_too_large", ada, "POST", "/api/sessions", large+"x", "Content-Type", fit)
	w.refuses(t, 422, "bad_file", ada, "POST", "/api/sessions", large, "Content-Type", fit)
	if a := w.refuses(t, 422, "validation", ada, "POST", "/api/sessions?name=x&file_name=a&file_name=b", string(good), "Content-Type", fit); a.Faults() != "file_name invalid_format, name unknown_field" {
		t.Error(a.Faults())
	}
}

// TestPackedFile: the file as many services hand it out.
func TestPackedFile(t *testing.T) {
	w := newWorld(t)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(run(0, 1000, 300)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	ada := w.runner(t)
	w.must(t, 201, ada, "POST", "/api/sessions", packed.String(), "Content-Type", "application/gzip")
	w.must(t, 200, ada, "POST", "/api/sessions", packed.String(), "Content-Type", fit)
}

// TestChangesRefused says all that is wrong at once, and changes nothing.
func TestChangesRefused(t *testing.T) {
	w := newWorld(t)
	ada := w.runner(t)
	added, _ := w.upload(t, ada, run(0, 1000, 300))
	at := "/api/sessions/" + added.ID
	for body, faults := range map[string]string{
		`{"name":1,"note":"\u0000","sport":"Running","counts_for_bests":"yes"}`: "/name wrong_type, /note invalid_format, /sport invalid_format, /counts_for_bests wrong_type",
		`{"name":"a\nb","sport":null,"counts_for_bests":null}`:                  "/name invalid_format, /sport required, /counts_for_bests required",
		`{"id":"x","started_at":"2026-01-01T00:00:00Z","Name":"x"}`:             "/id unknown_field, /started_at unknown_field, /Name unknown_field",
		`{"runner_id":"x","version":9,"summary":{}}`:                            "/runner_id unknown_field, /version unknown_field, /summary unknown_field",
		`{"name":"` + strings.Repeat("x", 101) + `"}`:                           "/name invalid_format",
		`[]`: " wrong_type",
	} {
		if a := w.refuses(t, 422, "validation", ada, "PATCH", at, body, "If-Match", `"1"`); a.Faults() != faults {
			t.Errorf("%s: %s, want %s", body, a.Faults(), faults)
		}
	}
	w.refuses(t, 428, "precondition_required", ada, "PATCH", at, `{"name":"x"}`)
	w.refuses(t, 428, "precondition_required", ada, "PATCH", at, `{"name":"x"}`, "If-Match", "*")
	w.refuses(t, 412, "stale", ada, "PATCH", at, `{"name":"x"}`, "If-Match", `"2"`)
	w.refuses(t, 412, "stale", ada, "PATCH", at, `{"name":"x"}`, "If-Match", `W/"1"`)
	w.refuses(t, 404, "not_found", ada, "PATCH", "/api/sessions/"+other, `{"name":"x"}`)
	w.refuses(t, 415, "unsupported_media_type", ada, "PATCH", at, `{}`, "Content-Type", "application/merge-patch+json")
}

// other is an id that nobody has.
const other = "01990000-0000-7000-8000-000000000042"

// TestOthersSessionsAreNotThere: what belongs to another runner answers as
// what never was, on every route, to the letter.
func TestOthersSessionsAreNotThere(t *testing.T) {
	w := newWorld(t)
	ada, bob := w.runner(t), w.runner(t)
	added, _ := w.upload(t, ada, run(0, 5000, 300))
	i := apitest.Decode[handlers.Import](t, w.must(t, 201, ada, "POST", "/api/imports", announce([]byte("x"))))
	entered := apitest.Decode[handlers.Entered](t, w.must(t, 201, ada, "POST", "/api/personal_bests", `{"distance_m":5000,"time":"19:57","date":"2026-10-01"}`))
	for _, r := range []struct{ method, before, id, behind, body string }{
		{"GET", "/api/sessions/", added.ID, "", ""},
		{"PATCH", "/api/sessions/", added.ID, "", `{"name":"x"}`},
		{"DELETE", "/api/sessions/", added.ID, "", ""},
		{"GET", "/api/sessions/", added.ID, "/streams", ""},
		{"GET", "/api/sessions/", added.ID, "/original", ""},
		{"GET", "/api/imports/", i.ID, "", ""},
		{"POST", "/api/imports/", i.ID, "/urls", ""},
		{"DELETE", "/api/personal_bests/", entered.Result.ID, "", ""},
	} {
		theirs := w.refuses(t, 404, "not_found", bob, r.method, r.before+r.id+r.behind, r.body, "If-Match", `"1"`)
		for _, id := range []string{other, strings.ToUpper(r.id), "x", "..%2f" + r.id, r.id + "%23EFFORT", "6ba7b810-9dad-41d1-80b4-00c04fd430c8", strings.Repeat("x", 300)} {
			nobodys := w.refuses(t, 404, "not_found", bob, r.method, r.before+id+r.behind, r.body, "If-Match", `"1"`)
			if nobodys.Body != theirs.Body {
				t.Errorf("%s %s…%s tells %s from an id that nobody has:\n%s\n%s", r.method, r.before, r.behind, id, theirs.Body, nobodys.Body)
			}
		}
	}
	if list := apitest.Decode[handlers.List](t, w.must(t, 200, bob, "GET", "/api/sessions", "")); len(list.Items) != 0 {
		t.Errorf("%+v", list)
	}
	mine, _ := w.upload(t, bob, run(0, 5000, 300)) // the same file is another's own
	if mine.Duplicate || len(mine.Receipt.Similar) != 0 {
		t.Errorf("%+v", mine)
	}
}

// TestPaging walks the list, and tries cursors that are not its own.
func TestPaging(t *testing.T) {
	w := newWorld(t)
	ada, bob := w.runner(t), w.runner(t)
	for day := range 5 {
		w.upload(t, ada, run(day, 1000+day, 300))
	}
	var seen []string
	target := "/api/sessions?limit=2"
	cursor := ""
	for page := 0; ; page++ {
		list := apitest.Decode[handlers.List](t, w.must(t, 200, ada, "GET", target+cursor, ""))
		for _, item := range list.Items {
			seen = append(seen, item.Date)
		}
		if list.NextCursor == "" || page > 5 {
			break
		}
		if page == 0 {
			w.refuses(t, 400, "invalid_cursor", bob, "GET", target+"&cursor="+list.NextCursor, "")
			w.refuses(t, 400, "invalid_cursor", ada, "GET", target+"&cursor="+list.NextCursor[:len(list.NextCursor)-2]+"AA", "")
		}
		cursor = "&cursor=" + list.NextCursor
	}
	if diff := cmp.Diff([]string{"2026-09-05", "2026-09-04", "2026-09-03", "2026-09-02", "2026-09-01"}, seen); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	list := apitest.Decode[handlers.List](t, w.must(t, 200, ada, "GET", "/api/sessions?from=2026-09-02&to=2026-09-03", ""))
	if len(list.Items) != 2 || list.Items[0].Date != "2026-09-03" {
		t.Errorf("%+v", list.Items)
	}
	for query, faults := range map[string]string{
		"limit=0&from=x&to=2026-02-30&page=2": "from invalid_format, limit out_of_range, page unknown_field, to invalid_format",
		"limit=101":                           "limit out_of_range",
		"limit=abc":                           "limit wrong_type",
		"from=2026-09-03&to=2026-09-02":       "to out_of_range",
	} {
		if a := w.refuses(t, 422, "validation", ada, "GET", "/api/sessions?"+query, ""); a.Faults() != faults {
			t.Errorf("%s: %s, want %s", query, a.Faults(), faults)
		}
	}
}

// TestStreams: rows are as many as asked for, and equally long.
func TestStreams(t *testing.T) {
	w := newWorld(t)
	ada := w.runner(t)
	added, _ := w.upload(t, ada, run(0, 5020, 300))
	at := "/api/sessions/" + added.ID + "/streams"
	type streams struct {
		Streams map[string]struct {
			ElapsedS  []float64  `json:"elapsed_s"`
			DistanceM []*float64 `json:"distance_m"`
			Values    []float64  `json:"values"`
		} `json:"streams"`
	}
	for query, most := range map[string]int{"": 1000, "?points=50": 50, "?points=10000": 10000} {
		got := apitest.Decode[streams](t, w.must(t, 200, ada, "GET", at+query, ""))
		if len(got.Streams) != len(added.Streams) {
			t.Errorf("%d streams, the session names %q", len(got.Streams), added.Streams)
		}
		for _, name := range added.Streams {
			s := got.Streams[name]
			n := len(s.Values)
			if n == 0 || n > most || len(s.ElapsedS) != n || len(s.DistanceM) != n {
				t.Errorf("%s%s has %d, %d and %d rows", name, query, n, len(s.ElapsedS), len(s.DistanceM))
			}
		}
		altitude := got.Streams["altitude_m"]
		if first := altitude.Values[0]; first != 100 || altitude.ElapsedS[0] != 0 || *altitude.DistanceM[0] != 0 {
			t.Errorf("altitude starts at %v", first)
		}
	}
	for _, query := range []string{"points=9", "points=10001", "points=1e3", "points="} {
		w.refuses(t, 422, "validation", ada, "GET", at+"?"+query, "")
	}
}

// TestRowsWithoutDistance: a missing number is null, and a missing row is not
// there.
func TestRowsWithoutDistance(t *testing.T) {
	out, err := json.Marshal(handlers.NewStream("speed", []float64{0, 1.00049}, nil, []float64{2.12345, 3}))
	if err != nil || string(out) != `{"elapsed_s":[0,1],"values":[2.123,3]}` {
		t.Errorf("%s %v", out, err)
	}
	var nothing float64
	out, err = json.Marshal(handlers.NewStream("power", []float64{0, 1}, []float64{0, 0 / nothing}, []float64{200, 201}))
	if err != nil || string(out) != `{"elapsed_s":[0,1],"distance_m":[0,null],"values":[200,201]}` {
		t.Errorf("%s %v", out, err)
	}
}

// TestNobody: without the gateway's word nothing is answered.
func TestNobody(t *testing.T) {
	w := newWorld(t)
	for _, r := range route.Routes {
		switch r.Function {
		case "imports", "sessions", "personal_bests":
			path := strings.NewReplacer("{session_id}", other, "{import_id}", other, "{result_id}", other).Replace(r.Path)
			for _, subject := range []string{"", "x", "RUNNER#1"} {
				if a := w.refuses(t, http.StatusUnauthorized, "invalid_token", subject, r.Method, path, "{}"); a.Header.Get("WWW-Authenticate") == "" {
					t.Errorf("%s: no challenge", r.Key())
				}
			}
		}
	}
}
