package fault

// A Note is something that a runner should know about an answer that is
// sound: what was changed in it, or what to be careful with. Codes are part
// of the API, as those of faults are.
type Note struct {
	Code    string
	Field   string // the answer it is about: "weeks", or a pointer into the request
	Message string // a sentence for people
}
