package activity

import (
	"strconv"
	"time"

	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/session"
	"github.com/stride-run/stride/internal/unit"
	"github.com/stride-run/stride/internal/zones"
)

// A Session is one thing that a runner did, with the statistics of it.
type Session struct {
	ID string // a UUIDv7 of its start, and otherwise of the file: the same file gives the same id

	// What the runner says.
	Name           string // empty: none
	Note           string
	Sport          session.Sport // at first as recorded
	CountsForBests bool          // at first true, unless Flags has NoClock or FutureDate

	Version int       // counts the runner's changes; from 1
	Created time.Time // when it was imported; whole seconds, UTC
	Updated time.Time

	// What the file says.
	Start    time.Time // milliseconds, UTC; with the flag NoClock, of the device's own clock
	Recorded session.Sport
	SubSport string // the device's narrower name, such as "treadmill"; may be empty
	Device   session.Device
	Flags    []session.Flag
	Samples  int
	Columns  []string // names of the streams that there are; see Column

	Statistics session.Statistics
	Receipt    Receipt
	Original   Original
	Stream     string // key of the object with the processed samples; empty without samples
}

// FutureDate is the flag of a session that starts more than a day after it
// was imported.
const FutureDate session.Flag = "future_date"

// An Original is a file as it was uploaded.
type Original struct {
	Key  string // of the object
	Name string // as the runner's device or computer called it
	Size int64
}

// Tag names the version of what the runner says of a session.
func (s *Session) Tag() string { return strconv.Itoa(s.Version) }

// A Receipt says what an import made of a file, and why. It stays what it was.
type Receipt struct {
	Import   string // id of the import; empty: the file came in a request
	Digest   string // SHA-256 of the file, hex
	Parser   int    // the version that read it
	Index    int    // of the session within the file, from 0
	Sessions int    // in the file
	// Repairs say what was unusual about the file, and what was done about
	// it; those of a single session are its Flags.
	Repairs []session.Flag
	// Similar are sessions of other files that look like the same run. They
	// are shown, and nothing is dropped for them.
	Similar []Likeness
	// Bests are the distances whose personal best changed.
	Bests []unit.Distance
	At    time.Time // whole seconds, UTC
}

// A Likeness is a session that seems to be of the same run as another.
type Likeness struct {
	Session  string // id
	Evidence Evidence
}

// Evidence is a code for why two sessions seem to be of the same run. Codes
// are part of the API: they are added, never renamed.
type Evidence string

// The kinds of evidence.
const (
	// SameDevice: the same device began both at the same time.
	SameDevice Evidence = "device_and_time"
	// SameRun: start, duration and distance agree.
	SameRun Evidence = "start_duration_distance"
)

// A View is a session as its runner sees it now: by the time zone and the
// heart rates of the profile as it is, whenever the session was imported.
type View struct {
	*Session
	Date calendar.Date // on which it began, where the runner is at home; zero with the flag NoClock
	// Zones are those of that day; nil: the profile says too little for them.
	Zones       *zones.Zones
	TimeInZones []time.Duration // in zone 1 to 5, at index 0 below zone 1; nil without zones or heart rate
}

// A Range is which sessions to list. The zero value is all.
type Range struct {
	From, To calendar.Date // local days, both included; zero: no bound
	After    string        // id of the session to continue after; empty: from the start
	Limit    int           // at least 1
}

// A Patch is what to change in a session; nil leaves things as they are.
type Patch struct {
	Name, Note     *string // in the form that ParseName and ParseNote return
	Sport          *session.Sport
	CountsForBests *bool
}

// A Column is one stream of a session, for a plot: rows of equal length.
type Column struct {
	Name     string    // "speed", "heart_rate", …: see ColumnNames
	Elapsed  []float64 // seconds since the start of the session
	Distance []float64 // metres since the first sample; NaN where not known; nil for a session without distance
	Values   []float64 // in the unit of ColumnUnits; never NaN
}

// ColumnNames are the names of the streams, in their order, with the unit of
// their values as names in the API write it.
var ColumnNames = []struct{ Name, Unit string }{
	{"distance", "m"},
	{"latitude", "degrees"},
	{"longitude", "degrees"},
	{"speed", "m_per_s"},
	{"heart_rate", "bpm"},
	{"cadence", "per_min"}, // steps on foot, both feet; else turns
	{"power", "w"},
	{"altitude", "m"},
}

// MaxPoints and MinPoints bound how many points of each stream can be asked
// for.
const (
	MinPoints = 10
	MaxPoints = 10_000
)
