package password

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// minPieces is how many unrelated pieces a password needs at least. A piece
// is a character by itself, or anything that people and programs guess as a
// whole: a well-known word, a walk over the keyboard, a sequence, a year.
// "password12345678" has two pieces, "qazwsxedcrfvtgb" five; fifteen random
// letters have about fifteen, and so have four words that nobody lists.
const minPieces = 6

// minWalk is from how many characters on a walk counts as one piece.
const minWalk = 3

// commonWords are what the passwords that everybody tries are made of, the
// words of this product first. The long entries of the published lists are
// these, put together and repeated, with numbers, years and walks over the
// keyboard, so they are recognised by how they are made, not one by one.
const commonWords = `stride striderun smartrunning run runs runner runners running marathon halfmarathon half race racing racer training train
coach plan pace finish runfast workout jogging tempo interval sport sports fitness athlete
password passwort passwd passphrase pass word login signin signup register account admin administrator root user username guest test testing
tester demo default secret private access system server computer internet email mail master master welcome hello letmein changeme
change enter open please unlock key code security secure temp temporary example sample
iloveyou ilove love lover loves you youare forever always baby angel princess prince queen king sunshine summer winter spring autumn
flower butterfly rainbow star superstar shadow dragon monkey tiger lion eagle chicken horse dog cat kitty puppy
football baseball basketball soccer hockey superman batman spiderman starwars pokemon ninja samurai warrior killer hunter ranger
michael jordan jennifer jessica ashley daniel thomas charlie george robert andrew matthew joshua nicole michelle
freedom liberty america england london paris berlin google facebook twitter apple microsoft windows samsung
money lucky happy smile cookie chocolate banana cheese pepper ginger coffee whatever nothing something trustno trustno1 nopassword
correcthorsebatterystaple correct battery staple abc qwerty azerty qwertz asdf zxcv
january february march april may june july august september october november december
monday tuesday wednesday thursday friday saturday sunday
this that is it the my mine our your me i am a an and for not with very so much best first last new old big good god is no yes one two three`

// words returns the common words as fold leaves them.
func words() [][]rune {
	var folded [][]rune
	for word := range strings.FieldsSeq(commonWords) {
		folded = append(folded, fold(word))
	}
	return folded
}

// fold makes characters equal that people use for each other: case, width
// and accents go.
func fold(text string) []rune {
	var folded []rune
	for _, r := range norm.NFKD.String(text) {
		if !unicode.Is(unicode.Mn, r) {
			folded = append(folded, unicode.ToLower(r))
		}
	}
	return folded
}

// repeats says whether a text is one part over and over, the last time
// perhaps cut short.
func repeats(text []rune) bool {
	for period := 1; period <= len(text)/2; period++ {
		if slices.Equal(text[period:], text[:len(text)-period]) {
			return true
		}
	}
	return false
}

// pieces returns the smallest number of pieces that a text can be put
// together from. Spaces and punctuation between pieces are free: they are
// the first thing to be tried.
func pieces(text []rune, known [][]rune) int {
	best := make([]int, len(text)+1) // best[i]: pieces of the first i characters
	walk := 0                        // where the walk that ends here began
	for i := 1; i <= len(text); i++ {
		best[i] = best[i-1] + 1
		if r := text[i-1]; unicode.IsSpace(r) || unicode.IsPunct(r) {
			best[i] = best[i-1]
		}
		if i > 1 && !predictable(text[i-2], text[i-1]) {
			walk = i - 1
		}
		for from := walk; from+minWalk <= i; from++ {
			best[i] = min(best[i], best[from]+1)
		}
		if i >= 4 && isYear(text[i-4:i]) {
			best[i] = min(best[i], best[i-4]+1)
		}
		for _, word := range known {
			if from := i - len(word); from >= 0 && looksLike(text[from:i], word) {
				best[i] = min(best[i], best[from]+1)
			}
		}
	}
	return best[len(text)]
}

// looksLike compares with an eye for digits and signs that stand for letters.
func looksLike(text, word []rune) bool {
	return slices.EqualFunc(text, word, func(a, b rune) bool { return letter(a) == letter(b) })
}

// letter returns the letter that a character stands for in "p4$$w0rd".
func letter(r rune) rune {
	const signs, letters = "0134@5$7!|8", "oieaasstiib"
	if i := strings.IndexRune(signs, r); i >= 0 {
		return rune(letters[i])
	}
	if r == 'l' {
		return 'i' // 1 stands for both
	}
	return r
}

func isYear(text []rune) bool {
	s := string(text)
	return (strings.HasPrefix(s, "19") || strings.HasPrefix(s, "20")) && strings.Trim(s, "0123456789") == ""
}

// predictable says whether one character follows from another: the same
// again, the next or the one before, or a neighbour on the keyboard.
func predictable(a, b rune) bool {
	isDigit := func(r rune) bool { return r >= '0' && r <= '9' }
	switch step := b - a; {
	case step >= -1 && step <= 1:
		return true
	case isDigit(a) && isDigit(b): // 9 and 0, and columns of the number pad
		return step == 9 || step == -9 || (step == 3 || step == -3) && a != '0' && b != '0'
	}
	rowA, columnA := place(a)
	rowB, columnB := place(b)
	if rowA < 0 || rowB < 0 {
		return false
	}
	if rowA > rowB {
		rowA, columnA, rowB, columnB = rowB, columnB, rowA, columnA
	}
	across := columnB - columnA
	switch rowB - rowA { // each row is shifted to the right of the one above
	case 0:
		return across == 1 || across == -1
	case 1:
		return across == 0 || across == -1
	}
	return false
}

// place returns a key's row and column; -1 for what has no key.
func place(r rune) (row, column int) {
	for row, keys := range [...]string{"1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./"} {
		if column := strings.IndexRune(keys, r); column >= 0 {
			return row, column
		}
	}
	return -1, -1
}
