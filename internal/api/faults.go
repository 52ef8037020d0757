package api

import (
	"slices"
	"strings"

	"github.com/stride-run/stride/internal/fault"
)

// maxFaults is how many faults one answer lists. Nobody mends more at a time,
// and it keeps a body of nothing but wrong names from growing on the way back.
const maxFaults = 100

// faults gathers what is wrong with a request, at most one fault for each
// pointer.
type faults struct {
	fields []fault.Field
}

func (f *faults) add(field fault.Field) {
	if len(f.fields) < maxFaults && f.index(field.Pointer) < 0 {
		f.fields = append(f.fields, field)
	}
}

func (f *faults) index(pointer string) int {
	return slices.IndexFunc(f.fields, func(field fault.Field) bool { return field.Pointer == pointer })
}

// allow adds to a fault what would be accepted.
func (f *faults) allow(pointer string, allowed *fault.Allowed) {
	if i := f.index(pointer); i >= 0 {
		f.fields[i].Allowed = allowed
	}
}

// merge adds what the core found in the values that could be read. Where both
// found the same fault the core's is kept, since it knows the limits; where
// the faults differ, the limits still are of use.
func (f *faults) merge(fields []fault.Field) {
	own := slices.Clone(f.fields)
	for _, field := range fields {
		i := f.index(field.Pointer)
		switch {
		case i >= 0 && f.fields[i].Code == field.Code:
			f.fields[i] = field
		case i >= 0 && f.fields[i].Allowed == nil:
			f.fields[i].Allowed = field.Allowed
		case i < 0 && !slices.ContainsFunc(own, func(o fault.Field) bool {
			return strings.HasPrefix(field.Pointer, o.Pointer+"/")
		}):
			f.add(field)
		}
	}
}
