package calendar_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/stride-run/stride/internal/calendar"
)

func TestParse(t *testing.T) {
	for _, bad := range []string{"", "2027-4-25", "2027-02-29", "2027-13-01", "25.04.2027", "2027-04-25T00:00:00Z", "0999-01-01", "12027-04-25", "2027-04-31", " 2027-04-25"} {
		if d, err := calendar.Parse(bad); !errors.Is(err, calendar.ErrDate) {
			t.Errorf("Parse(%q) = %v, %v, want ErrDate", bad, d, err)
		}
	}
	d, err := calendar.Parse("2028-02-29")
	if err != nil || d.String() != "2028-02-29" || d.Weekday() != time.Tuesday {
		t.Fatalf("Parse of a leap day = %v (%v), %v", d, d.Weekday(), err)
	}
	if next := d.AddDays(1); next != calendar.Of(2028, time.March, 1) {
		t.Errorf("the day after %v = %v", d, next)
	}
}

func TestAddDaysAndDaysSinceAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := calendar.Of(rapid.IntRange(1000, 9998).Draw(t, "year"), time.Month(rapid.IntRange(1, 12).Draw(t, "month")), rapid.IntRange(1, 28).Draw(t, "day"))
		n := rapid.IntRange(-300, 300).Draw(t, "n")
		end := start.AddDays(n)
		if end.DaysSince(start) != n {
			t.Fatalf("%v + %d days = %v, which is %d days later", start, n, end, end.DaysSince(start))
		}
		if want := time.Weekday(((int(start.Weekday())+n)%7 + 7) % 7); end.Weekday() != want {
			t.Fatalf("%v is a %v, want %v", end, end.Weekday(), want)
		}
		if end.Before(start) != (n < 0) {
			t.Fatalf("Before(%v, %v) = %v", end, start, n >= 0)
		}
	})
}

func TestWeekdayNames(t *testing.T) {
	for _, name := range calendar.WeekdayNames() {
		d, ok := calendar.ParseWeekday(name)
		if !ok || calendar.WeekdayName(d) != name {
			t.Errorf("%q does not survive a round trip: %v, %v", name, d, ok)
		}
	}
	if calendar.WeekdayNames()[0] != "monday" || len(calendar.WeekdayNames()) != 7 {
		t.Errorf("WeekdayNames() = %v", calendar.WeekdayNames())
	}
	for _, bad := range []string{"Sunday", "SUNDAY", "sun", "", "funday"} {
		if d, ok := calendar.ParseWeekday(bad); ok {
			t.Errorf("ParseWeekday(%q) = %v", bad, d)
		}
	}
	if (calendar.Date{}).String() != "" || !(calendar.Date{}).IsZero() {
		t.Error("the zero date is not empty")
	}
}
