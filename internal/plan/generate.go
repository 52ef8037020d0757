package plan

import (
	"math"
	"slices"
	"time"

	"github.com/stride-run/stride/internal/performance"
	"github.com/stride-run/stride/internal/race"
	"github.com/stride-run/stride/internal/unit"
)

// A week is what the builders of workouts need to know about the week they
// build for.
type week struct {
	number         int
	kind           WeekKind
	toRace         int     // whole weeks before race week; 0 is race week
	progress       float64 // 0…1 through the build weeks; 1 afterwards
	late           bool    // in the second half of the build
	longAtRacePace bool
	longPosition   int // of the week's seven days, from 1
	runsPerWeek    int
	volume         hm // without the race
	long           hm // 0 in race week
	longest        hm // long run that this week's is measured by: the longest of the last four weeks, in a cut-back the last
	paces          *performance.Paces
	growth         *growth
	middles        *middles
	supply         *[]Step // of steps not yet used
}

// Generate makes the plan for a goal. It cannot fail: a Goal is only had for
// answers that a plan can be made from.
func Generate(g Goal) *Plan {
	a := g.answers
	long := g.growth.longRuns()
	p := &Plan{
		EngineVersion: EngineVersion,
		Answers:       a,
		FirstLongRun:  g.first.distance(),
		Paces:         performance.MarathonPaces(a.TargetTime),
		Weeks:         make([]Week, a.Weeks),
	}
	longestEasy := hm(longEasyRun.Seconds() / p.Paces.Easy.Middle().Time(100))
	volumes := g.growth.volumes(long, a.RunsPerWeek, longestEasy)
	last := a.LongRunDay
	if !a.RaceDate.IsZero() {
		last = a.RaceDate.Weekday()
	}
	atRacePace := g.growth.longRunsAtRacePace(a.RunsPerWeek)
	workouts := make([]Workout, a.Weeks*a.RunsPerWeek)
	middles := middlesOf(&p.Paces)
	var supply []Step
	for i := range p.Weeks {
		w := week{
			number:       i + 1,
			toRace:       a.Weeks - i - 1,
			progress:     min(float64(i+1)/float64(g.growth.buildWeeks), 1),
			late:         2*(i+1) > g.growth.buildWeeks,
			longPosition: longRunPosition(a.LongRunDay, last),
			runsPerWeek:  a.RunsPerWeek,
			volume:       volumes[i],
			paces:        &p.Paces,
			growth:       &g.growth,
			middles:      &middles,
			supply:       &supply,
		}
		w.kind = g.growth.kindOf(w.number, a.Weeks)
		w.longAtRacePace = atRacePace[w.number]
		if w.kind != RaceWeek {
			w.long, w.longest = long[i], longestBefore(long, i, w.kind)
		}
		p.Weeks[i] = p.build(&w, last, workouts[i*a.RunsPerWeek:(i+1)*a.RunsPerWeek:(i+1)*a.RunsPerWeek])
	}
	p.summarise(g.growth)
	p.annotate(g.growth)
	return p
}

func (g growth) kindOf(week, weeks int) WeekKind {
	switch {
	case week == weeks:
		return RaceWeek
	case week > g.buildWeeks:
		return Taper
	case g.isCutBack(week):
		return CutBack
	}
	return Build
}

// longestBefore is the long run that the one of week index i is measured by.
func longestBefore(long []hm, i int, kind WeekKind) hm {
	if i == 0 {
		return 0
	}
	if kind == CutBack {
		return long[i-1]
	}
	return slices.Max(long[max(0, i-4):i])
}

// longRunsAtRacePace picks the weeks whose long run ends at marathon pace:
// every second ordinary week of the second half of the build, counted back
// from the one before the peak, and the first week of the taper. The peak
// long run stays easy, it is long enough. With two runs a week there is no
// hard running.
func (g growth) longRunsAtRacePace(runsPerWeek int) (weeks [MaxWeeks + 1]bool) {
	if runsPerWeek < 3 {
		return weeks
	}
	take := true
	for w := g.buildWeeks - 1; 2*w > g.buildWeeks; w-- {
		if g.isCutBack(w) {
			continue
		}
		weeks[w], take = take, !take
	}
	weeks[g.buildWeeks+1] = true
	return weeks
}

// build lays a week's runs out on its days, into workouts, which has room for
// exactly these.
func (p *Plan) build(w *week, last time.Weekday, workouts []Workout) Week {
	out := Week{Number: w.number, Kind: w.kind, Workouts: workouts}
	if d := p.Answers.RaceDate; !d.IsZero() {
		out.Start = d.AddDays(-7*w.toRace - raceDay + 1)
	}
	n, ids := 0, workoutIDs(w.number, len(workouts))
	var days [raceDay + 1]prescribed // by position in the week, from 1
	w.prescribe(&days)
	for i := range days {
		day := &days[i]
		if day.Type == "" {
			continue
		}
		o := &workouts[n]
		o.ID = ids[n]
		n++
		o.Day = time.Weekday((int(last) + i) % 7)
		if !out.Start.IsZero() {
			o.Date = out.Start.AddDays(i - 1)
		}
		o.Type, o.Distance, o.Pace, o.Steps = day.Type, day.distance, day.pace, day.steps
		// Rounded once, over all steps.
		o.DurationS = int(math.Round(w.middles.time(o.Steps)))
		p.explain(&o.Rationale, w, day, raceDay-i)
		out.Distance += o.Distance
	}
	return out
}

// A prescribed day is a workout before it has a date; one without a type is
// for rest.
type prescribed struct {
	Type
	distance unit.Distance
	prescription
}

// prescribe finds a week's workouts.
func (w *week) prescribe(days *[raceDay + 1]prescribed) {
	slots := weekly[w.runsPerWeek]
	if w.kind == RaceWeek {
		slots = lastWeek[w.runsPerWeek]
	}
	budget := hm(hardShare * float64(w.volume))
	distances := w.distances(slots)
	for i, s := range slots {
		t := w.typeOf(s.role)
		ps := w.structure(t, s, distances[i])
		budget -= ps.hard
		day := s.day
		if w.kind != RaceWeek {
			day = position(w.longPosition, day)
		}
		days[day] = prescribed{t, distances[i].distance(), ps}
	}
	if w.kind == RaceWeek {
		steps := w.list(Step{Kind: Work, Distance: race.Marathon, Pace: RacePace})
		days[raceDay] = prescribed{Race, race.Marathon, prescription{steps: steps, pace: RacePace, rule: "race"}}
		return
	}
	days[w.longPosition] = prescribed{Long, w.long.distance(), w.longRun(w.long, budget)}
}

// distances shares the week's distance beside the long run out over its
// slots.
func (w *week) distances(slots []slot) runsBeside {
	if w.kind == RaceWeek {
		return divide(w.volume, shortestInRaceWeek, w.volume, slots)
	}
	shortest, longest := bounds(w.long)
	return divide(w.volume-w.long, shortest, longest, slots)
}

// structure builds the steps of a workout that is not a long run.
func (w *week) structure(t Type, s slot, distance hm) prescription {
	switch t {
	case Tempo:
		return w.tempo(distance)
	case Interval:
		return w.intervals(distance)
	case MarathonPace:
		return w.marathonPace(distance)
	case Recovery:
		return w.recovery(distance)
	case Easy, Long, Race:
	}
	return w.easy(distance, s)
}

func (p *Plan) summarise(g growth) {
	p.Summary = Summary{
		PeakLongRun:        g.peak.distance(),
		WeeklyIncreaseRate: g.rate,
		RacePace:           unit.PaceOver(race.Marathon, p.Answers.TargetTime),
	}
	p.sum()
}
