package arch

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestSecurityNamesWhatExists: docs/security.md sends reviewers to files and
// tests, which have to be there.
func TestSecurityNamesWhatExists(t *testing.T) {
	top := filepath.Join("..", "..")
	text, err := os.ReadFile(filepath.Join(top, "docs", "security.md"))
	if err != nil {
		t.Fatal(err)
	}
	declared := map[string]bool{}
	declaration := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	err = filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") && path != top || entry.Name() == "node_modules" || entry.Name() == "build") {
			if err == nil {
				err = fs.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		source, err := os.ReadFile(path)
		for _, found := range declaration.FindAllSubmatch(source, -1) {
			declared[string(found[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	tests := regexp.MustCompile("`(Test\\w+)`").FindAllSubmatch(text, -1)
	for _, found := range tests {
		if !declared[string(found[1])] {
			t.Errorf("there is no %s", found[1])
		}
	}
	paths := regexp.MustCompile("`(internal/[a-z0-9_/.]+)`").FindAllSubmatch(text, -1)
	for _, found := range paths {
		if _, err := os.Stat(filepath.Join(top, string(found[1]))); err != nil {
			t.Error(err)
		}
	}
	if len(tests) < 50 || len(paths) < 30 {
		t.Errorf("%d tests, %d paths: is this the document?", len(tests), len(paths))
	}
	for line := range bytes.Lines(text) {
		if cells := bytes.Count(line, []byte("|")); bytes.HasPrefix(line, []byte("| ")) && cells != 5 {
			t.Errorf("%d cells: %.80s", cells-1, line)
		}
	}
}
