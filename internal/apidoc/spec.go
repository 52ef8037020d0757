// Package apidoc makes pages for people from openapi.yaml, and keeps the
// examples in it. It runs when the pages are made, not when they are served:
// the function that serves them parses nothing.
package apidoc

import (
	"errors"
	"fmt"
	"iter"
	"strings"

	"go.yaml.in/yaml/v4"
)

// A Spec is an OpenAPI document with the order and the places of everything
// in it.
type Spec struct{ root Node }

// Parse reads a document.
func Parse(data []byte) (Spec, error) {
	var document yaml.Node
	if err := yaml.Load(data, &document); err != nil {
		return Spec{}, fmt.Errorf("parse document: %w", err)
	}
	if document.Kind != yaml.DocumentNode || len(document.Content) != 1 {
		return Spec{}, errors.New("parse document: it is no single value")
	}
	return Spec{Node{node: document.Content[0]}}, nil
}

// Root is the whole document.
func (s Spec) Root() Node { return s.root }

// A Node is a value in the document. The zero Node is one that is not there;
// it has no members, no items and no text.
type Node struct{ node, key *yaml.Node }

// Exists says whether the value is there.
func (n Node) Exists() bool { return n.node != nil }

// Get follows names of members inwards.
func (n Node) Get(names ...string) Node {
	for _, name := range names {
		var inner Node
		for key, member := range n.Members() {
			if key == name {
				inner = member
			}
		}
		n = inner
	}
	return n
}

// Text is the text of a scalar, else empty.
func (n Node) Text() string {
	if n.node == nil || n.node.Kind != yaml.ScalarNode {
		return ""
	}
	return n.node.Value
}

// Members are the members of a mapping, in order.
func (n Node) Members() iter.Seq2[string, Node] {
	return func(yield func(string, Node) bool) {
		if n.node == nil || n.node.Kind != yaml.MappingNode {
			return
		}
		for i := 0; i+1 < len(n.node.Content); i += 2 {
			key := n.node.Content[i]
			if !yield(key.Value, Node{node: n.node.Content[i+1], key: key}) {
				return
			}
		}
	}
}

// Items are the items of a list, in order.
func (n Node) Items() []Node {
	if n.node == nil || n.node.Kind != yaml.SequenceNode {
		return nil
	}
	items := make([]Node, len(n.node.Content))
	for i, item := range n.node.Content {
		items[i] = Node{node: item}
	}
	return items
}

// Resolve follows a $ref within the document, if the value is one.
func (s Spec) Resolve(n Node) Node {
	ref := n.Get("$ref").Text()
	if ref == "" {
		return n
	}
	return s.root.Get(strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
}

// refName is the last part of a $ref, empty for what is none.
func refName(n Node) string {
	ref := n.Get("$ref").Text()
	return ref[strings.LastIndex(ref, "/")+1:]
}

// methods are the names of operations in a path.
var methods = []string{"get", "put", "post", "delete", "patch"}

// An Operation is a method on a path.
type Operation struct {
	Method string // upper case
	Path   string
	Node
}

// Operations are all operations, in order.
func (s Spec) Operations() []Operation {
	var all []Operation
	for path, item := range s.root.Get("paths").Members() {
		for _, method := range methods {
			if op := item.Get(method); op.Exists() {
				all = append(all, Operation{strings.ToUpper(method), path, op})
			}
		}
	}
	return all
}
