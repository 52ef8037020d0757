// Package account lets runners register, sign in, stay signed in and leave.
package account

// A RefreshToken keeps one sign-in alive. All the tokens of a sign-in are a
// family and follow one another: each is used once and gives way to the next,
// whose Counter is one higher. Text is for the runner alone; Digest is what is
// stored.
type RefreshToken struct {
	Text    string
	Runner  string // a UUID
	Family  string // a UUID
	Counter uint32
	Digest  [32]byte // SHA-256 of Text
}
