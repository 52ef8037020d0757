package dynamo

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/plan"
	"github.com/stride-run/stride/internal/training"
)

// weekOf writes a week of a plan. The workouts are those of the plan without
// dates, whose weekdays never change whatever the race date; what the runner
// did to them is in p. Sentences are left out, as they follow from rule and
// numbers. All workouts are one attribute, see week_wire.go: a document of the
// SDK's for each step would take most of the time of a read.
func weekOf(p *training.Plan, w *plan.Week, revision int) item {
	return item{
		"entity":   text("plan_week"),
		"v":        number(2),
		"rev":      number(int64(revision)), // of the plan, when the week was written
		"kind":     text(string(w.Kind)),
		"last":     number(int64(p.Numbers[w.Number-1])),
		"workouts": &types.AttributeValueMemberB{Value: appendWorkouts(nil, w.Workouts, p.States)},
	}
}

// readWeeks reads weeks into a plan, whose fact says the date.
func readWeeks(p *training.Plan, items []item) error {
	date := p.Answers.RaceDate
	undated := *p.Plan
	undated.Answers.RaceDate = calendar.Date{}
	p.States, p.Numbers = map[string]training.State{}, make([]int, p.Answers.Weeks)
	undated.Weeks = make([]plan.Week, len(items))
	var r wireReader
	for n, i := range items {
		sort := textOf(i, sortKey)
		number, err := strconv.Atoi(sort[strings.LastIndexByte(sort, '#')+1:])
		if err != nil || number < 1 || number > p.Answers.Weeks {
			return fmt.Errorf("plan %s: no week %s", p.ID, sort)
		}
		p.Numbers[number-1] = int(numberOf(i, "last"))
		w := &undated.Weeks[n]
		w.Number, w.Kind = number, plan.WeekKind(textOf(i, "kind"))
		workouts, ok := i["workouts"].(*types.AttributeValueMemberB)
		if !ok {
			return fmt.Errorf("plan %s: week %d has no workouts", p.ID, number)
		}
		if w.Workouts, err = r.workouts(workouts.Value, p.States); err != nil {
			return fmt.Errorf("plan %s: week %d: %w", p.ID, number, err)
		}
	}
	undated.Move(date)
	p.Plan = &undated
	return nil
}
