package plan_test

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/stride-run/stride/internal/calendar"
	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/performance"
	"github.com/stride-run/stride/internal/plan"
	"github.com/stride-run/stride/internal/unit"
)

// The invariants a plan has to keep, by the numbers that docs/algorithm.md
// gives them. Each looks at the finished plan only, from outside, and says
// what is wrong with it. 28 to 30 compare plans: see properties_test.go.
var invariants = []struct {
	number int
	name   string
	check  func(v view) string
}{
	{1, "exactly the weeks and the runs asked for", weeksAndRuns},
	{2, "the race is the last run, on its day", raceIsLast},
	{3, "one long run a week, on its day, and one run a day", longRunOnItsDay},
	{4, "no long run in the six days before the race", noLongRunBeforeRace},
	{5, "the long run is the longest by a fifth", longRunIsLongest},
	{6, "the longest is the peak, three weeks before the race", peakInPlace},
	{7, "the first long run is the one asked for", firstLongRun},
	{8, "long runs never fall but in cut-backs", longRunsGrow},
	{9, "cut-backs every fourth week, by the right amount", cutBacks},
	{10, "the long run keeps to the step limit", stepLimit},
	{11, "the week keeps to its limit", volumeLimit},
	{12, "no long run beyond peak and 35 km; long ones are warned of", longRunDuration},
	{13, "the long run's share of the week", longRunShare},
	{14, "the taper falls every week", taperFalls},
	{15, "the taper's volume", taperVolume},
	{16, "the taper's long runs", taperLongRuns},
	{17, "the taper keeps intensity", taperIntensity},
	{18, "no quality on two days in a row", qualityApart},
	{19, "no quality beside the long run", qualityAndLongRun},
	{20, "at most two quality workouts, none just before the race", qualityCount},
	{21, "rest days", restDays},
	{22, "three quarters of the distance are easy", easyShare},
	{23, "paces in order and in range", paceOrder},
	{24, "marathon pace is the target's", racePace},
	{25, "sums agree", sums},
	{26, "distances on the grid, easy runs in bounds, steps and durations exact", distances},
	{27, "dates are consecutive and in their weeks", dates},
	{31, "every workout has structure, a title and a reason", reasons},
}

// violations lists what is wrong with a plan.
func violations(p *plan.Plan) []string {
	var bad []string
	v := viewOf(p)
	for _, inv := range invariants {
		if problem := inv.check(v); problem != "" {
			bad = append(bad, fmt.Sprintf("%d (%s): %s", inv.number, inv.name, problem))
		}
	}
	return bad
}

// view is a plan as the invariants look at it.
type view struct {
	*plan.Plan
	answers plan.Answers
	long    []float64 // km, by week; 0 in race week
	volume  []float64 // km, by week, without the race
	build   int       // weeks before the taper
	days    []plan.Type
}

func viewOf(p *plan.Plan) view {
	v := view{Plan: p, answers: p.Answers, build: len(p.Weeks) - 3}
	for _, w := range p.Weeks {
		long, volume := 0.0, 0.0
		days := make([]plan.Type, 7)
		for _, o := range w.Workouts {
			days[v.position(o)-1] = o.Type
			switch o.Type {
			case plan.Long:
				long = o.Distance.Kilometres()
				volume += long
			case plan.Race:
			default:
				volume += o.Distance.Kilometres()
			}
		}
		v.long, v.volume, v.days = append(v.long, long), append(v.volume, volume), append(v.days, days...)
	}
	return v
}

// last is the weekday that training weeks end on.
func (v view) last() time.Weekday {
	if v.answers.RaceDate.IsZero() {
		return v.answers.LongRunDay
	}
	return v.answers.RaceDate.Weekday()
}

func (v view) position(o plan.Workout) int { return 7 - (int(v.last())-int(o.Day)+7)%7 }

const near = 1e-6

func bad(ok bool, format string, args ...any) string {
	if ok {
		return ""
	}
	return fmt.Sprintf(format, args...)
}

func weeksAndRuns(v view) string {
	if len(v.Weeks) != v.answers.Weeks || v.Summary.Weeks != v.answers.Weeks {
		return fmt.Sprintf("%d weeks, summary says %d", len(v.Weeks), v.Summary.Weeks)
	}
	for _, w := range v.Weeks {
		if len(w.Workouts) != v.answers.RunsPerWeek {
			return fmt.Sprintf("week %d has %d runs", w.Number, len(w.Workouts))
		}
	}
	return bad(v.Summary.Runs == v.answers.Weeks*v.answers.RunsPerWeek, "summary says %d runs", v.Summary.Runs)
}

func raceIsLast(v view) string {
	for _, w := range v.Weeks {
		for j, o := range w.Workouts {
			last := w.Number == len(v.Weeks) && j == len(w.Workouts)-1
			if (o.Type == plan.Race) != last {
				return fmt.Sprintf("%s is a %s", o.ID, o.Type)
			}
			if !last {
				continue
			}
			if o.Distance != 42195 || o.Day != v.last() || o.Date != v.answers.RaceDate {
				return fmt.Sprintf("the race: %v on %v %v", o.Distance, o.Day, o.Date)
			}
		}
	}
	return ""
}

func longRunOnItsDay(v view) string {
	for _, w := range v.Weeks {
		days, longs := map[time.Weekday]bool{}, 0
		for _, o := range w.Workouts {
			if days[o.Day] {
				return fmt.Sprintf("week %d has two runs on %v", w.Number, o.Day)
			}
			days[o.Day] = true
			if o.Type == plan.Long {
				longs++
				if o.Day != v.answers.LongRunDay {
					return fmt.Sprintf("week %d: long run on %v", w.Number, o.Day)
				}
			}
		}
		if want := 1; (w.Kind == plan.RaceWeek) == (longs == want) || longs > want {
			return fmt.Sprintf("week %d (%s) has %d long runs", w.Number, w.Kind, longs)
		}
	}
	return ""
}

func noLongRunBeforeRace(v view) string {
	last := v.days[len(v.days)-7:]
	for i, t := range last {
		if t == plan.Long {
			return fmt.Sprintf("long run %d days before the race", 6-i)
		}
	}
	return ""
}

func longRunIsLongest(v view) string {
	for i, w := range v.Weeks[:len(v.Weeks)-1] {
		for _, o := range w.Workouts {
			factor := 1.2
			if v.answers.RunsPerWeek < 3 {
				factor = 1
			}
			if o.Type != plan.Long && o.Distance.Kilometres()*factor > v.long[i]+near {
				return fmt.Sprintf("week %d: %s of %v km beside a long run of %v km", w.Number, o.Type, o.Distance.Kilometres(), v.long[i])
			}
		}
	}
	return ""
}

func peakInPlace(v view) string {
	peak := v.Summary.PeakLongRun.Kilometres()
	for i, l := range v.long {
		if l > peak+near {
			return fmt.Sprintf("week %d: %v km over the peak of %v km", i+1, l, peak)
		}
	}
	return bad(math.Abs(v.long[v.build-1]-peak) < near, "long run of week %d is %v km, the peak %v km", v.build, v.long[v.build-1], peak)
}

func firstLongRun(v view) string {
	asked := v.answers.Unit.Of(v.answers.FirstLongRun).Kilometres()
	return bad(math.Abs(v.long[0]-asked) <= 0.05+near, "asked for %v km, got %v km", asked, v.long[0])
}

func longRunsGrow(v view) string {
	highest := 0.0
	for i, w := range v.Weeks[:v.build] {
		if w.Kind == plan.CutBack {
			continue
		}
		if v.long[i] < highest-near {
			return fmt.Sprintf("week %d: %v km after %v km", w.Number, v.long[i], highest)
		}
		highest = v.long[i]
	}
	return ""
}

func cutBacks(v view) string {
	since := 0
	for i, w := range v.Weeks[:v.build] {
		since++
		if w.Kind != plan.CutBack {
			// Windows that hold the peak week are exempt.
			if since > 3 && i < v.build-1 {
				return fmt.Sprintf("no cut-back in the four weeks up to week %d", w.Number)
			}
			continue
		}
		since = 0
		if i == v.build-1 {
			return "the peak week is a cut-back"
		}
		if s := v.long[i] / v.long[i-1]; s < 0.60 || s > 0.93 {
			return fmt.Sprintf("week %d: long run at %.3f of the week before", w.Number, s)
		}
		// Below 6 km the shortest useful easy run leaves volume no room.
		if s := v.volume[i] / v.volume[i-1]; v.long[0] >= 6 && (s < 0.60 || s > 0.93+near) {
			return fmt.Sprintf("week %d: volume at %.3f of the week before", w.Number, s)
		}
	}
	return ""
}

// window returns the largest and the mean of the four entries before i.
func window(of []float64, i int) (largest, mean float64) {
	from := max(0, i-4)
	for _, x := range of[from:i] {
		largest, mean = max(largest, x), mean+x/float64(i-from)
	}
	return largest, mean
}

func stepLimit(v view) string {
	for i := 1; i < v.build; i++ {
		longest, _ := window(v.long, i)
		if limit := max(1.10*longest, longest+2) + 0.1; v.long[i] > limit+near {
			return fmt.Sprintf("week %d: %v km after %v km", i+1, v.long[i], longest)
		}
	}
	return ""
}

func volumeLimit(v view) string {
	for i := 1; i < v.build; i++ {
		largest, mean := window(v.volume, i)
		if limit := max(1.15*largest, largest+5); v.volume[i] > limit+near {
			return fmt.Sprintf("week %d: %v km after %v km", i+1, v.volume[i], largest)
		}
		if v.long[0] >= 6 && v.volume[i] > 1.5*mean+near {
			return fmt.Sprintf("week %d: %v km, mean before %v km", i+1, v.volume[i], mean)
		}
	}
	return ""
}

func longRunDuration(v view) string {
	longest := 0
	for _, w := range v.Weeks {
		for _, o := range w.Workouts {
			if o.Type == plan.Long {
				longest = max(longest, o.DurationS)
			}
		}
	}
	if v.Summary.PeakLongRun > 35000 {
		return fmt.Sprintf("peak of %v", v.Summary.PeakLongRun)
	}
	if (longest > 12600) != hasNote(v.Warnings, "long_run_over_3h30") || (longest > 16200) != hasNote(v.Warnings, "long_run_over_4h30") {
		return fmt.Sprintf("longest run takes %d s, warnings %v", longest, v.Warnings)
	}
	return ""
}

func hasNote(notes []fault.Note, code string) bool {
	for _, n := range notes {
		if n.Code == code {
			return true
		}
	}
	return false
}

func longRunShare(v view) string {
	limit := map[int]float64{2: .75, 3: .60, 4: .57, 5: .50, 6: .40, 7: .35}[v.answers.RunsPerWeek]
	for i := range v.build {
		if s := v.long[i] / v.volume[i]; v.volume[i] >= 20 && s > limit+near {
			return fmt.Sprintf("week %d: share %.3f", i+1, s)
		}
	}
	return ""
}

func taperFalls(v view) string {
	for i := v.build; i < len(v.volume); i++ {
		if v.volume[i] >= v.volume[i-1]-near {
			return fmt.Sprintf("week %d: %v km after %v km", i+1, v.volume[i], v.volume[i-1])
		}
	}
	return ""
}

func taperVolume(v view) string {
	largest := v.Summary.PeakWeekDistance.Kilometres()
	n := len(v.volume)
	shares := [3]float64{v.volume[n-3] / largest, v.volume[n-2] / largest, v.volume[n-1] / largest}
	ok := shares[0] >= .60 && shares[0] <= .85 && shares[1] >= .45 && shares[1] <= .65 &&
		shares[2] >= .15 && shares[2] <= .45 && (shares[1]+shares[2])/2 <= .60
	return bad(ok, "%.3f of the largest week", shares)
}

func taperLongRuns(v view) string {
	peak := v.Summary.PeakLongRun.Kilometres()
	a, b := v.long[v.build]/peak, v.long[v.build+1]/peak
	return bad(a >= .55 && a <= .80 && b >= .40 && b <= .60, "%.3f and %.3f of the peak", a, b)
}

func taperIntensity(v view) string {
	seen, fastest := map[plan.Type]bool{}, math.Inf(1)
	for _, w := range v.Weeks {
		quality := 0
		for _, o := range w.Workouts {
			pace := float64(plan.PaceRange(&v.Paces, o.Pace).Fast)
			if w.Number <= v.build {
				seen[o.Type] = true
				fastest = min(fastest, pace)
				continue
			}
			if o.Type == plan.Race {
				continue
			}
			if !seen[o.Type] {
				return fmt.Sprintf("%s is new: %s", o.ID, o.Type)
			}
			if pace < fastest {
				return fmt.Sprintf("%s is faster than before", o.ID)
			}
			if o.Type.IsQuality() {
				quality++
			}
		}
		built := seen[plan.Tempo] || seen[plan.Interval] || seen[plan.MarathonPace]
		if built && w.Kind == plan.Taper && quality == 0 {
			return fmt.Sprintf("week %d has no quality", w.Number)
		}
	}
	return ""
}

func qualityApart(v view) string {
	for i := 1; i < len(v.days); i++ {
		if v.days[i].IsQuality() && v.days[i-1].IsQuality() {
			return fmt.Sprintf("day %d of week %d and the day before", i%7+1, i/7+1)
		}
	}
	return ""
}

func qualityAndLongRun(v view) string {
	for i, t := range v.days {
		if t != plan.Long {
			continue
		}
		if i+1 < len(v.days) && v.days[i+1].IsQuality() {
			return fmt.Sprintf("quality on the day after the long run of week %d", i/7+1)
		}
		if i > 0 && v.days[i-1].IsQuality() {
			return fmt.Sprintf("quality on the day before the long run of week %d", i/7+1)
		}
	}
	return ""
}

func qualityCount(v view) string {
	for _, w := range v.Weeks {
		n, tempo, easy := 0, 0, 0
		for _, o := range w.Workouts {
			if o.Type.IsQuality() {
				n++
				if w.Kind == plan.RaceWeek && v.position(o) >= 4 {
					return fmt.Sprintf("%s is %d days before the race", o.ID, 7-v.position(o))
				}
			}
			switch o.Type {
			case plan.Tempo:
				tempo++
			case plan.Easy:
				easy++
			default:
			}
		}
		if n > 2 {
			return fmt.Sprintf("week %d has %d", w.Number, n)
		}
		if v.answers.RunsPerWeek == 2 && n > 0 {
			return fmt.Sprintf("two runs a week, and week %d has a hard one", w.Number)
		}
		if v.answers.RunsPerWeek == 4 && w.Kind == plan.Build && (tempo != 1 || easy != 2) {
			return fmt.Sprintf("week %d: %d tempo, %d easy", w.Number, tempo, easy)
		}
	}
	return ""
}

func restDays(v view) string {
	running := 0
	for i, t := range v.days {
		if t == "" {
			running = 0
			continue
		}
		if running++; running > 3 && v.answers.RunsPerWeek <= 4 {
			return fmt.Sprintf("%d days of running up to day %d of week %d", running, i%7+1, i/7+1)
		}
	}
	return ""
}

// hard sums the work at tempo, interval, repetition or marathon pace.
func hard(steps []plan.Step) float64 {
	sum := 0.0
	for _, s := range steps {
		switch {
		case s.Repeat > 0:
			sum += float64(s.Repeat) * hard(s.Steps)
		case s.Kind == plan.Work && s.Pace.IsHard():
			sum += s.Distance.Kilometres()
		}
	}
	return sum
}

func easyShare(v view) string {
	for i, w := range v.Weeks[:v.build] {
		sum := 0.0
		for _, o := range w.Workouts {
			sum += hard(o.Steps)
			if o.Type.IsQuality() && hard(o.Steps) == 0 {
				return o.ID + " has no hard work"
			}
		}
		if sum > 0.25*v.volume[i]+near {
			return fmt.Sprintf("week %d: %v of %v km are hard", w.Number, sum, v.volume[i])
		}
	}
	return ""
}

func paceOrder(v view) string {
	p := v.Paces
	for _, r := range []performance.Range{p.Repetition, p.Interval, p.Tempo, p.Marathon, p.Easy, p.Long, p.Recovery} {
		if r.Fast > r.Slow || r.Fast < 120 || r.Slow > 900 {
			return fmt.Sprintf("%v", r)
		}
	}
	ok := p.Repetition.Fast <= p.Interval.Fast && p.Interval.Middle() < p.Tempo.Middle() &&
		p.Tempo.Middle() < p.Marathon.Fast && p.Marathon.Fast < p.Easy.Fast && p.Easy.Fast < p.Easy.Slow
	return bad(ok, "%+v", p)
}

func racePace(v view) string {
	want := v.answers.TargetTime.Seconds() / 42.195
	return bad(math.Abs(float64(v.Paces.Marathon.Fast)-want) <= 0.05+near && math.Abs(float64(v.Summary.RacePace)-want) < near,
		"%v, want %v", v.Paces.Marathon, want)
}

func sums(v view) string {
	total := 0.0
	for i, w := range v.Weeks {
		sum := 0.0
		for _, o := range w.Workouts {
			sum += o.Distance.Metres()
		}
		if sum != w.Distance.Metres() {
			return fmt.Sprintf("week %d: %v, workouts %v", w.Number, w.Distance, sum)
		}
		if v.volume[i]*1000 > v.Summary.PeakWeekDistance.Metres()+near {
			return fmt.Sprintf("week %d is larger than the peak week", w.Number)
		}
		total += sum
	}
	first := 0
	for i := range v.volume {
		if math.Abs(v.volume[i]*1000-v.Summary.PeakWeekDistance.Metres()) < near {
			first = i + 1
			break
		}
	}
	return bad(total == v.Summary.TotalDistance.Metres() && first == v.Summary.PeakWeek, "summary %+v, total %v, first largest week %d", v.Summary, total, first)
}

func distances(v view) string {
	for i, w := range v.Weeks {
		for _, o := range w.Workouts {
			m := o.Distance.Metres()
			if m <= 0 || o.Type != plan.Race && math.Mod(m, 100) != 0 {
				return fmt.Sprintf("%s: %v m", o.ID, m)
			}
			if w.Kind != plan.RaceWeek && o.Type != plan.Long && (o.Distance.Kilometres() < min(3, .8*v.long[i])-near) {
				return fmt.Sprintf("%s: %v km beside a long run of %v km", o.ID, o.Distance.Kilometres(), v.long[i])
			}
			if problem := steps(v, o); problem != "" {
				return o.ID + ": " + problem
			}
		}
	}
	return ""
}

func steps(v view, o plan.Workout) string {
	sum, seconds := 0.0, 0.0
	for _, s := range o.Steps {
		times := 1.0
		parts := []plan.Step{s}
		if s.Repeat > 0 {
			times, parts = float64(s.Repeat), s.Steps
		}
		if s.Repeat == 1 || s.Repeat < 0 || len(parts) == 0 {
			return fmt.Sprintf("a group of %d × %d steps", s.Repeat, len(parts))
		}
		for _, part := range parts {
			m := part.Distance.Metres()
			if m <= 0 || m != math.Trunc(m) || part.Repeat != 0 || part.Kind == 0 {
				return fmt.Sprintf("step %+v", part)
			}
			r := plan.PaceRange(&v.Paces, part.Pace)
			sum += times * m
			seconds += times * m / 1000 * float64(r.Fast+r.Slow) / 2
		}
	}
	if sum != o.Distance.Metres() || math.Abs(seconds-float64(o.DurationS)) > 0.5+near {
		return fmt.Sprintf("steps make %v m in %v s, the workout says %v m in %d s", sum, seconds, o.Distance.Metres(), o.DurationS)
	}
	return ""
}

func dates(v view) string {
	for i, w := range v.Weeks {
		if v.answers.RaceDate.IsZero() {
			if !w.Start.IsZero() {
				return "an undated plan has dates"
			}
			continue
		}
		if want := v.answers.RaceDate.AddDays(-6 - 7*(len(v.Weeks)-1-i)); w.Start != want {
			return fmt.Sprintf("week %d starts %v, want %v", w.Number, w.Start, want)
		}
		previous := calendar.Date{}
		for _, o := range w.Workouts {
			if n := o.Date.DaysSince(w.Start); n < 0 || n > 6 || o.Date.Weekday() != o.Day {
				return fmt.Sprintf("%s on %v (%v)", o.ID, o.Date, o.Day)
			}
			if !previous.IsZero() && !previous.Before(o.Date) {
				return fmt.Sprintf("%s is not after the run before", o.ID)
			}
			previous = o.Date
		}
	}
	return ""
}

// untrue says what a rule's sentence claims about the days around it that is
// not so.
func untrue(v view, w plan.Week, o plan.Workout) string {
	at := (w.Number-1)*7 + v.position(o) - 1
	day := func(n int) plan.Type {
		if at+n < 0 || at+n >= len(v.days) {
			return ""
		}
		return v.days[at+n]
	}
	switch o.Rationale.Rule {
	case "easy_before_long":
		return bad(day(1) == plan.Long, "tomorrow is %q", day(1))
	case "easy_after_long":
		return bad(day(-1) == plan.Long || day(-2) == plan.Long, "no long run in the two days before")
	case "easy_strides":
		return bad(o.DurationS <= 75*60, "strides after %d s", o.DurationS)
	}
	return ""
}

func reasons(v view) string {
	describer := plan.NewDescriber(v.answers.Unit, v.Summary.Runs)
	for _, w := range v.Weeks {
		for j, o := range w.Workouts {
			title, text := describer.Describe(&o)
			if want := fmt.Sprintf("w%02d-%d", w.Number, j+1); o.ID != want {
				return fmt.Sprintf("id %q, want %q", o.ID, want)
			}
			if len(o.Steps) == 0 || o.Rationale.Rule == "" || o.Rationale.Values == (plan.Values{}) {
				return fmt.Sprintf("%s: %+v", o.ID, o)
			}
			if problem := untrue(v, w, o); problem != "" {
				return fmt.Sprintf("%s says %q: %s", o.ID, text, problem)
			}
			if title == "" || len(text) < 40 || !strings.HasSuffix(text, ".") || strings.Contains(text, " 0 ") || strings.Contains(text, "NaN") {
				return fmt.Sprintf("%s: %q, %q", o.ID, title, text)
			}
			if other := map[unit.Length]string{unit.Km: " mi", unit.Mi: " km"}[v.answers.Unit]; strings.Contains(text, other+" ") {
				return fmt.Sprintf("%s speaks of the other unit: %q", o.ID, text)
			}
		}
	}
	return ""
}
