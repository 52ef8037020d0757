package route

import (
	"net/url"
	"slices"
	"strings"
)

// A Match is the route that a request takes, and the values of the names in
// its path.
type Match struct {
	Route  Route
	Params map[string]string // decoded; nil when the path has no names
}

// Match finds the route of a request by the rules of an HTTP API: a path
// without names goes before one with a name, that one before {name+}, and a
// method by name before Any. The path is the escaped one: names take a whole
// segment of it, so that %2F never splits one.
func (t Table) Match(method, path string) (Match, bool) {
	var best Route
	var bestFit fit
	found := false
	for _, r := range t {
		if r.Method != method && r.Method != Any {
			continue
		}
		f, ok := fitPath(r.Path, path)
		if ok && (!found || f.before(bestFit) || !bestFit.before(f) && best.Method == Any) {
			best, bestFit, found = r, f, true
		}
	}
	return Match{Route: best, Params: bestFit.params}, found
}

// Methods returns the methods that exist for a path, sorted, for a 405 answer
// and its Allow header; none means that nothing is under that path. Routes
// that take the rest of a path do not count: they catch what is left over.
func (t Table) Methods(path string) []string {
	var methods []string
	for _, r := range t {
		if f, ok := fitPath(r.Path, path); ok && !f.greedy {
			methods = append(methods, r.Method)
		}
	}
	slices.Sort(methods)
	return slices.Compact(methods)
}

// A fit is how a pattern covers a path.
type fit struct {
	literals int // segments that are the same in both
	greedy   bool
	params   map[string]string
}

// before says whether f is the closer fit: the more of the path a pattern
// spells out, the better, and whatever takes the rest comes last.
func (f fit) before(g fit) bool {
	if f.greedy != g.greedy {
		return g.greedy
	}
	return f.literals > g.literals
}

// fitPath covers an escaped path with a pattern, segment by segment.
func fitPath(pattern, path string) (f fit, ok bool) {
	for more := true; more; {
		var want, have string
		var rest bool
		want, pattern, more = strings.Cut(pattern, "/")
		name, isName := strings.CutPrefix(strings.TrimSuffix(want, "}"), "{")
		if name, isGreedy := strings.CutSuffix(name, "+"); isName && isGreedy {
			f.greedy = true
			f.set(name, path)
			return f, true
		}
		have, path, rest = strings.Cut(path, "/")
		switch {
		case rest != more:
			return fit{}, false
		case isName && have != "":
			f.set(name, have)
		case isName || unescape(have) != want:
			return fit{}, false
		default:
			f.literals++
		}
	}
	return f, true
}

func (f *fit) set(name, escaped string) {
	if f.params == nil {
		f.params = make(map[string]string, 2)
	}
	f.params[name] = unescape(escaped)
}

// unescape decodes a part of a path. Some gateways hand on a decoded path, in
// which a lone % is no mistake: such a part stands for itself.
func unescape(s string) string {
	decoded, err := url.PathUnescape(s)
	if err != nil {
		return s
	}
	return decoded
}
