package metric_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/metric"
)

func TestHandler(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(metric.Handler(slog.NewJSONHandler(&out, nil), "dev")).With(slog.String("function", "plans"))
	log.Info("request", slog.String("id", "1"), metric.Millis("duration_ms", 1234567*time.Nanosecond), metric.Count("PlansSaved"), metric.Number("Age", 2.5))
	var line struct {
		Time time.Time
		AWS  map[string]any `json:"_aws"`
	}
	var all map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out.Bytes(), &all); err != nil {
		t.Fatal(err)
	}
	if all["duration_ms"] != 1.234 || all["PlansSaved"] != 1.0 || all["Age"] != 2.5 || all["function"] != "plans" {
		t.Errorf("the numbers have to stand at the top of the line: %s", &out)
	}
	want := map[string]any{
		"Timestamp": float64(line.Time.UnixMilli()),
		"CloudWatchMetrics": []any{map[string]any{
			"Namespace": "Stride/dev", "Dimensions": []any{[]any{}},
			"Metrics": []any{
				map[string]any{"Name": "duration_ms", "Unit": "Milliseconds"},
				map[string]any{"Name": "PlansSaved", "Unit": "Count"},
				map[string]any{"Name": "Age", "Unit": "None"},
			},
		}},
	}
	if diff := cmp.Diff(want, line.AWS); diff != "" {
		t.Errorf("_aws (-want +got):\n%s", diff)
	}
	if strings.Count(out.String(), "\n") != 1 {
		t.Errorf("more than one line: %s", &out)
	}
}

func TestLinesWithoutMetricsStayAsTheyAre(t *testing.T) {
	var out bytes.Buffer
	slog.New(metric.Handler(slog.NewJSONHandler(&out, nil), "dev")).Info("start", slog.Int("n", 1))
	if strings.Contains(out.String(), "_aws") {
		t.Error(out.String())
	}
}

// TestPlainLog is the log of a program on one's own machine.
func TestPlainLog(t *testing.T) {
	var out bytes.Buffer
	slog.New(slog.NewTextHandler(&out, nil)).Info("request", metric.Count("PlansSaved"), metric.Millis("duration_ms", time.Millisecond))
	if !strings.Contains(out.String(), "PlansSaved=1 duration_ms=1\n") {
		t.Error(out.String())
	}
}
