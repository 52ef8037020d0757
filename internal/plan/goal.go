package plan

import (
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/race"
	"github.com/stride-run/stride/internal/unit"
)

// What the generator accepts. The limits of weeks and runs are product
// decisions; the target times are where the VDOT formula still means
// something; the first long run starts at the 3 km above which injuries rose
// in novices' first week (Nielsen 2014) and ends at the longest peak of any
// plan for fewer than seven runs and 140 km a week.
const (
	MinWeeks, MaxWeeks             = 8, 30
	MinRunsPerWeek, MaxRunsPerWeek = 2, 7
	MinTarget, MaxTarget           = 2 * time.Hour, 8 * time.Hour
	MinFirstLongRun                = 3 * unit.Kilometre
	MaxFirstLongRun                = 35 * unit.Kilometre
)

// NotEnoughWeeks says that the weeks do not suffice to lead from the first
// long run to the shortest peak that a marathon is prepared with.
const NotEnoughWeeks fault.Code = "not_enough_weeks_for_first_long_run"

// Answers are what a runner says: the five answers, and optionally a unit and
// the date of the race.
type Answers struct {
	Weeks        int
	RunsPerWeek  int
	TargetTime   time.Duration
	FirstLongRun float64 // in Unit
	Unit         unit.Length
	LongRunDay   time.Weekday
	RaceDate     calendar.Date // zero: the plan has weekdays only
}

// A Goal is a set of answers that a plan can be made from. NewGoal is the
// only way to one, so whoever holds a Goal need not check it again.
type Goal struct {
	answers Answers
	first   hm
	growth  growth
}

// Answers returns what the runner said.
func (g Goal) Answers() Answers { return g.answers }

// NewGoal checks the answers one by one and, if each is sound, together. The
// error is a *fault.Fault of kind Invalid with an entry for every fault; a
// fault of two answers is two entries.
func NewGoal(a Answers) (Goal, error) {
	fields := checkEach(a)
	g := Goal{answers: a, first: toGrid(a.Unit.Of(a.FirstLongRun))}
	if !faulty(fields, "/weeks") && !faulty(fields, "/unit") && !faulty(fields, "/first_long_run") && !suffice(a.Weeks, g.first) {
		fields = append(fields, notEnoughWeeks(a, g.first)...)
	}
	if len(fields) > 0 {
		return Goal{}, fault.Fields(fields)
	}
	g.growth = newGrowth(a.Weeks, a.RunsPerWeek, a.TargetTime, g.first)
	return g, nil
}

func faulty(fields []fault.Field, pointer string) bool {
	return slices.ContainsFunc(fields, func(f fault.Field) bool { return f.Pointer == pointer })
}

// checkEach compares every answer with its own limits.
func checkEach(a Answers) []fault.Field {
	var fields []fault.Field
	add := func(name, message string, allowed *fault.Allowed) {
		fields = append(fields, fault.Field{Pointer: "/" + name, Code: fault.OutOfRange, Message: message, Allowed: allowed})
	}
	if a.Weeks < MinWeeks || a.Weeks > MaxWeeks {
		add("weeks", "A plan takes 8 to 30 weeks: three of them are the taper, and fewer than five before it leave too little to build.",
			&fault.Allowed{Min: MinWeeks, Max: MaxWeeks})
	}
	if a.RunsPerWeek < MinRunsPerWeek || a.RunsPerWeek > MaxRunsPerWeek {
		add("runs_per_week", "Choose 2 to 7 runs a week.", &fault.Allowed{Min: MinRunsPerWeek, Max: MaxRunsPerWeek})
	}
	if a.TargetTime < MinTarget || a.TargetTime > MaxTarget {
		add("target_time", "Choose a target time from 2:00:00 to 8:00:00.", &fault.Allowed{Min: unit.FormatClock(MinTarget), Max: unit.FormatClock(MaxTarget)})
	}
	if a.Unit != unit.Km && a.Unit != unit.Mi {
		add("unit", "Choose km or mi.", &fault.Allowed{Values: []string{string(unit.Km), string(unit.Mi)}})
	}
	// In a unit that nobody knows it may be what it may be in miles or in
	// kilometres. The comparisons are written so that NaN fails them.
	shortest, longest := a.Unit.Of(a.FirstLongRun), a.Unit.Of(a.FirstLongRun)
	if faulty(fields, "/unit") {
		longest = unit.Mi.Of(a.FirstLongRun)
	}
	if !(longest >= MinFirstLongRun && shortest <= MaxFirstLongRun) {
		lo, hi, of := firstLongRunLimits(a.Unit)
		add("first_long_run", "The first long run is "+of+": the longest run you can do comfortably today.", &fault.Allowed{Min: lo, Max: hi})
	}
	return fields
}

// firstLongRunLimits returns what a first long run may be, in the unit and as
// words, rounded for people.
func firstLongRunLimits(u unit.Length) (lo, hi float64, words string) {
	kmLo, kmHi := unit.Km.In(MinFirstLongRun), unit.Km.In(MaxFirstLongRun)
	miLo, miHi := atLeast(unit.Mi.In(MinFirstLongRun)), atMost(unit.Mi.In(MaxFirstLongRun))
	inKm := number(kmLo) + " to " + number(kmHi) + " km"
	inMi := number(miLo) + " to " + number(miHi) + " mi"
	switch u {
	case unit.Km:
		return kmLo, kmHi, inKm
	case unit.Mi:
		return miLo, miHi, inMi
	}
	return miLo, kmHi, inKm + " or " + inMi
}

// notEnoughWeeks names the smallest change of either answer that makes a plan
// possible.
func notEnoughWeeks(a Answers, first hm) []fault.Field {
	weeks := a.Weeks
	for !suffice(weeks, first) {
		weeks++
	}
	need := first
	for !suffice(a.Weeks, need) {
		need++
	}
	_, most, _ := firstLongRunLimits(a.Unit)
	least := atLeast(a.Unit.In(need.distance()))
	return []fault.Field{
		{
			Pointer: "/weeks", Code: NotEnoughWeeks, Allowed: &fault.Allowed{Min: weeks, Max: MaxWeeks},
			Message: strconv.Itoa(a.Weeks) + " weeks do not lead safely from " + distanceText(first.distance(), a.Unit) + " to the half marathon (" +
				distanceText(race.HalfMarathon, a.Unit) + ") that a marathon needs as its longest run: give it at least " + strconv.Itoa(weeks) + " weeks.",
		},
		{
			Pointer: "/first_long_run", Code: NotEnoughWeeks, Allowed: &fault.Allowed{Min: least, Max: most},
			Message: "Or build up to a first long run of " + number(least) + " " + string(a.Unit) + " before you start.",
		},
	}
}

// atLeast and atMost round a limit for people to two decimals, in the
// direction that keeps it within the limit. The hair of slack keeps 9.4 from
// becoming 9.41 for its last bit.
func atLeast(v float64) float64 { return math.Ceil(v*100-1e-9) / 100 }

func atMost(v float64) float64 { return math.Floor(v*100+1e-9) / 100 }

// number writes a number without needless zeros: 8, 8.5, 13.11.
func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
