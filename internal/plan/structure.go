package plan

import (
	"math"
	"time"

	"github.com/stride-run/stride/internal/performance"
)

// How much quality a week takes. Easy running is to stay above three quarters
// of the distance, so hard running has a budget; the shares are of the week
// without the race.
const (
	hardShare         = 0.24
	tempoShareFew     = 0.15 // with up to four runs, the week's only quality workout
	tempoShareMany    = 0.12
	intervalShare     = 0.08
	marathonShare     = 0.14
	longRaceShareFrom = 0.20 // of a long run, at marathon pace: from the middle of the build
	longRaceShareTo   = 0.35 // to its end
)

// A prescription is the structure of a workout: its steps, and what the
// sentence about it needs.
type prescription struct {
	steps   []Step
	pace    PaceKey
	rule    string
	hard    hm  // distance at tempo, interval or marathon pace
	repeats int // 0: one piece
	each    hm  // length of a repeat
}

// between moves from a to b as the plan progresses.
func (w *week) between(a, b float64) float64 { return a + (b-a)*w.progress }

// sharpness scales hard work down where the week is to be lighter.
func (w *week) sharpness() float64 {
	switch {
	case w.kind == CutBack:
		return 0.7
	case w.kind == RaceWeek:
		return 0.35
	case w.kind == Build && w.longAtRacePace && w.runsPerWeek >= 5:
		return 0.6 // the long run is hard as well
	case w.kind == Build && w.long == w.growth.peak && w.number == w.growth.buildWeeks:
		return 0.8 // the long run is the longest
	case w.kind == Taper && w.toRace == 1:
		return 0.6
	case w.kind == Taper:
		return 0.8
	}
	return 1
}

// work is how far a number of minutes goes at a pace, at most a share of the
// week.
func (w *week) work(minutes float64, pace performance.Range, shareOfWeek float64) hm {
	far := minutes * w.sharpness() * 60 / float64(pace.Middle()) * 10
	return hm(math.Floor(min(far, shareOfWeek*float64(w.volume)) + 1e-9))
}

// ends is what a workout needs at least for warming up and cooling down.
func ends(total hm) (warmUp, coolDown hm) {
	return hm(math.Round(min(max(0.25*float64(total), 5), 20))), hm(math.Round(min(max(0.15*float64(total), 4), 15)))
}

// framed puts a warm-up before and a cool-down after the main part, which
// share what is left of the distance.
func (w *week) framed(total, main hm, middle Step) []Step {
	warmUp, coolDown := ends(total)
	left := total - main - warmUp - coolDown
	warmUp += (left + 1) / 2
	coolDown += left / 2
	return w.list(run(WarmUp, warmUp, EasyPace), middle, run(CoolDown, coolDown, EasyPace))
}

// list keeps steps in the plan's supply, which serves hundreds of workouts
// with a few allocations.
func (w *week) list(steps ...Step) []Step {
	free := *w.supply
	if len(free) < len(steps) {
		free = make([]Step, supplySize)
	}
	*w.supply = free[len(steps):]
	copy(free, steps)
	return free[:len(steps):len(steps)]
}

const supplySize = 256

func run(kind StepKind, d hm, pace PaceKey) Step {
	return Step{Kind: kind, Distance: d.distance(), Pace: pace}
}

func (w *week) repeat(times int, each hm, pace PaceKey, jog hm) Step {
	return Step{Repeat: int32(times), Steps: w.list(run(Work, each, pace), run(Jog, jog, RecoveryPace))}
}

// tempo builds a tempo run. It grows through the plan: repeats of a kilometre
// first, then two or three long pieces, at last one piece, but for the weeks
// whose long run is hard too.
func (w *week) tempo(total hm) prescription {
	share, most := tempoShareMany, 32.0
	if w.runsPerWeek < 5 {
		share, most = tempoShareFew, 40
	}
	warmUp, coolDown := ends(total)
	room := total - warmUp - coolDown
	work := min(w.work(w.between(14, most), w.paces.Tempo, share), room)
	switch {
	case w.kind == RaceWeek:
	case w.kind == CutBack || w.progress <= 1.0/3:
		return w.tempoRepeats(total, room, work)
	case w.progress <= 2.0/3 || w.longAtRacePace || w.toRace == 1:
		return w.tempoBlocks(total, room, work)
	}
	return w.tempoInOne(total, work)
}

// tempoRepeats divides a tempo run into repeats of about a kilometre.
func (w *week) tempoRepeats(total, room, work hm) prescription {
	const usual, jog = 10, 2
	n := max((work+usual/2)/usual, 2)
	return w.tempoPieces(total, int(n), min(work/n, room/n-jog), jog, "tempo_repeats")
}

// tempoBlocks divides a tempo run into two or three long pieces.
func (w *week) tempoBlocks(total, room, work hm) prescription {
	const jog = 4
	n := hm(2)
	if work >= 60 && room >= work+3*jog {
		n = 3
	}
	return w.tempoPieces(total, int(n), min(work/n, room/n-jog), jog, "tempo_blocks")
}

// tempoPieces writes pieces with jogs between. Pieces shorter than 400 m are
// no tempo run: they become one piece.
func (w *week) tempoPieces(total hm, n int, each, jog hm, rule string) prescription {
	const shortest = 4
	if each < shortest {
		return w.tempoInOne(total, hm(n)*max(each, 2))
	}
	return prescription{
		pace: TempoPace, rule: rule, hard: hm(n) * each, repeats: n, each: each,
		steps: w.framed(total, hm(n)*(each+jog), w.repeat(n, each, TempoPace, jog)),
	}
}

func (w *week) tempoInOne(total, work hm) prescription {
	return prescription{
		pace: TempoPace, rule: "tempo_continuous", hard: work,
		steps: w.framed(total, work, run(Work, work, TempoPace)),
	}
}

// repeatLengths are the lengths of interval repeats, as on a track.
var repeatLengths = []hm{2, 4, 6, 8, 10, 12, 16}

// intervals builds repeats at interval pace. They sharpen from about a minute
// and a half to four and a half, which is where oxygen uptake peaks.
func (w *week) intervals(total hm) prescription {
	pace := float64(w.paces.Interval.Middle()) / 10 // s per hm
	longest := w.between(85, 270) * 1.05
	each := repeatLengths[0]
	for _, l := range repeatLengths {
		if float64(l)*pace <= longest {
			each = l
		}
	}
	warmUp, coolDown := ends(total)
	room := total - warmUp - coolDown
	work := w.work(w.between(11, 24), w.paces.Interval, intervalShare)
	for {
		jog := min(max((each+1)/2, 2), 6)
		n := min(int(work)/int(each), int(room)/int(each+jog), 12)
		if n < 3 && each > repeatLengths[0] {
			each = shorter(each)
			continue
		}
		n = max(n, 2)
		main := hm(n) * (each + jog)
		return prescription{
			pace: IntervalPace, rule: "intervals", hard: hm(n) * each, repeats: n, each: each,
			steps: w.framed(total, main, w.repeat(n, each, IntervalPace, jog)),
		}
	}
}

// shorter is the next shorter repeat.
func shorter(each hm) hm {
	best := repeatLengths[0]
	for _, l := range repeatLengths {
		if l < each {
			best = l
		}
	}
	return best
}

// marathonPace builds a run with one piece at race pace.
func (w *week) marathonPace(total hm) prescription {
	warmUp, coolDown := ends(total)
	work := w.work(w.between(20, 55), w.paces.Marathon, marathonShare)
	if w.kind == RaceWeek {
		work = min(30, total/2)
	}
	work = max(min(work, total-warmUp-coolDown), 5)
	return prescription{
		pace: RacePace, rule: "marathon_pace", hard: work,
		steps: w.framed(total, work, run(Work, work, RacePace)),
	}
}

// long builds the long run, in the weeks for it with a piece at marathon pace
// near its end, as far as the week's budget of hard running goes.
func (w *week) longRun(total, budget hm) prescription {
	p := prescription{pace: LongPace}
	if w.longAtRacePace {
		block := min(w.longRaceShare()*float64(total), float64(budget))
		p.hard = hm(math.Floor(block/10)) * 10 // whole kilometres
	}
	const jogHome = 10
	if p.hard < 20 {
		p.hard = 0
		p.steps = w.list(run(Work, total, LongPace))
		return p
	}
	p.steps = w.list(
		run(Work, total-p.hard-jogHome, LongPace),
		run(Work, p.hard, RacePace),
		run(CoolDown, jogHome, EasyPace),
	)
	return p
}

// longRaceShare is how much of a long run is at marathon pace.
func (w *week) longRaceShare() float64 {
	if w.kind == Taper {
		return 0.3
	}
	return longRaceShareFrom + (longRaceShareTo-longRaceShareFrom)*max(2*w.progress-1, 0)
}

// stridesUntil is how long an easy run may take to have strides: after that
// the legs are too tired to be quick.
const stridesUntil = 75 * time.Minute

// easy builds an easy run, with strides at its end where asked for and where
// there is room.
func (w *week) easy(total hm, s slot) prescription {
	plain := w.easyRule(s)
	p := prescription{pace: EasyPace, rule: plain}
	switch {
	case s.role == shakeout:
		p.rule, p.repeats = "easy_shakeout", 4
	case w.hasStrides(s.role):
		p.rule, p.repeats = "easy_strides", 4
		if w.progress > 0.5 {
			p.repeats = 6
		}
	}
	if strides := hm(2 * p.repeats); strides == 0 || total < 3*strides || w.paces.Easy.Middle().Time(total.distance()) > stridesUntil.Seconds() {
		p.rule, p.repeats = plain, 0
		p.steps = w.list(run(Work, total, EasyPace))
		return p
	}
	p.steps = w.list(
		run(Work, total-hm(2*p.repeats), EasyPace),
		Step{Repeat: int32(p.repeats), Steps: w.list(run(Strides, 1, RepetitionPace), run(Jog, 1, RecoveryPace))},
	)
	return p
}

// easyRule says why an easy run is where it is. The first week may follow no
// long run and the last before race week precede none, as the days lie; their
// easy runs do not speak of one, so that other days need no other reasons.
func (w *week) easyRule(s slot) string {
	switch {
	case w.kind == RaceWeek:
		return "easy_race_week"
	case s.day == dayBeforeLongRun && w.toRace > 1:
		return "easy_before_long"
	case s.day <= 2 && w.number > 1:
		return "easy_after_long"
	}
	return "easy"
}

// hasStrides: a speed role that takes no intervals keeps the legs quick with
// strides; other runs have them every other week.
func (w *week) hasStrides(r role) bool {
	return r == speedRole || r == stridesRole && w.number%2 == 0
}

func (w *week) recovery(total hm) prescription {
	return prescription{pace: RecoveryPace, rule: "recovery", steps: w.list(run(Work, total, RecoveryPace))}
}
