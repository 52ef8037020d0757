package plan_test

import (
	"fmt"
	"math"
	"time"

	"github.com/stride-run/stride/internal/plan"
)

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
