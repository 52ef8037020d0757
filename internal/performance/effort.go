package performance

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/race"
	"github.com/stride-run/stride/internal/unit"
)

// An Effort is a result with the use that a fit made of it.
type Effort struct {
	race.Result
	Used   bool
	Reason Reason // why it was not used, else empty
}

// A Reason is a code that says why a fit left an effort out.
type Reason string

// The reasons for leaving an effort out.
const (
	TooShort     Reason = "too_short"
	TooLong      Reason = "too_long"
	SlowerRepeat Reason = "slower_repeat"
)

// Text is the reason as a sentence for people, empty for no reason.
func (r Reason) Text() string {
	switch r {
	case TooShort:
		return "It took less than 2 minutes: speed, not endurance, decides so short an effort."
	case TooLong:
		return "It took more than 40 minutes: critical speed describes shorter efforts."
	case SlowerRepeat:
		return "There is an effort over the same distance that is as fast or faster."
	}
	return ""
}

// Efforts from shortestEffort to longestEffort are used for critical speed,
// those longer than comfortableEffort with a note: D′ comes out too large, and
// critical speed too low, the longer the efforts are.
const (
	shortestEffort    = 2 * time.Minute
	comfortableEffort = 20 * time.Minute
	longestEffort     = 40 * time.Minute
)

// What is read as a result at all. The paces leave room for the fastest
// sprint and for walking; whatever is outside is a slip of the keyboard.
const (
	maxResults  = 50
	minDistance = 100 * unit.Metre
	maxDistance = 1000 * unit.Kilometre
	minPace     = unit.Pace(80)
	maxPace     = unit.Pace(1800)
)

// bests points to the list of results, or to the i-th of them.
const bests = "/personal_bests"

func best(i int) string { return fmt.Sprintf("%s/%d", bests, i) }

// Check returns an Invalid fault, or nil when every result can be a runner's:
// 1 to 50 of them, each over 100 m to 1000 km, between 1:20 and 30:00 per km.
// Pointers are those of the list /personal_bests with distance_m and time.
func Check(results []race.Result) error {
	if n := len(results); n < 1 || n > maxResults {
		return fault.Fields([]fault.Field{{
			Pointer: bests, Code: fault.OutOfRange, Allowed: &fault.Allowed{Min: 1, Max: maxResults},
			Message: fmt.Sprintf("Give 1 to %d bests; these are %d.", maxResults, n),
		}})
	}
	var fields []fault.Field
	for i, r := range results {
		fields = append(fields, checkResult(best(i), r)...)
	}
	return fault.Fields(fields)
}

func checkResult(pointer string, r race.Result) []fault.Field {
	var fields []fault.Field
	if !(r.Distance >= minDistance && r.Distance <= maxDistance) {
		fields = append(fields, fault.Field{
			Pointer: pointer + "/distance_m", Code: fault.OutOfRange,
			Allowed: &fault.Allowed{Min: minDistance.Metres(), Max: maxDistance.Metres()},
			Message: "Give a distance from 100 m to 1000 km, in metres.",
		})
	}
	if r.Time <= 0 {
		fields = append(fields, fault.Field{
			Pointer: pointer + "/time", Code: fault.OutOfRange, Message: "Give a time above zero.",
		})
	}
	if fields != nil {
		return fields
	}
	if pace := r.Pace(); pace < minPace || pace > maxPace {
		return both(pointer+"/distance_m", pointer+"/time", "implausible_pace", fmt.Sprintf(
			"This is a pace of %s per km; give a distance and a time between 1:20 and 30:00 per km.", pace.Format()))
	}
	return nil
}

// both is a fault of two fields: two entries with the same message.
func both(first, second string, code fault.Code, message string) []fault.Field {
	return []fault.Field{
		{Pointer: first, Code: code, Message: message},
		{Pointer: second, Code: code, Message: message},
	}
}

// choose says of each result whether a fit uses it.
func choose(results []race.Result) []Effort {
	fastest := make(map[unit.Distance]int)
	for i, r := range results {
		if j, ok := fastest[r.Distance]; !ok || r.Time < results[j].Time {
			fastest[r.Distance] = i
		}
	}
	efforts := make([]Effort, len(results))
	for i, r := range results {
		efforts[i] = Effort{Result: r}
		switch {
		case fastest[r.Distance] != i:
			efforts[i].Reason = SlowerRepeat
		case r.Time < shortestEffort:
			efforts[i].Reason = TooShort
		case r.Time > longestEffort:
			efforts[i].Reason = TooLong
		default:
			efforts[i].Used = true
		}
	}
	return efforts
}

// A point is a used effort with its place in the list it came from.
type point struct {
	race.Result
	index int
}

// seconds is the time of the point.
func (p point) seconds() float64 { return p.Time.Seconds() }

// points are the used efforts in order of distance, so that the order in
// which they were given cannot change a sum.
func points(efforts []Effort) []point {
	var used []point
	for i, e := range efforts {
		if e.Used {
			used = append(used, point{e.Result, i})
		}
	}
	slices.SortFunc(used, func(a, b point) int { return cmp.Compare(a.Distance, b.Distance) })
	return used
}

// contradictions finds the neighbours that no runner's endurance explains:
// a longer effort in less time, or at a speed that is no lower.
func contradictions(used []point) []fault.Field {
	var fields []fault.Field
	for i := range len(used) - 1 {
		short, long := used[i], used[i+1]
		switch {
		case long.Time <= short.Time:
			fields = append(fields, both(best(short.index)+"/time", best(long.index)+"/time", "time_does_not_rise", fmt.Sprintf(
				"%g m took no less than the longer %g m; correct one of the times, or leave that best out.",
				short.Distance.Metres(), long.Distance.Metres()))...)
		case long.Speed() >= short.Speed():
			fields = append(fields, both(best(short.index)+"/time", best(long.index)+"/time", "speed_does_not_fall", fmt.Sprintf(
				"%g m was run at least as fast per km as the shorter %g m; give an all-out effort over %g m, or leave that best out.",
				long.Distance.Metres(), short.Distance.Metres(), short.Distance.Metres()))...)
		}
	}
	return fields
}
