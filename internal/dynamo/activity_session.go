package dynamo

import (
	"bufio"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/stride-run/stride/internal/activity"
	"github.com/stride-run/stride/internal/session"
	"github.com/stride-run/stride/internal/unit"
)

// sessionItem writes a session without its key. What is nil is not there.
func sessionItem(s *activity.Session) item {
	return item{
		"entity": text("session"), "v": number(1),
		"name": said(s.Name), "note": said(s.Note), "sport": said(string(s.Sport)),
		"counts":  &types.AttributeValueMemberBOOL{Value: s.CountsForBests},
		"version": number(int64(s.Version)), "created": number(s.Created.Unix()), "updated": number(s.Updated.Unix()),
		"recorded": said(string(s.Recorded)), "sub_sport": said(s.SubSport), "device": deviceOf(s.Device),
		"flags": texts(s.Flags), "samples": counted(s.Samples), "columns": texts(s.Columns),
		"receipt": document(receiptAttributes(&s.Receipt)), "original": originalOf(s.Original), "stream": said(s.Stream),
		"statistics": &types.AttributeValueMemberB{Value: packStatistics(&s.Statistics)},
	}
}

func sessionOf(i item) (*activity.Session, error) {
	id := strings.TrimPrefix(textOf(i, sortKey), sessionPrefix)
	s := &activity.Session{
		ID: id, Name: textOf(i, "name"), Note: textOf(i, "note"), Sport: session.Sport(textOf(i, "sport")), CountsForBests: boolOf(i, "counts"),
		Version: int(numberOf(i, "version")), Created: time.Unix(numberOf(i, "created"), 0).UTC(), Updated: time.Unix(numberOf(i, "updated"), 0).UTC(),
		Start: activity.TimeOf(id), Recorded: session.Sport(textOf(i, "recorded")), SubSport: textOf(i, "sub_sport"),
		Device: readDevice(documentOf(i, "device")), Flags: textsOf[session.Flag](i, "flags"),
		Samples: int(numberOf(i, "samples")), Columns: textsOf[string](i, "columns"),
		Receipt: readReceipt(documentOf(i, "receipt")), Original: readOriginal(documentOf(i, "original")), Stream: textOf(i, "stream"),
	}
	if err := unpackStatistics(bytesOf(i, "statistics"), &s.Statistics); err != nil {
		return nil, fmt.Errorf("session %s: statistics: %w", id, err)
	}
	return s, nil
}

func deviceOf(d session.Device) types.AttributeValue {
	i := present(item{
		"manufacturer": counted(int(d.Manufacturer)), "product": counted(int(d.Product)), "serial": counted(int(d.Serial)),
	})
	if !d.Created.IsZero() {
		i["created"] = number(d.Created.Unix())
	}
	if len(i) == 0 {
		return nil
	}
	return document(i)
}

func readDevice(i item) session.Device {
	d := session.Device{
		Manufacturer: uint16(numberOf(i, "manufacturer")), Product: uint16(numberOf(i, "product")), Serial: uint32(numberOf(i, "serial")),
	}
	if _, known := i["created"]; known {
		d.Created = time.Unix(numberOf(i, "created"), 0).UTC()
	}
	return d
}

// Statistics are one attribute of bytes: tables of splits and laps as lists of
// maps would be ten times as large. A visit goes over all values in one order,
// for writing and for reading, so the two cannot differ. New values go to the
// end, behind which an older program stops reading.

// statisticsVersion is the first byte.
const statisticsVersion = 1

// A visitor goes over values. It writes them, or reads them into their places.
type visitor struct {
	out *bytes.Buffer // nil: it reads
	in  *bufio.Reader
	err error
}

func packStatistics(s *session.Statistics) []byte {
	v := visitor{out: &bytes.Buffer{}}
	v.statistics(s)
	packed := bytes.NewBuffer([]byte{statisticsVersion})
	z, _ := flate.NewWriter(packed, flate.BestCompression) // the level exists
	_, _ = z.Write(v.out.Bytes())                          // to memory
	_ = z.Close()
	return packed.Bytes()
}

func unpackStatistics(packed []byte, s *session.Statistics) error {
	if len(packed) == 0 || packed[0] != statisticsVersion {
		return errors.New("unknown version")
	}
	v := visitor{in: bufio.NewReader(flate.NewReader(bytes.NewReader(packed[1:])))}
	v.statistics(s)
	if v.err == nil { // what follows is of a newer program, and has to be whole
		_, v.err = io.Copy(io.Discard, v.in)
	}
	return v.err
}

func (v *visitor) statistics(s *session.Statistics) {
	v.distance(&s.Distance)
	v.duration(&s.Elapsed)
	v.duration(&s.Timer)
	v.duration(&s.Moving)
	v.float((*float64)(&s.AveragePace))
	v.float((*float64)(&s.GradeAdjustedPace))
	v.measure(&s.HeartRate)
	v.measure(&s.Cadence)
	v.measure(&s.Power)
	v.distance(&s.Ascent)
	v.distance(&s.Descent)
	each(v, &s.Kilometres, v.split)
	each(v, &s.Miles, v.split)
	each(v, &s.Laps, v.lap)
	each(v, &s.HeartRates, func(r *session.AtHeartRate) { v.int(&r.BPM); v.duration(&r.Time) })
	v.int(&s.Unseen)
	v.int(&s.Spikes)
	v.int(&s.Backwards)
	v.int(&s.Doubled)
	each(v, &s.Efforts, v.effort)
	if s.Spikes == 0 && s.Unseen == 0 { // then the two are equal
		s.Candidates = s.Efforts
		return
	}
	each(v, &s.Candidates, v.effort)
}

func (v *visitor) measure(m *session.Measure) {
	v.float(&m.Average)
	v.float(&m.Max)
	v.int(&m.Samples)
}

func (v *visitor) split(s *session.Split) {
	v.distance(&s.Distance)
	v.duration(&s.Elapsed)
	v.duration(&s.Moving)
	v.float(&s.AverageHeartRate)
	v.distance(&s.Ascent)
	v.distance(&s.Descent)
}

func (v *visitor) lap(l *session.Lap) {
	v.float(&l.Start)
	v.duration(&l.Elapsed)
	v.duration(&l.Timer)
	v.distance(&l.Distance)
	v.int(&l.AverageHeartRate)
	v.int(&l.MaxHeartRate)
}

func (v *visitor) effort(e *session.Effort) {
	v.distance(&e.Distance)
	v.duration(&e.Time)
	v.float(&e.Start)
	v.distance(&e.StartDistance)
}

// each visits a list: its length and its elements. None is nil.
func each[T any](v *visitor, all *[]T, visit func(*T)) {
	n := uint64(len(*all))
	v.uint(&n)
	if v.out == nil {
		*all = nil
		for range n {
			if v.err != nil {
				return
			}
			*all = append(*all, *new(T))
			visit(&(*all)[len(*all)-1])
		}
		return
	}
	for i := range *all {
		visit(&(*all)[i])
	}
}

func (v *visitor) uint(n *uint64) {
	if v.out != nil {
		v.out.Write(binary.AppendUvarint(nil, *n))
		return
	}
	if v.err == nil {
		*n, v.err = binary.ReadUvarint(v.in)
	}
}

func (v *visitor) signed(n *int64) {
	code := uint64(*n<<1 ^ *n>>63)
	v.uint(&code)
	*n = int64(code>>1) ^ -int64(code&1)
}

func (v *visitor) int(n *int) {
	wide := int64(*n)
	v.signed(&wide)
	*n = int(wide)
}

// duration writes milliseconds where that is exact, as devices count them, and
// nanoseconds otherwise. The lowest bit says which.
func (v *visitor) duration(d *time.Duration) {
	n := int64(*d)<<1 | 1
	if *d%time.Millisecond == 0 {
		n = int64(*d/time.Millisecond) << 1
	}
	v.signed(&n)
	exact := n&1 == 0
	if n >>= 1; exact {
		n *= int64(time.Millisecond)
	}
	*d = time.Duration(n)
}

func (v *visitor) distance(d *unit.Distance) { v.float((*float64)(d)) }

// float writes hundredths where that is exact, as devices count them, and all
// bits otherwise. The lowest bit says which.
func (v *visitor) float(f *float64) {
	const most = 1 << 50
	n := int64(1)
	if cents := math.Round(*f * 100); math.Abs(cents) < most && math.Float64bits(cents/100) == math.Float64bits(*f) {
		n = int64(cents) << 1
	}
	v.signed(&n)
	if n&1 == 0 {
		*f = float64(n>>1) / 100
		return
	}
	var bits [8]byte
	if v.out != nil {
		binary.LittleEndian.PutUint64(bits[:], math.Float64bits(*f))
		v.out.Write(bits[:])
		return
	}
	if v.err == nil {
		_, v.err = io.ReadFull(v.in, bits[:])
	}
	*f = math.Float64frombits(binary.LittleEndian.Uint64(bits[:]))
}
