package activity

import (
	"bufio"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/stride-run/stride/internal/session"
)

// Samples are kept column by column: as whole numbers where the values are
// multiples of what the device counts in, each as its difference from the one
// before, and all of it packed by DEFLATE. What comes out is what went in, to
// the last bit, so statistics can be computed from it again. An hour of
// running takes some 20 kB.

// streamVersion is the first byte of a stream.
const streamVersion = 1

// maxSamples is beyond what a file can hold.
const maxSamples = 1 << 20

var errStream = errors.New("a stream that cannot be read")

// A grid is a way in which values become whole numbers: multiples of 1/per.
type grid struct{ per float64 }

// grids are tried in this order; their places are in streams, so new ones come
// last. Per 0 are the semicircles of FIT, of which 2³¹ are 180 degrees.
var grids = []grid{{1}, {100}, {0}, {1000}, {5}, {64}, {128}, {16}, {10}}

// raw in place of a grid says that the values are kept bit by bit.
const raw = 0xFF

func (g grid) value(n int64) float64 {
	if g.per == 0 {
		return float64(int32(n)) * (180.0 / (1 << 31))
	}
	return float64(n) / g.per
}

func (g grid) number(v float64) int64 {
	if g.per == 0 {
		return int64(math.Round(v * ((1 << 31) / 180.0)))
	}
	return int64(math.Round(v * g.per))
}

// holds says whether every value comes out as it went in.
func holds[F float32 | float64](g grid, column []F) bool {
	for _, v := range column {
		if v != v {
			continue
		}
		if math.Abs(float64(v)) > 1<<40 {
			return false
		}
		back := F(g.value(g.number(float64(v))))
		if back != v || math.Signbit(float64(back)) != math.Signbit(float64(v)) {
			return false
		}
	}
	return true
}

// packSamples packs samples.
func packSamples(s session.Samples) ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte(streamVersion)
	z, err := flate.NewWriter(&out, flate.DefaultCompression)
	if err != nil {
		return nil, err
	}
	w := bufio.NewWriter(z)
	_, _ = w.Write(binary.AppendUvarint(nil, uint64(s.Len()))) // a bufio.Writer keeps its error
	put(w, s.Time)
	put(w, s.Distance)
	put(w, s.Latitude)
	put(w, s.Longitude)
	put(w, s.Speed)
	put(w, s.HeartRate)
	put(w, s.Cadence)
	put(w, s.Power)
	put(w, s.Altitude)
	if err := errors.Join(w.Flush(), z.Close()); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// put writes a column: 0 for none, 1 and its grid, then a number for each
// value, one more than the difference in zigzag; 0 is a missing value.
func put[F float32 | float64](w *bufio.Writer, column []F) {
	if column == nil {
		_ = w.WriteByte(0)
		return
	}
	_ = w.WriteByte(1)
	for i, g := range grids {
		if !holds(g, column) {
			continue
		}
		_ = w.WriteByte(byte(i))
		last, buffer := int64(0), make([]byte, 0, binary.MaxVarintLen64)
		for _, v := range column {
			code := uint64(0)
			if v == v {
				n := g.number(float64(v))
				d := n - last
				code = uint64(d<<1^d>>63) + 1
				last = n
			}
			_, _ = w.Write(binary.AppendUvarint(buffer, code))
		}
		return
	}
	_ = w.WriteByte(raw)
	buffer := make([]byte, 8)
	for _, v := range column {
		binary.LittleEndian.PutUint64(buffer, math.Float64bits(float64(v)))
		_, _ = w.Write(buffer)
	}
}

// unpackSamples is the opposite of packSamples. Error: errStream.
func unpackSamples(packed []byte) (s session.Samples, err error) {
	if len(packed) == 0 || packed[0] != streamVersion {
		return s, fmt.Errorf("%w: version", errStream)
	}
	r := bufio.NewReader(flate.NewReader(bytes.NewReader(packed[1:])))
	n, err := binary.ReadUvarint(r)
	if err != nil || n > maxSamples {
		return s, fmt.Errorf("%w: %d samples: %w", errStream, n, err)
	}
	err = errors.Join(
		take(r, int(n), &s.Time), take(r, int(n), &s.Distance), take(r, int(n), &s.Latitude), take(r, int(n), &s.Longitude),
		take(r, int(n), &s.Speed), take(r, int(n), &s.HeartRate), take(r, int(n), &s.Cadence), take(r, int(n), &s.Power), take(r, int(n), &s.Altitude),
	)
	if err == nil {
		if _, err = r.ReadByte(); errors.Is(err, io.EOF) {
			return s, nil
		}
		err = fmt.Errorf("behind the end: %w", err)
	}
	return session.Samples{}, fmt.Errorf("%w: %w", errStream, err)
}

func take[F float32 | float64](r *bufio.Reader, n int, column *[]F) error {
	there, err := r.ReadByte()
	if err != nil || there == 0 {
		return err
	}
	kind, err := r.ReadByte()
	if err != nil {
		return err
	}
	values := make([]F, n)
	switch {
	case kind == raw:
		buffer := make([]byte, 8)
		for i := range values {
			if _, err := io.ReadFull(r, buffer); err != nil {
				return err
			}
			values[i] = F(math.Float64frombits(binary.LittleEndian.Uint64(buffer)))
		}
	case int(kind) < len(grids):
		last := int64(0)
		for i := range values {
			code, err := binary.ReadUvarint(r)
			if err != nil {
				return err
			}
			if code == 0 {
				values[i] = F(math.NaN())
				continue
			}
			code--
			last += int64(code>>1) ^ -int64(code&1)
			values[i] = F(grids[kind].value(last))
		}
	default:
		return errors.New("grid")
	}
	*column = values
	return nil
}

// stepwise makes cadence count what it counts in a sport: steps of both feet
// on foot, which are two for each turn of a recording in another sport.
func stepwise(s *session.Samples, recorded, sport session.Sport) {
	var factor float32
	switch {
	case sport.OnFoot() && !recorded.OnFoot():
		factor = 2
	case !sport.OnFoot() && recorded.OnFoot():
		factor = 0.5
	default:
		return
	}
	scaled := make([]float32, len(s.Cadence))
	for i, v := range s.Cadence {
		scaled[i] = factor * v
	}
	if s.Cadence != nil {
		s.Cadence = scaled
	}
}

// columnNames are the names of the streams that samples have.
func columnNames(s session.Samples) []string {
	var names []string
	for i, is := range []bool{
		s.Distance != nil, s.Latitude != nil, s.Longitude != nil, s.Speed != nil,
		s.HeartRate != nil, s.Cadence != nil, s.Power != nil, s.Altitude != nil,
	} {
		if is {
			names = append(names, ColumnNames[i].Name)
		}
	}
	return names
}

// columnsOf makes the columns for a plot.
func columnsOf(s session.Samples, points int) []Column {
	var all []Column
	all = appendColumn(all, s, ColumnNames[0].Name, s.Distance, rowsOf(s.Distance, points))
	where := whereabouts(s, points)
	all = appendColumn(all, s, ColumnNames[1].Name, s.Latitude, where)
	all = appendColumn(all, s, ColumnNames[2].Name, s.Longitude, where)
	for i, column := range [][]float32{s.Speed, s.HeartRate, s.Cadence, s.Power, s.Altitude} {
		all = appendColumn(all, s, ColumnNames[3+i].Name, column, rowsOf(column, points))
	}
	return all
}

// rowsOf chooses the rows of a column: all with a value, or at most points.
func rowsOf[F float32 | float64](column []F, points int) []int {
	if points <= 0 {
		points = len(column)
	}
	return session.Plot(column, points)
}

// whereabouts chooses rows for the way on a map, the same for latitude and
// longitude, evenly, with both ends.
func whereabouts(s session.Samples, points int) []int {
	var rows []int
	if s.Latitude == nil || s.Longitude == nil {
		return nil
	}
	for i := range s.Latitude {
		if s.Latitude[i] == s.Latitude[i] && s.Longitude[i] == s.Longitude[i] {
			rows = append(rows, i)
		}
	}
	if points <= 0 || len(rows) <= max(points, 2) {
		return rows
	}
	points = max(points, 2)
	chosen := make([]int, points)
	for i := range chosen {
		chosen[i] = rows[i*(len(rows)-1)/(points-1)]
	}
	return chosen
}

func appendColumn[F float32 | float64](all []Column, s session.Samples, name string, values []F, rows []int) []Column {
	if len(rows) == 0 {
		return all
	}
	c := Column{Name: name, Elapsed: make([]float64, len(rows)), Values: make([]float64, len(rows))}
	if s.Distance != nil {
		c.Distance = make([]float64, len(rows))
	}
	from := math.NaN() // the first distance that is known
	for _, d := range s.Distance {
		if d == d {
			from = d
			break
		}
	}
	for i, row := range rows {
		c.Elapsed[i], c.Values[i] = s.Time[row]-s.Time[0], float64(values[row])
		if c.Distance != nil {
			c.Distance[i] = s.Distance[row] - from
		}
	}
	if name == ColumnNames[0].Name {
		c.Values = c.Distance
	}
	return append(all, c)
}
