package contract

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/api"
)

// TestCodesAreThoseOfTheCode finds the codes of faults and notes in the source
// and compares them with those that openapi.yaml explains.
func TestCodesAreThoseOfTheCode(t *testing.T) {
	found := map[string]bool{}
	for _, files := range sources(t) {
		for _, code := range codesIn(files) {
			found[code] = true
		}
	}
	got := map[string]bool{}
	schemas := parse(t).Root().Get("components", "schemas")
	for _, name := range []string{"ErrorCode", "NoteCode"} {
		for _, item := range schemas.Get(name, "oneOf").Items() {
			got[item.Get("const").Text()] = true
			if item.Get("description").Text() == "" {
				t.Errorf("code %s has no description", item.Get("const").Text())
			}
		}
	}
	if diff := cmp.Diff(found, got); diff != "" {
		t.Errorf("codes (-source +openapi.yaml):\n%s", diff)
	}
}

// TestSlugsAreWritten: the types of problems are written as codes are, in small
// letters with underscores, wherever one is named, and each has its title.
func TestSlugsAreWritten(t *testing.T) {
	form := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	slugs := slices.Collect(maps.Keys(api.Titles()))
	for _, files := range sources(t) {
		walk(files, func(n ast.Node) {
			pair, ok := n.(*ast.KeyValueExpr)
			if !ok {
				return
			}
			name, isName := pair.Key.(*ast.Ident)
			value, isText := pair.Value.(*ast.BasicLit)
			if isName && isText && name.Name == "Slug" {
				slug, _ := strconv.Unquote(value.Value)
				slugs = append(slugs, slug)
			}
		})
	}
	for _, slug := range slugs {
		if !form.MatchString(slug) || api.Titles()[slug] == "" {
			t.Errorf("type of problem %q: write it like day_taken, and give it a title", slug)
		}
	}
	if len(slugs) < 30 {
		t.Errorf("only %d slugs were found", len(slugs))
	}
}

// sources parses the packages that answers come from, by folder.
func sources(t *testing.T) map[string][]*ast.File {
	t.Helper()
	aside := []string{"apidoc", "arch", "contract", "local"} // no part of an answer comes from these
	packages := map[string][]*ast.File{}
	root := filepath.Join(top, "internal")
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && filepath.Dir(path) == root && slices.Contains(aside, entry.Name()) {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		packages[filepath.Dir(path)] = append(packages[filepath.Dir(path)], file)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return packages
}

// codesIn finds the codes in a package. A code is a constant of type Code,
// what stands under Code in a literal, or what is given to a function as the
// parameter named code.
func codesIn(files []*ast.File) []string {
	constants := map[string]string{}
	positions := map[string]int{} // of the parameter code, by function
	var codes []string
	walk(files, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if i >= len(n.Values) {
					break
				}
				if text, ok := literal(n.Values[i]); ok {
					constants[name.Name] = text
					if lastName(n.Type) == "Code" {
						codes = append(codes, text)
					}
				}
			}
		case *ast.FuncDecl:
			notePosition(positions, n.Name.Name, n.Type)
		case *ast.AssignStmt:
			if function, ok := n.Rhs[0].(*ast.FuncLit); ok {
				notePosition(positions, lastName(n.Lhs[0]), function.Type)
			}
		}
	})
	use := func(e ast.Expr) {
		if text, ok := literal(e); ok {
			codes = append(codes, text)
		} else if text, ok := constants[lastName(e)]; ok {
			codes = append(codes, text)
		}
	}
	walk(files, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.KeyValueExpr:
			if lastName(n.Key) == "Code" {
				use(n.Value)
			}
		case *ast.CallExpr:
			if i, ok := positions[lastName(n.Fun)]; ok && i < len(n.Args) {
				use(n.Args[i])
			}
		}
	})
	return codes
}

func walk(files []*ast.File, visit func(ast.Node)) {
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			if n != nil {
				visit(n)
			}
			return true
		})
	}
}

// notePosition notes where a function takes a code.
func notePosition(positions map[string]int, name string, function *ast.FuncType) {
	i := 0
	for _, field := range function.Params.List {
		for _, parameter := range field.Names {
			if parameter.Name == "code" {
				positions[name] = i
			}
			i++
		}
	}
}

func literal(e ast.Expr) (string, bool) {
	basic, ok := e.(*ast.BasicLit)
	if !ok || basic.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(basic.Value)
	return text, err == nil
}

// lastName is the name of an identifier, or that after the point.
func lastName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}
