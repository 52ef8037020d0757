package apidoc

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func parse(t *testing.T, text string) Spec {
	t.Helper()
	s, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestParseRefuses(t *testing.T) {
	for _, text := range []string{"", "a: [", "a: 1\n---\nb: 2"} {
		if s, err := Parse([]byte(text)); err == nil {
			t.Errorf("Parse(%q) = %v", text, s)
		}
	}
}

func TestFormatJSON(t *testing.T) {
	long := strings.Repeat("long ", 20)
	for _, tt := range []struct{ name, in, want string }{
		{"order and digits", `{"b":1.50,"a":[1,-2e3,true,null],"c":{}}`, `{ "b": 1.50, "a": [1, -2e3, true, null], "c": {} }`},
		{"empty", `[]`, `[]`},
		{"texts stay texts", `["1", "true", "null", "2027-04-25", "4:00:00", "<a> & \"b\"", "é\n"]`, `["1", "true", "null", "2027-04-25", "4:00:00", "<a> & \"b\"", "é\n"]`},
		{"broken where it is long", `{"a":"` + long + `","b":[1,"` + long + `"]}`, "{\n  \"a\": \"" + long + "\",\n  \"b\": [\n    1,\n    \"" + long + "\"\n  ]\n}"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := FormatJSON([]byte(tt.in))
			if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
			again, err := FormatJSON([]byte(got))
			if err != nil || again != got {
				t.Errorf("%v: formatted twice it is %s", err, again)
			}
		})
	}
}

const document = `paths:
  /things: # they are many
    post:
      requestBody:
        content:
          application/json:
            examples:
              one: { value: { "n": 1 } }
      responses:
        "200":
          content:
            application/json:
              examples:
                one:
                  value:
                    {
                      "old": true
                    }
                  summary: Stays
        "422":
          content:
            application/problem+json:
              examples:
                bad:
                  x-request-body: '{}'
                  value: null

components:
  responses:
    Gone:
      content:
        application/problem+json:
          examples:
            gone:
              x-request: GET /gone
              value: {}
`

func TestExamples(t *testing.T) {
	s := parse(t, document)
	var got []string
	values := map[Example]string{}
	for _, e := range s.Examples() {
		got = append(got, strings.Join([]string{e.Method, e.Path, e.Body, e.Status, e.Name}, "|"))
		values[e] = `"` + e.Name + `"`
		if e.Name == "bad" {
			values[e] = "{\n  \"a\": 1\n}"
		}
	}
	want := []string{`POST|/things|{ "n": 1 }|200|one`, `POST|/things|{}|422|bad`, `GET|/gone||Gone|gone`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("examples (-want +got):\n%s", diff)
	}
	text := strings.NewReplacer(
		"value:\n                    {\n                      \"old\": true\n                    }\n", "value: \"one\"\n",
		"value: null\n", "value:\n                    {\n                      \"a\": 1\n                    }\n",
		"value: {}\n", "value: \"gone\"\n",
	).Replace(document)
	if diff := cmp.Diff(text, string(SetExamples([]byte(document), values))); diff != "" {
		t.Errorf("SetExamples (-want +got):\n%s", diff)
	}
}

func TestProse(t *testing.T) {
	got := string(prose("A **word**, `<code>` & more.\n\n- one\n- `two`\n\nEnd.\n"))
	want := "<p>A <strong>word</strong>, <code>&lt;code&gt;</code> &amp; more.</p>\n<ul><li>one</li><li><code>two</code></li></ul>\n<p>End.</p>\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTypeText(t *testing.T) {
	for _, tt := range []struct{ schema, want string }{
		{`{}`, ``},
		{`{type: integer, minimum: 8, maximum: 30}`, `whole number, 8 to 30`},
		{`{type: number, minimum: 0}`, `number, at least 0`},
		{`{type: number, maximum: 1}`, `number, at most 1`},
		{`{type: number, exclusiveMinimum: 0}`, `number above 0`},
		{`{type: [number, "null"]}`, `number or null`},
		{`{type: string, format: date}`, `date`},
		{`{type: string, enum: [km, mi], default: km}`, `<code>km</code>, <code>mi</code>, <code>km</code> unless given`},
		{`{type: array, minItems: 2, maxItems: 2, items: {type: number}}`, `list, 2 of number`},
		{`{type: array, items: {$ref: "#/components/schemas/Week"}}`, `list of <a href="#type-Week">Week</a>`},
		{`{oneOf: [{$ref: "#/components/schemas/Week"}, {type: "null"}]}`, `<a href="#type-Week">Week</a> or null`},
		{`{const: ok}`, `<code>ok</code>`},
	} {
		if got := string(typeText(parse(t, tt.schema).Root())); got != tt.want {
			t.Errorf("typeText(%s) = %s, want %s", tt.schema, got, tt.want)
		}
	}
}
