package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestMutantsFitTheCode: every guard on the list is still in the code, so that
// the list cannot rot unseen. Whether tests notice is `make mutants`.
func TestMutantsFitTheCode(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	names := map[string]bool{}
	for _, m := range mutants {
		if names[m.name] {
			t.Errorf("two mutants are called %q", m.name)
		}
		names[m.name] = true
		if _, err := m.changed(); err != nil {
			t.Errorf("%s: %v", m.name, err)
		}
		for _, folder := range m.packages {
			if info, err := os.Stat(folder); err != nil || !info.IsDir() {
				t.Errorf("%s: no package %s", m.name, folder)
			}
		}
	}
}

func TestCulprit(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"--- FAIL: TestA (0.01s)\n    --- FAIL: TestA/b (0.00s)\nFAIL\n", "TestA"},
		{"panic: test timed out after 3m0s\nmore\n", "panic: test timed out after 3m0s"},
	} {
		if got := culprit(tt.text); got != tt.want {
			t.Errorf("culprit(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}
