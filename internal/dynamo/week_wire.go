package dynamo

import (
	"fmt"
	"strings"
	"time"

	"github.com/stride-run/stride/internal/plan"
	"github.com/stride-run/stride/internal/training"
	"github.com/stride-run/stride/internal/unit"
)

// The workouts of a week are written as Protocol Buffers have it: fields with
// numbers, of which a reader passes over those that it does not know. So an
// older program reads what a newer one has written. A field's number never
// changes its meaning; docs/table.md lists them.
const (
	fieldWorkout = 1 // of a week

	fieldID       = 1 // of a workout
	fieldDay      = 2
	fieldType     = 3
	fieldMetres   = 4
	fieldSeconds  = 5
	fieldPace     = 6
	fieldStep     = 7
	fieldRule     = 8
	fieldValues   = 9
	fieldStatus   = 10
	fieldNote     = 11
	fieldTitle    = 12
	fieldVersion  = 13
	fieldFromWeek = 14
	fieldFromDay  = 15

	stepKind   = 1 // of a step
	stepMetres = 2
	stepPace   = 3
	stepRepeat = 4
	stepStep   = 5
)

// Words of plans as letters, in the order of the plan's constants. A letter
// never changes its meaning; new words get new letters.
const (
	paceLetters = "elmtirv" // easy, long, marathon, tempo, interval, repetition, recovery
	stepLetters = " uwjcs"  // warm-up, work, jog, cool-down, strides; steps count from 1
)

// appendWorkouts appends the fields of a week.
func appendWorkouts(b []byte, workouts []plan.Workout, states map[string]training.State) []byte {
	for i := range workouts {
		b = appendMessage(b, fieldWorkout, appendWorkout(nil, &workouts[i], states[workouts[i].ID]))
	}
	return b
}

func appendWorkout(b []byte, w *plan.Workout, s training.State) []byte {
	b = appendText(b, fieldID, w.ID)
	b = appendNumber(b, fieldDay, float64(w.Day))
	b = appendText(b, fieldType, string(w.Type))
	b = appendNumber(b, fieldMetres, w.Distance.Metres())
	b = appendNumber(b, fieldSeconds, float64(w.DurationS))
	b = appendNumber(b, fieldPace, float64(paceLetters[w.Pace]))
	b = appendSteps(b, fieldStep, w.Steps)
	b = appendText(b, fieldRule, w.Rationale.Rule)
	values := w.Rationale.Values
	var used []byte
	eachValue(&values, func(n int, v float64) float64 {
		used = appendNumber(used, n, v)
		return v
	})
	if len(used) > 0 {
		b = appendMessage(b, fieldValues, used)
	}
	if s.Status != training.Planned {
		b = appendText(b, fieldStatus, string(s.Status))
	}
	b = appendText(b, fieldNote, s.Note)
	b = appendText(b, fieldTitle, s.Title)
	b = appendNumber(b, fieldVersion, float64(s.Version))
	if s.From != nil { // the weekday as it is: a plan with moved workouts keeps its date
		b = appendNumber(b, fieldFromWeek, float64(s.From.Week))
		b = appendNumber(b, fieldFromDay, float64(s.From.Day))
	}
	return b
}

func appendSteps(b []byte, number int, steps []plan.Step) []byte {
	for i := range steps {
		s := &steps[i]
		var step []byte
		if s.Repeat > 0 {
			step = appendSteps(appendNumber(nil, stepRepeat, float64(s.Repeat)), stepStep, s.Steps)
		} else {
			step = appendNumber(nil, stepKind, float64(stepLetters[s.Kind]))
			step = appendNumber(step, stepMetres, s.Distance.Metres())
			step = appendNumber(step, stepPace, float64(paceLetters[s.Pace]))
		}
		b = appendMessage(b, number, step)
	}
	return b
}

// A wireReader reads what appendWorkouts has written. It cuts steps off a
// supply that serves many workouts, and keeps the words that return in many.
type wireReader struct {
	supply []plan.Step
	words  map[string]string
}

// workouts reads the workouts of a week. What was done to them goes into
// states.
func (r *wireReader) workouts(b []byte, states map[string]training.State) ([]plan.Workout, error) {
	n, err := count(b, fieldWorkout)
	if err != nil {
		return nil, err
	}
	workouts := make([]plan.Workout, 0, n)
	err = eachField(b, func(f field) error {
		if f.number != fieldWorkout {
			return nil
		}
		workouts = append(workouts, plan.Workout{})
		w := &workouts[len(workouts)-1]
		state, err := r.workout(f.bytes, w)
		if err != nil {
			return fmt.Errorf("workout %q: %w", w.ID, err)
		}
		if state != (training.State{}) {
			states[w.ID] = state
		}
		return nil
	})
	return workouts, err
}

func (r *wireReader) workout(b []byte, w *plan.Workout) (s training.State, err error) {
	steps, err := count(b, fieldStep)
	if err != nil {
		return s, err
	}
	w.Steps = r.take(steps)
	at, pace := 0, byte(0)
	var from training.Place
	err = eachField(b, func(f field) (err error) {
		switch f.number {
		case fieldID:
			w.ID = string(f.bytes)
		case fieldDay:
			w.Day = time.Weekday(f.value)
		case fieldType:
			w.Type = plan.Type(r.word(f.bytes))
		case fieldMetres:
			w.Distance = unit.Distance(f.value)
		case fieldSeconds:
			w.DurationS = int(f.value)
		case fieldPace:
			pace = f.letter()
		case fieldStep:
			err = r.step(f.bytes, &w.Steps[at])
			at++
		case fieldRule:
			w.Rationale.Rule = r.word(f.bytes)
		case fieldValues:
			err = readValues(f.bytes, &w.Rationale.Values)
		case fieldStatus:
			s.Status = training.Status(f.bytes)
		case fieldNote:
			s.Note = string(f.bytes)
		case fieldTitle:
			s.Title = string(f.bytes)
		case fieldVersion:
			s.Version = int(f.value)
		case fieldFromWeek:
			from.Week = int(f.value)
		case fieldFromDay:
			from.Day = time.Weekday(f.value)
		}
		return err
	})
	if err != nil {
		return s, err
	}
	key, ok := ofLetter(paceLetters, pace)
	w.Pace = plan.PaceKey(key)
	if !ok || w.ID == "" || w.Day < time.Sunday || w.Day > time.Saturday {
		return s, fmt.Errorf("on day %d at pace %q", w.Day, pace)
	}
	if from.Week > 0 {
		s.From = &from
	}
	return s, nil
}

func (r *wireReader) step(b []byte, s *plan.Step) error {
	inner, err := count(b, stepStep)
	if err != nil {
		return err
	}
	if inner > 0 {
		s.Steps = r.take(inner)
	}
	at, kind, pace := 0, byte(0), byte(0)
	err = eachField(b, func(f field) (err error) {
		switch f.number {
		case stepKind:
			kind = f.letter()
		case stepMetres:
			s.Distance = unit.Distance(f.value)
		case stepPace:
			pace = f.letter()
		case stepRepeat:
			s.Repeat = int32(f.value)
		case stepStep:
			err = r.step(f.bytes, &s.Steps[at])
			at++
		}
		return err
	})
	if err != nil || s.Repeat > 0 {
		return err
	}
	k, known := ofLetter(stepLetters, kind)
	p, ok := ofLetter(paceLetters, pace)
	if !known || !ok {
		return fmt.Errorf("step %q at %q", kind, pace)
	}
	s.Kind, s.Pace = plan.StepKind(k), plan.PaceKey(p)
	return nil
}

func (r *wireReader) take(n int) []plan.Step {
	const supply = 256
	if len(r.supply) < n {
		r.supply = make([]plan.Step, max(n, supply))
	}
	steps := r.supply[:n:n]
	r.supply = r.supply[n:]
	return steps
}

func (r *wireReader) word(b []byte) string {
	if known, ok := r.words[string(b)]; ok {
		return known
	}
	if r.words == nil {
		r.words = map[string]string{}
	}
	word := string(b)
	r.words[word] = word
	return word
}

func readValues(b []byte, v *plan.Values) error {
	var read [maxValue + 1]float64
	err := eachField(b, func(f field) error {
		if f.number <= maxValue {
			read[f.number] = f.value
		}
		return nil
	})
	eachValue(v, func(n int, _ float64) float64 { return read[n] })
	return err
}

// maxValue is the highest field of eachValue.
const maxValue = 17

// eachValue visits the numbers of a rationale by their fields and sets each to
// what visit returns, so that reading and writing cannot differ.
func eachValue(v *plan.Values, visit func(number int, v float64) float64) {
	distance := func(n int, d *unit.Distance) { *d = unit.Distance(visit(n, d.Metres())) }
	whole := func(n int, i *int) { *i = int(visit(n, float64(*i))) }
	distance(1, &v.FirstLongRun)
	distance(2, &v.PreviousLongest)
	distance(3, &v.StepLimit)
	distance(4, &v.PreviousLongRun)
	v.ShareOfPrevious = visit(5, v.ShareOfPrevious)
	distance(6, &v.PeakLongRun)
	v.ShareOfPeak = visit(7, v.ShareOfPeak)
	distance(8, &v.AtMarathonPace)
	distance(9, &v.Hard)
	whole(10, &v.Repeats)
	distance(11, &v.Repeat)
	whole(12, &v.Strides)
	distance(13, &v.Week)
	whole(14, &v.WeeksToRace)
	whole(15, &v.DaysToRace)
	v.TargetTime = time.Duration(visit(16, v.TargetTime.Seconds())) * time.Second
	v.RacePace = unit.Pace(visit(maxValue, v.RacePace.Seconds()))
}

// ofLetter returns what a letter stands for; false for one that is unknown.
func ofLetter(letters string, c byte) (int, bool) {
	n := strings.IndexByte(letters, c)
	return n, n >= 0 && c != ' '
}
