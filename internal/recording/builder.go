package recording

import (
	"context"
	"encoding/binary"
	"errors"
	"time"

	"github.com/muktihari/fit/decoder"
	"github.com/muktihari/fit/profile/untyped/mesgnum"
	"github.com/muktihari/fit/proto"

	"github.com/stride-run/stride/internal/session"
	"github.com/stride-run/stride/internal/unit"
)

var (
	errHeader   = errors.New("the header's checksum is wrong")
	errChecksum = errors.New("the data's checksum is wrong")
)

// What a file may have beside samples. Real ones stay far below.
const (
	maxSequences = 1000
	maxSessions  = 100
	maxLaps      = 5000
	maxPauses    = 5000
)

// fitEpoch is 1989-12-31T00:00:00Z, from which FIT counts its seconds, in
// those of 1970.
const fitEpoch = 631065600

// systemTime is below which a FIT timestamp is no date but the seconds since
// the device was switched on.
const systemTime = 0x10000000

// instant turns a timestamp into an instant of package session.
func instant(t uint32) float64 {
	if t < systemTime {
		return float64(t)
	}
	return fitEpoch + float64(t)
}

// A builder takes the frames of a file one by one and keeps what Stride wants
// of them.
type builder struct {
	ctx       context.Context
	limits    Limits
	inside    bool // between a header and its checksum
	crc       uint16
	bytes     int64
	messages  int
	records   int
	sequences int

	layouts [proto.LocalMesgNumMask + 1]layout
	values  values
	clock   uint32 // the last timestamp, which compressed ones count from

	columns
	sessions []summary
	laps     []session.Lap
	pauses   []session.Span
	stopped  float64 // since when the timer stands still; 0: it runs
	device   session.Device
	fileType uint8
	sport    [2]uint32 // sport and sub-sport, for files without a session
	kept     mark      // what there was before the present sequence
}

// A mark is how much there is of everything.
type mark struct{ records, samples, sessions, laps, pauses int }

// frame takes one frame from the decoder. An error ends the reading.
func (b *builder) frame(kind decoder.RawFlag, frame []byte) error {
	b.bytes += int64(len(frame))
	b.crc = checksum(b.crc, frame)
	if kind == decoder.RawFlagFileHeader {
		return b.begin(frame)
	}
	if kind == decoder.RawFlagCRC {
		if b.crc != 0 {
			return errChecksum
		}
		b.finish()
		return nil
	}
	if b.messages++; b.messages > b.limits.Messages {
		return errParts
	}
	if b.messages%4096 == 0 {
		if err := b.ctx.Err(); err != nil {
			return err
		}
	}
	if kind == decoder.RawFlagMesgDef {
		b.layouts[frame[0]&proto.LocalMesgNumMask].define(frame)
		return nil
	}
	return b.message(frame)
}

// begin starts a sequence. A header of 14 bytes may leave its checksum 0.
func (b *builder) begin(header []byte) error {
	b.inside = true
	if len(header) == 14 {
		if sum := binary.LittleEndian.Uint16(header[12:]); sum != 0 && sum != checksum(0, header[:12]) {
			return errHeader
		}
	}
	if b.sequences == maxSequences {
		return errParts
	}
	b.crc = checksum(0, header)
	b.kept = mark{b.records, b.samples.Len(), len(b.sessions), len(b.laps), len(b.pauses)}
	b.stopped, b.distance16 = 0, 0
	return b.ctx.Err()
}

// finish ends a sequence whose content is kept.
func (b *builder) finish() {
	b.inside = false
	b.sequences++
}

// rollBack forgets what the present sequence brought.
func (b *builder) rollBack() {
	b.inside = false
	b.records = b.kept.records
	b.cut(b.kept.samples)
	b.sessions, b.laps, b.pauses = b.sessions[:b.kept.sessions], b.laps[:b.kept.laps], b.pauses[:b.kept.pauses]
}

// message takes a data message.
func (b *builder) message(frame []byte) error {
	header, v := frame[0], &b.values
	l := &b.layouts[proto.LocalMesgNum(header)]
	l.read(frame, v)
	if header&proto.MesgCompressedHeaderMask != 0 { // five bits of the time, which roll over
		b.clock += (uint32(header) - b.clock) & proto.CompressedTimeMask
		v.x[timestamp] = b.clock
		v.has |= 1 << timestamp
	} else if v.has>>timestamp&1 == 1 {
		b.clock = v.x[timestamp]
	}
	switch l.message {
	case uint16(mesgnum.Record):
		b.records++
		if v.has>>timestamp&1 == 1 {
			b.add(v)
		}
	case uint16(mesgnum.Event):
		return b.event(v)
	case uint16(mesgnum.Lap):
		if len(b.laps) == maxLaps {
			return errParts
		}
		b.laps = append(b.laps, lapOf(v))
	case uint16(mesgnum.Session):
		if len(b.sessions) == maxSessions {
			return errParts
		}
		b.sessions = append(b.sessions, summaryOf(v))
	case uint16(mesgnum.Sport):
		b.sport = [2]uint32{v.get(sportSport), v.get(sportSubSport)}
	case uint16(mesgnum.FileId):
		b.file(v)
	}
	return nil
}

// file takes what the file says of itself, of the first in a chain.
func (b *builder) file(v *values) {
	if b.device != (session.Device{}) || b.fileType != 0 {
		return
	}
	b.fileType = uint8(v.get(fileType))
	b.device = session.Device{
		Manufacturer: uint16(v.get(fileManufacturer)), Product: uint16(v.get(fileProduct)), Serial: v.get(fileSerial),
	}
	if created := v.get(fileCreated); created >= systemTime {
		b.device.Created = time.Unix(fitEpoch+int64(created), 0).UTC()
	}
}

// Events of the timer, by the FIT profile.
const (
	timer                       = 0
	start                       = 0
	stop, stopAll               = 1, 4
	stopDisable, stopDisableAll = 8, 9
)

// event takes an event: a pause is from a stop of the timer to the next start.
func (b *builder) event(v *values) error {
	const needed = 1<<timestamp | 1<<eventEvent | 1<<eventType
	if v.has&needed != needed || v.x[eventEvent] != timer {
		return nil
	}
	at := instant(v.x[timestamp])
	switch v.x[eventType] {
	case stop, stopAll, stopDisable, stopDisableAll:
		if b.stopped == 0 {
			b.stopped = at
		}
	case start:
		if b.stopped != 0 && at > b.stopped {
			if len(b.pauses) == maxPauses {
				return errParts
			}
			b.pauses = append(b.pauses, session.Span{Start: b.stopped, End: at})
		}
		b.stopped = 0
	}
	return nil
}

func lapOf(v *values) session.Lap {
	return session.Lap{
		Start: startOf(v), Elapsed: milliseconds(v.get(totalElapsed)), Timer: milliseconds(v.get(totalTimer)),
		Distance: unit.Distance(v.get(totalDistance)) / 100, AverageHeartRate: int(v.get(totalAverage)), MaxHeartRate: int(v.get(totalMax)),
	}
}

// startOf is when a lap or session began; without a start it is when it was
// written less how long it took.
func startOf(v *values) float64 {
	if v.has>>totalStart&1 == 1 {
		return instant(v.x[totalStart])
	}
	return instant(v.get(timestamp)) - float64(v.get(totalElapsed))/1000
}

func milliseconds(ms uint32) time.Duration { return time.Duration(ms) * time.Millisecond }
