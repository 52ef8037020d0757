package recording

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/muktihari/fit/profile/basetype"
	"github.com/muktihari/fit/profile/untyped/fieldnum"
	"github.com/muktihari/fit/profile/untyped/mesgnum"
	"github.com/muktihari/fit/proto"
)

// wanted names, for each message that is read, the fields that are: their
// place in the list is their place in values. Timestamp comes first in all.
var wanted = map[uint16][]byte{
	uint16(mesgnum.FileId):  {proto.FieldNumTimestamp, fieldnum.FileIdType, fieldnum.FileIdManufacturer, fieldnum.FileIdProduct, fieldnum.FileIdSerialNumber, fieldnum.FileIdTimeCreated},
	uint16(mesgnum.Sport):   {proto.FieldNumTimestamp, fieldnum.SportSport, fieldnum.SportSubSport},
	uint16(mesgnum.Event):   {proto.FieldNumTimestamp, fieldnum.EventEvent, fieldnum.EventEventType},
	uint16(mesgnum.Lap):     {proto.FieldNumTimestamp, fieldnum.LapStartTime, fieldnum.LapTotalElapsedTime, fieldnum.LapTotalTimerTime, fieldnum.LapTotalDistance, fieldnum.LapAvgHeartRate, fieldnum.LapMaxHeartRate},
	uint16(mesgnum.Session): {proto.FieldNumTimestamp, fieldnum.SessionStartTime, fieldnum.SessionTotalElapsedTime, fieldnum.SessionTotalTimerTime, fieldnum.SessionTotalDistance, fieldnum.SessionAvgHeartRate, fieldnum.SessionMaxHeartRate, fieldnum.SessionSport, fieldnum.SessionSubSport, fieldnum.SessionTotalAscent, fieldnum.SessionTotalDescent},
	uint16(mesgnum.Record): {
		proto.FieldNumTimestamp, fieldnum.RecordDistance, fieldnum.RecordPositionLat, fieldnum.RecordPositionLong,
		fieldnum.RecordEnhancedSpeed, fieldnum.RecordSpeed, fieldnum.RecordEnhancedAltitude, fieldnum.RecordAltitude,
		fieldnum.RecordHeartRate, fieldnum.RecordCadence, fieldnum.RecordFractionalCadence, fieldnum.RecordPower,
		fieldnum.RecordCompressedSpeedDistance,
	},
}

// Places in values. Sport and sub-sport of the sport message are 1 and 2, the
// event and its type too.
const (
	timestamp = 0

	fileType, fileManufacturer, fileProduct, fileSerial, fileCreated = 1, 2, 3, 4, 5
	sportSport, sportSubSport                                        = 1, 2
	eventEvent, eventType                                            = 1, 2

	// of laps and sessions
	totalStart, totalElapsed, totalTimer, totalDistance, totalAverage, totalMax = 1, 2, 3, 4, 5, 6
	sessionSport, sessionSubSport, sessionAscent, sessionDescent                = 7, 8, 9, 10

	recordDistance, recordLatitude, recordLongitude             = 1, 2, 3
	recordEnhancedSpeed, recordSpeed                            = 4, 5
	recordEnhancedAltitude, recordAltitude                      = 6, 7
	recordHeartRate, recordCadence, recordFraction, recordPower = 8, 9, 10, 11
	recordSpeedDistance                                         = 12
)

// values are the fields of one message that have a value. Signed ones are kept
// as their bits.
type values struct {
	x   [13]uint32
	has uint16 // bit i: x[i] is there
}

// get returns a value, 0 when it is missing.
func (v *values) get(i int) uint32 {
	if v.has>>i&1 == 0 {
		return 0
	}
	return v.x[i]
}

// scaled returns a value by its unit, NaN when it is missing.
func (v *values) scaled(i int, scale, offset float64) float64 {
	if v.has>>i&1 == 0 {
		return math.NaN()
	}
	return float64(v.x[i])/scale - offset
}

// first returns the first of two fields that has a value.
func (v *values) first(i, j int, scale, offset, otherScale float64) float64 {
	if v.has>>i&1 == 1 {
		return v.scaled(i, scale, offset)
	}
	return v.scaled(j, otherScale, offset)
}

// A layout is what a definition message says about the data messages that
// follow: where in them the wanted fields are. All else is skipped.
type layout struct {
	message uint16
	slots   []slot
}

// A slot is a wanted field's place in a data message.
type slot struct {
	offset  int
	width   int // bytes: 1, 2, 3 or 4
	place   int // in values
	big     bool
	invalid uint32 // stands for no value
}

// define reads a definition message, as the decoder of frames gives it: whole.
// It reuses the memory of the layout before.
func (l *layout) define(b []byte) {
	var order binary.ByteOrder = binary.LittleEndian
	if b[2] != 0 {
		order = binary.BigEndian
	}
	l.message, l.slots = order.Uint16(b[3:5]), l.slots[:0]
	fields, ok := wanted[l.message]
	if !ok {
		fields = wanted[uint16(mesgnum.Sport)][:1] // its timestamp only
	}
	seen, offset := 0, 1
	for f := b[6 : 6+3*int(b[5])]; len(f) > 0; f = f[3:] {
		number, size, base := f[0], int(f[1]), f[2]
		if place := slices.Index(fields, number); place >= 0 && seen>>place&1 == 0 {
			seen |= 1 << place
			if width, invalid, ok := integer(base, size); ok {
				l.slots = append(l.slots, slot{offset, width, place, b[2] != 0, invalid})
			}
		}
		offset += size
	}
}

// widths has the bytes and the value for none of the integer base types. What
// is missing here is no number that Stride reads, or no base type at all.
var widths = map[basetype.BaseType]struct {
	width   int
	invalid uint32
}{
	basetype.Enum: {1, math.MaxUint8}, basetype.Uint8: {1, math.MaxUint8}, basetype.Uint8z: {1, 0}, basetype.Sint8: {1, math.MaxInt8},
	basetype.Uint16: {2, math.MaxUint16}, basetype.Uint16z: {2, 0}, basetype.Sint16: {2, math.MaxInt16},
	basetype.Uint32: {4, math.MaxUint32}, basetype.Uint32z: {4, 0}, basetype.Sint32: {4, math.MaxInt32},
}

// integer returns the width of a field's first value and what stands for none;
// false for what is no integer. Three bytes in a row are one value: so speed
// and distance are packed. Of a base type that does not exist, the size tells:
// such files are around.
func integer(base byte, size int) (width int, invalid uint32, ok bool) {
	switch t := basetype.BaseType(base); t {
	case basetype.String, basetype.Float32, basetype.Float64, basetype.Sint64, basetype.Uint64, basetype.Uint64z:
		return 0, 0, false
	default:
		if w, known := widths[t]; known {
			return w.width, w.invalid, w.width <= size
		}
		return size, math.MaxUint32 >> (32 - 8*min(size, 4)), size >= 1 && size <= 4
	}
}

// read takes the wanted fields from a data message.
func (l *layout) read(b []byte, v *values) {
	v.has = 0
	for i := range l.slots {
		s := &l.slots[i]
		p := b[s.offset : s.offset+s.width]
		var x uint32
		switch {
		case s.width == 1:
			x = uint32(p[0])
		case s.width == 2 && s.big:
			x = uint32(binary.BigEndian.Uint16(p))
		case s.width == 2:
			x = uint32(binary.LittleEndian.Uint16(p))
		case s.width == 3:
			x = uint32(p[0]) | uint32(p[1])<<8 | uint32(p[2])<<16
		case s.big:
			x = binary.BigEndian.Uint32(p)
		default:
			x = binary.LittleEndian.Uint32(p)
		}
		if x != s.invalid {
			v.x[s.place] = x
			v.has |= 1 << s.place
		}
	}
}
