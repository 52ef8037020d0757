package dynamo

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
	Put        = (*Store).put
	Update     = (*Store).update
	Remove     = (*Store).remove
	Transact   = (*Store).transact
	BatchWrite = (*Store).batchWrite
)

// Failed is failed.
func (c *canceledError) Failed(action int) bool { return c.failed(action) }
