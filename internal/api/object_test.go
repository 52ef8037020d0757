package api

import (
	"errors"
	"fmt"
	"math"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/unit"
)

// read parses a body that has to be an object.
func read(t *testing.T, body string) *Object {
	t.Helper()
	o, err := parseObject([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// codes writes the fields of an error as "pointer code", one each.
func codes(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok || f.Kind != fault.Invalid {
		t.Fatalf("%v is not an Invalid fault", err)
	}
	var out []string
	for _, field := range f.Fields {
		out = append(out, field.Pointer+" "+string(field.Code))
	}
	return out
}

func TestObjectReadsEveryType(t *testing.T) {
	o := read(t, `{"weeks":16,"below":-3,"first":12.50,"unit":"km","name":"Spring","dated":true,
		"time":"4:00:00","inner":[{"a":1}],"bests":[{"m":1500},{"m":5000}],"note":null}`)
	got := []any{
		o.Int("weeks"), o.Int("below"), o.Number("first"), o.Number("weeks"), Enum(o, "unit", unit.Km, unit.Mi), o.String("name"), o.Bool("dated"),
		Parse(o, "time", "H:MM:SS", unit.ParseTarget).Hours(), o.Objects("inner", 1)[0].Int("a"),
		o.Has("note"), o.Has("absent"), o.Has("name"),
	}
	for _, best := range o.Objects("bests", 2) {
		got = append(got, best.Int("m"))
	}
	want := []any{16, -3, 12.5, 16.0, unit.Km, "Spring", true, 4.0, 1, false, false, true, 1500, 5000}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := o.Faults(nil); err != nil {
		t.Errorf("Faults = %v, want nil", err)
	}
}

func TestIntRefuses(t *testing.T) {
	for _, tt := range []struct {
		in   string
		code fault.Code
		n    int
	}{
		{`16.0`, fault.WrongType, 0},
		{`1.5`, fault.WrongType, 0},
		{`1e1`, fault.WrongType, 0},
		{`1E1`, fault.WrongType, 0},
		{`"16"`, fault.WrongType, 0},
		{`true`, fault.WrongType, 0},
		{`[16]`, fault.WrongType, 0},
		{`{}`, fault.WrongType, 0},
		{`null`, fault.Required, 0},
		{`9223372036854775808`, fault.OutOfRange, math.MaxInt},
		{`-9223372036854775809`, fault.OutOfRange, math.MinInt},
	} {
		o := read(t, `{"weeks":`+tt.in+`}`)
		n := o.Int("weeks")
		if diff := cmp.Diff([]string{"/weeks " + string(tt.code)}, codes(t, o.Faults(nil))); diff != "" || n != tt.n {
			t.Errorf("Int of %s = %d, want %d and faults (-want +got):\n%s", tt.in, n, tt.n, diff)
		}
	}
	o := read(t, `{"a":-0,"b":9007199254740993}`)
	if a, b := o.Int("a"), o.Int("b"); a != 0 || b != 9007199254740993 || o.Faults(nil) != nil {
		t.Errorf("Int = %d, %d, %v", a, b, o.Faults(nil))
	}
}

func TestAllFaultsAtOnce(t *testing.T) {
	o := read(t, `{"number":1e400,"Weeks":16,"unit":"KM","time":"3:45","flag":"true","text":7,"list":{},
		"long":[{},{},{}],"items":[{"m":"x","extra":1},5,{"m":1}],"inner":{},"a/b~c":1,"missing":null}`)
	o.Int("weeks")
	if n := o.Number("number"); !math.IsInf(n, 1) {
		t.Errorf("Number of 1e400 = %v, want +Inf", n)
	}
	Enum(o, "unit", "km", "mi")
	Parse(o, "time", "H:MM:SS, like 4:00:00", unit.ParseTarget)
	o.Bool("flag")
	o.String("text")
	if got := o.Objects("list", 9); len(got) != 0 {
		t.Errorf("Objects of an object has %d items", len(got))
	}
	if got := o.Objects("long", 2); got != nil {
		t.Errorf("Objects of too long a list has %d items", len(got))
	}
	for _, item := range o.Objects("items", 3) {
		item.Int("m")
	}
	o.Objects("inner", 1)
	o.String("missing")

	want := []string{
		"/weeks required", "/number out_of_range", "/unit out_of_range", "/time invalid_format", "/flag wrong_type", "/text wrong_type",
		"/list wrong_type", "/long out_of_range", "/items/1 wrong_type", "/items/0/m wrong_type", "/inner wrong_type", "/missing required",
		"/Weeks unknown_field", "/a~1b~0c unknown_field", "/items/0/extra unknown_field",
	}
	err := o.Faults(nil)
	if diff := cmp.Diff(want, codes(t, err)); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	f, _ := errors.AsType[*fault.Fault](err)
	for pointer, want := range map[string]string{
		"/Weeks": "Names are case-sensitive: write weeks.",
		"/time":  "Write time as H:MM:SS, like 4:00:00.",
		"/unit":  "Set unit to one of km, mi.",
		"/weeks": "Give weeks: a whole number.",
	} {
		for _, field := range f.Fields {
			if field.Pointer == pointer && field.Message != want {
				t.Errorf("%s: message %q, want %q", pointer, field.Message, want)
			}
		}
	}
}

func TestFaultsMergesTheCore(t *testing.T) {
	limits := &fault.Allowed{Min: 8, Max: 30}
	core := func(pointers ...string) error {
		var fields []fault.Field
		for _, p := range pointers {
			fields = append(fields, fault.Field{Pointer: p, Code: fault.OutOfRange, Message: "From the core.", Allowed: limits})
		}
		return fmt.Errorf("new goal: %w", fault.Fields(fields))
	}
	for _, tt := range []struct {
		name, body string
		core       error
		want       []string
	}{
		{"neither", `{"weeks":16}`, nil, nil},
		{"core alone", `{"weeks":3}`, core("/weeks"), []string{"/weeks out_of_range From the core. limits"}},
		{"edge alone", `{"weeks":"3"}`, nil, []string{"/weeks wrong_type Give weeks as a whole number."}},
		{
			"another field", `{"weeks":"3"}`, core("/unit"),
			[]string{"/weeks wrong_type Give weeks as a whole number.", "/unit out_of_range From the core. limits"},
		},
		{"edge first, with limits", `{"weeks":"3"}`, core("/weeks"), []string{"/weeks wrong_type Give weeks as a whole number. limits"}},
		{"an exponent is no integer", `{"weeks":1e400}`, core("/weeks"), []string{"/weeks wrong_type Write weeks as a whole number, with digits only. limits"}},
		{"same fault: the core knows the limits", `{"weeks":99999999999999999999}`, core("/weeks"), []string{"/weeks out_of_range From the core. limits"}},
		{
			"parts of a faulty value", `{"weeks":[]}`, core("/weeks/0/time", "/weeks_more"),
			[]string{"/weeks wrong_type Give weeks as a whole number.", "/weeks_more out_of_range From the core. limits"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := read(t, tt.body)
			o.Int("weeks")
			var got []string
			if f, ok := errors.AsType[*fault.Fault](o.Faults(tt.core)); ok {
				for _, field := range f.Fields {
					line := field.Pointer + " " + string(field.Code) + " " + field.Message
					if field.Allowed == limits {
						line += " limits"
					}
					got = append(got, line)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestFaultsKeepsOtherErrors(t *testing.T) {
	o := read(t, `{}`)
	cause := errors.New("disk full")
	if err := o.Faults(cause); !errors.Is(err, cause) {
		t.Errorf("Faults = %v, want the error as it is", err)
	}
	if err := read(t, `{"a":1}`).Faults(cause); !errors.Is(err, fault.Invalid) {
		t.Errorf("Faults = %v, want the request's own faults first", err)
	}
}

func TestFaultsAreBounded(t *testing.T) {
	var body strings.Builder
	body.WriteString(`{"a":1`)
	for i := range 5000 {
		fmt.Fprintf(&body, `,"x%d":0`, i)
	}
	body.WriteString(`}`)
	if got := codes(t, read(t, body.String()).Faults(nil)); len(got) != maxFaults {
		t.Errorf("%d faults, want %d", len(got), maxFaults)
	}
}

func TestReadObject(t *testing.T) {
	for _, tt := range []struct {
		name, contentType, encoding, body string
		want                              error
	}{
		{"plain", "application/json", "", `{}`, nil},
		{"with charset", "application/json; charset=utf-8", "", `{}`, nil},
		{"capitals", "Application/JSON; Charset=\"UTF-8\"", "", `{}`, nil},
		{"other charset", "application/json; charset=latin1", "", `{}`, fault.UnsupportedMedia},
		{"none", "", "", `{}`, fault.UnsupportedMedia},
		{"text", "text/plain", "", `{}`, fault.UnsupportedMedia},
		{"form", "application/x-www-form-urlencoded", "", `a=b`, fault.UnsupportedMedia},
		{"problem", "application/problem+json", "", `{}`, fault.UnsupportedMedia},
		{"broken", "application/json;;", "", `{}`, fault.UnsupportedMedia},
		{"twice", "application/json,application/json", "", `{}`, fault.UnsupportedMedia},
		{"gzip", "application/json", "gzip", `{}`, fault.UnsupportedMedia},
		{"wrong type before size", "text/plain", "", strings.Repeat(" ", MaxBody+1), fault.UnsupportedMedia},
		{"as long as may be", "application/json", "", `{}` + strings.Repeat(" ", MaxBody-2), nil},
		{"one byte more", "application/json", "", `{}` + strings.Repeat(" ", MaxBody-1), fault.TooLarge},
		{"size before form", "application/json", "", strings.Repeat("[", MaxBody+1), fault.TooLarge},
		{"empty", "application/json", "", ``, fault.Malformed},
		{"list", "application/json", "", `[]`, fault.Invalid},
		{"null", "application/json", "", `null`, fault.Invalid},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest("POST", "/", strings.NewReader(tt.body))
			r.Header.Set("Content-Type", tt.contentType)
			if tt.encoding != "" {
				r.Header.Set("Content-Encoding", tt.encoding)
			}
			_, err := ReadObject(r)
			if !errors.Is(err, tt.want) {
				t.Fatalf("ReadObject = %v, want %v", err, tt.want)
			}
			if f, ok := errors.AsType[*fault.Fault](err); ok && f.Kind == fault.Invalid {
				if diff := cmp.Diff([]string{" wrong_type"}, codes(t, err)); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			}
		})
	}
}
