package api

import (
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

// parse reads exactly one JSON value (RFC 8259). It is stricter than
// encoding/json where two readers of the same bytes could disagree: invalid
// UTF-8, half a surrogate pair, a name twice in an object and deep nesting
// are Malformed, as is anything after the value.
func parse(data []byte) (value, error) {
	if !utf8.Valid(data) {
		return value{}, fault.New(fault.Malformed, "The body is not valid UTF-8.")
	}
	p := parser{data: data}
	v, err := p.value(0)
	if err != nil {
		return value{}, err
	}
	if p.space(); p.at < len(p.data) {
		return value{}, p.malformed("nothing may follow the JSON value")
	}
	return v, nil
}

type parser struct {
	data []byte
	at   int
}

func (p *parser) malformed(reason string) error {
	return fault.New(fault.Malformed, fmt.Sprintf("The body is not well-formed JSON at byte %d: %s.", p.at, reason))
}

func (p *parser) space() {
	for p.at < len(p.data) {
		switch p.data[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

// peek returns the next byte that is not white space, 0 at the end.
func (p *parser) peek() byte {
	p.space()
	if p.at == len(p.data) {
		return 0
	}
	return p.data[p.at]
}

// take skips c if it comes next.
func (p *parser) take(c byte) bool {
	if p.peek() != c {
		return false
	}
	p.at++
	return true
}

func (p *parser) value(depth int) (value, error) {
	switch c := p.peek(); {
	case c == '{' || c == '[':
		if depth == maxDepth {
			return value{}, p.malformed(fmt.Sprintf("it nests deeper than %d", maxDepth))
		}
		p.at++
		if c == '{' {
			return p.object(depth + 1)
		}
		return p.list(depth + 1)
	case c == '"':
		s, err := p.string()
		return value{kind: text, text: s}, err
	case c == '-' || '0' <= c && c <= '9':
		return p.number()
	case c == 't':
		return p.word("true", boolean)
	case c == 'f':
		return p.word("false", boolean)
	case c == 'n':
		return p.word("null", null)
	}
	return value{}, p.malformed("a value is missing")
}

func (p *parser) word(word string, k kind) (value, error) {
	if len(p.data)-p.at < len(word) || string(p.data[p.at:p.at+len(word)]) != word {
		return value{}, p.malformed("a value is missing")
	}
	p.at += len(word)
	return value{kind: k, text: word}, nil
}

// object reads the members after a brace, and the closing brace.
func (p *parser) object(depth int) (value, error) {
	v := value{kind: object}
	if p.take('}') {
		return v, nil
	}
	seen := make(map[string]bool)
	for {
		if p.peek() != '"' {
			return value{}, p.malformed("a name in quotes is missing")
		}
		name, err := p.string()
		if err != nil {
			return value{}, err
		}
		if seen[name] {
			return value{}, p.malformed(fmt.Sprintf("the name %q is there twice", name))
		}
		seen[name] = true
		if !p.take(':') {
			return value{}, p.malformed("a colon is missing")
		}
		inner, err := p.value(depth)
		if err != nil {
			return value{}, err
		}
		v.members = append(v.members, member{name, inner})
		if p.take('}') {
			return v, nil
		}
		if !p.take(',') {
			return value{}, p.malformed("a comma or a closing brace is missing")
		}
	}
}

// list reads the items after a bracket, and the closing bracket.
func (p *parser) list(depth int) (value, error) {
	v := value{kind: list}
	if p.take(']') {
		return v, nil
	}
	for {
		inner, err := p.value(depth)
		if err != nil {
			return value{}, err
		}
		v.items = append(v.items, inner)
		if p.take(']') {
			return v, nil
		}
		if !p.take(',') {
			return value{}, p.malformed("a comma or a closing bracket is missing")
		}
	}
}

func (p *parser) number() (value, error) {
	start := p.at
	p.sign("-")
	if zero := p.at < len(p.data) && p.data[p.at] == '0'; zero {
		p.at++
	} else if p.digits() == 0 {
		return value{}, p.malformed("a digit is missing")
	}
	if p.sign(".") && p.digits() == 0 {
		return value{}, p.malformed("a digit is missing")
	}
	if p.sign("eE") {
		p.sign("+-")
		if p.digits() == 0 {
			return value{}, p.malformed("a digit is missing")
		}
	}
	return value{kind: number, text: string(p.data[start:p.at])}, nil
}

// sign skips one byte of the set.
func (p *parser) sign(set string) bool {
	for i := range len(set) {
		if p.at < len(p.data) && p.data[p.at] == set[i] {
			p.at++
			return true
		}
	}
	return false
}

// digits skips ASCII digits and counts them.
func (p *parser) digits() int {
	start := p.at
	for p.at < len(p.data) && '0' <= p.data[p.at] && p.data[p.at] <= '9' {
		p.at++
	}
	return p.at - start
}

// string reads a string in quotes and decodes it.
func (p *parser) string() (string, error) {
	p.at++
	var decoded []byte
	start := p.at
	for p.at < len(p.data) {
		switch c := p.data[p.at]; {
		case c == '"':
			s := string(append(decoded, p.data[start:p.at]...))
			p.at++
			return s, nil
		case c < ' ':
			return "", p.malformed("a control character in a string has to be escaped")
		case c != '\\':
			p.at++
			continue
		}
		decoded = append(decoded, p.data[start:p.at]...)
		r, err := p.escape()
		if err != nil {
			return "", err
		}
		decoded = utf8.AppendRune(decoded, r)
		start = p.at
	}
	return "", p.malformed("a string does not end")
}

var escapes = map[byte]rune{
	'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t',
}

// escape reads what a backslash begins; a pair of surrogates is one rune.
func (p *parser) escape() (rune, error) {
	if first, ok := p.hex(); ok {
		if !utf16.IsSurrogate(first) {
			return first, nil
		}
		second, _ := p.hex()
		if r := utf16.DecodeRune(first, second); r != utf8.RuneError {
			return r, nil
		}
		return 0, p.malformed("half a surrogate pair stands alone")
	}
	if p.at+1 < len(p.data) {
		if r, ok := escapes[p.data[p.at+1]]; ok {
			p.at += 2
			return r, nil
		}
	}
	return 0, p.malformed("an escape that JSON does not have")
}

// hex reads \uXXXX if it comes next.
func (p *parser) hex() (rune, bool) {
	if len(p.data)-p.at < 6 || p.data[p.at] != '\\' || p.data[p.at+1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(p.data[p.at+2:p.at+6]), 16, 16)
	if err != nil {
		return 0, false
	}
	p.at += 6
	return rune(n), true
}
