// Package template reads what `make synth` wrote: the functions as CloudFormation
// will make them, with their programs, variables and rights.
package template

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A Function is one of the table, as the templates have it.
type Function struct {
	Name      string // generate
	Construct string // GenerateFn
	Bootstrap string // path of its program
	// Architecture is the machine that it is for: arm64 or x86_64.
	Architecture string
	// Variables are its environment. What is known at deployment only stands
	// as the name of the resource: ${TableCD117FA1}.
	Variables map[string]string
	Rights    []Statement
}

// A Statement allows actions on resources.
type Statement struct {
	Actions   []string
	Resources []string
	// Keys are the patterns of the partition keys that it is for. Nil: it is
	// not about a table.
	Keys []string
}

type resource struct {
	Type       string
	Properties map[string]any
	Metadata   map[string]any
}

// Read reads all functions of ours in a folder of templates (cdk.out), sorted
// by name.
func Read(folder string) ([]Function, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.template.json"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("no templates in %s: make synth", folder)
	}
	var all []Function
	for _, file := range files {
		text, err := os.ReadFile(file) //nolint:gosec // it was found in the folder
		if err != nil {
			return nil, fmt.Errorf("read template: %w", err)
		}
		var t struct{ Resources map[string]resource }
		if err := json.Unmarshal(text, &t); err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
		for _, r := range t.Resources {
			if f, ok := function(r, t.Resources); ok {
				f.Bootstrap = filepath.Join(folder, f.Bootstrap, "bootstrap")
				all = append(all, f)
			}
		}
	}
	slices.SortFunc(all, func(a, b Function) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

// function reads a resource that is a function of ours: one directly below
// its stack, called like GenerateFn.
func function(r resource, all map[string]resource) (Function, bool) {
	path := strings.Split(Text(r.Metadata["aws:cdk:path"]), "/")
	if r.Type != "AWS::Lambda::Function" || len(path) != 3 || !strings.HasSuffix(path[1], "Fn") {
		return Function{}, false
	}
	name := strings.TrimSuffix(path[1], "Fn")
	f := Function{
		Name:      strings.ToLower(name),
		Construct: path[1],
		Bootstrap: Text(r.Metadata["aws:asset:path"]),
		Variables: map[string]string{},
	}
	if machines := texts(r.Properties["Architectures"]); len(machines) == 1 {
		f.Architecture = machines[0]
	}
	environment, _ := r.Properties["Environment"].(map[string]any)
	variables, _ := environment["Variables"].(map[string]any)
	for name, value := range variables {
		f.Variables[name] = Text(value)
	}
	role := Text(r.Properties["Role"])
	for _, p := range all {
		roles, _ := p.Properties["Roles"].([]any)
		if p.Type == "AWS::IAM::Policy" && slices.ContainsFunc(roles, func(r any) bool { return Text(r) == role }) {
			document, _ := p.Properties["PolicyDocument"].(map[string]any)
			f.Rights = append(f.Rights, statements(document)...)
		}
	}
	return f, true
}

func statements(document map[string]any) []Statement {
	list, _ := document["Statement"].([]any)
	var all []Statement
	for _, item := range list {
		s, _ := item.(map[string]any)
		statement := Statement{Actions: texts(s["Action"]), Resources: texts(s["Resource"])}
		condition, _ := s["Condition"].(map[string]any)
		like, _ := condition["ForAllValues:StringLike"].(map[string]any)
		if keys, ok := like["dynamodb:LeadingKeys"]; ok {
			statement.Keys = texts(keys)
		}
		all = append(all, statement)
	}
	return all
}

func texts(value any) []string {
	list, many := value.([]any)
	if !many {
		list = []any{value}
	}
	var all []string
	for _, item := range list {
		all = append(all, Text(item))
	}
	return all
}

// Text writes a value of a template as a text; what stands for a resource
// becomes ${its name}, whatever of it is meant.
func Text(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case string:
		return value
	case map[string]any:
		for name, of := range value {
			list, _ := of.([]any)
			switch {
			case name == "Fn::Join" && len(list) == 2:
				return strings.Join(texts(list[1]), Text(list[0]))
			case name == "Fn::GetAtt" && len(list) == 2:
				return "${" + Text(list[0]) + "}"
			default: // Ref, Fn::ImportValue, Fn::Sub
				return "${" + Text(of) + "}"
			}
		}
	}
	encoded, _ := json.Marshal(value)
	return string(encoded)
}
