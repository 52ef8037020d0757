package deployed

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// rounds is how often an operation is timed; the median counts.
const rounds = 21

// TestDurations times the real programs, one warm call after the other, and
// writes what `make cost` counts with: milliseconds of the function's own, by
// the names that docs/table.md has for requests. The stores' share is taken
// out: in the cloud they answer at their own pace.
func TestDurations(t *testing.T) {
	file := os.Getenv("STRIDE_TEST_DURATIONS")
	if file == "" {
		t.Skip("SKIPPED: make durations measures and writes them")
	}
	c := newCloud(t)
	c.invoke("keyrotate", nil)
	c.settings["STRIDE_ORIGIN_SECRET"] = c.secret().OriginSecret
	took := map[string]float64{}
	// clean is what a round leaves to undo; nil: nothing.
	measure := func(name string, round func(i int), clean func()) {
		var all []float64
		for i := range rounds + 1 {
			c.caller = fmt.Sprintf("198.51.100.%d", i) // limits count by address
			round(i)
			if i > 0 { // the first finds a cold process
				all = append(all, c.own.Seconds()*1000)
			}
			if clean != nil {
				clean()
			}
		}
		slices.Sort(all)
		took[name] = float64(int(all[len(all)/2]*100)) / 100
	}
	credentials := `{"email": "a@stride.example", "password": "` + password + `"}`
	measure("Register", func(i int) {
		c.do("POST", "/api/register", "", strings.Replace(credentials, "a@", fmt.Sprintf("r%d@", i), 1), 201)
	}, nil)
	c.do("POST", "/api/register", "", credentials, 201)
	var in map[string]any
	measure("Sign in", func(int) { in = c.do("POST", "/api/login", "", credentials, 200) }, nil)
	measure("Refresh", func(int) {
		in = c.do("POST", "/api/refresh", "", `{"refresh_token": "`+in["refresh_token"].(string)+`"}`, 200)
	}, nil)
	bearer := in["access_token"].(string)
	const question = `{"weeks": 18, "runs_per_week": 5, "target_time": "4:00:00", "first_long_run": 12, "long_run_day": "sunday", "race_date": "2027-04-25"}`
	measure("Generate a plan", func(int) { c.do("POST", "/api/generate", "", question, 200) }, nil)
	at := ""
	measure("Save a plan of 18 weeks × 5 runs", func(int) {
		at = "/api/plans/" + c.do("POST", "/api/plans", bearer, question, 201)["id"].(string)
	}, func() { c.do("DELETE", at, bearer, "", 204) })
	at = "/api/plans/" + c.do("POST", "/api/plans", bearer, question, 201)["id"].(string)
	measure("Read a plan of 18 × 5", func(int) { c.do("GET", at, bearer, "", 200) }, nil)
	measure("Calendar of 18 weeks, one active plan", func(int) { c.do("GET", "/api/workouts?from=2026-12-21&to=2027-04-25", bearer, "", 200) }, nil)
	measure("Mark a workout done, with a note", func(i int) {
		c.do("PATCH", at+"/workouts/w03-2", bearer, fmt.Sprintf(`{"status": "done", "note": "round %d"}`, i), 200)
	}, nil)
	measure("List 10 plans", func(int) { c.do("GET", "/api/plans", bearer, "", 200) }, nil)

	document, err := json.MarshalIndent(took, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, append(document, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}
