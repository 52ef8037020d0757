package api

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/stride-run/stride/internal/fault"
)

// An Object reads the members of a JSON object by name and type. A getter
// that finds no such value notes the fault and returns the zero value, so a
// handler reads everything, hands it to the core, and answers all faults of
// both at once with Faults.
//
// A getter demands its member: absent or null is a fault. What may be left
// out is asked for with Has first.
//
//	if in.Has("unit") {
//		unit = api.Enum(in, "unit", "km", "mi")
//	}
type Object struct {
	at      string // RFC 6901 pointer to the object
	members []member
	known   []string  // names that were asked for
	inner   []*Object // objects that were handed out
	faults  *faults   // shared with the inner ones
	void    bool      // stands for a value that is no object; has no faults of its own
}

// Has says whether a member is there and not null. The name is then known:
// a member that no getter and no Has asks for is an unknown field.
func (o *Object) Has(name string) bool {
	v, ok := o.member(name)
	return ok && v.kind != null
}

// Int reads an integer, written as digits: 16.0, 1e1 and "16" are of the
// wrong type. What does not fit is noted as out of range and returned as the
// nearest integer, so that the core can say what the range is.
func (o *Object) Int(name string) int {
	v, ok := o.want(name, number, "a whole number")
	if !ok {
		return 0
	}
	if strings.ContainsAny(v.text, ".eE") {
		o.fault(name, fault.WrongType, "Write %s as a whole number, with digits only.", name)
		return 0
	}
	n, err := strconv.Atoi(v.text)
	if err != nil {
		o.fault(name, fault.OutOfRange, "%s is too large a number.", name)
	}
	return n
}

// Number reads any number. What does not fit is noted as out of range and
// returned as infinite, so that the core can say what the range is.
func (o *Object) Number(name string) float64 {
	v, ok := o.want(name, number, "a number")
	if !ok {
		return 0
	}
	n, err := strconv.ParseFloat(v.text, 64)
	if err != nil {
		o.fault(name, fault.OutOfRange, "%s is too large a number.", name)
	}
	return n
}

// String reads a text.
func (o *Object) String(name string) string {
	v, _ := o.want(name, text, "text")
	return v.text
}

// Bool reads true or false.
func (o *Object) Bool(name string) bool {
	v, _ := o.want(name, boolean, "true or false")
	return v.text == "true"
}

// Enum reads one of the given words. Any other is out of range; the answer
// lists them.
func Enum[S ~string](o *Object, name string, words ...S) S {
	values := make([]string, len(words))
	for i, word := range words {
		values[i] = string(word)
	}
	v, ok := o.want(name, text, "one of "+strings.Join(values, ", "))
	switch {
	case !ok:
		o.faults.allow(o.pointer(name), &fault.Allowed{Values: values})
		return ""
	case slices.Contains(words, S(v.text)):
		return S(v.text)
	}
	o.faults.add(fault.Field{
		Pointer: o.pointer(name),
		Code:    fault.OutOfRange,
		Message: fmt.Sprintf("Set %s to one of %s.", name, strings.Join(values, ", ")),
		Allowed: &fault.Allowed{Values: values},
	})
	return ""
}

// Parse reads a text of a form that parse knows, such as a clock duration or
// a date. An error of parse is an invalid format; the answer names the form:
// "H:MM:SS, like 4:00:00".
func Parse[T any](o *Object, name, form string, parse func(string) (T, error)) T {
	var zero T
	v, ok := o.want(name, text, "text of the form "+form)
	if !ok {
		return zero
	}
	parsed, err := parse(v.text)
	if err != nil {
		o.fault(name, fault.InvalidFormat, "Write %s as %s.", name, form)
		return zero
	}
	return parsed
}

// Objects reads a list of at most limit objects. Items that are no object are
// noted, and stand in the list as objects without members, so that positions
// are those of the request; a list that is too long is not read at all.
func (o *Object) Objects(name string, limit int) []*Object {
	v, _ := o.want(name, list, "a list")
	if len(v.items) > limit {
		o.faults.add(fault.Field{
			Pointer: o.pointer(name),
			Code:    fault.OutOfRange,
			Message: fmt.Sprintf("Send at most %d items in %s.", limit, name),
			Allowed: &fault.Allowed{Max: limit},
		})
		return nil
	}
	objects := make([]*Object, len(v.items))
	for i, item := range v.items {
		at := o.pointer(name) + "/" + strconv.Itoa(i)
		if item.kind != object {
			o.faults.add(fault.Field{Pointer: at, Code: fault.WrongType, Message: "Send an object here."})
		}
		objects[i] = o.enter(at, item, item.kind == object)
	}
	return objects
}

func (o *Object) enter(at string, v value, ok bool) *Object {
	inner := &Object{at: at, members: v.members, faults: o.faults, void: !ok}
	o.inner = append(o.inner, inner)
	return inner
}

// Faults ends the reading. It returns every fault found so far, an
// unknown-field fault for each member nobody asked for, and the fields of
// err, which is what the core said about the values. A field that already has
// a fault, or is part of one that has, does not get a second: the core looked
// at a stand-in there. Without a fault of its own it returns err as it is.
func (o *Object) Faults(err error) error {
	o.refuseUnknown()
	if len(o.faults.fields) == 0 {
		return err
	}
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		o.faults.merge(f.Fields)
	}
	return fault.Fields(o.faults.fields)
}

// member finds a member and makes its name known.
func (o *Object) member(name string) (value, bool) {
	if !slices.Contains(o.known, name) {
		o.known = append(o.known, name)
	}
	for _, m := range o.members {
		if m.name == name {
			return m.value, true
		}
	}
	return value{}, false
}

// want finds a member of a kind, or notes why there is none and returns the
// zero value.
func (o *Object) want(name string, k kind, what string) (value, bool) {
	v, found := o.member(name)
	switch {
	case o.void:
		return value{}, false
	case !found || v.kind == null:
		o.fault(name, fault.Required, "Give %s: %s.", name, what)
		return value{}, false
	case v.kind != k:
		o.fault(name, fault.WrongType, "Give %s as %s.", name, what)
		return value{}, false
	}
	return v, true
}

func (o *Object) fault(name string, code fault.Code, format string, args ...any) {
	o.faults.add(fault.Field{Pointer: o.pointer(name), Code: code, Message: fmt.Sprintf(format, args...)})
}

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

func (o *Object) pointer(name string) string { return o.at + "/" + pointerEscapes.Replace(name) }

func (o *Object) refuseUnknown() {
	for _, m := range o.members {
		if slices.Contains(o.known, m.name) {
			continue
		}
		message := "There is no such field. Leave it out."
		if i := slices.IndexFunc(o.known, func(name string) bool { return strings.EqualFold(name, m.name) }); i >= 0 {
			message = fmt.Sprintf("Names are case-sensitive: write %s.", o.known[i])
		}
		o.faults.add(fault.Field{Pointer: o.pointer(m.name), Code: fault.UnknownField, Message: message})
	}
	for _, inner := range o.inner {
		inner.refuseUnknown()
	}
}
