package fittest_test

import (
	"bytes"
	"math"
	"testing"
	"time"

	"github.com/stride-run/stride/internal/fittest"
	"github.com/stride-run/stride/internal/recording"
	"github.com/stride-run/stride/internal/session"
)

func TestFile(t *testing.T) {
	start := time.Date(2026, 9, 1, 6, 0, 0, 0, time.UTC)
	for _, bare := range []bool{false, true} {
		content := fittest.File(fittest.Run{Start: start, Metres: 5020, Pace: 300, HeartRate: 150, Serial: 7, Bare: bare})
		read, verdict := recording.Read(t.Context(), bytes.NewReader(content), recording.Limits{})
		if !verdict.Accepted() || len(read) != 1 {
			t.Fatalf("%+v", verdict)
		}
		stats := session.Analyse(read[0])
		best, ok := session.Fastest(stats.Efforts, 5000)
		if read[0].Sport != session.Running || read[0].Start() != float64(start.Unix()) || math.Abs(stats.Distance.Metres()-5020) > 0.01 || !ok || best.Round(time.Second) != 25*time.Minute {
			t.Errorf("%+v", stats)
		}
		if !bare && (stats.HeartRate.Average != 150 || stats.Ascent == 0 || read[0].Samples.Latitude == nil) {
			t.Errorf("%+v", stats)
		}
	}
	if read, verdict := recording.Read(t.Context(), bytes.NewReader(fittest.Settings()), recording.Limits{}); !verdict.Accepted() || len(read) != 0 {
		t.Errorf("settings: %+v", verdict)
	}
}
