package contract

import (
	"go/ast"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/activity"
)

// TestWordsAreThoseOfTheCode: what the answers about files and sessions say in
// a word is listed in openapi.yaml, all of it.
func TestWordsAreThoseOfTheCode(t *testing.T) {
	reasons := append(constantsOf(t, "recording", "Reason"),
		activity.NoActivity, activity.WrongDigest, activity.QuotaExceeded, activity.Internal)
	flags := slices.Concat(constantsOf(t, "session", "Flag"), constantsOf(t, "recording", "Flag"), constantsOf(t, "activity", "Flag"))
	for schema, want := range map[string][]string{
		"FileReason":  reasons,
		"SessionFlag": flags,
		"FileVerdict": append(constantsOf(t, "activity", "Verdict"), "upload"),
	} {
		sameWords(t, schema, want, "components", "schemas", schema)
	}
	sameWords(t, "evidence", constantsOf(t, "activity", "Evidence"), "components", "schemas", "Likeness", "properties", "evidence")
	sameWords(t, "status", constantsOf(t, "activity", "Status"), "components", "schemas", "Import", "properties", "status")
}

func sameWords(t *testing.T, what string, want []string, path ...string) {
	t.Helper()
	var got []string
	for _, item := range parse(t).Root().Get(path...).Get("oneOf").Items() {
		got = append(got, item.Get("const").Text())
		if item.Get("description").Text() == "" {
			t.Errorf("%s: %s has no description", what, item.Get("const").Text())
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(slices.Compact(want), got); diff != "" {
		t.Errorf("%s (-source +openapi.yaml):\n%s", what, diff)
	}
}

// constantsOf are the constants of a type, by its last name, in a package.
func constantsOf(t *testing.T, pkg, of string) []string {
	t.Helper()
	words := map[string]bool{}
	walk(sources(t)[filepath.Join(top, "internal", pkg)], func(n ast.Node) {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || lastName(spec.Type) != of {
			return
		}
		for _, value := range spec.Values {
			if text, ok := literal(value); ok {
				words[text] = true
			}
		}
	})
	if len(words) == 0 {
		t.Errorf("package %s has no constants of type %s", pkg, of)
	}
	return slices.Collect(maps.Keys(words))
}
