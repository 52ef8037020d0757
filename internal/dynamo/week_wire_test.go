package dynamo_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"google.golang.org/protobuf/encoding/protowire"
	"pgregory.net/rapid"

	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/dynamo"
	"github.com/stride-run/stride/internal/plan"
	"github.com/stride-run/stride/internal/training"
	"github.com/stride-run/stride/internal/unit"
)

// aStep draws a step, or a group of steps.
func aStep(groups bool) *rapid.Generator[plan.Step] {
	return rapid.Custom(func(t *rapid.T) plan.Step {
		if groups && rapid.Bool().Draw(t, "group") {
			return plan.Step{
				Repeat: rapid.Int32Range(1, 30).Draw(t, "repeat"),
				Steps:  rapid.SliceOfN(aStep(false), 1, 3).Draw(t, "steps"),
			}
		}
		return plan.Step{
			Kind:     plan.StepKind(rapid.IntRange(int(plan.WarmUp), int(plan.Strides)).Draw(t, "kind")),
			Distance: aDistance().Draw(t, "distance"),
			Pace:     plan.PaceKey(rapid.IntRange(0, int(plan.RecoveryPace)).Draw(t, "pace")),
		}
	})
}

// aDistance draws whole metres and others: of plans in miles some are.
func aDistance() *rapid.Generator[unit.Distance] {
	return rapid.OneOf(
		rapid.Map(rapid.IntRange(0, 100_000), func(n int) unit.Distance { return unit.Distance(n) }),
		rapid.Map(rapid.Float64Range(0, 100_000), func(f float64) unit.Distance { return unit.Distance(f) }),
	)
}

func aWorkout() *rapid.Generator[plan.Workout] {
	return rapid.Custom(func(t *rapid.T) plan.Workout {
		w := plan.Workout{
			ID:        rapid.StringMatching(`w[0-3][0-9]-[1-9]`).Draw(t, "id"),
			Day:       time.Weekday(rapid.IntRange(0, 6).Draw(t, "day")),
			Type:      rapid.SampledFrom([]plan.Type{plan.Easy, plan.Interval, plan.Race, "of later"}).Draw(t, "type"),
			Distance:  aDistance().Draw(t, "distance"),
			DurationS: rapid.IntRange(0, 40_000).Draw(t, "duration"),
			Pace:      plan.PaceKey(rapid.IntRange(0, int(plan.RecoveryPace)).Draw(t, "pace")),
			Steps:     rapid.SliceOfN(aStep(true), 1, 5).Draw(t, "steps"),
		}
		w.Rationale.Rule = rapid.SampledFrom([]string{"own", "easy_run", "of_later"}).Draw(t, "rule")
		v := &w.Rationale.Values
		v.FirstLongRun, v.PreviousLongest, v.StepLimit, v.PreviousLongRun = aDistance().Draw(t, ""), aDistance().Draw(t, ""), aDistance().Draw(t, ""), aDistance().Draw(t, "")
		v.PeakLongRun, v.AtMarathonPace, v.Hard, v.Repeat, v.Week = aDistance().Draw(t, ""), aDistance().Draw(t, ""), aDistance().Draw(t, ""), aDistance().Draw(t, ""), aDistance().Draw(t, "")
		v.ShareOfPrevious, v.ShareOfPeak = rapid.Float64Range(0, 2).Draw(t, ""), rapid.Float64Range(0, 2).Draw(t, "")
		v.Repeats, v.Strides, v.WeeksToRace, v.DaysToRace = rapid.IntRange(0, 99).Draw(t, ""), rapid.IntRange(0, 9).Draw(t, ""), rapid.IntRange(0, 30).Draw(t, ""), rapid.IntRange(0, 7).Draw(t, "")
		v.TargetTime = time.Duration(rapid.IntRange(0, 30_000).Draw(t, "")) * time.Second
		v.RacePace = unit.Pace(rapid.Float64Range(0, 700).Draw(t, ""))
		return w
	})
}

func aState() *rapid.Generator[training.State] {
	return rapid.Custom(func(t *rapid.T) training.State {
		s := training.State{
			Status: rapid.SampledFrom([]training.Status{"", training.Done, training.Skipped}).Draw(t, "status"),
			Note:   rapid.String().Draw(t, "note"), Title: rapid.String().Draw(t, "title"), Version: rapid.IntRange(0, 1000).Draw(t, "version"),
		}
		if rapid.Bool().Draw(t, "moved") {
			s.From = &training.Place{Week: rapid.IntRange(1, 30).Draw(t, "week"), Day: time.Weekday(rapid.IntRange(0, 6).Draw(t, "day"))}
		}
		return s
	})
}

// aWeek draws workouts with different ids, and what was done to some.
func aWeek(t *rapid.T) ([]plan.Workout, map[string]training.State) {
	workouts := rapid.SliceOfNDistinct(aWorkout(), 1, 7, func(w plan.Workout) string { return w.ID }).Draw(t, "workouts")
	states := map[string]training.State{}
	for _, w := range workouts {
		if s := aState().Draw(t, "state"); s != (training.State{}) {
			states[w.ID] = s
		}
	}
	return workouts, states
}

// sameDate compares dates, of which these workouts have none.
var sameDate = cmpopts.EquateComparable(calendar.Date{})

func TestWeekIsReadAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		workouts, states := aWeek(t)
		got, done, err := dynamo.ReadWorkouts(dynamo.AppendWorkouts(nil, workouts, states))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(workouts, got, sameDate); diff != "" {
			t.Fatalf("workouts (-written +read):\n%s", diff)
		}
		if diff := cmp.Diff(states, done); diff != "" {
			t.Fatalf("states (-written +read):\n%s", diff)
		}
	})
}

// TestNewerWeekIsRead: fields that a later program adds, of every kind and at
// every level, are passed over.
func TestNewerWeekIsRead(t *testing.T) {
	later := protowire.AppendVarint(protowire.AppendTag(nil, 90, protowire.VarintType), 1<<63)
	later = protowire.AppendString(protowire.AppendTag(later, 91, protowire.BytesType), "later")
	later = protowire.AppendFixed64(protowire.AppendTag(later, 92, protowire.Fixed64Type), 1)
	later = protowire.AppendFixed32(protowire.AppendTag(later, 2, protowire.Fixed32Type), 1) // not as a day is written
	add := func(b []byte, _ int) []byte { return append(append(append([]byte{}, later...), b...), later...) }
	workouts := []plan.Workout{{
		ID: "w01-1", Day: time.Monday, Type: plan.Easy, Distance: 5000, DurationS: 1800,
		Steps:     []plan.Step{{Repeat: 2, Steps: []plan.Step{{Kind: plan.Work, Distance: 2500}}}},
		Rationale: plan.Rationale{Rule: "easy_run", Values: plan.Values{Repeats: 2}},
	}}
	written := nested(add, dynamo.AppendWorkouts(nil, workouts, nil), 0)
	got, states, err := dynamo.ReadWorkouts(written)
	if err != nil || len(states) > 0 {
		t.Fatal(states, err)
	}
	if diff := cmp.Diff(workouts, got, sameDate); diff != "" {
		t.Errorf("(-written +read):\n%s", diff)
	}
}

// TestWeekIsAMessage: what is written is what the library takes for Protocol
// Buffers, and nothing is left over.
func TestWeekIsAMessage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		workouts, states := aWeek(t)
		depths := 0
		again := nested(func(b []byte, depth int) []byte {
			for rest := b; len(rest) > 0; {
				number, _, n := protowire.ConsumeField(rest)
				if n < 0 || number > 17 {
					t.Fatalf("field %d at depth %d: %v", number, depth, protowire.ParseError(n))
				}
				rest = rest[n:]
			}
			depths = max(depths, depth)
			return b
		}, dynamo.AppendWorkouts(nil, workouts, states), 0)
		if string(again) != string(dynamo.AppendWorkouts(nil, workouts, states)) || depths < 2 {
			t.Fatalf("the library writes it otherwise, %d deep", depths)
		}
	})
}

// messages are the fields that hold messages, by how deep they lie.
var messages = [][]protowire.Number{{1}, {7, 9}, {5}, {}}

// nested changes a message and all messages in it.
func nested(change func(b []byte, depth int) []byte, b []byte, depth int) []byte {
	var out []byte
	for len(b) > 0 {
		number, kind, n := protowire.ConsumeTag(b)
		size := protowire.ConsumeFieldValue(number, kind, b[n:])
		whole := b[:n+size]
		for _, inner := range messages[depth] {
			if number == inner && kind == protowire.BytesType {
				content, _ := protowire.ConsumeBytes(b[n:])
				whole = protowire.AppendBytes(protowire.AppendTag(nil, number, kind), nested(change, content, depth+1))
			}
		}
		out = append(out, whole...)
		b = b[n+size:]
	}
	return change(out, depth)
}

// TestDamagedWeekIsAnError: never a panic, whatever the bytes.
func TestDamagedWeekIsAnError(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		written := dynamo.AppendWorkouts(nil, []plan.Workout{aWorkout().Draw(t, "workout")}, nil)
		cut := rapid.IntRange(1, len(written)-1).Draw(t, "cut")
		if _, _, err := dynamo.ReadWorkouts(written[:cut]); err == nil {
			t.Fatalf("no error for %d bytes of %d", cut, len(written))
		}
		at := rapid.IntRange(0, len(written)-1).Draw(t, "at")
		written[at] ^= rapid.Byte().Draw(t, "bits")
		_, _, _ = dynamo.ReadWorkouts(written)
		_, _, _ = dynamo.ReadWorkouts(rapid.SliceOf(rapid.Byte()).Draw(t, "anything"))
	})
	for name, w := range map[string]plan.Workout{
		"no id": {Steps: []plan.Step{{Kind: plan.Work}}},
		"day 7": {ID: "w01-1", Day: 7},
	} {
		if _, _, err := dynamo.ReadWorkouts(dynamo.AppendWorkouts(nil, []plan.Workout{w}, nil)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
