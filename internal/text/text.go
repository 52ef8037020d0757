// Package text says which words of runners Stride keeps: those that can be
// shown and read back as they came, and that change nothing around them.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// IsLine says whether a text is one line of at most limit characters: any
// script, but no control characters, no line breaks, and none of the marks
// that turn the direction of the text around them. An empty text is fine.
func IsLine(s string, limit int) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= limit && !strings.ContainsFunc(s, IsUnsafe)
}

// IsNote is IsLine for a text of several lines: tabs and line breaks are fine.
func IsNote(s string, limit int) bool {
	isBad := func(r rune) bool { return IsUnsafe(r) && r != '\n' && r != '\t' && r != '\r' }
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= limit && !strings.ContainsFunc(s, isBad)
}

// IsUnsafe says whether a character has no place in a line.
func IsUnsafe(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Bidi_Control)
}
