package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/fault"
)

func TestParseRefuses(t *testing.T) {
	nest := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for _, tt := range []struct{ name, in, reason string }{
		{"nothing", "", "not well-formed"},
		{"blank", " \n", "not well-formed"},
		{"cut short", `{"email":`, "not well-formed"},
		{"two values", `{"a":1}{"b":2}`, "not well-formed"},
		{"trailing text", `{"a":1} xyz`, "not well-formed"},
		{"trailing comma", `{"a":1,}`, "not well-formed"},
		{"comma in list", `[1,]`, "not well-formed"},
		{"comment", `{"a":1} // b`, "not well-formed"},
		{"name without quotes", `{a:1}`, "not well-formed"},
		{"single quotes", `{'a':1}`, "not well-formed"},
		{"no colon", `{"a" 1}`, "not well-formed"},
		{"no comma", `{"a":1 "b":2}`, "not well-formed"},
		{"no comma in list", `[1 2]`, "not well-formed"},
		{"duplicate", `{"a":1,"a":1}`, "twice"},
		{"duplicate by escape", `{"a":1,"\u0061":1}`, "twice"},
		{"duplicate deep down", `{"a":[{"b":{"c":1,"c":2}}]}`, "twice"},
		{"not UTF-8", "{\"a\":\"\xff\"}", "not valid UTF-8"},
		{"not UTF-8 name", "{\"\xc3\x28\":1}", "not valid UTF-8"},
		{"surrogate in UTF-8", "\"\xed\xa0\x80\"", "not valid UTF-8"},
		{"byte order mark", "\ufeff{}", "not well-formed"},
		{"high surrogate", `"\ud800"`, "surrogate"},
		{"low surrogate", `"\udc00"`, "surrogate"},
		{"surrogates in the wrong order", `"\udc00\ud800"`, "surrogate"},
		{"high surrogate, other escape", `"\ud800\n"`, "surrogate"},
		{"surrogate in a name", `{"\ud800":1}`, "surrogate"},
		{"33 lists", nest(33), "deeper than 32"},
		{"10,001 lists", nest(10_001), "max depth"},
		{"100,000 openings", strings.Repeat("[", 100_000), "max depth"},
		{"33 objects", strings.Repeat(`{"a":`, 33) + "1" + strings.Repeat("}", 33), "deeper than 32"},
		{"NaN", `NaN`, "not well-formed"},
		{"Infinity", `-Infinity`, "not well-formed"},
		{"plus", `+1`, "not well-formed"},
		{"leading zero", `01`, "not well-formed"},
		{"bare minus", `-`, "not well-formed"},
		{"bare point", `1.`, "not well-formed"},
		{"leading point", `.5`, "not well-formed"},
		{"bare exponent", `1e`, "not well-formed"},
		{"signed bare exponent", `1e+`, "not well-formed"},
		{"hexadecimal", `0x10`, "not well-formed"},
		{"word cut short", `tru`, "not well-formed"},
		{"capital", `True`, "not well-formed"},
		{"open string", `"abc`, "not well-formed"},
		{"open escape", `"abc\`, "not well-formed"},
		{"other escape", `"\x41"`, "not well-formed"},
		{"short escape", `"\u41"`, "not well-formed"},
		{"signed escape", `"\u+041"`, "not well-formed"},
		{"raw newline", "\"a\nb\"", "not well-formed"},
		{"raw zero", "\"a\x00b\"", "not well-formed"},
		{"zero byte", "\x00", "not well-formed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parse([]byte(tt.in))
			if !errors.Is(err, fault.Malformed) || !strings.Contains(err.Error(), tt.reason) {
				t.Fatalf("parse(%.40q) = %v, want Malformed with %q", tt.in, err, tt.reason)
			}
		})
	}
}

func TestParseReads(t *testing.T) {
	num := func(s string) value { return value{kind: number, text: s} }
	str := func(s string) value { return value{kind: text, text: s} }
	for _, tt := range []struct {
		in   string
		want value
	}{
		{` null `, value{}},
		{"\t\r\ntrue", value{kind: boolean, text: "true"}},
		{`false`, value{kind: boolean, text: "false"}},
		{`-0`, num("-0")},
		{`0.50`, num("0.50")},
		{`12E+3`, num("12E+3")},
		{`1e400`, num("1e400")},
		{`9007199254740993`, num("9007199254740993")},
		{`""`, str("")},
		{`"a\"\\\/\b\f\n\r\tz"`, str("a\"\\/\b\f\n\r\tz")},
		{`"\u00e9\u0000 \ud83c\udfc3 🏃"`, str("é\x00 🏃 🏃")},
		{`[]`, value{kind: list}},
		{`{}`, value{kind: object}},
		{`[1, [2]]`, value{kind: list, items: []value{num("1"), {kind: list, items: []value{num("2")}}}}},
		{
			`{"b": 1, "a": {"b": "x"}}`,
			value{kind: object, members: []member{
				{"b", num("1")},
				{"a", value{kind: object, members: []member{{"b", str("x")}}}},
			}},
		},
	} {
		got, err := parse([]byte(tt.in))
		if err != nil {
			t.Errorf("parse(%q): %v", tt.in, err)
		}
		if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(value{}, member{})); diff != "" {
			t.Errorf("parse(%q) (-want +got):\n%s", tt.in, diff)
		}
	}
	if _, err := parse([]byte(strings.Repeat("[", 32) + strings.Repeat("]", 32))); err != nil {
		t.Errorf("32 deep: %v", err)
	}
}

// FuzzParse holds the parser against encoding/json: it accepts nothing that
// the library refuses, reads the same from what both accept, and refuses more
// only for the reasons it is stricter for.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{"weeks":16,"unit":"km","a":[1,2.5e-3,null,true,{"b":"\ud83c\udfc3\n"}]}`,
		`{"a":1,"a":2}`, `"\ud800"`, "\"\xff\"", `[[[[]]]]`, `1e400`, `{"email":`, ` {} x`, `-0.0E+0`, "",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := parse(data)
		var want any
		decoder := json.NewDecoder(bytes.NewReader(data))
		decoder.UseNumber()
		valid := json.Valid(data)
		if err == nil {
			if !valid {
				t.Fatalf("parse accepts %q, encoding/json does not", data)
			}
			if err := decoder.Decode(&want); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, plain(got)); diff != "" {
				t.Fatalf("parse(%q) (-encoding/json +got):\n%s", data, diff)
			}
			return
		}
		if !errors.Is(err, fault.Malformed) {
			t.Fatalf("parse(%q): %v is not Malformed", data, err)
		}
		stricter := !utf8.Valid(data)
		for _, reason := range []string{"twice", "surrogate", "deeper"} {
			stricter = stricter || strings.Contains(err.Error(), reason)
		}
		if valid && !stricter {
			t.Fatalf("parse refuses %q, which is JSON: %v", data, err)
		}
	})
}

// plain turns a value into what encoding/json makes of the same text.
func plain(v value) any {
	switch v.kind {
	case boolean:
		return v.text == "true"
	case number:
		return json.Number(v.text)
	case text:
		return v.text
	case list:
		items := []any{}
		for _, item := range v.items {
			items = append(items, plain(item))
		}
		return items
	case object:
		members := map[string]any{}
		for _, m := range v.members {
			members[m.name] = plain(m.value)
		}
		return members
	case null:
	}
	return nil
}
