package dynamo

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/plan"
	"github.com/stride-run/stride/internal/training"
	"github.com/stride-run/stride/internal/unit"
)

// Words of plans as letters, in the order of the plan's constants. A letter
// never changes its meaning; new words get new letters.
const (
	paceLetters = "elmtirv" // easy, long, marathon, tempo, interval, repetition, recovery
	stepLetters = " uwjcs"  // warm-up, work, jog, cool-down, strides; steps count from 1
)

// weekOf writes a week of a plan. The workouts are those of the plan without
// dates, whose weekdays never change whatever the race date; what the runner
// did to them is in p. Sentences are left out, as they follow from rule and
// numbers.
func weekOf(p *training.Plan, w *plan.Week, revision int) item {
	workouts := make([]types.AttributeValue, len(w.Workouts))
	for n := range w.Workouts {
		workouts[n] = document(workoutOf(&w.Workouts[n], p.States[w.Workouts[n].ID]))
	}
	return item{
		"entity":   text("plan_week"),
		"v":        number(1),
		"rev":      number(int64(revision)), // of the plan, when the week was written
		"kind":     text(string(w.Kind)),
		"last":     number(int64(p.Numbers[w.Number-1])),
		"workouts": list(workouts...),
	}
}

func workoutOf(w *plan.Workout, s training.State) item {
	i := item{
		"i": text(w.ID),
		"d": number(int64(w.Day)),
		"t": text(string(w.Type)),
		"m": float(w.Distance.Metres()),
		"u": number(int64(w.DurationS)),
		"p": text(letter(paceLetters, int(w.Pace))),
		"s": stepsOf(w.Steps),
		"r": text(w.Rationale.Rule),
	}
	values, used := w.Rationale.Values, item{}
	eachValue(&values, func(name string, v float64) float64 {
		if v != 0 {
			used[name] = float(v)
		}
		return v
	})
	if len(used) > 0 {
		i["x"] = document(used)
	}
	if s.Status != "" && s.Status != training.Planned {
		i["st"] = text(string(s.Status))
	}
	if s.Note != "" {
		i["no"] = text(s.Note)
	}
	if s.Title != "" {
		i["ti"] = text(s.Title)
	}
	if s.Version != 0 {
		i["ve"] = number(int64(s.Version))
	}
	if s.From != nil { // the weekday as it is: a plan with moved workouts keeps its date
		i["fw"], i["fd"] = number(int64(s.From.Week)), number(int64(s.From.Day))
	}
	return i
}

func stepsOf(steps []plan.Step) types.AttributeValue {
	all := make([]types.AttributeValue, len(steps))
	for n, s := range steps {
		if s.Repeat > 0 {
			all[n] = document(item{"n": number(int64(s.Repeat)), "s": stepsOf(s.Steps)})
			continue
		}
		all[n] = document(item{
			"k": text(letter(stepLetters, int(s.Kind))), "m": float(s.Distance.Metres()), "p": text(letter(paceLetters, int(s.Pace))),
		})
	}
	return list(all...)
}

// readWeeks reads weeks into a plan, whose fact says the date.
func readWeeks(p *training.Plan, items []item) error {
	date := p.Answers.RaceDate
	undated := *p.Plan
	undated.Answers.RaceDate = calendar.Date{}
	p.States, p.Numbers = map[string]training.State{}, make([]int, p.Answers.Weeks)
	undated.Weeks = make([]plan.Week, len(items))
	for n, i := range items {
		sort := textOf(i, sortKey)
		number, err := strconv.Atoi(sort[strings.LastIndexByte(sort, '#')+1:])
		if err != nil || number < 1 || number > p.Answers.Weeks {
			return fmt.Errorf("plan %s: no week %s", p.ID, sort)
		}
		p.Numbers[number-1] = int(numberOf(i, "last"))
		w := &undated.Weeks[n]
		w.Number, w.Kind = number, plan.WeekKind(textOf(i, "kind"))
		for _, v := range listOf(i, "workouts") {
			o, state, err := readWorkout(toDocument(v))
			if err != nil {
				return fmt.Errorf("plan %s: %w", p.ID, err)
			}
			w.Workouts = append(w.Workouts, o)
			if state != (training.State{}) {
				p.States[o.ID] = state
			}
		}
	}
	p.Plan = plan.Redate(&undated, date)
	return nil
}

func readWorkout(i item) (w plan.Workout, s training.State, err error) {
	w = plan.Workout{
		ID:        textOf(i, "i"),
		Day:       time.Weekday(numberOf(i, "d")),
		Type:      plan.Type(textOf(i, "t")),
		Distance:  unit.Distance(floatOf(i, "m")),
		DurationS: int(numberOf(i, "u")),
	}
	pace, ok := ofLetter(paceLetters, textOf(i, "p"))
	w.Pace = plan.PaceKey(pace)
	if w.Steps, err = readSteps(listOf(i, "s")); err != nil {
		return w, s, fmt.Errorf("workout %q: %w", w.ID, err)
	}
	if !ok || w.ID == "" || w.Day < time.Sunday || w.Day > time.Saturday {
		return w, s, fmt.Errorf("workout %q on day %d at pace %q", w.ID, w.Day, textOf(i, "p"))
	}
	w.Rationale.Rule = textOf(i, "r")
	values := documentOf(i, "x")
	eachValue(&w.Rationale.Values, func(name string, _ float64) float64 { return floatOf(values, name) })
	s = training.State{
		Status: training.Status(textOf(i, "st")), Note: textOf(i, "no"), Title: textOf(i, "ti"), Version: int(numberOf(i, "ve")),
	}
	if week := numberOf(i, "fw"); week > 0 {
		s.From = &training.Place{Week: int(week), Day: time.Weekday(numberOf(i, "fd"))}
	}
	return w, s, nil
}

func readSteps(values []types.AttributeValue) ([]plan.Step, error) {
	steps := make([]plan.Step, len(values))
	for n, v := range values {
		i := toDocument(v)
		if repeat := numberOf(i, "n"); repeat > 0 {
			inner, err := readSteps(listOf(i, "s"))
			if err != nil {
				return nil, err
			}
			steps[n] = plan.Step{Repeat: int32(repeat), Steps: inner}
			continue
		}
		kind, known := ofLetter(stepLetters, textOf(i, "k"))
		pace, ok := ofLetter(paceLetters, textOf(i, "p"))
		if !known || !ok {
			return nil, fmt.Errorf("step %q at %q", textOf(i, "k"), textOf(i, "p"))
		}
		steps[n] = plan.Step{Kind: plan.StepKind(kind), Distance: unit.Distance(floatOf(i, "m")), Pace: plan.PaceKey(pace)}
	}
	return slices.Clip(steps), nil
}

// eachValue visits the numbers of a rationale by their short names and sets
// each to what visit returns, so that reading and writing cannot differ.
func eachValue(v *plan.Values, visit func(name string, v float64) float64) {
	distance := func(name string, d *unit.Distance) { *d = unit.Distance(visit(name, d.Metres())) }
	count := func(name string, n *int) { *n = int(visit(name, float64(*n))) }
	distance("f", &v.FirstLongRun)
	distance("pl", &v.PreviousLongest)
	distance("sl", &v.StepLimit)
	distance("pr", &v.PreviousLongRun)
	v.ShareOfPrevious = visit("sp", v.ShareOfPrevious)
	distance("pk", &v.PeakLongRun)
	v.ShareOfPeak = visit("sk", v.ShareOfPeak)
	distance("mp", &v.AtMarathonPace)
	distance("h", &v.Hard)
	count("n", &v.Repeats)
	distance("e", &v.Repeat)
	count("st", &v.Strides)
	distance("w", &v.Week)
	count("wr", &v.WeeksToRace)
	count("dr", &v.DaysToRace)
	v.TargetTime = time.Duration(visit("tt", v.TargetTime.Seconds())) * time.Second
	v.RacePace = unit.Pace(visit("rp", v.RacePace.Seconds()))
}

func letter(letters string, n int) string { return letters[n : n+1] }

// ofLetter returns what a letter stands for; false for one that is unknown.
func ofLetter(letters, s string) (int, bool) {
	n := strings.Index(letters, s)
	return n, n >= 0 && len(s) == 1 && s != " "
}
