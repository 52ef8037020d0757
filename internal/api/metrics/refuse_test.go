package metrics_test

import (
	"bytes"
	"encoding/json"
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/api/metrics"
)

// faults lists what a problem says: "/age required".
func faults(t *testing.T, data []byte) []string {
	t.Helper()
	var p api.Problem
	if err := json.Unmarshal(data, &p); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range p.Errors {
		if e.Pointer == nil || e.Message == "" {
			t.Fatalf("no pointer or no message: %s", data)
		}
		all = append(all, *e.Pointer+" "+string(e.Code))
	}
	return all
}

func TestRefusals(t *testing.T) {
	many := func(n int) string {
		return bests(strings.Split(strings.Repeat("1500 5:24 ", n), " ")[:2*n]...)
	}
	for _, tt := range []struct {
		name    string
		handler api.Handler
		body    string
		want    []string
	}{
		{"nothing known", metrics.HeartRateZones, `{}`, []string{"/age required"}},
		{"age 0", metrics.HeartRateZones, `{"age":0}`, []string{"/age out_of_range"}},
		{"age 121", metrics.HeartRateZones, `{"age":121}`, []string{"/age out_of_range"}},
		{"half a year", metrics.HeartRateZones, `{"age":35.5}`, []string{"/age wrong_type"}},
		{"age as text", metrics.HeartRateZones, `{"age":"35"}`, []string{"/age wrong_type"}},
		{"other case", metrics.HeartRateZones, `{"Age":35}`, []string{"/Age unknown_field", "/age required"}},
		{
			"all at once", metrics.HeartRateZones, `{"age":121,"resting_heart_rate":300,"max_heart_rate":"high","sex":"f"}`,
			[]string{"/max_heart_rate wrong_type", "/sex unknown_field", "/age out_of_range", "/resting_heart_rate out_of_range"},
		},
		{
			"above the maximum", metrics.HeartRateZones, `{"max_heart_rate":180,"lactate_threshold_heart_rate":185}`,
			[]string{"/lactate_threshold_heart_rate inconsistent_heart_rates", "/max_heart_rate inconsistent_heart_rates"},
		},
		{"no bests", metrics.CriticalSpeed, `{}`, []string{"/personal_bests required"}},
		{"empty list", metrics.CriticalSpeed, `{"personal_bests":[]}`, []string{"/personal_bests out_of_range"}},
		{"a list of another kind", metrics.CriticalSpeed, `{"personal_bests":[1,"5:24"]}`, []string{"/personal_bests/0 wrong_type", "/personal_bests/1 wrong_type"}},
		{"50 bests", metrics.CriticalSpeed, many(50), []string{"/personal_bests not_enough_efforts"}},
		{"51 bests", metrics.CriticalSpeed, many(51), []string{"/personal_bests out_of_range"}},
		{"51 bests", metrics.Performance, many(51), []string{"/personal_bests out_of_range"}},
		{"one best", metrics.CriticalSpeed, bests("1500", "5:24"), []string{"/personal_bests not_enough_efforts"}},
		{"endless", metrics.Performance, bests("1e400", "5:24"), []string{"/personal_bests/0/distance_m out_of_range"}},
		{"below zero", metrics.Performance, bests("-1500", "5:24"), []string{"/personal_bests/0/distance_m out_of_range"}},
		{"no time at all", metrics.Performance, bests("1500", "0:00"), []string{"/personal_bests/0/time out_of_range"}},
		{
			"faster than anybody", metrics.Performance, bests("1500", "1:00"),
			[]string{"/personal_bests/0/distance_m implausible_pace", "/personal_bests/0/time implausible_pace"},
		},
		{
			"speed rises", metrics.CriticalSpeed, bests("1500", "6:00", "3000", "10:00"),
			[]string{"/personal_bests/0/time speed_does_not_fall", "/personal_bests/1/time speed_does_not_fall"},
		},
		{
			"every item wrong in its way", metrics.Performance,
			`{"personal_bests":[{"distance_m":1500,"time":"5:24"},{"distance_m":"5 km","time":"20:00"},{"distance_m":5000,"time":"20 minutes"},{"time":1200,"note":"windy"},null,{"distance_m":50,"time":"0:06"}]}`,
			[]string{
				"/personal_bests/4 wrong_type", "/personal_bests/1/distance_m wrong_type", "/personal_bests/2/time invalid_format",
				"/personal_bests/3/distance_m required", "/personal_bests/3/time wrong_type", "/personal_bests/3/note unknown_field", "/personal_bests/5/distance_m out_of_range",
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			status, data := call(tt.handler, tt.body)
			if diff := cmp.Diff(tt.want, faults(t, data)); status != http.StatusUnprocessableEntity || diff != "" {
				t.Errorf("status %d (-want +got):\n%s", status, diff)
			}
		})
	}
}

// TestTooManySaysHowMany: a list that is too long is not read, and the answer
// must not claim that it is empty.
func TestTooManySaysHowMany(t *testing.T) {
	_, data := call(metrics.CriticalSpeed, `{"personal_bests":[`+strings.Repeat("0,", 50)+`0]}`)
	if !bytes.Contains(data, []byte("at most 50")) || bytes.Contains(data, []byte("these are 0")) {
		t.Errorf("%s", data)
	}
}

// check calls a handler with any body: no failure of ours, every number
// finite (JSON cannot say otherwise), and the same answer every time.
func check(t *testing.T, h api.Handler, body string) {
	t.Helper()
	status, first := call(h, body)
	if status >= 500 || !json.Valid(first) {
		t.Fatalf("%d %s\nfor %s", status, first, body)
	}
	if status != http.StatusOK {
		return
	}
	if _, second := call(h, body); !bytes.Equal(first, second) {
		t.Fatalf("two answers to %s:\n%s\n%s", body, first, second)
	}
	var answer any
	if err := json.Unmarshal(first, &answer); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(first, []byte("-0,")) || largest(answer) > 1e12 {
		t.Fatalf("a number that means nothing in %s\nfor %s", first, body)
	}
}

func largest(v any) float64 {
	most := 0.0
	switch v := v.(type) {
	case float64:
		return math.Abs(v)
	case []any:
		for _, item := range v {
			most = max(most, largest(item))
		}
	case map[string]any:
		for _, member := range v {
			most = max(most, largest(member))
		}
	}
	return most
}

func fuzz(f *testing.F, h api.Handler, seeds ...string) {
	f.Helper()
	for _, seed := range append(seeds, ``, `{}`, `[]`, `null`, `{"personal_bests":null}`, `{"age":1e400}`) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) { check(t, h, body) })
}

func FuzzHeartRateZones(f *testing.F) {
	fuzz(f, metrics.HeartRateZones, `{"age":40}`, `{"max_heart_rate":185,"resting_heart_rate":50}`, `{"age":40,"lactate_threshold_heart_rate":170}`)
}

func FuzzCriticalSpeed(f *testing.F) {
	fuzz(f, metrics.CriticalSpeed, three, bests("1500", "5:25", "5000", "20:00"), bests("100", "2:00", "100.0000001", "2:00.001"), bests("1500", "6:00", "3000", "10:00"))
}

func FuzzPerformance(f *testing.F) {
	fuzz(f, metrics.Performance, three, bests("5000", "19:57"), bests("100", "0:08"), bests("1000000", "99:00:00"), bests("100", "3:00"))
}
