package unit_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/stride-run/stride/internal/unit"
)

func TestParseTarget(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want time.Duration
		ok   bool
	}{
		{"4:00:00", 4 * time.Hour, true},
		{"04:00:00", 4 * time.Hour, true},
		{"3:45:59", 3*time.Hour + 45*time.Minute + 59*time.Second, true},
		{"3:45", 0, false},      // hours and minutes, or minutes and seconds?
		{"9:00", 0, false},      // or a pace?
		{"3:60:00", 0, false},   // no such minute
		{"3:00:60", 0, false},   // no such second
		{"3:5:00", 0, false},    // one digit
		{"3:05:0", 0, false},    // one digit
		{"003:05:00", 0, false}, // three digits
		{":05:00", 0, false},
		{"3:05:00.5", 0, false}, // whole seconds only
		{"-3:05:00", 0, false},
		{"+3:05:00", 0, false},
		{" 3:05:00", 0, false},
		{"3:05:00\n", 0, false},
		{"٣:05:00", 0, false}, // other digits
		{"", 0, false},
		{"4h", 0, false},
		{"1:2:3:4", 0, false},
	} {
		got, err := unit.ParseTarget(tt.in)
		if (err == nil) != tt.ok || got != tt.want {
			t.Errorf("ParseTarget(%q) = %v, %v, want %v, ok %v", tt.in, got, err, tt.want, tt.ok)
		}
		if err != nil && !errors.Is(err, unit.ErrClock) {
			t.Errorf("ParseTarget(%q): error %v is not ErrClock", tt.in, err)
		}
	}
}

func TestParseResult(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want time.Duration
		ok   bool
	}{
		{"5:24", 5*time.Minute + 24*time.Second, true},
		{"05:24", 5*time.Minute + 24*time.Second, true},
		{"5:24.5", 5*time.Minute + 24*time.Second + 500*time.Millisecond, true},
		{"5:24.123", 5*time.Minute + 24*time.Second + 123*time.Millisecond, true},
		{"75:00", 75 * time.Minute, true},
		{"0:58.2", 58*time.Second + 200*time.Millisecond, true},
		{"1:31:35", time.Hour + 31*time.Minute + 35*time.Second, true},
		{"1:31:35.1", time.Hour + 31*time.Minute + 35*time.Second + 100*time.Millisecond, true},
		{"5:24.", 0, false},
		{"5:24.1234", 0, false},
		{"5:24.-1", 0, false},
		{"5:2", 0, false},
		{"5:60", 0, false},
		{"100:00", 0, false},
		{"1:5:00", 0, false},
		{"324", 0, false},
		{"5.24", 0, false},
		{"5:24,5", 0, false},
		{"", 0, false},
	} {
		got, err := unit.ParseResult(tt.in)
		if (err == nil) != tt.ok || got != tt.want {
			t.Errorf("ParseResult(%q) = %v, %v, want %v, ok %v", tt.in, got, err, tt.want, tt.ok)
		}
	}
}

func TestClockRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := time.Duration(rapid.IntRange(0, 99*3600+59*60+59).Draw(t, "seconds")) * time.Second
		text := unit.FormatClock(d)
		target, err := unit.ParseTarget(text)
		if err != nil || target != d {
			t.Fatalf("ParseTarget(FormatClock(%v)) = %v, %v", d, target, err)
		}
		result, err := unit.ParseResult(text)
		if err != nil || result != d {
			t.Fatalf("ParseResult(FormatClock(%v)) = %v, %v", d, result, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"4:00:00", "3:45", "5:24.123", "٣:05:00", "99:59:59", "::", "1:2:3:4", "0:0", strings.Repeat("9", 40)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := unit.ParseTarget(s); err == nil {
			if back, err := unit.ParseTarget(unit.FormatClock(d)); err != nil || back != d {
				t.Fatalf("%q: %v does not survive a round trip: %v, %v", s, d, back, err)
			}
		}
		if d, err := unit.ParseResult(s); err == nil && (d < 0 || d >= 100*time.Hour) {
			t.Fatalf("ParseResult(%q) = %v", s, d)
		}
	})
}

func TestFormat(t *testing.T) {
	for _, tt := range []struct {
		pace unit.Pace
		want string
	}{{341.2727, "5:41"}, {59.6, "1:00"}, {600, "10:00"}, {359.5, "6:00"}} {
		if got := tt.pace.Format(); got != tt.want {
			t.Errorf("Pace(%v).Format() = %q, want %q", float64(tt.pace), got, tt.want)
		}
	}
	if got := unit.FormatClock(12599*time.Second + 600*time.Millisecond); got != "3:30:00" {
		t.Errorf("FormatClock rounds to %q, want 3:30:00", got)
	}
	if got := unit.FormatClock(-time.Second); got != "0:00:00" {
		t.Errorf("FormatClock(-1 s) = %q", got)
	}
}

func TestConversions(t *testing.T) {
	near := func(name string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-9*math.Max(1, math.Abs(want)) {
			t.Errorf("%s = %v, want %v", name, got, want)
		}
	}
	near("marathon at 5:41.27", float64(unit.PaceOver(42195, 4*time.Hour)), 14400/42.195)
	near("speed", float64(unit.SpeedOver(1500, 5*time.Minute)), 5)
	near("pace of 4 m/s", unit.Speed(4).Pace().Seconds(), 250)
	near("speed of 250 s/km", float64(unit.Pace(250).Speed()), 4)
	near("8 km at 6:00", unit.Pace(360).Time(8000), 2880)
	near("5 mi", unit.Mi.Of(5).Metres(), 8046.72)
	near("5 km", unit.Km.Of(5).Metres(), 5000)
	near("back to mi", unit.Mi.In(8046.72), 5)
	near("back to km", unit.Km.In(8000), 8)
}
