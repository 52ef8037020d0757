package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// written has a function that reads a variable.
func written(t *testing.T, variables string) string {
	t.Helper()
	folder := t.TempDir()
	text := `{"Resources": {"F": {"Type": "AWS::Lambda::Function", "Metadata": {"aws:cdk:path": "Api/ListFn/Resource", "aws:asset:path": "asset.1"},
		"Properties": {"Environment": {"Variables": ` + variables + `}}}}}`
	if err := os.WriteFile(filepath.Join(folder, "Api.template.json"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}

func TestWrite(t *testing.T) {
	var out strings.Builder
	folder := written(t, `{"STRIDE_STAGE": "dev", "STRIDE_TABLE": {"Ref": "Table"}, "AWS_ENDPOINT_URL_DYNAMODB": "", "STRIDE_NEW": "kept"}`)
	if err := write(&out, folder, "10.0.0.1"); err != nil {
		t.Fatal(err)
	}
	var got map[string]map[string]string
	if err := json.Unmarshal([]byte(out.String()), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]map[string]string{"ListFn": { // nothing that the template does not declare, which SAM would ignore
		"STRIDE_STAGE": "local", "STRIDE_TABLE": "stride", "AWS_ENDPOINT_URL_DYNAMODB": "http://10.0.0.1:8000",
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestUnknownVariable(t *testing.T) {
	err := write(&strings.Builder{}, written(t, `{"STRIDE_NEW": {"Ref": "Thing"}}`), "127.0.0.1")
	if err == nil || !strings.Contains(err.Error(), "STRIDE_NEW") {
		t.Errorf("error %v, want one that names the variable", err)
	}
}
