package main

import (
	"context"
	"encoding/json"
	"runtime"
	"time"

	"github.com/stride-run/stride/internal/api/planning"
	"github.com/stride-run/stride/internal/plan"
	"github.com/stride-run/stride/internal/unit"
)

const (
	planRounds  = 5000 // how often the two are timed, in turn
	allocations = 50   // over how many plans bytes are counted
)

// plans compares making and marshalling a plan with marshalling alone, and
// counts what the largest plan allocates.
func plans(context.Context) ([]figure, error) {
	usual, err := goal(20, 6)
	if err != nil {
		return nil, err
	}
	largest, err := goal(30, 7)
	if err != nil {
		return nil, err
	}
	answer := planning.NewPlan(plan.Generate(usual))
	medians, err := sideBySide(
		func() error { _, err := json.Marshal(planning.NewPlan(plan.Generate(usual))); return err },
		func() error { _, err := json.Marshal(answer); return err },
	)
	if err != nil {
		return nil, err
	}
	made := megabytes(func() { plan.Generate(largest) })
	answered := megabytes(func() { planning.NewPlan(plan.Generate(largest)) })
	return []figure{
		ratio("plan of 20 weeks × 6: make + marshal / marshal", medians[0], medians[1], 1.3),
		{name: "plan of 30 weeks × 7: bytes allocated", value: made, unit: "MB", target: 1},
		{name: "… with its form on the wire", value: answered, unit: "MB", target: 1},
	}, nil
}

func goal(weeks, runs int) (plan.Goal, error) {
	return plan.NewGoal(plan.Answers{
		Weeks: weeks, RunsPerWeek: runs, TargetTime: 4 * time.Hour, FirstLongRun: 10, Unit: unit.Km, LongRunDay: time.Sunday,
	})
}

// sideBySide times single calls of functions in turn and returns the medians.
// All meet the same heap, and the garbage of the others as often as their own.
func sideBySide(functions ...func() error) ([]time.Duration, error) {
	times := make([][]time.Duration, len(functions))
	for range planRounds {
		for i, f := range functions {
			begin := time.Now()
			if err := f(); err != nil {
				return nil, err
			}
			times[i] = append(times[i], time.Since(begin))
		}
	}
	medians := make([]time.Duration, len(functions))
	for i, t := range times {
		medians[i] = median(t)
	}
	return medians, nil
}

// megabytes returns how much one call allocates.
func megabytes(f func()) float64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range allocations {
		f()
	}
	runtime.ReadMemStats(&after)
	return float64(after.TotalAlloc-before.TotalAlloc) / allocations / 1e6
}
