package apidoc

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"
)

// lineWidth is how long a line of JSON may get before it is broken.
const lineWidth = 100

// FormatJSON writes a JSON text for people: what fits on a line stands on
// one. Members keep their order, numbers their digits. It is valid YAML too.
func FormatJSON(data []byte) (string, error) {
	n, err := Parse(data)
	if err != nil {
		return "", err
	}
	return n.root.JSON(), nil
}

// JSON is the value as JSON for people.
func (n Node) JSON() string {
	var b strings.Builder
	writeJSON(&b, n.node, 0)
	return b.String()
}

func writeJSON(b *strings.Builder, n *yaml.Node, indent int) {
	if line := oneLine(n); n.Kind == yaml.ScalarNode || len(n.Content) == 0 || indent+len(line) <= lineWidth {
		b.WriteString(line)
		return
	}
	const step = 2
	newline := "\n" + strings.Repeat(" ", indent+step)
	open, end, members := "[", "]", 1
	if n.Kind == yaml.MappingNode {
		open, end, members = "{", "}", 2
	}
	b.WriteString(open)
	for i := 0; i < len(n.Content); i += members {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString(newline)
		if members == 2 {
			b.WriteString(scalar(n.Content[i]) + ": ")
		}
		writeJSON(b, n.Content[i+members-1], indent+step)
	}
	b.WriteString(newline[:len(newline)-step] + end)
}

func oneLine(n *yaml.Node) string {
	var parts []string
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			parts = append(parts, scalar(n.Content[i])+": "+oneLine(n.Content[i+1]))
		}
		if parts == nil {
			return "{}"
		}
		return "{ " + strings.Join(parts, ", ") + " }"
	case yaml.SequenceNode:
		for _, item := range n.Content {
			parts = append(parts, oneLine(item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	default:
		return scalar(n)
	}
}

func scalar(n *yaml.Node) string {
	if n.ShortTag() != "!!str" {
		return n.Value
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(n.Value); err != nil {
		panic(fmt.Sprintf("apidoc: a text that cannot be encoded: %v", err)) // every text can
	}
	return strings.TrimSuffix(b.String(), "\n")
}
