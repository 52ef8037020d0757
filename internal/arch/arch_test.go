// Package arch tests which package may import which. Imports point one way:
// core, services, adapters, edge, wiring, mains. What runs on the own machine
// only stands aside, and no function may link it.
package arch

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stride-run/stride/internal/route"
)

const module = "github.com/stride-run/stride/"

// A layer is a set of packages that have the same place.
type layer struct {
	name     string
	packages []string // path.Match patterns below the module
	imports  []string // names of the layers it may import
}

// layers is the order of the system. The first layer with a pattern for a
// package is the package's.
var layers = []layer{
	{"core", words("internal/", "calendar fault unit race performance zones plan session runner text"), []string{"core"}},
	{"table", []string{"internal/route", "internal/metric"}, nil},
	{"contract", []string{"."}, nil},
	{"services", words("internal/", "account training activity"), []string{"core"}},
	{"adapters", words("internal/", "dynamo objects queue secrets token password recording"), []string{"core", "services"}},
	{"edge", []string{"internal/api", "internal/api/*", "internal/lambdahttp"}, []string{"core", "table", "contract", "services", "edge"}},
	{"wiring", []string{"internal/boot", "internal/boot/*"}, []string{"core", "table", "services", "adapters", "edge", "wiring"}},
	{"local", []string{"internal/local/*"}, []string{"core", "table", "services", "adapters", "edge", "wiring", "local"}},
	{"functions", []string{"functions/*"}, []string{"edge", "wiring"}},
	{"programs", []string{"cmd/*"}, []string{"core", "services", "adapters", "edge", "wiring", "local"}},
	{"tools", []string{"internal/apidoc", "internal/template", "tools/*"}, []string{"core", "table", "services", "adapters", "edge", "wiring", "local", "tools"}},
	{"tests", words("internal/", "apitest arch contract deployed e2e fittest golden storetest"), []string{"core", "table", "services", "adapters", "edge", "wiring", "local"}},
}

// impure is what the core does without: it computes, and whoever calls it has
// the clock, the randomness, the network and the words of storage and wire.
var impure = words("", "context crypto/rand database/sql encoding/json log log/slog math/rand math/rand/v2 net net/http net/url os os/exec os/signal syscall time/tzdata")

// tables is what one package of the core may import all the same: functions
// over the tables of Unicode, which compute and do nothing else.
var tables = map[string][]string{
	"internal/runner": {"golang.org/x/net/idna", "golang.org/x/text/unicode/norm"},
}

// clock is what the core may not call of package time.
var clock = words("", "Now Since Until Sleep After AfterFunc Tick NewTimer NewTicker LoadLocation Local")

func words(prefix, list string) []string {
	fields := strings.Fields(list)
	for i, field := range fields {
		fields[i] = prefix + field
	}
	return fields
}

// layerOf returns the layer of a package, by its path below the module.
func layerOf(pkg string) (layer, bool) {
	for _, l := range layers {
		for _, pattern := range l.packages {
			if ok, _ := path.Match(pattern, pkg); ok {
				return l, true
			}
		}
	}
	return layer{}, false
}

// A listed is what go list says about a package.
type listed struct {
	ImportPath, Dir, Name  string
	Imports, GoFiles, Deps []string
}

// list runs go list at the top of the module.
func list(t *testing.T, patterns ...string) []listed {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", append([]string{"list", "-json=ImportPath,Dir,Name,Imports,GoFiles,Deps"}, patterns...)...)
	command.Dir = filepath.Join("..", "..")
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	var packages []listed
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return packages
		}
		if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

// below returns the path of a package below the module, "." for its top; false
// for a package of somebody else.
func below(importPath string) (string, bool) {
	if importPath+"/" == module {
		return ".", true
	}
	return strings.CutPrefix(importPath, module)
}

// violations checks one package's imports.
func violations(pkg string, imports []string) []string {
	own, ok := layerOf(pkg)
	if !ok {
		return []string{pkg + " has no layer: give it one in internal/arch"}
	}
	var found []string
	for _, imported := range imports {
		inner, isOurs := below(imported)
		to, _ := layerOf(inner)
		isAWS := strings.HasPrefix(imported, "github.com/aws/")
		isOther := strings.Contains(strings.SplitN(imported, "/", 2)[0], ".") && !isOurs
		switch {
		case isOurs && !slices.Contains(own.imports, to.name),
			own.name == "core" && (slices.Contains(impure, imported) || isOther && !slices.Contains(tables[pkg], imported)),
			own.name == "table" && isOther,
			own.name == "services" && (isAWS || imported == "net/http" || strings.Contains(imported, "jwt")):
			found = append(found, own.name+" package "+pkg+" imports "+imported)
		}
	}
	return found
}

func TestImportsPointOneWay(t *testing.T) {
	for _, p := range list(t, "./...") {
		pkg, _ := below(p.ImportPath)
		for _, v := range violations(pkg, p.Imports) {
			t.Error(v)
		}
	}
}

func TestViolationsAreFound(t *testing.T) {
	for _, tt := range []struct {
		pkg, imported string
		found         bool
	}{
		{"internal/plan", module + "internal/race", false},
		{"internal/plan", "time", false},
		{"internal/plan", "net/http", true},
		{"internal/plan", "context", true},
		{"internal/plan", "golang.org/x/text", true},
		{"internal/plan", module + "internal/api", true},
		{"internal/runner", "golang.org/x/text/unicode/norm", false},
		{"internal/runner", "golang.org/x/net/http2", true},
		{"internal/route", "net/url", false},
		{"internal/route", module + "internal/unit", true},
		{"internal/training", "github.com/aws/aws-sdk-go-v2/aws", true},
		{"internal/training", module + "internal/dynamo", true},
		{"internal/dynamo", module + "internal/training", false},
		{"internal/dynamo", module + "internal/objects", true},
		{"internal/dynamo", module + "internal/api", true},
		{"internal/api/planning", module + "internal/api", false},
		{"internal/api", module + "internal/boot", true},
		{"functions/generate", module + "internal/boot/planning", false},
		{"functions/generate", module + "internal/local/gateway", true},
		{"internal/boot", module + "internal/local/gateway", true},
		{"cmd/stride-local", module + "internal/local/server", false},
		{"internal/api/docs", "github.com/stride-run/stride", false},
		{"internal/plan", "github.com/stride-run/stride", true},
		{"internal/boot", module + "internal/apidoc", true},
		{".", module + "internal/api", true},
		{"internal/helpers", "fmt", true},
	} {
		if got := violations(tt.pkg, []string{tt.imported}); (len(got) > 0) != tt.found {
			t.Errorf("%s imports %s: %q, want a violation: %v", tt.pkg, tt.imported, got, tt.found)
		}
	}
}

// TestCoreIsPure looks into the core's source: no clock, and no word of wire
// or store in a tag.
func TestCoreIsPure(t *testing.T) {
	for _, p := range list(t, "./...") {
		pkg, _ := below(p.ImportPath)
		if l, _ := layerOf(pkg); l.name != "core" {
			continue
		}
		for _, name := range p.GoFiles {
			files := token.NewFileSet()
			file, err := parser.ParseFile(files, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.SelectorExpr:
					if x, ok := n.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains(clock, n.Sel.Name) {
						t.Errorf("%s uses time.%s", files.Position(n.Pos()), n.Sel.Name)
					}
				case *ast.Field:
					if n.Tag != nil {
						t.Errorf("%s has a tag: %s", files.Position(n.Pos()), n.Tag.Value)
					}
				}
				return true
			})
		}
	}
}

// strangers are packages of ours that a function could link by mistake only.
var strangers = map[string]string{"metrics": "internal/plan"}

func TestFunctionsLinkNoMoreThanTheyNeed(t *testing.T) {
	for _, p := range list(t, "./functions/...") {
		pkg, _ := below(p.ImportPath)
		f, _ := route.FunctionNamed(path.Base(pkg))
		usesAWS := f.Table != "" || len(f.Uploads) > 0 || f.Secret != ""
		for _, dep := range p.Deps {
			inner, _ := below(dep)
			if l, _ := layerOf(inner); l.name == "local" || l.name == "tools" || l.name == "tests" || inner == strangers[f.Name] {
				t.Errorf("%s links %s", pkg, dep)
			}
			if strings.HasPrefix(dep, "github.com/aws/aws-sdk-go") && !usesAWS {
				t.Errorf("%s links %s, and the table gives it nothing to use it on", pkg, dep)
			}
		}
	}
}

func TestEveryFunctionHasAMain(t *testing.T) {
	mains := map[string]bool{}
	for _, p := range list(t, "./functions/...") {
		mains[path.Base(p.ImportPath)] = true
		source, err := os.ReadFile(filepath.Join(p.Dir, "main.go"))
		if err != nil {
			t.Error(err)
		}
		if lines := bytes.Count(source, []byte("\n")); p.Name != "main" || len(p.GoFiles) != 1 || lines > 40 {
			t.Errorf("%s: package %s, files %v, %d lines; want one main.go of 40 lines at most", p.ImportPath, p.Name, p.GoFiles, lines)
		}
		if _, ok := route.FunctionNamed(path.Base(p.ImportPath)); !ok {
			t.Errorf("%s is not in the table of functions", p.ImportPath)
		}
	}
	for _, f := range route.Functions {
		if !mains[f.Name] {
			t.Errorf("function %s of the table has no functions/%s/main.go", f.Name, f.Name)
		}
	}
}
