package main

import (
	"os"
	"strings"
	"testing"
)

func TestWrite(t *testing.T) {
	table, err := os.ReadFile("../../docs/table.md")
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := write(&out, string(table)); err != nil {
		t.Fatal(err)
	}
	for _, o := range month {
		if !strings.Contains(out.String(), o.name) {
			t.Errorf("%s is missing", o.name)
		}
	}
	if err := write(&out, "| Register | k | 1 | 0 | 7 |\n"); err == nil {
		t.Error("rows are missing, and the sum is right all the same")
	}
}
