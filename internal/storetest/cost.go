package storetest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/dynamo"
)

// A Meter adds up what a request costs. It is safe for concurrent use.
type Meter struct {
	mu          sync.Mutex
	Calls       int
	Read, Write float64 // request units
}

// Count is for dynamo.Store.Metered.
func (m *Meter) Count(u dynamo.Usage) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.Calls++
	switch u.Operation {
	case "GetItem", "BatchGetItem", "Query":
		m.Read += u.Units
	default:
		m.Write += u.Units
	}
}

// Reset begins anew.
func (m *Meter) Reset() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.Calls, m.Read, m.Write = 0, 0, 0
}

// Costs are the rows of a table of costs in docs/table.md.
type Costs struct {
	of, keys string
	rows     []string
}

// NewCosts begins the table of what is named, as its marks in the document are;
// keys heads the column of the keys.
func NewCosts(of, keys string) *Costs { return &Costs{of: of, keys: keys} }

// Add adds what a request has cost.
func (c *Costs) Add(what, keys string, m *Meter) {
	c.rows = append(c.rows, fmt.Sprintf("| %s | %s | %d | %v | %v |", what, keys, m.Calls, m.Read, m.Write))
}

// Compare compares the table with the document's, or, with update, writes it
// there. Top is the way to the top of the module.
func (c *Costs) Compare(t testing.TB, top string, update bool) {
	t.Helper()
	start, end := "<!-- "+c.of+": measured -->\n", "<!-- "+c.of+": end -->"
	file := filepath.Join(top, "docs", "table.md")
	text, err := os.ReadFile(file) //nolint:gosec // a document of ours
	if err != nil {
		t.Fatal(err)
	}
	head, rest, _ := strings.Cut(string(text), start)
	listed, tail, ok := strings.Cut(rest, end)
	if !ok {
		t.Fatalf("%s has no place for the costs of %s", file, c.of)
	}
	measured := "\n| request | " + c.keys + " | calls | read units | write units |\n|---|---|---|---|---|\n" + strings.Join(c.rows, "\n") + "\n\n"
	if update {
		if err := os.WriteFile(file, []byte(head+start+measured+end+tail), 0o644); err != nil { //nolint:gosec // for everybody to read
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(listed, measured); diff != "" {
		t.Errorf("docs/table.md (-listed +measured), -update writes it:\n%s", diff)
	}
}
