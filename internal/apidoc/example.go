package apidoc

import (
	"slices"
	"strings"
)

// An Example is an example of an answer in the document, with the request
// that it answers.
type Example struct {
	Method, Path string
	Body         string // empty: none
	Status       string // "200", or the name of a shared response
	Name         string
	Value        Node
}

// Examples are the examples of all answers, in order. The request is that of
// the operation, with the example of the same name as its body, unless
// x-request and x-request-body say otherwise.
func (s Spec) Examples() []Example {
	var all []Example
	for _, op := range s.Operations() {
		bodies := firstMember(op.Get("requestBody", "content")).Get("examples")
		for status, response := range op.Get("responses").Members() {
			for name, e := range examplesOf(response) {
				all = append(all, newExample(op.Method, op.Path, bodies.Get(name, "value"), status, name, e))
			}
		}
	}
	for component, response := range s.root.Get("components", "responses").Members() {
		for name, e := range examplesOf(response) {
			all = append(all, newExample("", "", Node{}, component, name, e))
		}
	}
	return all
}

func newExample(method, path string, body Node, status, name string, e Node) Example {
	out := Example{Method: method, Path: path, Status: status, Name: name, Value: e.Get("value")}
	if m, p, ok := strings.Cut(e.Get("x-request").Text(), " "); ok {
		out.Method, out.Path = m, p
	}
	if body.Exists() {
		out.Body = body.JSON()
	}
	if text := e.Get("x-request-body").Text(); text != "" {
		out.Body = text
	}
	return out
}

// examplesOf are the examples of a response, by name.
func examplesOf(response Node) func(func(string, Node) bool) {
	return firstMember(response.Get("content")).Get("examples").Members()
}

// firstMember is the value of the first member: of the one media type that a
// body has.
func firstMember(n Node) Node {
	for _, member := range n.Members() {
		return member
	}
	return Node{}
}

// SetExamples writes new values of examples into the text of the document,
// which must be the text that the examples were read from. All else stays as
// it is. The values are JSON as FormatJSON writes it.
func SetExamples(text []byte, values map[Example]string) []byte {
	lines := strings.Split(string(text), "\n")
	order := make([]Example, 0, len(values))
	for e := range values {
		order = append(order, e)
	}
	// From the end, so that the places of those before stay right.
	slices.SortFunc(order, func(a, b Example) int { return b.Value.key.Line - a.Value.key.Line })
	for _, e := range order {
		first, margin := e.Value.key.Line-1, e.Value.key.Column-1
		last := first + 1
		for last < len(lines) && (lines[last] == "" || strings.HasPrefix(lines[last], strings.Repeat(" ", margin+1))) {
			last++
		}
		for lines[last-1] == "" { // a blank line belongs to what follows
			last--
		}
		lines = slices.Replace(lines, first, last, exampleLines(values[e], margin)...)
	}
	return []byte(strings.Join(lines, "\n"))
}

// exampleLines are the lines of an example's value, set in by a margin.
func exampleLines(value string, margin int) []string {
	space := strings.Repeat(" ", margin)
	if !strings.Contains(value, "\n") {
		return []string{space + "value: " + value}
	}
	lines := []string{space + "value:"}
	for line := range strings.SplitSeq(value, "\n") {
		lines = append(lines, space+"  "+line)
	}
	return lines
}
