package contract

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride"
	"github.com/stride-run/stride/internal/apidoc"
)

var update = flag.Bool("update", false, "write the examples into openapi.yaml, and the pages")

// top is the top of the module; pages is where the pages are served from.
var (
	top   = filepath.Join("..", "..")
	pages = filepath.Join(top, "internal", "api", "docs", "pages")
)

// instance is the one part of an answer that is new every time.
var instance = regexp.MustCompile(`"instance":"[A-Z2-7]+"`)

// TestExamplesAreRealAnswers sends the request of every example and compares.
// Tokens and ids are new every time: where an account is answered, status and
// form are compared alone, and the example stays as it is.
func TestExamplesAreRealAnswers(t *testing.T) {
	doc, url := load(t), start(t, false)
	values := map[apidoc.Example]string{}
	for _, e := range parse(t).Examples() {
		a := send(t, url, e.Method, e.Path, e.Body, nil)
		if e.Status < "300" && ofAccounts(e.Method, e.Path) {
			if strconv.Itoa(a.status) != e.Status {
				t.Errorf("example %s of %s %s: the answer is %d %s", e.Name, e.Method, e.Path, a.status, a.body)
			}
			conforms(t, responses(t, doc, e.Method+" "+e.Path)[e.Status], a)
			continue
		}
		got, err := apidoc.FormatJSON(instance.ReplaceAll(a.body, []byte(`"instance":"V5XQ2JB4N3KTLZ7MD6RWCHEYGA"`)))
		if err != nil {
			t.Errorf("example %s of %s %s: %v", e.Name, e.Method, e.Path, err)
		}
		values[e] = got
		if diff := cmp.Diff(e.Value.JSON(), got); diff != "" && !*update {
			t.Errorf("example %s of %s %s is not what is answered; go test -update mends it (-openapi.yaml +answer):\n%s", e.Name, e.Method, e.Path, diff)
		}
	}
	if len(values) < 10 {
		t.Errorf("only %d examples were found", len(values))
	}
	if *update {
		write(t, filepath.Join(top, "openapi.yaml"), apidoc.SetExamples(stride.OpenAPI, values))
	}
}

// TestPagesAreUpToDate makes the pages anew and compares. With -update it
// reads the document from its file, since that may just have been written.
func TestPagesAreUpToDate(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(top, "openapi.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	spec, err := apidoc.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	want, err := spec.Pages()
	if err != nil {
		t.Fatal(err)
	}
	for name, page := range want {
		path := filepath.Join(pages, name)
		if *update {
			write(t, path, page)
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Error(err)
		}
		if string(got) != string(page) {
			t.Errorf("%s does not say what openapi.yaml says; go test -update mends it", name)
		}
	}
	served, err := filepath.Glob(filepath.Join(pages, "problems", "*"))
	if err != nil || len(served) != len(spec.Problems()) {
		t.Errorf("%d pages of problems, %v; there are %d problems", len(served), err, len(spec.Problems()))
	}
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}
