package plans

import (
	"github.com/stride-run/stride/internal/api"
	"github.com/stride-run/stride/internal/api/planning"
	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/plan"
	"github.com/stride-run/stride/internal/training"
	"github.com/stride-run/stride/internal/unit"
)

// The forms of a runner's own words, for people.
const (
	nameForm = "one line of 1 to 100 characters, without control characters and marks that turn the direction of text"
	noteForm = "at most 1,000 characters, without control characters and marks that turn the direction of text"
)

// readNewPlan reads the answers, and a name, which may be left out.
func readNewPlan(in *api.Object) (n training.NewPlan, err error) {
	if in.Has("name") {
		n.Name = api.Parse(in, "name", nameForm, training.ParseName)
	}
	n.Goal, err = planning.ReadGoal(in)
	return n, err
}

func readPlanChange(in *api.Object) (c training.PlanChange, err error) {
	if in.Presence("name") != api.Absent {
		c.Name = new(api.Parse(in, "name", nameForm, training.ParseName))
	}
	if in.Presence("active") != api.Absent {
		c.Active = new(in.Bool("active"))
	}
	switch in.Presence("race_date") {
	case api.Null:
		c.RaceDate = new(calendar.Date)
	case api.Given:
		c.RaceDate = new(readDate(in, "race_date"))
	case api.Absent:
	}
	return c, in.Faults(nil)
}

func readWorkoutChange(in *api.Object) (c training.WorkoutChange, err error) {
	if in.Presence("status") != api.Absent {
		c.Status = new(api.Enum(in, "status", training.Planned, training.Done, training.Skipped))
	}
	switch in.Presence("note") {
	case api.Null:
		c.Note = new(string)
	case api.Given:
		c.Note = new(api.Parse(in, "note", noteForm, training.ParseNote))
	case api.Absent:
	}
	to, fields := readSpot(in)
	c.To = to
	return c, in.Faults(fault.Fields(fields))
}

func readNewWorkout(in *api.Object) (training.NewWorkout, error) {
	n := training.NewWorkout{
		Type: api.Enum(in, "type", plan.Easy, plan.Recovery, plan.Long, plan.Tempo, plan.Interval, plan.MarathonPace),
	}
	n.Distance = unit.Distance(in.Int("distance_m"))
	if in.Has("title") {
		n.Title = api.Parse(in, "title", nameForm, training.ParseName)
	}
	if in.Has("note") {
		n.Note = api.Parse(in, "note", noteForm, training.ParseNote)
	}
	at, fields := readSpot(in)
	n.At = at
	if n.Distance < training.MinOwn || n.Distance > training.MaxOwn {
		fields = append(fields, fault.Field{
			Pointer: "/distance_m", Code: fault.OutOfRange, Message: "A workout is 100 to 100,000 m long.",
			Allowed: &fault.Allowed{Min: int(training.MinOwn), Max: int(training.MaxOwn)},
		})
	}
	if at.IsZero() && in.Presence("date") == api.Absent && in.Presence("week") == api.Absent && in.Presence("day") == api.Absent {
		fields = append(fields, fault.Field{Pointer: "/date", Code: fault.Required, Message: "Give the date, or week and day, that the workout is on."})
	}
	return n, in.Faults(fault.Fields(fields))
}

// readSpot reads which day is meant, by date or by week and day; none is fine.
// Null clears nothing here, since every workout has its day.
func readSpot(in *api.Object) (s training.Spot, fields []fault.Field) {
	date, week, day := in.Presence("date"), in.Presence("week"), in.Presence("day")
	if date != api.Absent {
		s.Date = readDate(in, "date")
		if week != api.Absent || day != api.Absent {
			fields = append(fields, fault.Field{Pointer: "/date", Code: fault.OutOfRange, Message: "Give either the date, or week and day."})
		}
	}
	if week == api.Absent && day == api.Absent {
		return s, fields
	}
	s.Week = in.Int("week")
	d, _ := calendar.ParseWeekday(api.Enum(in, "day", calendar.WeekdayNames()...))
	s.Day = new(d)
	return s, fields
}

func readDate(in *api.Object, name string) calendar.Date {
	return api.Parse(in, name, "YYYY-MM-DD, a day that exists, like 2027-04-25", calendar.Parse)
}

// readSpan reads the first and the last day of a calendar.
func readSpan(q *api.Query) (from, to calendar.Date, err error) {
	from, to = q.Date("from"), q.Date("to")
	return from, to, q.Faults()
}
