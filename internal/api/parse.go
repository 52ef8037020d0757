package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/stride-run/stride/internal/fault"
)

// maxDepth is how deep arrays and objects may nest in a request.
const maxDepth = 32

// kind is the type of a JSON value.
type kind uint8

const (
	null kind = iota
	boolean
	number
	text
	list
	object
)

// A value is a JSON value as it was written: numbers keep their digits,
// members their order.
type value struct {
	kind    kind
	text    string // a string decoded; a number or a boolean as written
	items   []value
	members []member
}

type member struct {
	name  string
	value value
}

// parse reads exactly one JSON value (RFC 8259) with encoding/json, and
// refuses as Malformed what that package lets pass although two readers of
// the same bytes could disagree about it: invalid UTF-8, half a surrogate
// pair, a name twice in an object, and deep nesting.
func parse(data []byte) (value, error) {
	if !utf8.Valid(data) {
		return value{}, fault.New(fault.Malformed, "The body is not valid UTF-8.")
	}
	if err := json.Unmarshal(data, new(json.RawMessage)); err != nil {
		at := len(data)
		if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
			at = int(syntax.Offset)
		}
		return value{}, malformed(at, err.Error())
	}
	if at, lone := loneSurrogate(data); lone {
		return value{}, malformed(at, "half a surrogate pair stands alone")
	}
	p := parser{json.NewDecoder(bytes.NewReader(data))}
	p.UseNumber()
	return p.value(0)
}

func malformed(at int, reason string) error {
	return fault.New(fault.Malformed, fmt.Sprintf("The body is not well-formed JSON at byte %d: %s.", at, reason))
}

// parser reads the tokens of a text that is known to be JSON.
type parser struct{ *json.Decoder }

func (p parser) malformed(reason string) error { return malformed(int(p.InputOffset()), reason) }

// value reads the next value, which lies in depth others.
func (p parser) value(depth int) (value, error) {
	token, err := p.Token()
	if err != nil {
		return value{}, p.malformed(err.Error())
	}
	switch token := token.(type) {
	case string:
		return value{kind: text, text: token}, nil
	case json.Number:
		return value{kind: number, text: token.String()}, nil
	case bool:
		return value{kind: boolean, text: strconv.FormatBool(token)}, nil
	case json.Delim:
		if depth == maxDepth {
			return value{}, p.malformed(fmt.Sprintf("it nests deeper than %d", maxDepth))
		}
		if token == '{' {
			return p.object(depth + 1)
		}
		return p.list(depth + 1)
	}
	return value{kind: null}, nil
}

func (p parser) list(depth int) (value, error) {
	v := value{kind: list}
	for p.More() {
		item, err := p.value(depth)
		if err != nil {
			return value{}, err
		}
		v.items = append(v.items, item)
	}
	_, err := p.Token() // the bracket
	return v, err
}

func (p parser) object(depth int) (value, error) {
	v := value{kind: object}
	seen := map[string]bool{}
	for p.More() {
		name, err := p.value(depth)
		if err != nil {
			return value{}, err
		}
		if seen[name.text] {
			return value{}, p.malformed(fmt.Sprintf("the name %q is there twice", name.text))
		}
		seen[name.text] = true
		inner, err := p.value(depth)
		if err != nil {
			return value{}, err
		}
		v.members = append(v.members, member{name.text, inner})
	}
	_, err := p.Token() // the brace
	return v, err
}

// loneSurrogate finds an escape in JSON that stands for half a character,
// which encoding/json would replace without a word.
func loneSurrogate(data []byte) (at int, found bool) {
	for i := 0; i < len(data); i++ {
		if data[i] != '\\' {
			continue
		}
		first, escaped := escapedUnit(data[i:])
		if !escaped || !utf16.IsSurrogate(first) {
			i++ // the character after the backslash may be one itself
			continue
		}
		const length = len(`\ud83c`)
		second, _ := escapedUnit(data[i+length:])
		if utf16.DecodeRune(first, second) == utf8.RuneError {
			return i, true
		}
		i += 2*length - 1
	}
	return 0, false
}

// escapedUnit reads an escape of the form \uXXXX at the beginning of data.
func escapedUnit(data []byte) (rune, bool) {
	if len(data) < 6 || data[0] != '\\' || data[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(data[2:6]), 16, 16)
	return rune(n), err == nil
}
