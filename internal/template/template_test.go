package template_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/template"
)

const small = `{"Resources": {
  "ListFnA1": {"Type": "AWS::Lambda::Function", "Metadata": {"aws:cdk:path": "Api/ListFn/Resource", "aws:asset:path": "asset.1"},
    "Properties": {"Architectures": ["arm64"], "Role": {"Fn::GetAtt": ["ListRoleB2", "Arn"]}, "Environment": {"Variables": {
      "STRIDE_STAGE": "dev", "STRIDE_TABLE": {"Fn::ImportValue": "Data:Table"}, "URL": {"Fn::Join": ["", ["https://", {"Ref": "D3"}]]}}}}},
  "Policy": {"Type": "AWS::IAM::Policy", "Properties": {"Roles": [{"Ref": "ListRoleB2"}], "PolicyDocument": {"Statement": [
    {"Action": "dynamodb:Query", "Resource": {"Fn::ImportValue": "Data:Table"}, "Condition": {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["RUNNER#*"]}}},
    {"Action": ["a:B", "a:C"], "Resource": "*"}]}}},
  "Another": {"Type": "AWS::IAM::Policy", "Properties": {"Roles": [{"Ref": "OtherRole"}], "PolicyDocument": {"Statement": [{"Action": "a:Z", "Resource": "*"}]}}},
  "Hidden": {"Type": "AWS::Lambda::Function", "Metadata": {"aws:cdk:path": "Web/Custom/Handler"}, "Properties": {}}
}}`

func TestRead(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "Api.template.json"), []byte(small), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := template.Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	want := []template.Function{{
		Name: "list", Construct: "ListFn", Bootstrap: filepath.Join(folder, "asset.1", "bootstrap"), Architecture: "arm64",
		Variables: map[string]string{"STRIDE_STAGE": "dev", "STRIDE_TABLE": "${Data:Table}", "URL": "https://${D3}"},
		Rights: []template.Statement{
			{Actions: []string{"dynamodb:Query"}, Resources: []string{"${Data:Table}"}, Keys: []string{"RUNNER#*"}},
			{Actions: []string{"a:B", "a:C"}, Resources: []string{"*"}},
		},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := template.Read(t.TempDir()); err == nil {
		t.Error("an empty folder has functions")
	}
}
