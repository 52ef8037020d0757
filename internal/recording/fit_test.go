package recording_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"testing"

	"github.com/stride-run/stride/internal/fittest"
)

// A field of a definition, with the base types of FIT.
type field struct{ number, size, base byte }

const (
	enum, u8, u16, s32, u32 = 0x00, 0x02, 0x84, 0x85, 0x86
)

// definition defines local message local as message number.
func definition(local byte, number uint16, fields ...field) []byte {
	b := []byte{0x40 | local, 0, 0}
	b = binary.LittleEndian.AppendUint16(b, number)
	b = append(b, byte(len(fields)))
	for _, f := range fields {
		b = append(b, f.number, f.size, f.base)
	}
	return b
}

// data is a data message of values, each written little-endian by its type.
func data(header byte, values ...any) []byte {
	b := []byte{header}
	for _, v := range values {
		b, _ = binary.Append(b, binary.LittleEndian, v)
	}
	return b
}

// now is a FIT timestamp in 2026.
const now = uint32(1_140_000_000)

// records is a definition of time, distance and heart rate, and messages of
// triples of them.
func records(triples ...uint32) [][]byte {
	messages := [][]byte{definition(0, 20, field{253, 4, u32}, field{5, 4, u32}, field{3, 1, u8})}
	for i := 0; i+2 < len(triples); i += 3 {
		messages = append(messages, data(0, triples[i], triples[i+1], uint8(triples[i+2])))
	}
	return messages
}

// minute is a run of 60 seconds at 3 m/s.
func minute() []byte {
	var triples []uint32
	for i := range uint32(61) {
		triples = append(triples, now+i, 300*i, 140)
	}
	return fittest.Wrap(records(triples...)...)
}

func packed(t testing.TB, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
