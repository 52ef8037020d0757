package runner_test

import (
	"archive/zip"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // a machine may have none

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/runner"
	"github.com/stride-run/stride/internal/unit"
)

var today = calendar.Of(2026, time.November, 24)

func day(month time.Month, n int) calendar.Date { return calendar.Of(2026, month, n) }

func TestCheck(t *testing.T) {
	in := runner.Profile{
		FirstName: "Zoë", LastName: "O’Neil <b>", BirthYear: 1988, Sex: runner.Female, TimeZone: "America/Argentina/Buenos_Aires",
		HeartRates: []runner.HeartRates{
			{ValidFrom: day(time.June, 1), Resting: 48},
			{ValidFrom: day(time.January, 1), Resting: 52, Max: 186, Threshold: 170},
		},
	}
	got, err := in.Check(today)
	if err != nil {
		t.Fatal(err)
	}
	want := in
	want.Unit = unit.Km
	want.HeartRates = []runner.HeartRates{in.HeartRates[1], in.HeartRates[0]}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(calendar.Date{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if in.HeartRates[0].Resting != 48 {
		t.Error("Check changed its argument")
	}
	if _, err := (runner.Profile{}).Check(today); err != nil {
		t.Errorf("a profile that says nothing: %v", err)
	}
}

func TestCheckRefuses(t *testing.T) {
	rates := func(all ...runner.HeartRates) runner.Profile { return runner.Profile{HeartRates: all} }
	for _, tt := range []struct {
		name string
		in   runner.Profile
		want []string // pointers
	}{
		{
			"everything at once",
			runner.Profile{
				FirstName: "a\nb", LastName: strings.Repeat("x", 101), BirthYear: 1899, Sex: "x", TimeZone: "Europe/../Berlin", Unit: "yd",
				HeartRates: []runner.HeartRates{{}},
			},
			[]string{"/first_name", "/last_name", "/birth_year", "/sex", "/time_zone", "/unit", "/heart_rates/0/valid_from", "/heart_rates/0"},
		},
		{"too young", runner.Profile{BirthYear: 2014}, []string{"/birth_year"}},
		{"bidi override", runner.Profile{FirstName: "a\u202eb"}, []string{"/first_name"}},
		{"NUL", runner.Profile{FirstName: "\x00"}, []string{"/first_name"}},
		{"10 KB", runner.Profile{FirstName: strings.Repeat("x", 10<<10)}, []string{"/first_name"}},
		{"to come", rates(runner.HeartRates{ValidFrom: day(time.December, 1), Max: 180}), []string{"/heart_rates/0/valid_from"}},
		{
			"same day",
			rates(runner.HeartRates{ValidFrom: today, Max: 180}, runner.HeartRates{ValidFrom: today, Max: 181}),
			[]string{"/heart_rates/1/valid_from"},
		},
		{
			"out of range",
			rates(runner.HeartRates{ValidFrom: today, Resting: 19, Max: 251, Threshold: -1}),
			[]string{"/heart_rates/0/resting_heart_rate_bpm", "/heart_rates/0/max_heart_rate_bpm", "/heart_rates/0/threshold_heart_rate_bpm"},
		},
		{"resting above maximum", rates(runner.HeartRates{ValidFrom: today, Resting: 180, Max: 170}), []string{"/heart_rates/0"}},
		{
			"above an earlier maximum",
			rates(runner.HeartRates{ValidFrom: day(time.May, 1), Max: 170}, runner.HeartRates{ValidFrom: today, Threshold: 171}),
			[]string{"/heart_rates/1"},
		},
		{"too many", rates(make([]runner.HeartRates, 51)...), []string{"/heart_rates"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := tt.in.Check(today)
			f, ok := errors.AsType[*fault.Fault](err)
			if !ok {
				t.Fatalf("error %v", err)
			}
			var got []string
			for _, field := range f.Fields {
				got = append(got, field.Pointer)
			}
			if diff := cmp.Diff(tt.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("pointers (-want +got):\n%s", diff)
			}
		})
	}
}

func TestHeartRatesOn(t *testing.T) {
	all := []runner.HeartRates{
		{ValidFrom: day(time.June, 1), Resting: 48},
		{ValidFrom: day(time.January, 1), Resting: 52, Max: 186},
	}
	for _, tt := range []struct {
		on   calendar.Date
		want runner.HeartRates
	}{
		{calendar.Of(2025, time.December, 31), runner.HeartRates{}},
		{day(time.January, 1), runner.HeartRates{ValidFrom: day(time.January, 1), Resting: 52, Max: 186}},
		{day(time.May, 31), runner.HeartRates{ValidFrom: day(time.January, 1), Resting: 52, Max: 186}},
		{day(time.July, 1), runner.HeartRates{ValidFrom: day(time.June, 1), Resting: 48, Max: 186}},
	} {
		if got := runner.HeartRatesOn(all, tt.on); got != tt.want {
			t.Errorf("HeartRatesOn(%v) = %+v, want %+v", tt.on, got, tt.want)
		}
	}
}

var update = flag.Bool("update", false, "write the names of time zones anew, from Go's tables")

// TestZones: each name can be used, and none that this Go knows is missing.
func TestZones(t *testing.T) {
	if *update {
		if err := os.WriteFile("zones.txt", []byte(strings.Join(goZones(t), "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	listed, err := os.ReadFile("zones.txt")
	if err != nil {
		t.Fatal(err)
	}
	names := strings.Split(strings.TrimSuffix(string(listed), "\n"), "\n")
	if len(names) < 590 || !slices.IsSorted(names) {
		t.Errorf("%d names, or not in order", len(names))
	}
	for _, name := range names {
		if _, err := time.LoadLocation(name); err != nil || !runner.IsTimeZone(name) {
			t.Errorf("%q is no zone: %v", name, err)
		}
	}
	if !strings.HasPrefix(runtime.Version(), "go1.26") {
		t.Skip("the list is that of another Go")
	}
	for _, name := range goZones(t) {
		if !runner.IsTimeZone(name) {
			t.Errorf("%s is missing; -update writes the list anew", name)
		}
	}
}

// goZones lists the zones that come with Go's sources. Factory is what a clock
// is set to that nobody has set.
func goZones(t *testing.T) []string {
	t.Helper()
	root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	if err != nil {
		t.Skip("there is no Go here, and so no table of its")
	}
	archive, err := zip.OpenReader(filepath.Join(strings.TrimSpace(string(root)), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = archive.Close() }()
	var names []string
	for _, f := range archive.File {
		if !strings.HasSuffix(f.Name, "/") && f.Name != "Factory" {
			names = append(names, f.Name)
		}
	}
	slices.Sort(names)
	return names
}

func TestIsTimeZone(t *testing.T) {
	for in, want := range map[string]bool{
		"": true, "UTC": true, "Europe/Berlin": true, "Etc/GMT+5": true, "America/Argentina/Buenos_Aires": true, "America/Port-au-Prince": true,
		"/": false, "Europe/": false, "/Europe": false, "Europe//Berlin": false, "../etc/passwd": false, "Europe/../x": false,
		"+02:00": false, "Europe Berlin": false, "Europe/Berlin\n": false, "Zürich": false, strings.Repeat("a", 65): false,
		"Mars/X": false, "Local": false, "Factory": false, "europe/berlin": false, "Europe": false, "Berlin": false, "UTC\nGMT": false,
		"Asia/Calcutta": true, "Europe/Kyiv": true, "Zulu": true, "Africa/Abidjan": true, "CEST": false,
	} {
		if got := runner.IsTimeZone(in); got != want {
			t.Errorf("IsTimeZone(%q) = %v, want %v", in, got, want)
		}
	}
}
