package training

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/plan"
	"github.com/stride-run/stride/internal/text"
	"github.com/stride-run/stride/internal/unit"
)

// A Plan is a plan that a runner keeps: the training, with every workout where
// the runner has put it, and what the runner has noted about it.
type Plan struct {
	ID      string // a UUIDv7
	Name    string
	Active  bool
	Created time.Time // whole seconds, UTC
	Updated time.Time // of whatever is in the plan

	Version  int // of what Tag covers; from 1
	Dating   int // counts the changes of race date
	Revision int // counts all changes

	*plan.Plan
	// States holds what the runner has done to workouts, by id. Workouts that
	// nothing was done to are not in it.
	States map[string]State
	// Numbers holds the last number that was given to a workout's id, by week
	// from 0. No number is given twice, so an id never means another workout.
	Numbers []int
}

// A State is what the runner has done to a workout.
type State struct {
	Status  Status
	Note    string
	Title   string // of an own workout; empty: the usual one of its type
	Version int    // counts the changes
	From    *Place // where the plan had put it; nil: it is there, or it is the runner's own
}

// A Status says what became of a workout.
type Status string

// What becomes of workouts. A workout is planned at first.
const (
	Planned Status = "planned"
	Done    Status = "done"
	Skipped Status = "skipped"
)

// A Place is a day of a plan.
type Place struct {
	Week int
	Day  time.Weekday
}

// Tag names the version of a plan's name, active and race date.
func (p *Plan) Tag() string { return strconv.Itoa(p.Version) }

// TagOf names the version of a workout, its date included.
func (p *Plan) TagOf(id string) string {
	return strconv.Itoa(p.Dating) + "." + strconv.Itoa(p.States[id].Version)
}

// State is what the runner has done to a workout.
func (p *Plan) State(id string) State {
	s := p.States[id]
	if s.Status == "" {
		s.Status = Planned
	}
	return s
}

// find returns a workout and the index of its week; nil if there is none.
func (p *Plan) find(id string) (*plan.Workout, int) {
	for i := range p.Weeks {
		for j := range p.Weeks[i].Workouts {
			if w := &p.Weeks[i].Workouts[j]; w.ID == id {
				return w, i
			}
		}
	}
	return nil, 0
}

// Workout returns a workout of the plan and the number of its week; nil if
// there is none.
func (p *Plan) Workout(id string) (*plan.Workout, int) {
	w, i := p.find(id)
	if w == nil {
		return nil, 0
	}
	return w, p.Weeks[i].Number
}

// touch counts a change of a workout and keeps its new state.
func (p *Plan) touch(id string, s State) {
	if p.States == nil {
		p.States = map[string]State{}
	}
	s.Version++
	p.States[id] = s
}

// hasMoved says whether the runner has moved a workout away from its place.
func (p *Plan) hasMoved() bool {
	for _, s := range p.States {
		if s.From != nil {
			return true
		}
	}
	return false
}

// How long a runner's own words may be, in characters.
const (
	maxName = 100
	maxNote = 1000
)

var errText = errors.New("too long, empty, or with characters that have no place in it")

// ParseName reads the name of a plan or the title of a workout: one line of 1
// to 100 characters, not all of them blank. It is kept as it is.
func ParseName(s string) (string, error) {
	if strings.TrimSpace(s) == "" || !text.IsLine(s, maxName) {
		return "", errText
	}
	return s, nil
}

// ParseNote reads a note: up to 1,000 characters, lines allowed.
func ParseNote(s string) (string, error) {
	if !text.IsNote(s, maxNote) {
		return "", errText
	}
	return s, nil
}

// defaultName names a plan that the runner does not.
func defaultName(a plan.Answers) string { return "Marathon in " + unit.FormatClock(a.TargetTime) }

// StartsInPast is the code of the warning of a plan whose first days are over.
const StartsInPast = "starts_in_past"

// warnOfPast adds the warning to a plan that starts before the day that it is
// at now, wherever the runner may be: the last time zone is twelve hours
// behind UTC. The warning is for whoever sets the date; it is not kept, since
// every plan comes to start in the past.
func (p *Plan) warnOfPast(now time.Time) {
	if p.Answers.RaceDate.IsZero() || !p.Weeks[0].Start.Before(dateOf(now.Add(-12*time.Hour))) {
		return
	}
	p.Warnings = append(slices.Clip(p.Warnings), fault.Note{
		Code: StartsInPast, Field: "race_date",
		Message: "The first week of this plan began on " + p.Weeks[0].Start.String() + ", which is over. Choose fewer weeks or a later race, or join in where the plan is today.",
	})
}

// invalid returns an Invalid fault with one field.
func invalid(pointer string, code fault.Code, message string, allowed *fault.Allowed) error {
	return fault.Fields([]fault.Field{{Pointer: pointer, Code: code, Message: message, Allowed: allowed}})
}
