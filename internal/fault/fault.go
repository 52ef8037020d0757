// Package fault names the kinds of failure that Stride tells apart, and the
// error that carries one. A kind is itself an error, so errors.Is(err,
// fault.NotFound) works through any wrapping. Whatever is not a Fault is a
// failure of ours: the edge answers it with 500 and no detail.
package fault

import "strings"

// A Kind classifies a failure by what the caller can do about it.
type Kind int

const (
	// Invalid: the values sent break a rule; Fault.Fields says which.
	Invalid Kind = iota + 1
	// Malformed: what was sent is not well formed, so no field can be named.
	Malformed
	// NotFound: there is nothing under that name for this runner.
	NotFound
	// Conflict: the request is sound but clashes with the present state.
	Conflict
	// Denied: the caller is not who they have to be.
	Denied
	// Forbidden: the caller is known and must not do this.
	Forbidden
	// Stale: the caller's version of the resource is not the present one.
	Stale
	// PreconditionRequired: the caller has to say which version they change.
	PreconditionRequired
	// TooLarge: more was sent than is read.
	TooLarge
	// UnsupportedMedia: the content type is not one that is read here.
	UnsupportedMedia
	// MethodNotAllowed: the path exists, the method does not.
	MethodNotAllowed
	// RateLimited: too many attempts; Fault.RetryAfter says how long to wait.
	RateLimited
	// Unavailable: a part Stride needs does not answer; trying again helps.
	Unavailable
)

var kindNames = map[Kind]string{
	Invalid:              "invalid",
	Malformed:            "malformed",
	NotFound:             "not found",
	Conflict:             "conflict",
	Denied:               "denied",
	Forbidden:            "forbidden",
	Stale:                "stale",
	PreconditionRequired: "precondition required",
	TooLarge:             "too large",
	UnsupportedMedia:     "unsupported media type",
	MethodNotAllowed:     "method not allowed",
	RateLimited:          "rate limited",
	Unavailable:          "unavailable",
}

func (k Kind) Error() string {
	if name, ok := kindNames[k]; ok {
		return name
	}
	return "unknown kind of fault"
}

// A Code says what is wrong with one field. Codes are part of the API: they
// are added, never renamed.
type Code string

// The codes that more than one part of the system uses. A code with one user
// stands beside that user.
const (
	OutOfRange    Code = "out_of_range"
	Required      Code = "required"
	WrongType     Code = "wrong_type"
	UnknownField  Code = "unknown_field"
	InvalidFormat Code = "invalid_format"
)

// Allowed tells a program what a field accepts. Nil parts are not limited.
type Allowed struct {
	Min, Max any
	Values   []string
}

// A Field is what is wrong with one part of a request. Message says what to
// do, in a sentence for people.
type Field struct {
	Pointer   string // RFC 6901 pointer into the body: "/weeks"
	Parameter string // or the name of a query parameter; one of the two is set
	Code      Code
	Message   string
	Allowed   *Allowed
}

// A Fault is a failure with a kind and a sentence for people. Slug, where
// set, names a narrower problem type than the kind's own. The cause is for
// the log: it is never shown to the caller.
type Fault struct {
	Kind       Kind
	Slug       string
	Detail     string
	Fields     []Field
	RetryAfter int      // whole seconds; 0 says nothing
	Allow      []string // the methods that exist, for MethodNotAllowed
	Cause      error
}

// New returns a fault of a kind with a sentence that tells the caller what to
// do.
func New(kind Kind, detail string) *Fault { return &Fault{Kind: kind, Detail: detail} }

// Fields returns nil for no fields, else an Invalid fault that carries them
// all.
func Fields(fields []Field) error {
	if len(fields) == 0 {
		return nil
	}
	return &Fault{Kind: Invalid, Fields: fields}
}

func (f *Fault) Error() string {
	var b strings.Builder
	b.WriteString(f.Kind.Error())
	if f.Detail != "" {
		b.WriteString(": " + f.Detail)
	}
	for _, field := range f.Fields {
		b.WriteString("; " + field.Pointer + field.Parameter + ": " + string(field.Code) + ": " + field.Message)
	}
	if f.Cause != nil {
		b.WriteString(": " + f.Cause.Error())
	}
	return b.String()
}

// Unwrap gives the kind and the cause, so that errors.Is finds both.
func (f *Fault) Unwrap() []error {
	if f.Cause == nil {
		return []error{f.Kind}
	}
	return []error{f.Kind, f.Cause}
}
