package password_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/password"
)

func TestRefuse(t *testing.T) {
	h, count := newHasher(t, nil)
	const address = "jo.bergstrom@runners.example"
	for _, tt := range []struct {
		name, password string
		want           fault.Code
	}{
		{"passphrase", "green kettle under trombone", ""},
		{"random", "kV9#tq2Lw!mZ4xR", ""},
		{"random letters", "xkqjvbwpzmtnhdf", ""},
		{"not Latin", "Löwenzahn blüht überall", ""},
		{"four-byte characters", "🏔🥖🐢🎻🧦🚲🪁🍋🥁🦔🪴🧭🛶🎈🫖", ""},
		{"15 code points", "hq7 tram moss 9", ""},
		{"128 code points", strings.Repeat("moss tram quilt ", 7) + "kettle orchard i", ""},
		{"14 code points", "hq7 tram moss ", fault.OutOfRange},
		{"14 after composition", "hq7 tram moss" + "e\u0301", fault.OutOfRange},
		{"129 code points", strings.Repeat("q7w tram moss ok", 8) + "!", fault.OutOfRange},
		{"512 bytes", strings.Repeat("🏔🥖🐢🎻🧦🚲🪁🍋🥁🦔🪴🧭🛶🎈🫖🪜", 7) + "🏔🏔🏔🏔🏔🏔🏔🏔🏔🏔🏔🏔🏔🏔🏔🥁", ""},
		{"many bytes in few code points", "moss" + strings.Repeat("\u0301", 300), fault.OutOfRange},
		{"ten megabytes", strings.Repeat("x", 10<<20), fault.OutOfRange},
		{"empty", "", fault.OutOfRange},
		{"twice a word", "passwordpassword", password.CommonPassword},
		{"product word", "stridestridestride", password.CommonPassword},
		{"counting", "123456789012345", password.CommonPassword},
		{"counting down", "987654321098765", password.CommonPassword},
		{"one character", "aaaaaaaaaaaaaaa", password.CommonPassword},
		{"nearly one character", "aaaaaaaaaaaaaab", password.CommonPassword},
		{"alphabet", "abcdefghijklmnop", password.CommonPassword},
		{"hexadecimal", "0123456789abcdef", password.CommonPassword},
		{"rows of keys", "qwertyuiopasdfgh", password.CommonPassword},
		{"shifted row", "!@#$%^&*()_+qwerty", password.CommonPassword},
		{"columns of keys", "1qaz2wsx3edc4rfv", password.CommonPassword},
		{"columns of letters", "qazwsxedcrfvtgb", password.CommonPassword},
		{"between rows", "1q2w3e4r5t6y7u8i", password.CommonPassword},
		{"number pad", "147258369147258369", password.CommonPassword},
		{"word and counting", "password12345678", password.CommonPassword},
		{"word, year, sign", "Marathon2026!Marathon", password.CommonPassword},
		{"signs for letters", "P4$$w0rdP@ssw0rd1", password.CommonPassword},
		{"full width", "ｐａｓｓｗｏｒｄ１２３４５６７", password.CommonPassword},
		{"plain sentence", "this is my password", password.CommonPassword},
		{"famous passphrase", "correct horse battery staple", password.CommonPassword},
		{"spaced", "run run run run run!", password.CommonPassword},
		{"random, but twice", "kV9#tq2LkV9#tq2L", password.CommonPassword},
		{"address", "jo.bergstrom@runners.example", password.SimilarToEmail},
		{"local part and counting", "jobergstrom1234", password.SimilarToEmail},
		{"part of it, spelt otherwise", "B3rg$tr0m-2027-xyz", password.SimilarToEmail},
	} {
		t.Run(tt.name, func(t *testing.T) {
			start := time.Now()
			fields := h.Refuse("/password", tt.password, address)
			if took := time.Since(start); took > time.Second { // far more than it ever takes
				t.Errorf("took %v", took)
			}
			var got fault.Code
			if len(fields) > 0 {
				got = fields[0].Code
			}
			if got != tt.want || len(fields) > 1 {
				t.Errorf("Refuse = %+v, want %q", fields, tt.want)
			}
			if len(fields) > 0 && (fields[0].Pointer != "/password" || fields[0].Message == "") {
				t.Errorf("%+v lacks a pointer or a message", fields[0])
			}
		})
	}
	if count.Load() != 0 {
		t.Errorf("%d hash operations for judging passwords, want none", count.Load())
	}
}

func TestTooLong(t *testing.T) {
	h, _ := newHasher(t, nil)
	for text, want := range map[string]bool{
		"":                                   false,
		"short":                              false,
		strings.Repeat("é", 128):             false,
		strings.Repeat("é", 129):             true,
		strings.Repeat("x", 2e5):             true,
		strings.Repeat("🏃", 128):             false,
		strings.Repeat("e\u0301", 128):       false,
		strings.Repeat("e\u0304\u0301", 128): true, // 128 in form C, but 640 bytes
	} {
		if got := h.TooLong(text); got != want {
			t.Errorf("TooLong(%d bytes) = %v, want %v", len(text), got, want)
		}
	}
}

// TestRandomPasswordsPass: what a password manager makes is not refused, even
// if it only knows small letters.
func TestRandomPasswordsPass(t *testing.T) {
	h, _ := newHasher(t, nil)
	random := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		text := make([]byte, password.MinLength)
		for i := range text {
			text[i] = 'a' + byte(random.IntN(26))
		}
		if fields := h.Refuse("", string(text), "jo@runners.example"); fields != nil {
			t.Errorf("%q: %+v", text, fields)
		}
	}
}

func FuzzRefuse(f *testing.F) {
	h, err := password.New(password.Config{})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(right, "a@b.example")
	f.Add("\xff\xfe\x00", "@")
	f.Add(strings.Repeat("\u0301", 200), "@@@")
	f.Fuzz(func(t *testing.T, text, email string) {
		if fields := h.Refuse("/password", text, email); len(fields) > 1 {
			t.Errorf("%d faults", len(fields))
		}
	})
}
