package activity

import (
	"errors"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/stride-run/stride/internal/session"
)

// How long a runner's own words may be, in characters.
const (
	MaxName     = 100
	MaxNote     = 1000
	maxFileName = 255 // bytes
)

var errText = errors.New("too long, or with control characters")

// ParseName reads the name of a session or of a result: one line of up to 100
// characters; a blank one is none. It is kept as it is.
func ParseName(s string) (string, error) {
	if utf8.RuneCountInString(s) > MaxName || strings.ContainsFunc(s, isUnfit) {
		return "", errText
	}
	if strings.TrimSpace(s) == "" {
		return "", nil
	}
	return s, nil
}

// ParseNote reads a note: up to 1,000 characters, lines allowed.
func ParseNote(s string) (string, error) {
	isBad := func(r rune) bool { return isUnfit(r) && r != '\n' && r != '\t' && r != '\r' }
	if utf8.RuneCountInString(s) > MaxNote || strings.ContainsFunc(s, isBad) {
		return "", errText
	}
	return s, nil
}

// ParseSport reads the name of a sport: those of package session, or another
// in lower-case ASCII letters and underscores, of up to 32.
func ParseSport(s string) (session.Sport, error) {
	if s == "" || len(s) > 32 || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz_") != "" {
		return "", errText
	}
	return session.Sport(s), nil
}

// isUnfit is for what cannot be shown on one line as it is.
func isUnfit(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) || unicode.Is(unicode.Bidi_Control, r) || r == utf8.RuneError
}

// fileName returns the last part of a file's name, without what could not be
// shown, and not longer than a name can be. It is for people: no key has it.
func fileName(s string) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(s, `\`, "/"), "")
	s = strings.Map(func(r rune) rune {
		if isUnfit(r) {
			return -1
		}
		return r
	}, s)
	if s = path.Base(s); s == "." || s == "/" {
		return ""
	}
	for len(s) > maxFileName {
		_, size := utf8.DecodeRuneInString(s)
		s = s[size:]
	}
	return s
}
