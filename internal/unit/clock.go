package unit

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// ErrClock says that a text is not a clock duration of the expected form.
var ErrClock = errors.New("not a clock duration")

// ParseTarget reads a target time: H:MM:SS or HH:MM:SS, whole seconds, nothing
// else. "3:45" is refused, because it could mean hours or minutes. The error
// is ErrClock.
func ParseTarget(s string) (time.Duration, error) {
	parts := strings.Split(s, ":")
	if len(parts) != 3 || len(parts[0]) < 1 || len(parts[0]) > 2 {
		return 0, fmt.Errorf("%w: %q is not H:MM:SS", ErrClock, s)
	}
	return clock(s, parts[0], parts[1], parts[2], "")
}

// ParseResult reads a race result: M:SS, MM:SS, H:MM:SS or HH:MM:SS, with up
// to three decimals of a second after a point. In the form without hours,
// minutes may go to 99, so that "75:00" is an hour and a quarter. The error
// is ErrClock.
func ParseResult(s string) (time.Duration, error) {
	whole, fraction, found := strings.Cut(s, ".")
	if found && (len(fraction) < 1 || len(fraction) > 3) {
		return 0, fmt.Errorf("%w: %q has more than three decimals, or none after the point", ErrClock, s)
	}
	parts := strings.Split(whole, ":")
	switch len(parts) {
	case 2:
		return clock(s, "", parts[0], parts[1], fraction)
	case 3:
		if len(parts[0]) < 1 || len(parts[0]) > 2 || len(parts[1]) != 2 {
			break
		}
		return clock(s, parts[0], parts[1], parts[2], fraction)
	}
	return 0, fmt.Errorf("%w: %q is not MM:SS or H:MM:SS", ErrClock, s)
}

// clock puts the parts together. Without hours the minutes are free up to 99,
// with them they have two digits below 60.
func clock(text, hours, minutes, seconds, fraction string) (time.Duration, error) {
	bad := fmt.Errorf("%w: %q", ErrClock, text)
	h, okHours := 0, true
	if hours != "" {
		h, okHours = digits(hours)
	}
	m, okMinutes := digits(minutes)
	s, okSeconds := digits(seconds)
	ms, okFraction := digits((fraction + "000")[:3])
	switch {
	case !okHours || !okMinutes || !okSeconds || !okFraction:
		return 0, bad
	case len(minutes) > 2 || hours != "" && (len(minutes) != 2 || m > 59):
		return 0, bad
	case len(seconds) != 2 || s > 59:
		return 0, bad
	}
	return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute +
		time.Duration(s)*time.Second + time.Duration(ms)*time.Millisecond, nil
}

// digits reads a short text of ASCII digits only: no sign, no blank, no other
// script.
func digits(s string) (int, bool) {
	if s == "" || len(s) > 9 {
		return 0, false
	}
	n := 0
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

// FormatClock writes a duration as H:MM:SS, rounded to the nearest second.
// Negative durations do not occur in running and come out as 0:00:00.
func FormatClock(d time.Duration) string {
	s := max(int64(d.Round(time.Second)/time.Second), 0)
	return string(appendTwo(appendTwo(strconv.AppendInt(nil, s/3600, 10), s/60%60), s%60))
}

// Format writes a pace as M:SS, rounded to the nearest second: "5:41".
func (p Pace) Format() string {
	s := int64(math.Round(float64(p)))
	return string(appendTwo(strconv.AppendInt(nil, s/60, 10), s%60))
}

// appendTwo appends ":" and n with two digits.
func appendTwo(b []byte, n int64) []byte {
	return append(b, ':', byte('0'+n/10), byte('0'+n%10))
}
