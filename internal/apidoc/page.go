package apidoc

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"path"
	"strings"
)

//go:embed templates
var files embed.FS

// A page is what the template of the whole document shows.
type page struct {
	Title, Summary, Text string
	Groups               []group
	Types                []typeView
	Problems             []Problem
}

// A group is a tag with its operations.
type group struct {
	Name, Text string
	Operations []operationView
}

type operationView struct {
	ID, Method, Path, Summary, Text string
	Parameters                      []field
	Request                         *bodyView
	Responses                       []responseView
}

type responseView struct {
	Status, Text string
	Body         *bodyView
}

// A bodyView is the body of a request or of an answer.
type bodyView struct {
	Media    string
	Type     template.HTML // empty: not described as a schema
	Fields   []field
	Examples []exampleView
}

type exampleView struct{ Name, Summary, Request, JSON string }

// A typeView is a schema with a name.
type typeView struct {
	Name, Text string
	Is         template.HTML // what a schema that is no object is
	Fields     []field
	Values     []valueView
}

// A field is a member of an object, or a parameter.
type field struct {
	Name     string
	Type     template.HTML
	Optional bool
	Text     string
	Values   []valueView
}

// A valueView is one of the values that a text may have.
type valueView struct{ Value, Text string }

// A Problem is a type of problem.
type Problem struct{ Slug, Title, Status, Text, Remedy string }

// Pages are all pages, by path below the folder that they are served from:
// index.html, and problems/<slug>.html for each type of problem.
func (s Spec) Pages() (map[string][]byte, error) {
	templates, err := template.New("").
		Funcs(template.FuncMap{"prose": prose, "inline": inline, "lower": strings.ToLower}).
		ParseFS(files, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("parse templates: %w", err)
	}
	pages := map[string][]byte{}
	render := func(name, layout string, view any) {
		var b bytes.Buffer
		if e := templates.ExecuteTemplate(&b, layout, view); e != nil && err == nil {
			err = fmt.Errorf("render %s: %w", name, e)
		}
		pages[name] = b.Bytes()
	}
	render("index.html", "index.html", s.page())
	for _, problem := range s.Problems() {
		render(path.Join("problems", problem.Slug+".html"), "problem.html", problem)
	}
	return pages, err
}

// Problems are all types of problem.
func (s Spec) Problems() []Problem {
	var all []Problem
	for _, item := range s.root.Get("components", "schemas", "ProblemType", "oneOf").Items() {
		all = append(all, Problem{
			Slug:   strings.TrimPrefix(item.Get("const").Text(), "/problems/"),
			Title:  item.Get("title").Text(),
			Status: item.Get("x-status").Text(),
			Text:   item.Get("description").Text(),
			Remedy: item.Get("x-remedy").Text(),
		})
	}
	return all
}

func (s Spec) page() page {
	info := s.root.Get("info")
	p := page{Title: info.Get("title").Text(), Summary: info.Get("summary").Text(), Text: info.Get("description").Text(), Problems: s.Problems()}
	for _, tag := range s.root.Get("tags").Items() {
		g := group{Name: tag.Get("name").Text(), Text: tag.Get("description").Text()}
		for _, op := range s.Operations() {
			if items := op.Get("tags").Items(); len(items) > 0 && items[0].Text() == g.Name {
				g.Operations = append(g.Operations, s.operation(op))
			}
		}
		p.Groups = append(p.Groups, g)
	}
	for name, schema := range s.root.Get("components", "schemas").Members() {
		if name != "ProblemType" { // it has a section of its own
			p.Types = append(p.Types, s.typeOf(name, schema))
		}
	}
	return p
}

func (s Spec) operation(op Operation) operationView {
	v := operationView{
		ID: op.Get("operationId").Text(), Method: op.Method, Path: op.Path,
		Summary: op.Get("summary").Text(), Text: op.Get("description").Text(),
		Request: s.body(op.Get("requestBody", "content")),
	}
	for _, p := range op.Get("parameters").Items() {
		v.Parameters = append(v.Parameters, field{
			Name: p.Get("name").Text(), Type: typeText(p.Get("schema")), Optional: p.Get("required").Text() != "true", Text: p.Get("description").Text(),
		})
	}
	for status, response := range op.Get("responses").Members() {
		response = s.Resolve(response)
		v.Responses = append(v.Responses, responseView{Status: status, Text: response.Get("description").Text(), Body: s.body(response.Get("content"))})
	}
	return v
}

func (s Spec) body(content Node) *bodyView {
	for media, described := range content.Members() {
		schema := described.Get("schema")
		b := &bodyView{Media: media, Type: typeText(schema), Fields: fields(s.Resolve(schema))}
		for name, e := range described.Get("examples").Members() {
			b.Examples = append(b.Examples, exampleView{
				Name: name, Summary: e.Get("summary").Text(), Request: e.Get("x-request-body").Text(), JSON: e.Get("value").JSON(),
			})
		}
		return b
	}
	return nil
}

func (s Spec) typeOf(name string, schema Node) typeView {
	v := typeView{Name: name, Text: schema.Get("description").Text(), Values: values(schema), Fields: fields(schema)}
	if v.Fields == nil {
		v.Is = typeText(schema)
	}
	return v
}

// fields are the members that a schema of an object names.
func fields(schema Node) []field {
	required := map[string]bool{}
	for _, item := range schema.Get("required").Items() {
		required[item.Text()] = true
	}
	var all []field
	for name, member := range schema.Get("properties").Members() {
		all = append(all, field{
			Name: name, Type: typeText(member), Optional: !required[name], Text: member.Get("description").Text(), Values: values(member),
		})
	}
	return all
}
