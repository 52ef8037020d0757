// Package race holds the distances that are raced and results over them.
package race

import (
	"time"

	"github.com/stride-run/stride/internal/unit"
)

// The standard distances of road and track. Marathon and half are those of
// World Athletics: 42.195 km and half of it.
const (
	FourHundred    unit.Distance = 400
	Kilometre      unit.Distance = 1000
	FifteenHundred unit.Distance = 1500
	Mile                         = unit.Mile
	ThreeK         unit.Distance = 3000
	FiveK          unit.Distance = 5000
	TenK           unit.Distance = 10000
	HalfMarathon   unit.Distance = 21097.5
	Marathon       unit.Distance = 42195
)

// A Standard is a distance with the name that runners and the API use.
type Standard struct {
	Name     string
	Distance unit.Distance
}

// Standards lists the distances that bests are kept for and races predicted
// over, shortest first. Callers must not change it.
var Standards = []Standard{
	{"400m", FourHundred},
	{"1km", Kilometre},
	{"mile", Mile},
	{"5km", FiveK},
	{"10km", TenK},
	{"half_marathon", HalfMarathon},
	{"marathon", Marathon},
}

// A Result is a distance covered in a time.
type Result struct {
	Distance unit.Distance
	Time     time.Duration
}

// Speed is the mean speed of the result.
func (r Result) Speed() unit.Speed { return unit.SpeedOver(r.Distance, r.Time) }

// Pace is the mean pace of the result.
func (r Result) Pace() unit.Pace { return unit.PaceOver(r.Distance, r.Time) }
