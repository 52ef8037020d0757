package activity

import (
	"bytes"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/stride-run/stride/internal/session"
)

// sameBits compares columns bit by bit; every NaN is a missing value.
func sameBits[F float32 | float64](a, b []F) bool {
	if len(a) != len(b) || (a == nil) != (b == nil) {
		return false
	}
	for i := range a {
		x, y := float64(a[i]), float64(b[i])
		if math.Float64bits(x) != math.Float64bits(y) && !(math.IsNaN(x) && math.IsNaN(y)) {
			return false
		}
	}
	return true
}

func sameSamples(a, b session.Samples) bool {
	return sameBits(a.Time, b.Time) && sameBits(a.Distance, b.Distance) && sameBits(a.Latitude, b.Latitude) && sameBits(a.Longitude, b.Longitude) &&
		sameBits(a.Speed, b.Speed) && sameBits(a.HeartRate, b.HeartRate) && sameBits(a.Cadence, b.Cadence) && sameBits(a.Power, b.Power) && sameBits(a.Altitude, b.Altitude)
}

// drawColumn draws a column of values on a grid, with gaps, or of any values.
func drawColumn[F float32 | float64](t *rapid.T, name string, n int) []F {
	if rapid.IntRange(0, 3).Draw(t, name+" is missing") == 0 {
		return nil
	}
	column := make([]F, n)
	kind := rapid.IntRange(0, len(grids)).Draw(t, name+" grid")
	for i := range column {
		switch {
		case rapid.IntRange(0, 9).Draw(t, "gap") == 0:
			column[i] = F(math.NaN())
		case kind < len(grids):
			column[i] = F(grids[kind].value(int64(rapid.Int32().Draw(t, name))))
		default:
			column[i] = F(rapid.Float64().Draw(t, name))
		}
	}
	return column
}

// What comes out of a stream is what went in, to the last bit.
func TestStreamKeepsEveryBit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 30).Draw(t, "samples")
		s := session.Samples{
			Time: make([]float64, n), Distance: drawColumn[float64](t, "distance", n),
			Latitude: drawColumn[float64](t, "latitude", n), Longitude: drawColumn[float64](t, "longitude", n),
			Speed: drawColumn[float32](t, "speed", n), HeartRate: drawColumn[float32](t, "heart rate", n),
			Cadence: drawColumn[float32](t, "cadence", n), Power: drawColumn[float32](t, "power", n), Altitude: drawColumn[float32](t, "altitude", n),
		}
		for i := range s.Time {
			s.Time[i] = 1.8e9 + float64(i) + float64(rapid.IntRange(0, 9).Draw(t, "fraction"))/7
		}
		packed, err := packSamples(s)
		if err != nil {
			t.Fatal(err)
		}
		back, err := unpackSamples(packed)
		if err != nil || !sameSamples(s, back) {
			t.Fatalf("%v\n%+v\n%+v", err, s, back)
		}
	})
}

// A stream that is damaged is an error, never a panic or a mountain of memory.
func TestDamagedStream(t *testing.T) {
	good, err := packSamples(session.Samples{Time: []float64{1, 2, 3}, HeartRate: []float32{100, 110, 120}})
	if err != nil {
		t.Fatal(err)
	}
	for n := range good {
		if _, err := unpackSamples(good[:n]); err == nil {
			t.Errorf("%d bytes of %d are read", n, len(good))
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		bad := bytes.Clone(good)
		bad[rapid.IntRange(0, len(bad)-1).Draw(t, "where")] ^= byte(rapid.IntRange(1, 255).Draw(t, "what"))
		_, _ = unpackSamples(bad)
	})
	if _, err := unpackSamples([]byte{streamVersion + 1}); err == nil {
		t.Error("a stream of a later version is read")
	}
}

// An hour that a watch has recorded is small.
func TestStreamIsCompact(t *testing.T) {
	var s session.Samples
	for i := range 3600 {
		f := float64(i)
		s.Time = append(s.Time, 1.8e9+f)
		s.Distance = append(s.Distance, math.Round(f*300+20*math.Sin(f/7))/100)
		s.Latitude = append(s.Latitude, float64(int32(500000000+40*i+int(9*math.Sin(f/50))))*(180.0/(1<<31)))
		s.Longitude = append(s.Longitude, float64(int32(100000000+30*i+int(9*math.Cos(f/40))))*(180.0/(1<<31)))
		s.Speed = append(s.Speed, float32(math.Round(3000+200*math.Sin(f/30))/1000))
		s.HeartRate = append(s.HeartRate, float32(math.Round(150+9*math.Sin(f/90))))
		s.Cadence = append(s.Cadence, float32(2*math.Round(88+3*math.Sin(f/20))))
		s.Altitude = append(s.Altitude, float32(math.Round(500+100*math.Sin(f/300))/5))
	}
	packed, err := packSamples(s)
	if err != nil || len(packed) > 40_000 {
		t.Errorf("%d bytes, %v", len(packed), err)
	}
}
