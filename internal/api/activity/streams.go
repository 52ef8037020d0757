package activity

import (
	"math"
	"net/http"
	"slices"
	"strconv"

	"github.com/stride-run/stride/internal/activity"
	"github.com/stride-run/stride/internal/api"
)

// usualPoints is how many points a stream has unless somebody asks for
// another number: what a plot on a screen can show.
const usualPoints = 1000

// Streams are the columns of a session for plots, by name with unit. Those
// that the session does not have are left out.
type Streams struct {
	Streams map[string]Stream `json:"streams"`
}

// Stream is one column: rows of equal length.
type Stream struct {
	ElapsedS row `json:"elapsed_s"`
	// DistanceM is null at points without one, and left out for a session
	// without distance.
	DistanceM row `json:"distance_m,omitzero"`
	Values    row `json:"values"`
}

// A row is numbers that become null where there is none. It is written
// without reflection: a session has tens of thousands of them.
type row struct {
	values   []float64
	decimals int
}

// IsZero leaves out a row that is not there.
func (r row) IsZero() bool { return r.values == nil }

// MarshalJSON writes the numbers with as many decimals as they are known to.
func (r row) MarshalJSON() ([]byte, error) {
	out := make([]byte, 1, 2+8*len(r.values))
	out[0] = '['
	for i, v := range r.values {
		if i > 0 {
			out = append(out, ',')
		}
		if math.IsNaN(v) || math.IsInf(v, 0) {
			out = append(out, "null"...)
			continue
		}
		out = strconv.AppendFloat(out, api.Round(v, r.decimals), 'f', -1, 64)
	}
	return append(out, ']'), nil
}

// decimals are how many are known, by stream; of the others one is.
var decimals = map[string]int{"distance": 2, "latitude": 7, "longitude": 7, "speed": 3}

// streamName is the name of a stream in the API: with its unit.
func streamName(name string) string {
	i := slices.IndexFunc(activity.ColumnNames, func(c struct{ Name, Unit string }) bool { return c.Name == name })
	if i < 0 {
		return name
	}
	return name + "_" + activity.ColumnNames[i].Unit
}

// NewStream writes a column. Distance may be nil.
func NewStream(name string, elapsed, distance, values []float64) Stream {
	places, known := decimals[name]
	if !known {
		places = 1
	}
	return Stream{ElapsedS: row{elapsed, 3}, DistanceM: row{distance, 2}, Values: row{values, places}}
}

func (a API) getStreams(r *http.Request) (api.Response, error) {
	runner, err := a.Runner(r)
	if err != nil {
		return api.Response{}, err
	}
	q, err := api.ReadQuery(r)
	if err != nil {
		return api.Response{}, err
	}
	points := q.Int("points", activity.MinPoints, activity.MaxPoints, usualPoints)
	if err := q.Faults(); err != nil {
		return api.Response{}, err
	}
	columns, err := a.Activity.Streams(r.Context(), runner, r.PathValue("session_id"), points, a.now())
	if err != nil {
		return api.Response{}, err
	}
	out := Streams{Streams: make(map[string]Stream, len(columns))}
	for _, c := range columns {
		out.Streams[streamName(c.Name)] = NewStream(c.Name, c.Elapsed, c.Distance, c.Values)
	}
	return api.Response{Body: out}, nil
}
