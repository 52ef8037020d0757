package activity

import (
	"net/http"
	"time"

	"github.com/stride-run/stride/internal/activity"
	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/api/criticalspeed"
	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/session"
	"github.com/stride-run/stride/internal/unit"
)

// Bests are a runner's personal bests, shortest distance first, and what
// follows from them.
type Bests struct {
	Items         []Best                       `json:"items"`
	CriticalSpeed *criticalspeed.CriticalSpeed `json:"critical_speed"` // null: it cannot be had
	Unavailable   string                       `json:"critical_speed_unavailable_reason,omitempty"`
	Results       []Result                     `json:"results"` // those by hand, newest first
}

// Best is the personal best over a distance.
type Best struct {
	Name      string  `json:"name"`
	DistanceM float64 `json:"distance_m"`
	Claim
	Previous *Claim `json:"previous"` // null for the first
}

// Claim is a time, and what it comes from: a session or a result by hand.
type Claim struct {
	TimeS      float64 `json:"time_s"`
	PaceSPerKm float64 `json:"pace_s_per_km"`
	Date       string  `json:"date"`
	SessionID  string  `json:"session_id,omitempty"`
	ResultID   string  `json:"result_id,omitempty"`
}

// Result is one that the runner entered by hand.
type Result struct {
	ID           string    `json:"id"`
	DistanceM    float64   `json:"distance_m"`
	DistanceName string    `json:"distance_name"`
	TimeS        float64   `json:"time_s"`
	Date         string    `json:"date"`
	Name         string    `json:"name,omitempty"`
	CreatedAt    time.Time `json:"created_at"`
}

// Entered is the answer to a result: itself, and the bests as they are then.
type Entered struct {
	Result        Result `json:"result"`
	PersonalBests Bests  `json:"personal_bests"`
}

func newBests(p *activity.PersonalBests) Bests {
	out := Bests{Items: make([]Best, len(p.Standing)), Unavailable: p.Unavailable, Results: make([]Result, len(p.Results))}
	for i, b := range p.Standing {
		out.Items[i] = Best{Name: nameOf(b.Distance), DistanceM: b.Distance.Metres(), Claim: newClaim(p, b.Claim)}
		if b.Previous != nil {
			out.Items[i].Previous = new(newClaim(p, *b.Previous))
		}
	}
	if p.CriticalSpeed != nil {
		out.CriticalSpeed = criticalspeed.New(p.CriticalSpeed)
	}
	for i := range p.Results {
		out.Results[i] = newResult(&p.Results[i])
	}
	return out
}

func newClaim(p *activity.PersonalBests, c session.Claim) Claim {
	out := Claim{TimeS: seconds(c.Time), PaceSPerKm: tenths(c.Pace().Seconds()), Date: p.Date(c).String()}
	if c.ByHand {
		out.ResultID = c.Source
	} else {
		out.SessionID = c.Source
	}
	return out
}

func newResult(r *activity.Result) Result {
	return Result{
		ID: r.ID, DistanceM: r.Distance.Metres(), DistanceName: nameOf(r.Distance), TimeS: seconds(r.Time),
		Date: r.Date.String(), Name: r.Name, CreatedAt: r.Created,
	}
}

func (a API) getBests(r *http.Request) (api.Response, error) {
	runner, err := a.Runner(r)
	if err != nil {
		return api.Response{}, err
	}
	found, err := a.Activity.PersonalBests(r.Context(), runner, a.now())
	if err != nil {
		return api.Response{}, err
	}
	return api.Response{Body: newBests(found)}, nil
}

func (a API) addResult(r *http.Request) (api.Response, error) {
	runner, err := a.Runner(r)
	if err != nil {
		return api.Response{}, err
	}
	in, err := api.ReadObject(r)
	if err != nil {
		return api.Response{}, err
	}
	now := a.now()
	var result activity.NewResult
	result.Distance = unit.Distance(in.Number("distance_m"))
	result.Time = api.Parse(in, "time", "MM:SS or H:MM:SS, like 5:24, 19:57.3 or 1:31:35", unit.ParseResult)
	result.Date = api.Parse(in, "date", "YYYY-MM-DD, a day that exists, like 2027-04-25", calendar.Parse)
	if in.Has("name") {
		result.Name = api.Parse(in, "name", nameForm, activity.ParseName)
	}
	if err := in.Faults(result.Check(now)); err != nil {
		return api.Response{}, err
	}
	entered, bests, err := a.Activity.AddResult(r.Context(), runner, result, now)
	if err != nil {
		return api.Response{}, err
	}
	return api.Response{Status: http.StatusCreated, Body: Entered{newResult(entered), newBests(bests)}}, nil
}

func (a API) deleteResult(r *http.Request) (api.Response, error) {
	runner, err := a.Runner(r)
	if err != nil {
		return api.Response{}, err
	}
	err = a.Activity.DeleteResult(r.Context(), runner, r.PathValue("result_id"), a.now())
	return api.Response{Status: http.StatusNoContent}, err
}
