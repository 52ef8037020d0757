package dynamo

import (
	"encoding/binary"
	"errors"
	"math"
)

// Fields of a message as Protocol Buffers write them: a varint of the field's
// number and kind, and the value. Four kinds are in use there, and any other
// is damage. The library for it reads the program's own file when it starts,
// which is a tenth of a millisecond of every cold start; tests hold what is
// written here against it.
const (
	kindVarint  = 0
	kindFixed64 = 1
	kindBytes   = 2
	kindFixed32 = 5
)

// A field is a number or some bytes, with the number that says what it is.
type field struct {
	number int
	value  float64
	bytes  []byte
}

// letter returns a number as the letter that it is in ASCII; 0 if it is none.
func (f field) letter() byte {
	if f.value < ' ' || f.value > '~' {
		return 0
	}
	return byte(f.value)
}

func appendTag(b []byte, number, kind int) []byte {
	return binary.AppendUvarint(b, uint64(number)<<3|uint64(kind))
}

func appendMessage(b []byte, number int, message []byte) []byte {
	b = binary.AppendUvarint(appendTag(b, number, kindBytes), uint64(len(message)))
	return append(b, message...)
}

// appendText and appendNumber leave out what is empty or zero.

func appendText(b []byte, number int, s string) []byte {
	if s == "" {
		return b
	}
	b = binary.AppendUvarint(appendTag(b, number, kindBytes), uint64(len(s)))
	return append(b, s...)
}

// appendNumber writes a number so that it is read as the same: whole ones, as
// nearly all are, in a few bytes, and others in eight.
func appendNumber(b []byte, number int, v float64) []byte {
	switch {
	case v == 0:
		return b
	case v > 0 && v < 1<<53 && v == math.Trunc(v):
		return binary.AppendUvarint(appendTag(b, number, kindVarint), uint64(v))
	}
	return binary.LittleEndian.AppendUint64(appendTag(b, number, kindFixed64), math.Float64bits(v))
}

var errDamaged = errors.New("damaged")

// eachField visits the fields of a message; those of kinds that are not used
// here are passed over.
func eachField(b []byte, visit func(field) error) error {
	for len(b) > 0 {
		tag, n := binary.Uvarint(b)
		if n <= 0 || tag>>3 == 0 || tag>>3 > math.MaxInt32 {
			return errDamaged
		}
		b = b[n:]
		f := field{number: int(tag >> 3)}
		switch tag & 7 {
		case kindVarint:
			v, n := binary.Uvarint(b)
			if n <= 0 {
				return errDamaged
			}
			f.value, b = float64(v), b[n:]
		case kindFixed64:
			if len(b) < 8 {
				return errDamaged
			}
			f.value, b = math.Float64frombits(binary.LittleEndian.Uint64(b)), b[8:]
		case kindBytes:
			size, n := binary.Uvarint(b)
			if n <= 0 || size > uint64(len(b)-n) {
				return errDamaged
			}
			end := n + int(size)
			f.bytes, b = b[n:end], b[end:]
		case kindFixed32:
			if len(b) < 4 {
				return errDamaged
			}
			b = b[4:]
			continue
		default:
			return errDamaged
		}
		if err := visit(f); err != nil {
			return err
		}
	}
	return nil
}

// count says how many fields with a number a message has.
func count(b []byte, number int) (n int, err error) {
	err = eachField(b, func(f field) error {
		if f.number == number {
			n++
		}
		return nil
	})
	return n, err
}
