// Package fittest writes small FIT files for tests: runs at an even pace, as a
// watch would record them.
package fittest

import (
	"bytes"
	"encoding/binary"
	"math"
	"time"
)

// epoch is what FIT counts seconds from.
var epoch = time.Date(1989, time.December, 31, 0, 0, 0, 0, time.UTC)

// A Run is what to write. Zero fields other than Start, Metres and Pace are
// left out of the file.
type Run struct {
	Start     time.Time
	Metres    int
	Pace      float64 // seconds per kilometre
	HeartRate int     // bpm
	Sport     int     // of the FIT profile; 0: running
	Serial    uint32
	Bare      bool // time and distance alone: a file of little size
}

// every is how far samples are apart, in seconds.
const every = 5

// File writes a run as a FIT file.
func File(r Run) []byte {
	start := uint32(r.Start.Sub(epoch) / time.Second)
	length := float64(r.Metres) * r.Pace / 1000 // seconds
	end := start + uint32(math.Ceil(length))
	var messages [][]byte
	add := func(number uint16, fields []field, values ...any) {
		messages = append(messages, definition(number, fields), data(values...))
	}
	add(0, []field{{0, 1, enum}, {1, 2, u16}, {2, 2, u16}, {3, 4, u32z}, {4, 4, u32}},
		uint8(4), uint16(1), uint16(3121), r.Serial, start)

	fields := []field{{253, 4, u32}, {5, 4, u32}}
	if !r.Bare {
		fields = append(fields, field{3, 1, u8}, field{4, 1, u8}, field{2, 2, u16}, field{0, 4, s32}, field{1, 4, s32})
	}
	messages = append(messages, definition(20, fields))
	for t := 0.0; ; t += every {
		t = min(t, math.Ceil(length))
		metres := min(float64(r.Metres), t/r.Pace*1000)
		values := []any{start + uint32(t), uint32(math.Round(metres * 100))}
		if !r.Bare {
			climb := 100 + 20*math.Sin(metres/500)
			values = append(values, uint8(r.HeartRate), uint8(85), uint16((climb+500)*5),
				semicircles(59.9+metres/111_000), semicircles(10.7))
		}
		messages = append(messages, data(values...))
		if t >= length {
			break
		}
	}
	sport := uint8(r.Sport)
	if sport == 0 {
		sport = 1
	}
	ms, cm := uint32(math.Ceil(length)*1000), uint32(r.Metres*100)
	add(19, []field{{253, 4, u32}, {2, 4, u32}, {7, 4, u32}, {8, 4, u32}, {9, 4, u32}}, end, start, ms, ms, cm)
	add(18, []field{{253, 4, u32}, {2, 4, u32}, {5, 1, enum}, {7, 4, u32}, {8, 4, u32}, {9, 4, u32}}, end, start, sport, ms, ms, cm)
	return Wrap(messages...)
}

// semicircles are degrees as FIT counts them.
func semicircles(degrees float64) int32 { return int32(math.Round(degrees * (1 << 31) / 180)) }

// Settings is a file in which nothing was done.
func Settings() []byte {
	return Wrap(definition(0, []field{{0, 1, enum}}), data(uint8(2)))
}

// A field of a definition: its number, its size in bytes, and its base type.
type field struct{ number, size, base byte }

// The base types of FIT that are used here.
const (
	enum, u8, u16, s32, u32, u32z = 0x00, 0x02, 0x84, 0x85, 0x86, 0x8C
)

// definition defines local message 0 as a message of the profile.
func definition(number uint16, fields []field) []byte {
	b := []byte{0x40, 0, 0}
	b = binary.LittleEndian.AppendUint16(b, number)
	b = append(b, byte(len(fields)))
	for _, f := range fields {
		b = append(b, f.number, f.size, f.base)
	}
	return b
}

// data is local message 0 with values, each written by its type.
func data(values ...any) []byte {
	b := []byte{0}
	for _, v := range values {
		b, _ = binary.Append(b, binary.LittleEndian, v) // all have a size
	}
	return b
}

// Wrap puts a header before messages and a checksum behind them.
func Wrap(messages ...[]byte) []byte {
	content := bytes.Join(messages, nil)
	b := []byte{14, 0x20, 0, 0}
	b = binary.LittleEndian.AppendUint32(b, uint32(len(content)))
	b = append(b, ".FIT"...)
	b = binary.LittleEndian.AppendUint16(b, sum(b))
	b = append(b, content...)
	return binary.LittleEndian.AppendUint16(b, sum(b))
}

// sum is the checksum of FIT, bit by bit.
func sum(b []byte) uint16 {
	crc := uint16(0)
	for _, x := range b {
		crc ^= uint16(x)
		for range 8 {
			crc = crc>>1 ^ 0xA001*(crc&1)
		}
	}
	return crc
}
