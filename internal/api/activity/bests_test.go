package activity_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	handlers "github.com/stride-run/stride/internal/api/activity"
	"github.com/stride-run/stride/internal/apitest"
)

// standing are bests as "name time date".
func standing(b handlers.Bests) string {
	var all []string
	for _, i := range b.Items {
		all = append(all, fmt.Sprintf("%s %.0f %s", i.Name, i.TimeS, i.Date))
	}
	return strings.Join(all, ", ")
}

// TestBests: bests follow what comes and goes, and so does critical speed.
func TestBests(t *testing.T) {
	w := newWorld(t)
	ada := w.runner(t)
	get := func() handlers.Bests {
		t.Helper()
		return apitest.Decode[handlers.Bests](t, w.must(t, 200, ada, "GET", "/api/personal_bests", ""))
	}
	if b := get(); len(b.Items) != 0 || b.CriticalSpeed != nil || b.Unavailable == "" || b.Results == nil {
		t.Errorf("%+v", b)
	}
	slow, _ := w.upload(t, ada, run(0, 5020, 300))
	fast, _ := w.upload(t, ada, run(5, 1020, 240))
	b := get()
	if got := standing(b); got != "400m 96 2026-09-06, 1km 240 2026-09-06, mile 483 2026-09-01, 5km 1500 2026-09-01" {
		t.Error(got)
	}
	if b.CriticalSpeed == nil || b.Unavailable != "" || b.CriticalSpeed.Quality.PointsUsed != 3 {
		t.Errorf("%+v %s", b.CriticalSpeed, b.Unavailable)
	}
	if km := b.Items[1]; km.SessionID != fast.ID || km.ResultID != "" || km.Previous == nil || km.Previous.SessionID != slow.ID || km.PaceSPerKm != 240 {
		t.Errorf("%+v", km)
	}

	// Excluded and brought back, it is as it was.
	w.must(t, 200, ada, "PATCH", "/api/sessions/"+fast.ID, `{"counts_for_bests":false}`, "If-Match", `"1"`)
	if got := standing(get()); got != "400m 120 2026-09-01, 1km 300 2026-09-01, mile 483 2026-09-01, 5km 1500 2026-09-01" {
		t.Error(got)
	}
	w.must(t, 200, ada, "PATCH", "/api/sessions/"+fast.ID, `{"counts_for_bests":true}`, "If-Match", `"2"`)
	if diff := cmp.Diff(b, get()); diff != "" {
		t.Errorf("brought back (-before +after):\n%s", diff)
	}

	entered := apitest.Decode[handlers.Entered](t, w.must(t, 201, ada, "POST", "/api/personal_bests", `{"distance_m":5000,"time":"19:57.3","date":"2026-09-03","name":"Holmenkollstafetten"}`))
	if r := entered.Result; r.TimeS != 1197.3 || r.DistanceName != "5km" || r.Date != "2026-09-03" || r.Name != "Holmenkollstafetten" {
		t.Errorf("%+v", r)
	}
	after := get()
	if diff := cmp.Diff(entered.PersonalBests, after); diff != "" {
		t.Errorf("(-entered +read):\n%s", diff)
	}
	if five := after.Items[3]; five.ResultID != entered.Result.ID || five.SessionID != "" || five.Previous.SessionID != slow.ID || len(after.Results) != 1 {
		t.Errorf("%+v", five)
	}
	again := apitest.Decode[handlers.Entered](t, w.must(t, 201, ada, "POST", "/api/personal_bests", `{"distance_m":5000,"time":"19:57.3","date":"2026-09-03","name":"Holmenkollstafetten"}`))
	if again.Result != entered.Result || len(again.PersonalBests.Results) != 1 {
		t.Errorf("%+v", again.Result)
	}
	w.must(t, 204, ada, "DELETE", "/api/personal_bests/"+entered.Result.ID, "")
	if diff := cmp.Diff(b, get()); diff != "" {
		t.Errorf("without the result (-before +after):\n%s", diff)
	}
	w.must(t, 204, ada, "DELETE", "/api/sessions/"+slow.ID, "")
	if got := standing(get()); got != "400m 96 2026-09-06, 1km 240 2026-09-06" {
		t.Error(got)
	}
}

// TestResultsRefused says all that is wrong at once.
func TestResultsRefused(t *testing.T) {
	w := newWorld(t)
	ada := w.runner(t)
	for body, faults := range map[string]string{
		`{}`: "/distance_m required, /time required, /date required",
		`{"distance_m":"5000","time":"19","date":"2026-02-30","name":"a\nb","session_id":"x"}`: "/distance_m wrong_type, /time invalid_format, /date invalid_format, /name invalid_format, /session_id unknown_field",
		`{"distance_m":5001,"time":"19:57","date":"1949-12-31"}`:                               "/distance_m out_of_range, /date out_of_range",
		`{"distance_m":5000,"time":"11:00","date":"2026-11-26"}`:                               "/time out_of_range, /date out_of_range",
		`{"distance_m":5001,"time":"x","date":"2026-11-24"}`:                                   "/time invalid_format, /distance_m out_of_range",
		`{"distance_m":400,"time":"99:00","date":"2026-11-24"}`:                                "/time out_of_range",
		`{"distance_m":1e400,"time":"19:57","date":"2026-11-24"}`:                              "/distance_m out_of_range",
	} {
		if a := w.refuses(t, 422, "validation", ada, "POST", "/api/personal_bests", body); a.Faults() != faults {
			t.Errorf("%s: %s, want %s", body, a.Faults(), faults)
		}
	}
	w.refuses(t, 404, "not_found", ada, "DELETE", "/api/personal_bests/"+other, "")
}
