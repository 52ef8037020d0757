package planning_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stride-run/stride/internal/api/planning"
	"github.com/stride-run/stride/internal/plan"
	"github.com/stride-run/stride/internal/unit"
)

func goal(b *testing.B, weeks, runs int) plan.Goal {
	b.Helper()
	g, err := plan.NewGoal(plan.Answers{Weeks: weeks, RunsPerWeek: runs, TargetTime: 4 * time.Hour, FirstLongRun: 10, Unit: unit.Km, LongRunDay: time.Sunday})
	if err != nil {
		b.Fatal(err)
	}
	return g
}

// BenchmarkPlan compares making and marshalling a plan of 20 weeks × 6 runs
// with marshalling alone.
func BenchmarkPlan(b *testing.B) {
	g := goal(b, 20, 6)
	b.Run("generate+marshal", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := json.Marshal(planning.NewPlan(plan.Generate(g))); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("marshal", func(b *testing.B) {
		b.ReportAllocs()
		p := planning.NewPlan(plan.Generate(g))
		for b.Loop() {
			if _, err := json.Marshal(p); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkLongestPlan shows what the largest plan allocates, without and with
// its form on the wire.
func BenchmarkLongestPlan(b *testing.B) {
	g := goal(b, 30, 7)
	b.Run("generate", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			plan.Generate(g)
		}
	})
	b.Run("generate+wire", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			planning.NewPlan(plan.Generate(g))
		}
	})
}
