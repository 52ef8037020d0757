package runner

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"

	"github.com/stride-run/stride/internal/fault"
)

const (
	maxEmail = 254 // bytes of an address that mail can be sent to (RFC 5321)
	maxLocal = 64  // bytes before the @
)

// An Email is an address as its owner writes it. The zero Email is none.
type Email struct {
	text string
	key  string
}

// String returns the address as it was written.
func (e Email) String() string { return e.text }

// Key is the same for all spellings of an address that one account may have:
// NFKC, lower case, and the domain in its ASCII form. Dots and what follows a
// plus stay: not every provider ignores them, so they may tell two people
// apart.
func (e Email) Key() string { return e.key }

// domains are the rules for the part after the @: those of host names that
// anybody may register, for any script, without the exceptions of old.
var domains = idna.New(
	idna.MapForLookup(),
	idna.Transitional(false),
	idna.BidiRule(),
	idna.ValidateLabels(true),
	idna.CheckHyphens(true),
	idna.CheckJoiners(true),
	idna.StrictDomainName(true),
	idna.VerifyDNSLength(true),
)

// ParseEmail reads a bare address: no name, no brackets, no comment, no
// quotes and no space around it, which a typing mistake would otherwise make
// a part of. The domain has to be one that mail can reach over the internet.
// The error is fault.Invalid without fields: the caller knows the field.
func ParseEmail(text string) (Email, error) {
	bad := fault.New(fault.Invalid, "Write an e-mail address like name@example.com, without spaces.")
	if len(text) > maxEmail || !utf8.ValidString(text) {
		return Email{}, bad
	}
	at := strings.LastIndexByte(text, '@')
	if at < 0 {
		return Email{}, bad
	}
	local, domain := text[:at], text[at+1:]
	localKey := fold(local)
	if !isLocal(local) || !isLocal(localKey) {
		return Email{}, bad
	}
	domainKey, err := domains.ToASCII(domain)
	if err != nil || !isDomain(domainKey) {
		return Email{}, bad
	}
	key := localKey + "@" + domainKey
	if len(key) > maxEmail {
		return Email{}, bad
	}
	return Email{text, key}, nil
}

// fold brings look-alikes of one letter together: full-width forms, ligatures
// and capitals. The second NFKC is for the few letters whose lower case is not
// in normal form.
func fold(s string) string {
	return norm.NFKC.String(strings.ToLower(norm.NFKC.String(s)))
}

// isLocal accepts what RFC 5322 calls a dot-atom, with the letters, marks and
// digits of every script (RFC 6532). Invisible characters are none of these.
func isLocal(s string) bool {
	if s == "" || len(s) > maxLocal || s[0] == '.' || s[len(s)-1] == '.' || strings.Contains(s, "..") {
		return false
	}
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf && strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~.", r):
		case r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)):
		default:
			return false
		}
	}
	return true
}

// isDomain accepts at least two labels, the last one not a number, which an
// address of the network would have.
func isDomain(ascii string) bool {
	dot := strings.LastIndexByte(ascii, '.')
	return dot > 0 && strings.Trim(ascii[dot+1:], "0123456789") != ""
}
