package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTable(t *testing.T) {
	var out strings.Builder
	err := write(&out, []figure{
		ratio("fast", 3*time.Millisecond, 2*time.Millisecond, 1.5),
		ratio("slow", 4*time.Millisecond, 2*time.Millisecond, 1.5),
		{name: "free", stride: "7/s", value: 0.5, unit: "×"},
		{name: "enough", value: 0.6, unit: "×", least: 0.5},
		{name: "too little", value: 0.4, unit: "×", least: 0.5},
		{name: "between", value: 0.5, least: 0.4, target: 0.6},
		{name: "outside", value: 0.7, least: 0.4, target: 0.6},
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for line := range strings.Lines(out.String()) {
		got = append(got, strings.Join(strings.Fields(line), " "))
	}
	want := []string{
		"figure Stride yardstick value target",
		"fast 3.00 ms 2.00 ms 1.50 × ≤ 1.5 × pass",
		"slow 4.00 ms 2.00 ms 2.00 × ≤ 1.5 × MISS",
		"free 7/s 0.50 × –",
		"enough 0.60 × ≥ 0.5 × pass",
		"too little 0.40 × ≥ 0.5 × MISS",
		"between 0.50 0.4 to 0.6 pass",
		"outside 0.70 0.4 to 0.6 MISS",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestMedian(t *testing.T) {
	if got := median([]time.Duration{9, 1, 5}); got != 5 {
		t.Errorf("median = %d, want 5", got)
	}
}

func TestAUC(t *testing.T) {
	for _, tt := range []struct {
		a, b []time.Duration
		want float64
	}{
		{[]time.Duration{1, 2}, []time.Duration{3, 4}, 0},
		{[]time.Duration{3, 4}, []time.Duration{1, 2}, 1},
		{[]time.Duration{1, 2, 3}, []time.Duration{1, 2, 3}, 0.5},
		{[]time.Duration{2, 5}, []time.Duration{1, 3}, 0.75},
	} {
		if got := auc(tt.a, tt.b); got != tt.want {
			t.Errorf("auc(%v, %v) = %v, want %v", tt.a, tt.b, got, tt.want)
		}
	}
}

// TestSize: the archive is a real one, and as small as flate makes it.
func TestSize(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bootstrap")
	if err := os.WriteFile(path, bytes.Repeat([]byte("0123456789"), 200_000), 0o600); err != nil {
		t.Fatal(err)
	}
	plain, archived, err := size(path)
	if err != nil || plain != 2 || archived <= 0 || archived > 0.01 {
		t.Errorf("size = %v MB, %v MB as an archive, %v", plain, archived, err)
	}
}
