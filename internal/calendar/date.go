// Package calendar holds dates without a time of day or a zone, as training
// plans need them: adding seven days is adding seven days, whatever summer
// time does.
package calendar

import (
	"errors"
	"fmt"
	"time"
)

// A Date is a day of the Gregorian calendar. The zero Date is no date.
// Dates compare with ==.
type Date struct{ midnight time.Time }

// ErrDate says that a text is not a date of the form 2027-04-25.
var ErrDate = errors.New("not a date of the form YYYY-MM-DD")

// Of returns the date of a year, month and day, normalised as time.Date does.
func Of(year int, month time.Month, day int) Date {
	return Date{time.Date(year, month, day, 0, 0, 0, 0, time.UTC)}
}

// Parse reads YYYY-MM-DD. A day that does not exist is refused, and so is a
// year before 1000, which nobody writes with four digits. The error is
// ErrDate.
func Parse(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1000 {
		return Date{}, fmt.Errorf("%w: %q", ErrDate, s)
	}
	return Date{t}, nil
}

// IsZero says whether there is no date.
func (d Date) IsZero() bool { return d.midnight.IsZero() }

// String writes YYYY-MM-DD, and nothing for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.midnight.Format(time.DateOnly)
}

// Civil returns year, month and day. It is not for the zero Date.
func (d Date) Civil() (year int, month time.Month, day int) { return d.midnight.Date() }

// AddDays returns the date n days later, or earlier for a negative n.
func (d Date) AddDays(n int) Date {
	return Date{d.midnight.AddDate(0, 0, n)}
}

// DaysSince counts the days from other to d.
func (d Date) DaysSince(other Date) int {
	return int((d.midnight.Unix() - other.midnight.Unix()) / (24 * 60 * 60))
}

// Before says whether d is earlier than other.
func (d Date) Before(other Date) bool { return d.midnight.Before(other.midnight) }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.midnight.Weekday() }

// weekdays holds the names that the API uses, Sunday first as in package
// time.
var weekdays = [7]string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

// WeekdayName returns the API's name of a weekday: "sunday".
func WeekdayName(d time.Weekday) string { return weekdays[d] }

// WeekdayNames lists the API's names, Monday first.
func WeekdayNames() []string {
	return append(append([]string{}, weekdays[1:]...), weekdays[0])
}

// ParseWeekday reads the API's name of a weekday; "Sunday" is refused.
func ParseWeekday(s string) (time.Weekday, bool) {
	for i, name := range weekdays {
		if name == s {
			return time.Weekday(i), true
		}
	}
	return 0, false
}
