// Package runner holds what Stride knows about a person: the e-mail address
// that an account is found by, and the profile.
package runner

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/text"
	"github.com/stride-run/stride/internal/unit"
)

// Sex is what some formulas want to know, and nobody has to say.
type Sex string

// What can be said; the zero Sex says nothing.
const (
	Female Sex = "female"
	Male   Sex = "male"
	Other  Sex = "other"
)

// Sexes lists what can be said.
func Sexes() []Sex { return []Sex{Female, Male, Other} }

// HeartRates are measured values from a day on, in beats per minute. A zero
// value was not measured then; an earlier one stays in force.
type HeartRates struct {
	ValidFrom calendar.Date
	Resting   int
	Max       int
	Threshold int // lactate threshold
}

// A Profile is what a runner tells about themselves. Every part is optional:
// the zero value of each says nothing.
type Profile struct {
	FirstName, LastName string
	BirthYear           int
	Sex                 Sex
	HeartRates          []HeartRates // by ValidFrom, oldest first
	TimeZone            string       // IANA name: "Europe/Berlin"
	Unit                unit.Length  // never zero after Check
}

// MaxHeartRates is how many entries a profile keeps.
const MaxHeartRates = 50

// Limits of a profile.
const (
	maxName         = 100 // code points
	firstBirthYear  = 1900
	youngest        = 13 // years, by the calendar year
	minRate         = 20
	maxRate         = 250
	earliestMeasure = 1950
)

// Check returns the profile in its canonical form: heart rates by date, a unit.
// Today bounds what can have happened already. The error is fault.Invalid
// with every fault at once; pointers are those of the JSON names.
func (p Profile) Check(today calendar.Date) (Profile, error) {
	var fields []fault.Field
	add := func(pointer string, code fault.Code, message string, allowed *fault.Allowed) {
		fields = append(fields, fault.Field{Pointer: pointer, Code: code, Message: message, Allowed: allowed})
	}
	for _, name := range []struct{ pointer, value string }{{"/first_name", p.FirstName}, {"/last_name", p.LastName}} {
		if !text.IsLine(name.value, maxName) {
			add(name.pointer, fault.InvalidFormat, "Use at most 100 characters, without line breaks, control characters and marks that turn the direction of text.", nil)
		}
	}
	if latest := year(today) - youngest; p.BirthYear != 0 && (p.BirthYear < firstBirthYear || p.BirthYear > latest) {
		add("/birth_year", fault.OutOfRange, fmt.Sprintf("Give a year from %d to %d.", firstBirthYear, latest),
			&fault.Allowed{Min: firstBirthYear, Max: latest})
	}
	if p.Sex != "" && !slices.Contains(Sexes(), p.Sex) {
		add("/sex", fault.OutOfRange, "Set sex to female, male or other, or leave it out.", nil)
	}
	if !IsTimeZone(p.TimeZone) {
		add("/time_zone", fault.InvalidFormat, "Write the zone by its IANA name, like Europe/Berlin.", nil)
	}
	switch p.Unit {
	case "":
		p.Unit = unit.Km
	case unit.Km, unit.Mi:
	default:
		add("/unit", fault.OutOfRange, "Set unit to km or mi.", &fault.Allowed{Values: []string{string(unit.Km), string(unit.Mi)}})
	}
	fields = append(fields, checkHeartRates(p.HeartRates, today)...)
	if len(fields) > 0 {
		return Profile{}, fault.Fields(fields)
	}
	p.HeartRates = slices.Clone(p.HeartRates)
	slices.SortFunc(p.HeartRates, func(a, b HeartRates) int { return a.ValidFrom.DaysSince(b.ValidFrom) })
	return p, nil
}

// checkHeartRates looks at each entry by itself and, for each, at the values
// that are in force from its day on.
func checkHeartRates(all []HeartRates, today calendar.Date) []fault.Field {
	if len(all) > MaxHeartRates {
		return []fault.Field{{
			Pointer: "/heart_rates", Code: fault.OutOfRange,
			Message: fmt.Sprintf("Keep at most %d entries.", MaxHeartRates), Allowed: &fault.Allowed{Max: MaxHeartRates},
		}}
	}
	var fields []fault.Field
	seen := map[calendar.Date]bool{}
	for i, rates := range all {
		at := "/heart_rates/" + strconv.Itoa(i)
		add := func(name string, code fault.Code, message string, allowed *fault.Allowed) {
			fields = append(fields, fault.Field{Pointer: at + name, Code: code, Message: message, Allowed: allowed})
		}
		// A day ahead is today already somewhere.
		if rates.ValidFrom.IsZero() || year(rates.ValidFrom) < earliestMeasure || rates.ValidFrom.DaysSince(today) > 1 {
			add("/valid_from", fault.OutOfRange, "Give the day of the measurement, not one to come.", nil)
		}
		if seen[rates.ValidFrom] {
			add("/valid_from", fault.OutOfRange, "Another entry has the same day. Put both into one.", nil)
		}
		seen[rates.ValidFrom] = true
		if rates.Resting == 0 && rates.Max == 0 && rates.Threshold == 0 {
			add("", fault.Required, "Give at least one heart rate.", nil)
		}
		valid := true
		for _, rate := range []struct {
			name  string
			value int
		}{
			{"/resting_heart_rate_bpm", rates.Resting},
			{"/max_heart_rate_bpm", rates.Max},
			{"/threshold_heart_rate_bpm", rates.Threshold},
		} {
			if rate.value != 0 && (rate.value < minRate || rate.value > maxRate) {
				valid = false
				add(rate.name, fault.OutOfRange, fmt.Sprintf("Give %d to %d beats per minute.", minRate, maxRate),
					&fault.Allowed{Min: minRate, Max: maxRate})
			}
		}
		if !valid {
			continue
		}
		force := HeartRatesOn(all, rates.ValidFrom)
		if !rising(force.Resting, force.Threshold, force.Max) {
			add("", fault.OutOfRange, "From this day on the resting rate has to be below the threshold, and the threshold below the maximum.", nil)
		}
	}
	return fields
}

// rising says whether the values that are known rise.
func rising(values ...int) bool {
	last := 0
	for _, v := range values {
		if v == 0 {
			continue
		}
		if v <= last {
			return false
		}
		last = v
	}
	return true
}

// HeartRatesOn returns the values in force on a day: of each the latest that
// was measured by then. ValidFrom is the day of the newest of them.
func HeartRatesOn(all []HeartRates, day calendar.Date) HeartRates {
	sorted := slices.Clone(all)
	slices.SortFunc(sorted, func(a, b HeartRates) int { return a.ValidFrom.DaysSince(b.ValidFrom) })
	var force HeartRates
	for _, rates := range sorted {
		if day.Before(rates.ValidFrom) {
			break
		}
		force.ValidFrom = rates.ValidFrom
		force.Resting = latest(rates.Resting, force.Resting)
		force.Max = latest(rates.Max, force.Max)
		force.Threshold = latest(rates.Threshold, force.Threshold)
	}
	return force
}

func latest(measured, before int) int {
	if measured == 0 {
		return before
	}
	return measured
}

func year(d calendar.Date) int {
	y, _ := strconv.Atoi(d.String()[:min(4, len(d.String()))])
	return y
}
