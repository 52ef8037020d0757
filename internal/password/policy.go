package password

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/stride-run/stride/internal/fault"
)

// What a password has to be. The upper bounds keep the work that one request
// can cause small; the lower one is NIST's (SP 800-63B-4) for a password that
// is the only factor. There are no rules about kinds of characters.
const (
	MinLength = 15  // code points, in normal form C
	MaxLength = 128 // code points, in normal form C
	MaxBytes  = 512 // as sent; looked at before anything else
)

// What a password can have against it beside its length.
const (
	CommonPassword fault.Code = "common_password"
	SimilarToEmail fault.Code = "similar_to_email"
)

// Refuse returns what is wrong with a new password, at most one thing, for
// the field that pointer names; nil says that it will do. The e-mail address
// may be empty. It takes no time worth counting, however long the input.
func (h *Hasher) Refuse(pointer, password, email string) []fault.Field {
	field := func(code fault.Code, message string, allowed *fault.Allowed) []fault.Field {
		return []fault.Field{{Pointer: pointer, Code: code, Message: message, Allowed: allowed}}
	}
	if n := length(password); n < MinLength || n > MaxLength {
		return field(fault.OutOfRange, "Use 15 to 128 characters. A few unrelated words make a good password.",
			&fault.Allowed{Min: MinLength, Max: MaxLength})
	}
	text := fold(password)
	if repeats(text) || pieces(text, words()) < minPieces {
		return field(CommonPassword, "This is among the first passwords that others would try. A few unrelated words make a good one.", nil)
	}
	if pieces(text, append(words(), addressWords(email)...)) < minPieces {
		return field(SimilarToEmail, "Choose a password that does not build on your e-mail address.", nil)
	}
	return nil
}

// TooLong says that no account can have this password, so that a sign-in can
// be refused before any work.
func (h *Hasher) TooLong(password string) bool { return length(password) > MaxLength }

// length counts code points. What has too many bytes counts as too long
// without a closer look.
func length(password string) int {
	if len(password) > MaxBytes {
		return MaxLength + 1
	}
	return utf8.RuneCountInString(norm.NFC.String(password))
}

// addressWords are the parts of an e-mail address that somebody might build a
// password on: each side whole, and its parts between dots and the like.
func addressWords(email string) [][]rune {
	const separators = ".-_+@"
	var found [][]rune
	for side := range strings.SplitSeq(email, "@") {
		candidates := append(strings.FieldsFunc(side, func(r rune) bool { return strings.ContainsRune(separators, r) }), side)
		for _, candidate := range candidates {
			// Shorter parts are in too many innocent words.
			if word := fold(candidate); len(word) >= 3 && len(word) <= MaxLength {
				found = append(found, word)
			}
		}
	}
	return found
}
