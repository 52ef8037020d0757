package runner_test

import (
	"errors"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/runner"
)

func TestParseEmail(t *testing.T) {
	for _, tt := range []struct{ in, key string }{
		{"a@b.co", "a@b.co"},
		{"Ann.Lee@Example.COM", "ann.lee@example.com"},
		{"ann+runs@example.com", "ann+runs@example.com"},
		{"a.b@example.com", "a.b@example.com"},
		{"o'neil@example.com", "o'neil@example.com"},
		{"ａｎｎ@example.com", "ann@example.com"},
		{"ann@EXAMPLE。com", "ann@example.com"},
		{"ann@bücher.example", "ann@xn--bcher-kva.example"},
		{"ann@BÜCHER.example", "ann@xn--bcher-kva.example"},
		{"ann@xn--bcher-kva.example", "ann@xn--bcher-kva.example"},
		{"Åsa@example.com", "åsa@example.com"},
		{"A\u030asa@example.com", "åsa@example.com"},
		{"ﬁn@example.com", "fin@example.com"},
		{"аnn@example.com", "аnn@example.com"}, // Cyrillic а: another letter, another account
		{strings.Repeat("a", 64) + "@example.com", strings.Repeat("a", 64) + "@example.com"},
	} {
		email, err := runner.ParseEmail(tt.in)
		if err != nil || email.Key() != tt.key || email.String() != tt.in {
			t.Errorf("ParseEmail(%q) = %q, key %q, %v, want key %q", tt.in, email, email.Key(), err, tt.key)
		}
	}
}

func TestParseEmailRefuses(t *testing.T) {
	long := strings.Repeat(strings.Repeat("d", 63)+".", 3) // 192 bytes
	for _, in := range []string{
		"", "@", "a", "a@", "@b.co", "a@b", "a@@b.co", "a b@c.co", "a@b c.co",
		// S007
		"Bob <a@b.co>", " a@b.co", "a@b.co ", "a@b.co (x)", "<a@b.co>", `"a b"@c.co`, "a@b.co\n",
		// S008
		"a@localhost", "a@[127.0.0.1]", "a@127.0.0.1", "a@-b.co", "a@b-.co", "a@b..co", "a@b.co.", "a@.b.co", "a..b@c.co", ".a@b.co", "a.@b.co",
		// S009
		strings.Repeat("a", 65) + "@b.co",
		strings.Repeat("a", 64) + "@" + long[:186] + ".com", // 255
		"a@" + strings.Repeat("b", 64) + ".co",
		// S028
		"' OR 1=1--", "RUNNER#1", "EMAIL#x",
		// what cannot be seen, or becomes something else
		"a\u200bb@c.co", "a\u00adb@c.co", "a\u202eb@c.co", "a\x00b@c.co", "ﷺ@c.co", "a@c\u200b.co\x00", "a@b_c.co", "\xff@b.co",
	} {
		if email, err := runner.ParseEmail(in); !errors.Is(err, fault.Invalid) {
			t.Errorf("ParseEmail(%q) = %q, %v, want Invalid", in, email.Key(), err)
		}
	}
}

// TestEmailKeyIsStable: the key of a key is itself, and no key holds a
// character of the table's keys that could end it early.
func TestEmailKeyIsStable(t *testing.T) {
	word := rapid.StringOfN(rapid.RuneFrom(nil, unicode.Letter, unicode.Digit, unicode.Mn), 1, 8, -1)
	rapid.Check(t, func(t *rapid.T) {
		text := word.Draw(t, "local") + "@" + word.Draw(t, "domain") + ".example"
		email, err := runner.ParseEmail(text)
		if err != nil {
			return
		}
		again, err := runner.ParseEmail(email.Key())
		if err != nil || again.Key() != email.Key() {
			t.Fatalf("key of %q is %q, whose key is %q, %v", text, email.Key(), again.Key(), err)
		}
	})
}

func FuzzParseEmail(f *testing.F) {
	for _, seed := range []string{"a@b.co", "Bob <a@b.co>", "ann@bücher.example", "ﷺ@c.co", "İ@b.co", "a@xn--a.example"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		email, err := runner.ParseEmail(text)
		if err != nil {
			return
		}
		if again, err := runner.ParseEmail(email.Key()); err != nil || again.Key() != email.Key() {
			t.Errorf("key of %q is %q, whose key is %q, %v", text, email.Key(), again.Key(), err)
		}
	})
}
