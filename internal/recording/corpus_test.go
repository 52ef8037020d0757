package recording_test

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/stride-run/stride/internal/race"
	"github.com/stride-run/stride/internal/recording"
	"github.com/stride-run/stride/internal/session"
)

// corpus is the folder of real files, which are not part of the project.
func corpus(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("STRIDE_TEST_FIT")
	if dir == "" {
		t.Skip("STRIDE_TEST_FIT is not set: real FIT files are NOT tested")
	}
	if _, err := os.Stat(filepath.Join(dir, "index.csv")); err != nil {
		t.Fatalf("STRIDE_TEST_FIT is set and wrong: %v", err)
	}
	return dir
}

// read reads one file of the corpus.
func read(t testing.TB, elements ...string) ([]session.Recording, recording.Verdict) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(elements...))
	if err != nil {
		t.Fatal(err)
	}
	return recording.Read(t.Context(), bytes.NewReader(b), recording.Limits{})
}

func TestCorpusIsAccepted(t *testing.T) {
	dir := corpus(t)
	f, err := os.Open(filepath.Join(dir, "index.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	name, records, category := slices.Index(rows[0], "file"), slices.Index(rows[0], "records"), slices.Index(rows[0], "category")
	for _, row := range rows[1:] {
		recordings, v := read(t, dir, "files", row[name])
		want, _ := strconv.Atoi(row[records])
		if !v.Accepted() || v.Records != want {
			t.Errorf("%s: %+v, want %d records", row[name], v, want)
		}
		if len(recordings) == 0 && row[category] != "non-activity" || slices.Contains(v.Flags, recording.TruncatedTail) {
			t.Errorf("%s (%s): %d sessions, %+v", row[name], row[category], len(recordings), v)
		}
		for _, r := range recordings {
			if s := session.Analyse(r); s.Moving > s.Timer || s.Timer > s.Elapsed {
				t.Errorf("%s: moving %v, timer %v, elapsed %v", row[name], s.Moving, s.Timer, s.Elapsed)
			}
		}
	}
	t.Logf("%d files", len(rows)-1)
}

// A referenced session is a running session as an independent program with a
// slow search sees it.
type referenced struct {
	Device struct {
		AverageHeartRate *float64 `json:"avg_hr"`
		Ascent           *float64 `json:"total_ascent_m"`
	} `json:"device_summary"`
	Records struct {
		Used             int      `json:"records"`
		Distance         *float64 `json:"distance_m"`
		AverageHeartRate *float64 `json:"avg_hr"`
		MaxHeartRate     *float64 `json:"max_hr"`
		Ascent           *float64 `json:"ascent_h2_m"`
	} `json:"from_records"`
	Laps    int
	Efforts map[string]*struct {
		Time float64 `json:"time_s"`
	} `json:"best_efforts"`
}

// distances by their names in the reference.
var distances = map[string]float64{"400m": 400, "1km": 1000, "1mile": 1609.344, "5km": 5000, "10km": 10000, "half": 21097.5}

func TestCorpusAgreesWithTheReference(t *testing.T) {
	dir := corpus(t)
	b, err := os.ReadFile(filepath.Join(dir, "reference.json"))
	if err != nil {
		t.Fatal(err)
	}
	var reference struct {
		Files map[string]struct{ Sessions []referenced }
	}
	if err := json.Unmarshal(b, &reference); err != nil {
		t.Fatal(err)
	}
	efforts, worst := 0, 0.0
	var climbs []float64
	for name, file := range reference.Files {
		recordings, _ := read(t, dir, "files", name)
		recordings = slices.DeleteFunc(recordings, func(r session.Recording) bool { return r.Sport != session.Running })
		if len(recordings) != len(file.Sessions) {
			t.Errorf("%s: %d runs, want %d", name, len(recordings), len(file.Sessions))
			continue
		}
		for i, want := range file.Sessions {
			r := recordings[i]
			s := session.Analyse(r)
			if r.Samples.Len() != want.Records.Used || len(r.Laps) != want.Laps {
				t.Errorf("%s: %d samples, %d laps, want %d and %d", name, r.Samples.Len(), len(r.Laps), want.Records.Used, want.Laps)
			}
			near(t, name+" distance", s.Distance.Metres(), want.Records.Distance, 0.01)
			near(t, name+" heart rate", s.HeartRate.Average, want.Records.AverageHeartRate, 0.01)
			near(t, name+" maximum", s.HeartRate.Max, want.Records.MaxHeartRate, 0)
			near(t, name+" ascent", s.Ascent.Metres(), want.Records.Ascent, 0.5)
			if device := want.Device.Ascent; device != nil && *device > 0 && want.Records.Ascent != nil {
				climbs = append(climbs, s.Ascent.Metres() / *device)
			}
			for key, effort := range want.Efforts {
				i := slices.IndexFunc(s.Efforts, func(e session.Effort) bool { return e.Distance.Metres() == distances[key] })
				if (i < 0) != (effort == nil) {
					t.Errorf("%s %s: there or not", name, key)
				}
				if i >= 0 && effort != nil {
					efforts++
					worst = max(worst, math.Abs(s.Efforts[i].Time.Seconds()-effort.Time))
					near(t, name+" "+key, s.Efforts[i].Time.Seconds(), &effort.Time, 0.05)
				}
			}
			if s.Spikes > 0 {
				t.Logf("%s: %d spikes; 400 m %v, as a candidate %v", name, s.Spikes, first(s.Efforts), first(s.Candidates))
			}
		}
	}
	slices.SortFunc(climbs, cmp.Compare[float64])
	middle := climbs[len(climbs)/2]
	near(t, "median of ascent to the device's", middle, new(1.0), 0.1)
	t.Logf("%d efforts, at most %.4f s off; median of ascent to the device's %.3f", efforts, worst, middle)
}

func first(efforts []session.Effort) race.Result {
	if len(efforts) == 0 {
		return race.Result{}
	}
	return efforts[0].Result
}

func near(t *testing.T, what string, got float64, want *float64, tolerance float64) {
	t.Helper()
	if want != nil && !(math.Abs(got-*want) <= tolerance) {
		t.Errorf("%s = %v, want %v ± %v", what, got, *want, tolerance)
	}
}

func TestCorpusOfMadeCases(t *testing.T) {
	dir := corpus(t)
	for _, tt := range []struct {
		file     string
		reason   recording.Reason
		flag     session.Flag
		sessions int
		records  int
	}{
		{"chained-15x-run.fit", "", recording.Chained, 1, 67320},
		{"truncated-50pct.fit", "", recording.TruncatedTail, 1, -1},
		{"truncated-minus2.fit", "", recording.TruncatedTail, 1, 1681},
		{"bitflip-mid.fit", recording.BadChecksum, "", 0, -1},
		{"bitflip-crc.fit", recording.BadChecksum, "", 0, -1},
		{"trailing-garbage.fit", "", recording.TrailingBytes, 1, 1681},
		{"header-only.fit", recording.Truncated, "", 0, 0},
		{"empty.fit", recording.Empty, "", 0, 0},
		{"not-fit.fit", recording.NotFIT, "", 0, 0},
		{"datasize-huge.fit", recording.BadHeader, "", 0, 0},
		{"valid-header-crc-zero.fit", "", "", 1, 1681},
		{"valid-header-12.fit", "", "", 1, 1681},
		{"garmin-export.zip", recording.NotFIT, "", 0, 0},
		{"zipslip.zip", recording.NotFIT, "", 0, 0},
		{"zipbomb-200MB.zip", recording.NotFIT, "", 0, 0},
		{"run.fit.gz", "", "", 1, 1681},
	} {
		recordings, v := read(t, dir, "synthetic", tt.file)
		if v.Reason != tt.reason || len(recordings) != tt.sessions || tt.records >= 0 && v.Records != tt.records ||
			tt.flag != "" && !slices.Contains(v.Flags, tt.flag) || tt.flag == "" && len(v.Flags) > 0 {
			t.Errorf("%s: %d sessions, %+v, want %+v", tt.file, len(recordings), v, tt)
		}
	}
}
