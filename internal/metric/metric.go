// Package metric makes metrics of numbers that stand in log lines. CloudWatch
// reads them there (its embedded metric format), so that counting takes no
// call and no right to make one. None has a dimension: each name is one metric
// per stage, whatever the number of functions, and costs once.
//
// Like package route it is known to the infrastructure module too, and imports
// nothing but the standard library.
package metric

import (
	"context"
	"log/slog"
	"time"
)

// The metrics that every function over HTTP keeps, and keyrotate's. What a
// route counts beside them is in the table of routes.
const (
	Duration  = "duration_ms"       // how long a request was worked on
	Refusals  = "Refusals"          // requests that were not accepted (4xx)
	KeyAge    = "SigningKeyAgeDays" // since the keys were rotated
	NearLimit = "NearMemoryLimit"   // calls that took nine tenths of the memory; made from the platform's reports
	ColdStart = "ColdStartMs"       // how long new processes took to start; the same
)

// Namespace is where a stage's metrics are.
func Namespace(stage string) string { return "Stride/" + stage }

// Units that CloudWatch knows.
const (
	none         = "None"
	count        = "Count"
	milliseconds = "Milliseconds"
)

// A value is a number of a log line that is a metric too. Handlers that know
// nothing of metrics write the number alone.
type value struct {
	number float64
	unit   string
}

// LogValue returns the number.
func (v value) LogValue() slog.Value { return slog.Float64Value(v.number) }

// Count is one more of something.
func Count(name string) slog.Attr { return slog.Any(name, value{1, count}) }

// Millis is a time that something took, to the microsecond.
func Millis(name string, took time.Duration) slog.Attr {
	return slog.Any(name, value{float64(took.Microseconds()) / 1000, milliseconds})
}

// Number is any other number.
func Number(name string, n float64) slog.Attr { return slog.Any(name, value{n, none}) }

// Handler returns a handler that writes through another one, and says in each
// line that has metrics what CloudWatch is to do with them.
func Handler(to slog.Handler, stage string) slog.Handler { return handler{to, Namespace(stage)} }

type handler struct {
	slog.Handler
	namespace string
}

func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return handler{h.Handler.WithAttrs(attrs), h.namespace}
}

func (h handler) WithGroup(name string) slog.Handler {
	return handler{h.Handler.WithGroup(name), h.namespace}
}

// The document, by AWS's names. One empty set of dimensions is none.
type (
	document struct {
		Timestamp         int64
		CloudWatchMetrics []directive
	}
	directive struct {
		Namespace  string
		Dimensions [][]string
		Metrics    []definition
	}
	definition struct{ Name, Unit string }
)

// Handle looks at the record's own attributes: CloudWatch reads numbers at the
// top of a line only.
func (h handler) Handle(ctx context.Context, r slog.Record) error {
	var found []definition
	r.Attrs(func(a slog.Attr) bool {
		if v, ok := a.Value.Any().(value); ok {
			found = append(found, definition{a.Key, v.unit})
		}
		return true
	})
	if len(found) > 0 {
		r = r.Clone()
		r.AddAttrs(slog.Any("_aws", document{r.Time.UnixMilli(), []directive{{h.namespace, [][]string{{}}, found}}}))
	}
	return h.Handler.Handle(ctx, r)
}
