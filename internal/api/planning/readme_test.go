package planning_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the example in the README anew")

// The README shows an answer; it is the one that its request gets today.
func TestReadmeShowsTheRealAnswer(t *testing.T) {
	const path = "../../../README.md"
	was, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	request := regexp.MustCompile(`(?s)/api/generate -H 'Content-Type: application/json' -d '(\{.*?\})'`).FindSubmatch(was)
	block := regexp.MustCompile(`(?s)(<!-- example: answer -->\n).*?(<!-- end -->)`)
	if request == nil || !block.Match(was) {
		t.Fatal("the README shows no request and answer")
	}
	p := answer(t, string(request[1]))
	line := func(v any) string {
		var text bytes.Buffer
		encoder := json.NewEncoder(&text)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(v); err != nil {
			t.Fatal(err)
		}
		return string(bytes.TrimSpace(text.Bytes()))
	}
	w := p.Weeks[8]
	var indented bytes.Buffer
	if err := json.Indent(&indented, []byte(line(w.Workouts[1])), "      ", "  "); err != nil {
		t.Fatal(err)
	}
	// Paces and steps are short enough to stand on one line.
	short := regexp.MustCompile(`\{\s+"fast_s_per_km": ([0-9.]+),\s+"slow_s_per_km": ([0-9.]+)\s+\}`).ReplaceAll(indented.Bytes(), []byte(`{"fast_s_per_km": $1, "slow_s_per_km": $2}`))
	shown := fmt.Sprintf("```jsonc\n{\n  \"engine_version\": %s,\n  \"inputs\": %s,\n  \"summary\": %s,\n  \"paces\": {\"easy\": %s, …},\n"+
		"  \"adjustments\": [],   // where the plan does less than the answers ask for, and why\n  \"warnings\": [],      // what to be careful with\n"+
		"  \"weeks\": [\n    …,\n    {\"week\": %d, \"kind\": %q, \"start_date\": %q, \"distance_m\": %d, \"workouts\": [\n      …,\n      %s,\n      …]},\n    …]\n}\n```\n",
		line(p.EngineVersion), line(p.Inputs), line(p.Summary), line(p.Paces.Easy), w.Week, w.Kind, w.StartDate, w.DistanceM, short)
	is := block.ReplaceAll(was, append([]byte("${1}"), append(bytes.ReplaceAll([]byte(shown), []byte("$"), []byte("$$")), "$2"...)...))
	if *update {
		if err := os.WriteFile(path, is, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(was), string(is)); diff != "" {
		t.Errorf("the README shows another answer (make examples):\n%s", diff)
	}
}
