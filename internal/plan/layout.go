package plan

import "time"

// A role is what a run does for its week. What type of workout that makes
// depends on where in the plan the week stands.
type role int

const (
	easyRole     role = iota
	stridesRole       // easy, with strides every other week
	recoveryRole      // slower than easy, after a hard day
	speedRole         // the first quality workout of five or more runs
	stamina           // the quality workout at tempo or marathon pace
	shakeout          // the last easy run before the race, with strides
)

// A slot is a run's place in its week: so many days after the long run, or,
// in race week, on the nth day of seven that end with the race.
type slot struct {
	day    int
	role   role
	weight float64 // its share of the distance beside the long run
}

// weekly holds the runs beside the long run, by runs a week. The day after the
// long run is for rest, or recovery with seven runs; the day before it is never
// hard; two hard days never touch. As the pattern is the same every week,
// all this holds across the border of two weeks, wherever that border lies.
var weekly = [MaxRunsPerWeek + 1][]slot{
	2: {{4, stridesRole, 1}},
	3: {{2, stridesRole, 1.15}, {4, stamina, 0.85}},
	4: {{2, easyRole, 1.1}, {3, stamina, 1}, {5, stridesRole, 0.9}},
	5: {{2, speedRole, 1.05}, {3, easyRole, 0.9}, {4, stamina, 1.15}, {6, easyRole, 0.9}},
	6: {{2, speedRole, 1.05}, {3, easyRole, 1}, {4, stamina, 1.15}, {5, recoveryRole, 0.8}, {6, easyRole, 1}},
	7: {{1, recoveryRole, 0.8}, {2, speedRole, 1.05}, {3, easyRole, 1.1}, {4, stamina, 1.2}, {5, recoveryRole, 0.85}, {6, easyRole, 1}},
}

// lastWeek holds the runs of race week before the race. The one hard run is
// four days before it; the day before that and the days after are easy.
var lastWeek = [MaxRunsPerWeek + 1][]slot{
	2: {{4, shakeout, 1}},
	3: {{3, stamina, 1.2}, {5, shakeout, 0.8}},
	4: {{2, easyRole, 1}, {3, stamina, 1.2}, {5, shakeout, 0.8}},
	5: {{2, easyRole, 1}, {3, stamina, 1.2}, {5, easyRole, 0.9}, {6, shakeout, 0.7}},
	6: {{1, recoveryRole, 0.9}, {2, easyRole, 1}, {3, stamina, 1.2}, {5, easyRole, 0.9}, {6, shakeout, 0.7}},
	7: {{1, recoveryRole, 0.9}, {2, easyRole, 1.1}, {3, stamina, 1.2}, {4, recoveryRole, 0.8}, {5, easyRole, 0.9}, {6, shakeout, 0.7}},
}

// dayBeforeLongRun, in days after the long run before it.
const dayBeforeLongRun = 6

// smallWeek is the distance under which a week has one quality workout only.
const smallWeek hm = 300

// raceDay is the position of the race in its week.
const raceDay = 7

// longRunPosition says which day of a training week, 1 to 7, the long run
// falls on when weeks end on the weekday last.
func longRunPosition(longRun, last time.Weekday) int {
	return raceDay - (int(last)-int(longRun)+7)%7
}

// position turns days after the long run into a day of the training week.
func position(longRun, after int) int { return (longRun-1+after)%7 + 1 }

// typeOf says which workout a role makes in a week.
func (w *week) typeOf(r role) Type {
	switch r {
	case recoveryRole:
		return Recovery
	case speedRole:
		if w.hasIntervals() {
			return Interval
		}
	case stamina:
		if w.hasMarathonPaceRun() {
			return MarathonPace
		}
		return Tempo
	case easyRole, stridesRole, shakeout:
	}
	return Easy
}

// hasIntervals: weeks under 30 km keep to one quality workout, and so does the
// first third of the build with five runs; cut-backs and the last weeks always
// do.
func (w *week) hasIntervals() bool {
	switch w.kind {
	case Build:
		return w.volume >= smallWeek && (w.runsPerWeek > 5 || w.progress > 1.0/3)
	case Taper:
		return w.toRace == 2
	case CutBack, RaceWeek:
	}
	return false
}

// hasMarathonPaceRun: with five or more runs, the late weeks whose long run is
// easy take marathon pace into the week, and so do the last two weeks.
func (w *week) hasMarathonPaceRun() bool {
	if w.runsPerWeek < 5 {
		return false
	}
	return w.kind == Build && w.late && !w.longAtRacePace || w.toRace <= 1
}
