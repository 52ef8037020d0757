package dynamo

import (
	"github.com/stride-run/stride/internal/plan"
	"github.com/stride-run/stride/internal/training"
)

// What the tests of this package's foundations reach, which live outside it
// because the kit that they use is built on it.
type (
	Item           = item
	Span           = span
	Change         = update
	ConditionError = conditionError
	CanceledError  = canceledError
)

var (
	Key      = key
	Text     = text
	Number   = number
	TextOf   = textOf
	NumberOf = numberOf
	At       = at

	PackStatistics   = packStatistics
	UnpackStatistics = unpackStatistics
)

const (
	IsPresent = isPresent
	IsAbsent  = isAbsent
)

// The methods, bound to a store.
var (
	Get        = (*Store).get
	Query      = (*Store).query
	BatchGet   = (*Store).batchGet
	Update     = (*Store).update
	Remove     = (*Store).remove
	Transact   = (*Store).transact
	BatchWrite = (*Store).batchWrite
)

// Failed is failed.
func (c *canceledError) Failed(action int) bool { return c.failed(action) }

// AppendWorkouts is appendWorkouts.
var AppendWorkouts = appendWorkouts

// ReadWorkouts reads what AppendWorkouts has written.
func ReadWorkouts(b []byte) ([]plan.Workout, map[string]training.State, error) {
	states := map[string]training.State{}
	workouts, err := new(wireReader).workouts(b, states)
	return workouts, states, err
}
