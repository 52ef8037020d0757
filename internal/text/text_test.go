package text_test

import (
	"strings"
	"testing"

	"github.com/stride-run/stride/internal/text"
)

func TestText(t *testing.T) {
	for s, want := range map[string]struct{ line, note bool }{
		"":           {true, true},
		"O’Neil <b>": {true, true},
		"🏃🏽\u200d♀️ Ω≈ç e\u0301 \ufffd שלום": {true, true}, // joiners and scripts that run from the right
		strings.Repeat("ä", 10):              {true, true},
		strings.Repeat("ä", 41):              {false, false},
		"a\nb":                               {false, true},
		"a\r\n\tb":                           {false, true},
		"\x00":                               {false, false},
		"a\x7fb":                             {false, false},
		"a\u0085b":                           {false, false},
		"a\u2028b":                           {false, false},
		"a\u2029b":                           {false, false},
		"\u202egnirps\u202c":                 {false, false},
		"a\u2066b\u2069":                     {false, false},
		"a\u200fb":                           {false, false},
		"\xff":                               {false, false},
	} {
		if line, note := text.IsLine(s, 40), text.IsNote(s, 40); line != want.line || note != want.note {
			t.Errorf("%q: line %v, note %v, want %v", s, line, note, want)
		}
	}
}
