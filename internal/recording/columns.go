package recording

import (
	"math"
	"slices"

	"github.com/stride-run/stride/internal/session"
)

// columns collects samples.
type columns struct {
	samples    session.Samples
	distance16 uint32 // the running sum of packed distances, in 1/16 m; 12 bits of it are in a message
}

// firstRoom is for how many samples there is room at first: an hour and more.
const firstRoom = 4096

// add appends a record.
func (c *columns) add(v *values) {
	s := &c.samples
	n := len(s.Time)
	if n == cap(s.Time) {
		s.Time = slices.Grow(s.Time, max(n, firstRoom))
	}
	s.Time = append(s.Time, instant(v.x[timestamp]))
	distance, speed := v.scaled(recordDistance, 100, 0), v.first(recordEnhancedSpeed, recordSpeed, 1000, 0, 1000)
	if v.has>>recordSpeedDistance&1 == 1 {
		packed := v.x[recordSpeedDistance]
		c.distance16 += (packed>>12 - c.distance16) & 0xFFF
		if math.IsNaN(distance) {
			distance = float64(c.distance16) / 16
		}
		if math.IsNaN(speed) && packed&0xFFF != 0xFFF {
			speed = float64(packed&0xFFF) / 100
		}
	}
	put(&s.Distance, n, distance)
	put(&s.Latitude, n, degrees(v, recordLatitude))
	put(&s.Longitude, n, degrees(v, recordLongitude))
	put(&s.Speed, n, float32(speed))
	put(&s.Altitude, n, float32(v.first(recordEnhancedAltitude, recordAltitude, 5, 500, 5)))
	put(&s.HeartRate, n, float32(v.scaled(recordHeartRate, 1, 0)))
	put(&s.Cadence, n, float32(v.scaled(recordCadence, 1, 0)+float64(v.get(recordFraction))/128))
	put(&s.Power, n, float32(v.scaled(recordPower, 1, 0)))
}

// degrees turns semicircles, of which 2³¹ are 180 degrees.
func degrees(v *values, place int) float64 {
	if v.has>>place&1 == 0 {
		return math.NaN()
	}
	return float64(int32(v.x[place])) * (180.0 / (1 << 31))
}

// put sets row n of a column. A column begins with its first value; the rows
// before it are then missing.
func put[F float32 | float64](column *[]F, n int, x F) {
	if *column == nil {
		if x != x {
			return
		}
		*column = make([]F, 0, max(2*n, firstRoom))
		for range n {
			*column = append(*column, F(math.NaN()))
		}
	}
	if n == cap(*column) {
		*column = slices.Grow(*column, n)
	}
	*column = append(*column, x)
}

// cut keeps the first n samples.
func (c *columns) cut(n int) { c.samples = c.samples.Slice(0, n) }
