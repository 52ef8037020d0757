package plan

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/stride-run/stride/internal/race"
	"github.com/stride-run/stride/internal/unit"
)

// sentence renders numbers for people in one unit.
type sentence struct{ length unit.Length }

// distance writes metres as kilometres or miles with at most one decimal;
// pieces shorter than one of them stay in metres, as on the track.
func (s sentence) distance(metres float64) string {
	if unit.Distance(metres) < s.length.Of(1) {
		return strconv.Itoa(int(metres)) + " m"
	}
	n := math.Round(s.length.In(unit.Distance(metres))*10) / 10
	return strconv.FormatFloat(n, 'f', -1, 64) + " " + string(s.length)
}

func percent(share float64) string { return strconv.Itoa(int(math.Round(share*100))) + " %" }

func count(n float64) string { return strconv.Itoa(int(n)) }

// weeks writes a number of weeks in words.
func weeks(n float64) string {
	if n == 1 {
		return "one week"
	}
	return count(n) + " weeks"
}

// days writes a number of days in words.
func days(n float64) string {
	if n == 1 {
		return "the day"
	}
	return count(n) + " days"
}

func (s sentence) title(w *Workout) string {
	v := w.Rationale.Value
	switch w.Type {
	case Race:
		return "Race day: the marathon"
	case Long:
		if piece := v("marathon_pace_m"); piece > 0 {
			return "Long run with " + s.distance(piece) + " at marathon pace"
		}
		return "Long run"
	case Tempo, Interval:
		name := "Tempo run: "
		if w.Type == Interval {
			name = "Intervals: "
		}
		if v("repeats") > 0 {
			return name + count(v("repeats")) + " × " + s.distance(v("repeat_m"))
		}
		return name + s.distance(v("hard_m"))
	case MarathonPace:
		return "Marathon pace: " + s.distance(v("hard_m"))
	case Recovery:
		return "Recovery run"
	case Easy:
	}
	if v("strides") > 0 {
		return "Easy run with " + count(v("strides")) + " strides"
	}
	return "Easy run"
}

func (s sentence) text(w *Workout) string {
	v := w.Rationale.Value
	switch w.Rationale.Rule {
	case "race":
		target := unit.FormatClock(time.Duration(v("target_time_s") * float64(time.Second)))
		return s.distance(race.Marathon.Metres()) + " at " + s.pace(v("race_pace_s_per_km")) + " make " + target + ". Hold back in the first half: everything you trained is for the second."
	case "recovery":
		return "Slower than easy, so that the legs recover from the hard day before while the week still counts as " + s.distance(v("week_m")) + "."
	}
	if strings.HasPrefix(w.Rationale.Rule, "long_") {
		return s.longText(v, w.Rationale.Rule)
	}
	if strings.HasPrefix(w.Rationale.Rule, "easy") {
		return s.easyText(v, w.Rationale.Rule)
	}
	return s.qualityText(v, w.Rationale.Rule) + s.qualityContext(v)
}

// pace writes a pace in the runner's unit.
func (s sentence) pace(perKm float64) string {
	return unit.Pace(perKm*float64(s.length.Of(1)/unit.Kilometre)).Format() + " per " + string(s.length)
}

func (s sentence) longText(v func(string) float64, rule string) string {
	var text string
	previous := s.distance(v("previous_longest_m"))
	switch rule {
	case "long_first":
		text = "The plan starts from the " + s.distance(v("first_long_run_m")) + " that you can run today."
	case "long_hold":
		text = "Your long run stays at " + previous + ": no longer than needed, often enough to be at home in it."
	case "long_cut_back":
		text = "A cut-back week: " + percent(v("share_of_previous")) + " of the long run before, so that your body turns the last weeks into fitness."
	case "long_peak":
		text = "The longest run of the plan, after " + previous + " so far, and " + weeks(v("weeks_to_race")) + " before the race: late enough to count, early enough to recover from."
	case "long_taper":
		text = percent(v("share_of_peak")) + " of your longest run: with " + weeks(v("weeks_to_race")) + " to go, rest makes you faster than distance does."
	default:
		text = "Up from " + previous + ", your longest run of the last four weeks; the most that is safe from there is about " + s.distance(v("limit_m")) + "."
	}
	if piece := v("marathon_pace_m"); piece > 0 {
		text += " The " + s.distance(piece) + " at marathon pace near the end teach the pace of race day on tired legs."
	}
	return text
}

func (s sentence) easyText(v func(string) float64, rule string) string {
	week := s.distance(v("week_m"))
	switch rule {
	case "easy_shakeout":
		return "Loose legs, " + days(v("days_to_race")) + " before the race: a short easy run with a few quick strides, and no tiredness left by it."
	case "easy_race_week":
		return "Easy, with " + days(v("days_to_race")) + " to the race: you keep the habit of running and shed the tiredness of the months before."
	case "easy_strides":
		return "Easy running builds endurance, and " + count(v("strides")) + " relaxed strides at the end keep your step quick without tiring you."
	case "easy_medium":
		return "The longest easy run beside the long run: endurance for the " + week + " of this week, between two harder days."
	case "easy_before_long":
		return "Short and easy, because the long run is tomorrow: it adds to the " + week + " of this week and takes nothing away from it."
	case "easy_after_long":
		return "The long run is still in your legs: an easy run at a pace you can talk at adds to the " + week + " of this week while they recover."
	}
	return "Easy, at a pace you can talk at: most of the " + week + " of this week is run like this, since endurance grows here and injuries do not."
}

func (s sentence) qualityText(v func(string) float64, rule string) string {
	hard := s.distance(v("hard_m"))
	pieces := count(v("repeats")) + " × " + s.distance(v("repeat_m"))
	switch rule {
	case "tempo_repeats":
		return pieces + " at tempo pace, about what you could race for an hour, in short pieces first: they raise the pace you can hold without tiring."
	case "tempo_blocks":
		return pieces + " at tempo pace: longer pieces than before, with jogs between that keep the pace honest."
	case "tempo_continuous":
		return hard + " at tempo pace in one piece: comfortably hard, the strongest help there is for holding marathon pace."
	case "intervals":
		return pieces + " at interval pace make " + hard + " near your highest oxygen uptake, with jogs to recover: marathon pace becomes a smaller part of what you can do."
	}
	return hard + " at marathon pace: your body learns the pace, and you learn to find it without looking at the watch."
}

// qualityContext says why a quality workout is lighter than usual.
func (s sentence) qualityContext(v func(string) float64) string {
	switch {
	case v("days_to_race") > 0:
		return " With " + days(v("days_to_race")) + " to the race it is short: a reminder, not a workout."
	case v("weeks_to_race") > taperWeeks:
		return " Shorter than last time, as this is a cut-back week."
	case v("weeks_to_race") > 0:
		return " Less of it than before, at the same pace: the taper takes distance away, not speed."
	}
	return ""
}
