package runner_test

import (
	"errors"
	"strings"
	"testing"
	"time"

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

func TestIsTimeZone(t *testing.T) {
	for in, want := range map[string]bool{
		"": true, "UTC": true, "Europe/Berlin": true, "Etc/GMT+5": true, "America/Argentina/Buenos_Aires": true, "America/Port-au-Prince": true,
		"/": false, "Europe/": false, "/Europe": false, "Europe//Berlin": false, "../etc/passwd": false, "Europe/../x": false,
		"+02:00": false, "Europe Berlin": false, "Europe/Berlin\n": false, "Zürich": false, strings.Repeat("a", 65): false,
	} {
		if got := runner.IsTimeZone(in); got != want {
			t.Errorf("IsTimeZone(%q) = %v, want %v", in, got, want)
		}
	}
}
