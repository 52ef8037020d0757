package dynamo

import (
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/performance"
	"github.com/stride-run/stride/internal/plan"
	"github.com/stride-run/stride/internal/training"
	"github.com/stride-run/stride/internal/unit"
)

// How plans are written into items. Attributes are added and never change
// their meaning, and a reader passes over those that it does not know, so an
// older program reads what a newer one has written. Names that repeat are
// short: request units go by bytes.

// factOf writes what lists show, without the key. What is nil is not there.
func factOf(p *training.Plan) item {
	a, s := p.Answers, p.Summary
	return item{
		"entity":  text("plan"),
		"v":       number(1),
		"name":    text(p.Name),
		"active":  &types.AttributeValueMemberBOOL{Value: p.Active},
		"created": number(p.Created.Unix()),
		"updated": number(p.Updated.Unix()),
		"version": number(int64(p.Version)),
		"dating":  number(int64(p.Dating)),
		"rev":     number(int64(p.Revision)),
		"race":    said(a.RaceDate.String()),
		"inputs": document(item{
			"weeks":  number(int64(a.Weeks)),
			"runs":   number(int64(a.RunsPerWeek)),
			"target": number(int64(a.TargetTime / time.Second)),
			"first":  float(a.FirstLongRun),
			"unit":   text(string(a.Unit)),
			"day":    text(calendar.WeekdayName(a.LongRunDay)),
			"start":  float(p.FirstLongRun.Metres()),
		}),
		"summary": document(item{
			"runs":      number(int64(s.Runs)),
			"total":     float(s.TotalDistance.Metres()),
			"peak_week": number(int64(s.PeakWeek)),
			"peak":      float(s.PeakWeekDistance.Metres()),
			"long":      float(s.PeakLongRun.Metres()),
			"rate":      float(s.WeeklyIncreaseRate),
			"pace":      float(s.RacePace.Seconds()),
		}),
	}
}

// planOf reads a fact. The plan has no weeks and no paces yet.
func planOf(i item) (*training.Plan, error) {
	id := textOf(i, sortKey)[len(planPrefix):]
	in, sum := documentOf(i, "inputs"), documentOf(i, "summary")
	day, ok := calendar.ParseWeekday(textOf(in, "day"))
	if !ok {
		return nil, fmt.Errorf("plan %s: no long-run day", id)
	}
	p := &training.Plan{
		ID: id, Name: textOf(i, "name"), Active: boolOf(i, "active"),
		Created: time.Unix(numberOf(i, "created"), 0).UTC(),
		Updated: time.Unix(numberOf(i, "updated"), 0).UTC(),
		Version: int(numberOf(i, "version")), Dating: int(numberOf(i, "dating")), Revision: int(numberOf(i, "rev")),
		Plan: &plan.Plan{
			Answers: plan.Answers{
				Weeks:        int(numberOf(in, "weeks")),
				RunsPerWeek:  int(numberOf(in, "runs")),
				TargetTime:   time.Duration(numberOf(in, "target")) * time.Second,
				FirstLongRun: floatOf(in, "first"),
				Unit:         unit.Length(textOf(in, "unit")),
				LongRunDay:   day,
			},
			FirstLongRun: unit.Distance(floatOf(in, "start")),
			Summary: plan.Summary{
				Weeks:              int(numberOf(in, "weeks")),
				Runs:               int(numberOf(sum, "runs")),
				TotalDistance:      unit.Distance(floatOf(sum, "total")),
				PeakWeek:           int(numberOf(sum, "peak_week")),
				PeakWeekDistance:   unit.Distance(floatOf(sum, "peak")),
				PeakLongRun:        unit.Distance(floatOf(sum, "long")),
				WeeklyIncreaseRate: floatOf(sum, "rate"),
				RacePace:           unit.Pace(floatOf(sum, "pace")),
			},
		},
	}
	if date := textOf(i, "race"); date != "" {
		var err error
		if p.Answers.RaceDate, err = calendar.Parse(date); err != nil {
			return nil, fmt.Errorf("plan %s: race date: %w", id, err)
		}
	}
	return p, nil
}

// detailsOf writes what never changes of a plan, which comes without dates:
// the one note that depends on the date is made when the plan is read.
func detailsOf(p *plan.Plan) item {
	ranges := item{}
	paces := p.Paces
	eachPace(&paces, func(name string, r *performance.Range) {
		ranges[name] = list(float(r.Fast.Seconds()), float(r.Slow.Seconds()))
	})
	return item{
		"entity":      text("plan_details"),
		"v":           number(1),
		"engine":      text(p.EngineVersion),
		"paces":       document(ranges),
		"adjustments": notesOf(p.Adjustments),
		"warnings":    notesOf(p.Warnings),
	}
}

func readDetails(p *training.Plan, i item) error {
	p.EngineVersion = textOf(i, "engine")
	ranges := documentOf(i, "paces")
	var err error
	eachPace(&p.Paces, func(name string, r *performance.Range) {
		ends := listOf(ranges, name)
		if len(ends) != 2 {
			err = fmt.Errorf("plan %s: no pace %s", p.ID, name)
			return
		}
		r.Fast, r.Slow = unit.Pace(toFloat(ends[0])), unit.Pace(toFloat(ends[1]))
	})
	p.Adjustments, p.Warnings = readNotes(i, "adjustments"), readNotes(i, "warnings")
	return err
}

func eachPace(p *performance.Paces, visit func(name string, r *performance.Range)) {
	visit("easy", &p.Easy)
	visit("long", &p.Long)
	visit("marathon", &p.Marathon)
	visit("tempo", &p.Tempo)
	visit("interval", &p.Interval)
	visit("repetition", &p.Repetition)
	visit("recovery", &p.Recovery)
}

func notesOf(notes []fault.Note) types.AttributeValue {
	all := make([]types.AttributeValue, len(notes))
	for n, note := range notes {
		all[n] = document(item{"code": text(note.Code), "field": text(note.Field), "message": text(note.Message)})
	}
	return list(all...)
}

func readNotes(i item, name string) []fault.Note {
	var notes []fault.Note
	for _, v := range listOf(i, name) {
		m := toDocument(v)
		notes = append(notes, fault.Note{Code: textOf(m, "code"), Field: textOf(m, "field"), Message: textOf(m, "message")})
	}
	return notes
}

func receiptItem(runner string, r *training.Receipt) item {
	i := merge(key(runnerKey(runner), receiptPrefix+r.Key), item{
		"entity":  text("receipt"),
		"v":       number(1),
		"hash":    &types.AttributeValueMemberB{Value: r.Hash[:]},
		"plan":    text(r.Plan),
		expiresAt: number(r.Expires.Unix()),
	})
	if r.Workout != "" {
		i["workout"] = text(r.Workout)
	}
	return i
}

func receiptOf(i item) *training.Receipt {
	r := &training.Receipt{
		Key: textOf(i, sortKey)[len(receiptPrefix):], Plan: textOf(i, "plan"), Workout: textOf(i, "workout"),
		Expires: time.Unix(numberOf(i, expiresAt), 0).UTC(),
	}
	if hash, ok := i["hash"].(*types.AttributeValueMemberB); ok {
		copy(r.Hash[:], hash.Value)
	}
	return r
}

// float writes a number so that it is read as the same.
func float(v float64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatFloat(v, 'f', -1, 64)}
}

func document(i item) types.AttributeValue { return &types.AttributeValueMemberM{Value: i} }

func list(values ...types.AttributeValue) types.AttributeValue {
	return &types.AttributeValueMemberL{Value: values}
}

// The readers return zero for what is missing or of another type.

func floatOf(i item, name string) float64 { return toFloat(i[name]) }

func toFloat(v types.AttributeValue) float64 {
	if n, ok := v.(*types.AttributeValueMemberN); ok {
		f, _ := strconv.ParseFloat(n.Value, 64)
		return f
	}
	return 0
}

func boolOf(i item, name string) bool {
	b, ok := i[name].(*types.AttributeValueMemberBOOL)
	return ok && b.Value
}

func documentOf(i item, name string) item { return toDocument(i[name]) }

func toDocument(v types.AttributeValue) item {
	if m, ok := v.(*types.AttributeValueMemberM); ok {
		return m.Value
	}
	return nil
}

func listOf(i item, name string) []types.AttributeValue {
	if l, ok := i[name].(*types.AttributeValueMemberL); ok {
		return l.Value
	}
	return nil
}
