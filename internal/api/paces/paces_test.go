package paces_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stride-run/stride/internal/api/paces"
	"github.com/stride-run/stride/internal/performance"
)

func TestNew(t *testing.T) {
	got := paces.New(performance.Paces{
		Easy:       performance.Range{Fast: 1.5, Slow: 2},
		Long:       performance.Range{Fast: 3, Slow: 4},
		Marathon:   performance.Range{Fast: 5, Slow: 6},
		Tempo:      performance.Range{Fast: 7, Slow: 8},
		Interval:   performance.Range{Fast: 9, Slow: 10},
		Repetition: performance.Range{Fast: 11, Slow: 12},
		Recovery:   performance.Range{Fast: 13, Slow: 14},
	})
	want := paces.Paces{
		Easy:       paces.Pace{FastSPerKm: 1.5, SlowSPerKm: 2},
		Long:       paces.Pace{FastSPerKm: 3, SlowSPerKm: 4},
		Marathon:   paces.Pace{FastSPerKm: 5, SlowSPerKm: 6},
		Tempo:      paces.Pace{FastSPerKm: 7, SlowSPerKm: 8},
		Interval:   paces.Pace{FastSPerKm: 9, SlowSPerKm: 10},
		Repetition: paces.Pace{FastSPerKm: 11, SlowSPerKm: 12},
		Recovery:   paces.Pace{FastSPerKm: 13, SlowSPerKm: 14},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
