package dynamo_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/dynamo"
	"github.com/stride-run/stride/internal/plan"
	"github.com/stride-run/stride/internal/storetest"
	"github.com/stride-run/stride/internal/training"
	"github.com/stride-run/stride/internal/unit"
)

const athlete = "01a20e64-0000-7000-8000-000000000001"

// savedPlan makes an account with a plan that its runner has worked with: a
// workout done, one moved, one added.
func savedPlan(t *testing.T, table *storetest.Table) (*training.Service, *training.Plan) {
	t.Helper()
	put(t, table.Store(), newItem("RUNNER#"+athlete, "PROFILE", "a runner"))
	goal, err := plan.NewGoal(plan.Answers{
		Weeks: 12, RunsPerWeek: 6, TargetTime: 4 * time.Hour, FirstLongRun: 10.5, Unit: unit.Mi, LongRunDay: time.Saturday, RaceDate: calendar.Of(2027, time.April, 25),
	})
	if err != nil {
		t.Fatal(err)
	}
	s := training.New(dynamo.Plans{Store: table.Store()})
	p, _, err := s.Save(t.Context(), athlete, training.NewPlan{Name: "A plan", Goal: goal}, "key", now)
	if err != nil {
		t.Fatal(err)
	}
	free := training.Spot{Week: 5, Day: new(time.Sunday)}
	if _, err := s.UpdateWorkout(t.Context(), athlete, p.ID, "w03-2", nil, training.WorkoutChange{Status: new(training.Done), Note: new("windy"), To: free}, now); err != nil {
		t.Fatal(err)
	}
	free.Week = 6
	if _, _, _, err := s.AddWorkout(t.Context(), athlete, p.ID, training.NewWorkout{Type: plan.Long, Distance: 21000, At: free, Title: "Club run", Note: "bring water"}, "", now); err != nil {
		t.Fatal(err)
	}
	return s, read(t, s, p.ID)
}

func read(t *testing.T, s *training.Service, id string) *training.Plan {
	t.Helper()
	p, err := s.Get(t.Context(), athlete, id, now)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var samePlan = cmp.Options{
	cmp.Comparer(func(a, b calendar.Date) bool { return a == b }),
	cmpopts.EquateEmpty(),
}

// rewrite changes every item of the table past the store.
func rewrite(t *testing.T, table *storetest.Table, change func(i map[string]types.AttributeValue)) {
	t.Helper()
	out, err := table.Look.Scan(t.Context(), &dynamodb.ScanInput{TableName: &table.Name, ConsistentRead: new(true)})
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range out.Items {
		change(i)
		if _, err := table.Look.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &table.Name, Item: i}); err != nil {
			t.Fatal(err)
		}
	}
}

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

// everyMap visits a value and all maps in it.
func everyMap(v types.AttributeValue, visit func(map[string]types.AttributeValue)) {
	switch v := v.(type) {
	case *types.AttributeValueMemberM:
		visit(v.Value)
		for _, inner := range v.Value {
			everyMap(inner, visit)
		}
	case *types.AttributeValueMemberL:
		for _, inner := range v.Value {
			everyMap(inner, visit)
		}
	}
}

// TestWhatANewerProgramWrites: attributes that nobody knows yet are passed
// over everywhere, and stay in the fact when it is changed.
func TestWhatANewerProgramWrites(t *testing.T) {
	table := storetest.New(t)
	s, before := savedPlan(t, table)
	rewrite(t, table, func(i map[string]types.AttributeValue) {
		everyMap(&types.AttributeValueMemberM{Value: i}, func(m map[string]types.AttributeValue) { m["later"] = text("something") })
		i["v"] = &types.AttributeValueMemberN{Value: "9"}
	})
	if diff := cmp.Diff(before, read(t, s, before.ID), samePlan); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
	if _, err := s.Update(t.Context(), athlete, before.ID, nil, training.PlanChange{Name: new("Other")}, now); err != nil {
		t.Fatal(err)
	}
	fact, err := dynamo.Get(table.Store(), t.Context(), dynamo.Key("RUNNER#"+athlete, "PLAN#"+before.ID), now)
	if err != nil || dynamo.TextOf(fact, "later") != "something" || dynamo.TextOf(fact, "name") != "Other" {
		t.Errorf("%v, %v", fact, err)
	}
}

// TestPlanOutlivesItsRules: what is read is what is kept, not what the rules
// of today would make of the answers.
func TestPlanOutlivesItsRules(t *testing.T) {
	table := storetest.New(t)
	s, before := savedPlan(t, table)
	rewrite(t, table, func(i map[string]types.AttributeValue) {
		if i["engine"] != nil {
			i["engine"] = text("0")
		}
		kept, ok := i["workouts"].(*types.AttributeValueMemberB)
		if !ok {
			return
		}
		workouts, states, err := dynamo.ReadWorkouts(kept.Value)
		if err != nil {
			t.Fatal(err)
		}
		for n := range workouts {
			if w := &workouts[n]; w.ID == "w02-1" {
				w.Distance, w.Rationale.Rule = 12345, "a rule of old"
			}
		}
		kept.Value = dynamo.AppendWorkouts(nil, workouts, states)
	})
	after := read(t, s, before.ID)
	if w, week := after.Workout("w02-1"); after.EngineVersion != "0" || w.Distance != 12345 || w.Rationale.Rule != "a rule of old" || week != 2 {
		t.Errorf("engine %q, %+v", after.EngineVersion, w)
	}
	if title, _ := plan.NewDescriber(unit.Km, 1).Describe(&after.Weeks[1].Workouts[0]); title == "" {
		t.Error("a workout of an old rule has no title")
	}
}

func TestPlansThatHaveExpired(t *testing.T) {
	table := storetest.New(t)
	s, p := savedPlan(t, table)
	rewrite(t, table, func(i map[string]types.AttributeValue) {
		if sort := dynamo.TextOf(i, "SK"); sort == "PLAN#"+p.ID {
			i["expires_at"] = dynamo.Number(now.Unix())
		}
	})
	if _, err := s.Get(t.Context(), athlete, p.ID, now); err == nil {
		t.Error("an expired plan is read")
	}
	if plans, _, err := s.List(t.Context(), athlete, "", 10, now); err != nil || len(plans) != 0 {
		t.Errorf("%d plans listed, %v", len(plans), err)
	}
	if days, err := s.Workouts(t.Context(), athlete, calendar.Of(2027, time.January, 1), calendar.Of(2027, time.May, 1), now); err != nil || len(days) != 0 {
		t.Errorf("%d plans in the calendar, %v", len(days), err)
	}
}

// TestReadWhileItMoves: a workout moves between the two calls of a read. The
// reader sees it once, and never on both days or on none.
func TestReadWhileItMoves(t *testing.T) {
	table := storetest.New(t)
	s, p := savedPlan(t, table)
	other := training.New(dynamo.Plans{Store: dynamo.New(table.Look, table.Name)}) // past the faults
	moves := 0
	table.Faults.Set(func(c storetest.Call) storetest.Fault {
		if c.Operation == "Query" && moves < 3 {
			moves++
			to := training.Spot{Week: 6 + moves, Day: new(time.Sunday)}
			if _, err := other.UpdateWorkout(t.Context(), athlete, p.ID, "w03-2", nil, training.WorkoutChange{To: to}, now); err != nil {
				t.Error(err)
			}
		}
		return storetest.None
	})
	got := read(t, s, p.ID)
	table.Faults.Set(nil)
	if diff := cmp.Diff(read(t, s, p.ID), got, samePlan); diff != "" || got.Summary.Runs != p.Summary.Runs || moves != 3 {
		t.Errorf("after %d moves (-is +was read):\n%s", moves, diff)
	}
	runs := 0
	for _, w := range got.Weeks {
		runs += len(w.Workouts)
	}
	if runs != p.Summary.Runs {
		t.Errorf("%d workouts, want %d", runs, p.Summary.Runs)
	}
}

// damagedWeek sets a number in all messages of a week that lie at a depth.
func damagedWeek(depth int, number protowire.Number, v uint64) func(map[string]types.AttributeValue) {
	return func(m map[string]types.AttributeValue) {
		kept, ok := m["workouts"].(*types.AttributeValueMemberB)
		if !ok {
			return
		}
		kept.Value = nested(func(b []byte, at int) []byte {
			if at != depth {
				return b
			}
			return protowire.AppendVarint(protowire.AppendTag(b, number, protowire.VarintType), v)
		}, kept.Value, 0)
	}
}

// TestDamageIsSaid: an item that cannot be read is an error of ours, not a
// plan with holes.
func TestDamageIsSaid(t *testing.T) {
	for name, damage := range map[string]func(m map[string]types.AttributeValue){
		"pace":     damagedWeek(1, 6, 'q'),
		"steps":    damagedWeek(2, 1, '?'),
		"workouts": func(m map[string]types.AttributeValue) { delete(m, "workouts") },
		"bytes": func(m map[string]types.AttributeValue) {
			if kept, ok := m["workouts"].(*types.AttributeValueMemberB); ok {
				kept.Value = kept.Value[:len(kept.Value)-1]
			}
		},
		"paces": func(m map[string]types.AttributeValue) { delete(m, "tempo") },
		"day":   func(m map[string]types.AttributeValue) { delete(m, "day") },
		"date":  func(m map[string]types.AttributeValue) { m["race"] = text("soon") },
	} {
		table := storetest.New(t)
		s, p := savedPlan(t, table)
		rewrite(t, table, func(i map[string]types.AttributeValue) {
			everyMap(&types.AttributeValueMemberM{Value: i}, damage)
		})
		if _, err := s.Get(t.Context(), athlete, p.ID, now); err == nil {
			t.Errorf("a plan with damaged %s is read", name)
		}
	}
}
