package api

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/fault"
)

// A Query reads the parameters behind a path's question mark. Like Object, it
// gathers every fault until Faults, and refuses what nobody asks for.
type Query struct {
	values url.Values
	known  []string
	fields []fault.Field
}

// ReadQuery reads a request's parameters. Error: fault.Invalid for what is no
// list of parameters at all.
func ReadQuery(r *http.Request) (*Query, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, &fault.Fault{Kind: fault.Invalid, Detail: "Write the parameters as name=value, joined by &.", Cause: err}
	}
	return &Query{values: values}, nil
}

// Text reads a parameter, and says whether it is there.
func (q *Query) Text(name string) (string, bool) {
	q.known = append(q.known, name)
	switch values := q.values[name]; len(values) {
	case 0:
		return "", false
	case 1:
		return values[0], true
	}
	q.fault(name, fault.InvalidFormat, nil, "Give %s once.", name)
	return "", false
}

// Int reads a whole number from least to most; otherwise stands for a
// parameter that is not there.
func (q *Query) Int(name string, least, most, otherwise int) int {
	text, ok := q.Text(name)
	if !ok {
		return otherwise
	}
	allowed := &fault.Allowed{Min: least, Max: most}
	if text == "" || strings.Trim(strings.TrimPrefix(text, "-"), "0123456789") != "" {
		q.fault(name, fault.WrongType, allowed, "Give %s as a whole number.", name)
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		q.fault(name, fault.OutOfRange, allowed, "Choose %s from %d to %d.", name, least, most)
		return otherwise
	}
	return n
}

// Limit reads how many items a list is to have.
func (q *Query) Limit() int {
	const most, usual = 100, 20
	return q.Int("limit", 1, most, usual)
}

// Date reads a date that has to be there.
func (q *Query) Date(name string) calendar.Date {
	date, isThere := q.OptionalDate(name)
	if !isThere {
		q.fault(name, fault.Required, nil, "Give %s: a date, like 2027-04-25.", name)
	}
	return date
}

// OptionalDate reads a date, and says whether it is there.
func (q *Query) OptionalDate(name string) (calendar.Date, bool) {
	text, isThere := q.Text(name)
	if !isThere {
		return calendar.Date{}, false
	}
	date, err := calendar.Parse(text)
	if err != nil {
		q.fault(name, fault.InvalidFormat, nil, "Write %s as YYYY-MM-DD, a day that exists, like 2027-04-25.", name)
	}
	return date, true
}

// Faults ends the reading. It returns every fault so far, and one for each
// parameter that nobody asked for; nil if there is none.
func (q *Query) Faults() error {
	for name := range q.values {
		if !slices.Contains(q.known, name) {
			q.fault(name, fault.UnknownField, nil, "There is no such parameter. Leave it out.")
		}
	}
	slices.SortStableFunc(q.fields, func(a, b fault.Field) int { return strings.Compare(a.Parameter, b.Parameter) })
	return fault.Fields(q.fields)
}

func (q *Query) fault(name string, code fault.Code, allowed *fault.Allowed, format string, args ...any) {
	has := func(f fault.Field) bool { return f.Parameter == name }
	if len(q.fields) < maxFaults && !slices.ContainsFunc(q.fields, has) {
		q.fields = append(q.fields, fault.Field{Parameter: name, Code: code, Message: fmt.Sprintf(format, args...), Allowed: allowed})
	}
}
