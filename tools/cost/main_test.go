package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const stack = `{"Resources": {
  "S": {"Type": "AWS::SecretsManager::Secret"},
  "D": {"Type": "AWS::CloudWatch::Dashboard"},
  "A": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"MetricName": "Latency"}},
  "B": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"Metrics": [{"Expression": "a / b"}, {"MetricStat": {}}, {"MetricStat": {}}]}}
}}`

// kept runs a test at the top of the module, where the documents are.
func kept(t *testing.T) (templates string) {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "Ops.template.json"), []byte(stack), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Chdir(filepath.Join("..", ".."))
	return folder
}

func TestRun(t *testing.T) {
	folder := kept(t)
	var out strings.Builder
	if err := run([]string{folder}, &out); err != nil {
		t.Fatal(err)
	}
	for _, o := range month {
		if !strings.Contains(out.String(), o.name) {
			t.Errorf("%s is missing", o.name)
		}
	}
	if want := "A month of nobody: 1 secret, 3 metrics of alarms (10 free), 1 dashboard (3 free)"; !strings.Contains(out.String(), want) {
		t.Errorf("no %q in\n%s", want, &out)
	}
}

// TestSumIsRefused when something that it counts with is not there.
func TestSumIsRefused(t *testing.T) {
	kept(t)
	if err := run([]string{t.TempDir()}, &strings.Builder{}); err == nil {
		t.Error("there are no templates, and nobody costs nothing")
	}
	s := sources{requests: measured("| Register | k | 2 | 0 | 7 |\n"), own: map[string]float64{generate: 1, "Register": 2}}
	if err := s.write(&strings.Builder{}); err == nil || !strings.Contains(err.Error(), "Sign in") {
		t.Errorf("error %v, want one about the row that is missing", err)
	}
	if got := s.requests["Register"]; got != (request{2, 0, 7}) {
		t.Errorf("register %+v", got)
	}
}

func TestIdle(t *testing.T) {
	s := standing{secrets: 1, looks: 12, boards: 1}
	if got := s.usd(true); got < 0.599 || got > 0.601 {
		t.Errorf("nobody costs %v, want 0.60", got)
	}
	if got, all := s.usd(false), 0.40+1.20+3.00+0.30*float64(ownMetrics()); got < all-0.001 || got > all+0.001 {
		t.Errorf("were nothing free: %v, want %v", got, all)
	}
}
