package contract

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride"
	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/apidoc"
	"github.com/stride-run/stride/internal/route"
)

// load reads the contract and checks that it is a valid OpenAPI document, its
// examples valid by its own schemas.
func load(t *testing.T) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(stride.OpenAPI)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context(), openapi3.EnableExamplesValidation(), openapi3.EnableSchemaFormatValidation(), openapi3.EnableSchemaPatternValidation()); err != nil {
		t.Fatal(err)
	}
	return doc
}

// parse reads the contract as the pages are made from it.
func parse(t *testing.T) apidoc.Spec {
	t.Helper()
	spec, err := apidoc.Parse(stride.OpenAPI)
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

// responses are the documented answers of a route. What the catch-all answers
// is documented beside the paths, since it has no path of its own.
func responses(t *testing.T, doc *openapi3.T, key string) map[string]*openapi3.Response {
	t.Helper()
	method, path, _ := strings.Cut(key, " ")
	all := map[string]*openapi3.Response{}
	if method == route.Any {
		for status, name := range map[string]string{"404": "NotFound", "405": "MethodNotAllowed"} {
			all[status] = doc.Components.Responses[name].Value
		}
		return all
	}
	item := doc.Paths.Value(path)
	if item == nil || item.GetOperation(method) == nil {
		t.Fatalf("%s is not in openapi.yaml", key)
	}
	for status, response := range item.GetOperation(method).Responses.Map() {
		all[status] = response.Value
	}
	return all
}

// conforms checks an answer against its description.
func conforms(t *testing.T, described *openapi3.Response, a answer) {
	t.Helper()
	if described == nil {
		t.Errorf("status %d is not in openapi.yaml: %.300s", a.status, a.body)
		return
	}
	for name, header := range described.Headers {
		values := a.header.Values(name)
		if len(values) == 0 && !header.Value.Required {
			continue
		}
		if len(values) != 1 {
			t.Errorf("the answer has %d headers %s", len(values), name)
			continue
		}
		var value any = values[0]
		if header.Value.Schema.Value.Type.Is("integer") {
			n, err := strconv.ParseFloat(values[0], 64)
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			value = n
		}
		matches(t, name, header.Value.Schema.Value, value)
	}
	if len(described.Content) == 0 {
		if len(a.body) > 0 {
			t.Errorf("a body where none is described: %.300s", a.body)
		}
		return
	}
	media := described.Content[a.media()]
	if media == nil {
		t.Errorf("content type %q is not in openapi.yaml", a.media())
		return
	}
	if media.Schema == nil {
		return
	}
	var value any
	if err := json.Unmarshal(a.body, &value); err != nil {
		t.Errorf("%v: %.300s", err, a.body)
		return
	}
	matches(t, "body", media.Schema.Value, value)
}

func matches(t *testing.T, what string, schema *openapi3.Schema, value any) {
	t.Helper()
	if err := schema.VisitJSON(value, openapi3.EnableJSONSchema2020(), openapi3.MultiErrors()); err != nil {
		t.Errorf("%s: %v", what, err)
	}
}

func TestRoutesAreThoseOfTheTable(t *testing.T) {
	load(t)
	var want, got []string
	for _, r := range route.Routes {
		if r.Method != route.Any {
			want = append(want, r.Key())
		}
	}
	for _, op := range parse(t).Operations() {
		got = append(got, op.Method+" "+op.Path)
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("routes (-table +openapi.yaml):\n%s", diff)
	}
}

// TestEveryOperationIsDescribed checks what a reader relies on and a validator
// does not ask for.
func TestEveryOperationIsDescribed(t *testing.T) {
	spec := parse(t)
	tags := map[string]bool{}
	for _, tag := range spec.Root().Get("tags").Items() {
		tags[tag.Get("name").Text()] = true
	}
	for _, op := range spec.Operations() {
		where := op.Method + " " + op.Path
		for _, name := range []string{"operationId", "summary", "description"} {
			if op.Get(name).Text() == "" {
				t.Errorf("%s has no %s", where, name)
			}
		}
		if list := op.Get("tags").Items(); len(list) != 1 || !tags[list[0].Text()] {
			t.Errorf("%s needs one of the tags", where)
		}
		if !op.Get("responses", "500").Exists() {
			t.Errorf("%s does not say what happens when Stride fails", where)
		}
		for status, response := range op.Get("responses").Members() {
			if !spec.Resolve(response).Get("headers", "X-Request-Id").Exists() {
				t.Errorf("%s %s does not name the request id", where, status)
			}
		}
	}
}

// TestSchemasAreClosed: every object refuses fields that it does not name, so
// that the tests of answers find each one that is missing here; and every
// field is described.
func TestSchemasAreClosed(t *testing.T) {
	for name, schema := range parse(t).Root().Get("components", "schemas").Members() {
		closed(t, name, schema)
	}
}

func closed(t *testing.T, where string, schema apidoc.Node) {
	t.Helper()
	if schema.Get("description").Text() == "" && !strings.HasSuffix(where, "[]") {
		t.Errorf("%s has no description", where)
	}
	if schema.Get("type").Text() == "object" && schema.Get("additionalProperties").Text() != "false" {
		t.Errorf("%s takes any field: set additionalProperties to false", where)
	}
	for name, member := range schema.Get("properties").Members() {
		closed(t, where+"."+name, member)
	}
	if items := schema.Get("items"); items.Exists() {
		closed(t, where+"[]", items)
	}
}

// TestUnitsAreSaid: a field whose name ends in a unit has the unit in words.
func TestUnitsAreSaid(t *testing.T) {
	units := []struct{ suffix, word string }{
		{"_s_per_km", "second"},
		{"_m_per_s", "metres per second"},
		{"_bpm", "beats per minute"},
		{"_m", "metre"},
		{"_s", "second"},
		{"_percent", "per cent"},
		{"heart_rate", "beats per minute"},
		{"vdot", "ml/kg/min"},
	}
	for schema, s := range parse(t).Root().Get("components", "schemas").Members() {
		for name, member := range s.Get("properties").Members() {
			if refersTo := member.Get("$ref").Exists(); refersTo {
				continue
			}
			for _, u := range units {
				if strings.HasSuffix(name, u.suffix) {
					text := member.Get("description").Text()
					if !strings.Contains(text, u.word) && !strings.HasPrefix(text, "The same") {
						t.Errorf("%s.%s: %q does not say %q", schema, name, text, u.word)
					}
					break
				}
			}
		}
	}
}

func TestProblemsAreThoseOfTheCode(t *testing.T) {
	got := map[string]string{}
	for _, p := range parse(t).Problems() {
		got[p.Slug] = p.Title
		if status, err := strconv.Atoi(p.Status); err != nil || status < 400 || status > 599 || p.Text == "" || p.Remedy == "" {
			t.Errorf("problem %s is not described in full: %+v", p.Slug, p)
		}
	}
	if diff := cmp.Diff(api.Titles(), got); diff != "" {
		t.Errorf("types of problem (-code +openapi.yaml):\n%s", diff)
	}
}
