package metrics_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/api/metrics"
)

// call sends a body to a handler and returns the status and the answer.
func call(h api.Handler, body string) (int, []byte) {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	api.Edge{}.Serve(h).ServeHTTP(w, r)
	return w.Code, w.Body.Bytes()
}

// answer is the answer to a good request, read into a T.
func answer[T any](t *testing.T, h api.Handler, body string) T {
	t.Helper()
	status, data := call(h, body)
	if status != http.StatusOK {
		t.Fatalf("%s: %d %s", body, status, data)
	}
	var out T
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestHeartRateZones(t *testing.T) {
	const (
		hunt     = `"standard_error_bpm":10.8,`
		given    = `"standard_error_bpm":null,`
		noNotes  = `"warnings":[]}`
		shares   = `"method":"percent_of_maximum",`
		karvonen = `"method":"karvonen",`
		lthr     = `"method":"lactate_threshold",`
	)
	ends := func(e ...any) string {
		return fmt.Sprintf(`"zones":{"hr_zone_1_max":%d,"hr_zone_2_max":%d,"hr_zone_3_max":%d,"hr_zone_4_max":%d,"hr_zone_5_max":%d},`, e...)
	}
	for _, tt := range []struct{ name, body, want string }{
		{
			"age", `{"age":40}`,
			`{"max_heart_rate":185,` + ends(111, 130, 148, 167, 185) + `"age":40,` + hunt + shares + noNotes,
		},
		{
			"null is as absent", `{"age":40,"max_heart_rate":null,"resting_heart_rate":null,"lactate_threshold_heart_rate":null}`,
			`{"max_heart_rate":185,` + ends(111, 130, 148, 167, 185) + `"age":40,` + hunt + shares + noNotes,
		},
		{
			"resting", `{"max_heart_rate":185,"resting_heart_rate":50}`,
			`{"max_heart_rate":185,` + ends(131, 145, 158, 172, 185) + `"age":null,` + given + karvonen + noNotes,
		},
		{
			"threshold goes before resting", `{"age":40,"resting_heart_rate":50,"lactate_threshold_heart_rate":170}`,
			`{"max_heart_rate":185,` + ends(143, 151, 160, 168, 180) + `"age":40,` + hunt + lthr + noNotes,
		},
		{
			"maximum goes before age", `{"age":40,"max_heart_rate":190}`,
			`{"max_heart_rate":190,` + ends(114, 133, 152, 171, 190) + `"age":40,` + given + shares + noNotes,
		},
		{
			"a child", `{"age":10}`,
			`{"max_heart_rate":205,` + ends(123, 143, 164, 184, 205) + `"age":10,` + hunt + shares +
				`"warnings":[{"code":"outside_validated_ages","field":"age","message":"The formula was found with people of 18 to 90 years; at this age its error is unknown. A measured maximum is better."}]}`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			status, got := call(metrics.HeartRateZones, tt.body)
			if diff := cmp.Diff(tt.want, strings.TrimSpace(string(got))); status != http.StatusOK || diff != "" {
				t.Errorf("status %d (-want +got):\n%s", status, diff)
			}
		})
	}
}

// bests writes pairs of metres and times as a request.
func bests(pairs ...string) string {
	var items []string
	for i := 0; i < len(pairs); i += 2 {
		items = append(items, fmt.Sprintf(`{"distance_m":%s,"time":%q}`, pairs[i], pairs[i+1]))
	}
	return `{"personal_bests":[` + strings.Join(items, ",") + `]}`
}

// three are bests whose fit is published, with one too many and one too long.
var three = bests("956", "3:00", "1500", "5:00", "3399", "12:00", "1500", "5:10.5", "21097.5", "1:31:35")

func TestCriticalSpeed(t *testing.T) {
	status, got := call(metrics.CriticalSpeed, three)
	want := `{"critical_speed_m_per_s":4.52338,"critical_pace_s_per_km":221.1,"d_prime_m":142.313,"model":"linear_distance_time",` +
		`"quality":{"rating":"good","r_squared":0.9999998,"standard_error_of_estimate_m":0.864,"critical_speed_standard_error_m_per_s":0.00215,` +
		`"critical_speed_standard_error_percent":0.048,"critical_speed_ci95_m_per_s":[4.49601,4.55076],"d_prime_standard_error_m":0.996,` +
		`"d_prime_standard_error_percent":0.7,"d_prime_ci95_m":[129.663,154.964],"points_used":3},` +
		`"cross_checks":{"inverse_time":{"critical_speed_m_per_s":4.52544,"d_prime_m":141.627,"critical_speed_standard_error_m_per_s":0.00392,"d_prime_standard_error_m":1.025},` +
		`"hyperbolic":{"critical_speed_m_per_s":4.52246,"d_prime_m":142.846,"critical_speed_standard_error_m_per_s":0.00142,"d_prime_standard_error_m":0.935}},` +
		`"efforts":[{"distance_m":956,"time_s":180,"used":true,"reason":null,"message":null},` +
		`{"distance_m":1500,"time_s":300,"used":true,"reason":null,"message":null},` +
		`{"distance_m":3399,"time_s":720,"used":true,"reason":null,"message":null},` +
		`{"distance_m":1500,"time_s":310.5,"used":false,"reason":"slower_repeat","message":"There is an effort over the same distance that is as fast or faster."},` +
		`{"distance_m":21097.5,"time_s":5495,"used":false,"reason":"too_long","message":"It took more than 40 minutes: critical speed describes shorter efforts."}],` +
		`"warnings":[]}`
	if diff := cmp.Diff(want, strings.TrimSpace(string(got))); status != http.StatusOK || diff != "" {
		t.Errorf("status %d (-want +got):\n%s", status, diff)
	}
}

func TestCriticalSpeedOfTwo(t *testing.T) {
	got := answer[struct {
		Quality     map[string]any
		CrossChecks struct {
			InverseTime map[string]any `json:"inverse_time"`
		} `json:"cross_checks"`
		Warnings []map[string]string
	}](t, metrics.CriticalSpeed, bests("1500", "5:25", "5000", "20:00"))
	want := map[string]any{
		"rating": "unknown", "points_used": 2.0, "r_squared": nil, "standard_error_of_estimate_m": nil,
		"critical_speed_standard_error_m_per_s": nil, "critical_speed_standard_error_percent": nil, "critical_speed_ci95_m_per_s": nil,
		"d_prime_standard_error_m": nil, "d_prime_standard_error_percent": nil, "d_prime_ci95_m": nil,
	}
	if diff := cmp.Diff(want, got.Quality); diff != "" {
		t.Errorf("quality (-want +got):\n%s", diff)
	}
	if e, ok := got.CrossChecks.InverseTime["d_prime_standard_error_m"]; !ok || e != nil {
		t.Errorf("a cross-check of two efforts has the error %v, want null", e)
	}
	if len(got.Warnings) != 1 || got.Warnings[0]["code"] != "two_efforts" || got.Warnings[0]["field"] != "personal_bests" {
		t.Errorf("warnings %v, want two_efforts", got.Warnings)
	}
}

// performanceAnswer is what the tests read of the metrics.
type performanceAnswer struct {
	CriticalSpeed *struct {
		CriticalSpeedMPerS float64 `json:"critical_speed_m_per_s"`
	} `json:"critical_speed"`
	Reason *string `json:"critical_speed_unavailable_reason"`
	VDOT   struct {
		Best    float64
		Efforts []map[string]float64
	}
	TrainingPaces   map[string]map[string]float64 `json:"training_paces"`
	RacePredictions []struct {
		Name         string
		Model        string
		TimeS        float64    `json:"time_s"`
		RangeS       [2]float64 `json:"range_s"`
		Warnings     []map[string]string
		Alternatives []struct{ Model string }
	} `json:"race_predictions"`
	Warnings []map[string]string
}

func TestPerformance(t *testing.T) {
	got := answer[performanceAnswer](t, metrics.Performance, three)
	if got.CriticalSpeed == nil || got.CriticalSpeed.CriticalSpeedMPerS != 4.52338 || got.Reason != nil {
		t.Errorf("critical speed %+v, reason %v", got.CriticalSpeed, got.Reason)
	}
	if e := got.VDOT.Efforts; len(e) != 5 || e[4]["time_s"] != 5495 || e[4]["vdot"] != 49.96 || got.VDOT.Best != 55.82 {
		t.Errorf("vdot %+v: the half marathon is one of about 50, the best is that over 3399 m", got.VDOT)
	}
	if p := got.TrainingPaces["tempo"]; len(got.TrainingPaces) != 7 || p["slow_s_per_km"]-p["fast_s_per_km"] != 6 {
		t.Errorf("training paces %+v", got.TrainingPaces)
	}
	var names, models []string
	for _, p := range got.RacePredictions {
		names, models = append(names, p.Name), append(models, p.Model)
		if !(p.RangeS[0] <= p.TimeS && p.TimeS <= p.RangeS[1]) || p.Warnings == nil {
			t.Errorf("prediction %+v", p)
		}
	}
	if diff := cmp.Diff([]string{"400m", "1km", "mile", "5km", "10km", "half_marathon", "marathon"}, names); diff != "" {
		t.Errorf("predictions (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"vdot", "critical_speed", "critical_speed", "critical_speed", "vdot", "vdot", "vdot"}, models); diff != "" {
		t.Errorf("models (-want +got):\n%s", diff)
	}
	last := got.RacePredictions[6]
	if len(last.Alternatives) != 1 || last.Alternatives[0].Model != "riegel" || len(last.Warnings) != 2 || last.Warnings[1]["code"] != "marathon_uncertain" {
		t.Errorf("marathon %+v", last)
	}
}

func TestPerformanceWithoutCriticalSpeed(t *testing.T) {
	got := answer[performanceAnswer](t, metrics.Performance, bests("5000", "19:57"))
	if got.CriticalSpeed != nil || got.Reason == nil || !strings.Contains(*got.Reason, "at least 2") {
		t.Errorf("critical speed %+v, reason %v", got.CriticalSpeed, got.Reason)
	}
	if got.VDOT.Best < 49.9 || got.VDOT.Best > 50.1 {
		t.Errorf("vdot %v", got.VDOT.Best)
	}
}
