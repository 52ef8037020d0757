package plan

import (
	"math"
	"strconv"
	"strings"

	"github.com/stride-run/stride/internal/unit"
)

// prose writes sentences for people in one unit.
type prose struct {
	length unit.Length
	text   strings.Builder
}

func (p *prose) say(words string) *prose {
	p.text.WriteString(words)
	return p
}

func (p *prose) count(n int) *prose { return p.say(strconv.Itoa(n)) }

func (p *prose) percent(share float64) *prose {
	return p.count(int(math.Round(share * 100))).say(" %")
}

// distance writes kilometres or miles with at most one decimal; pieces
// shorter than one of them stay in metres, as on the track.
func (p *prose) distance(d unit.Distance) *prose {
	if d < p.length.Of(1) {
		return p.count(int(d)).say(" m")
	}
	tenths := int(math.Round(p.length.In(d) * 10))
	p.count(tenths / 10)
	if tenths%10 != 0 {
		p.say(".").count(tenths % 10)
	}
	return p.say(" ").say(string(p.length))
}

// pace writes a pace per kilometre or mile.
func (p *prose) pace(pace unit.Pace) *prose {
	return p.say((pace * unit.Pace(p.length.Of(1).Kilometres())).Format()).say(" per ").say(string(p.length))
}

// weeks writes a number of weeks, one in words.
func (p *prose) weeks(n int) *prose {
	if n == 1 {
		return p.say("one week")
	}
	return p.count(n).say(" weeks")
}

// days writes a number of days, one in words: "the day before".
func (p *prose) days(n int) *prose {
	if n == 1 {
		return p.say("the day")
	}
	return p.count(n).say(" days")
}

func (p *prose) repeats(v *Values) *prose {
	return p.count(v.Repeats).say(" × ").distance(v.Repeat)
}

func (p *prose) title(w *Workout) {
	v := &w.Rationale.Values
	switch w.Type {
	case Race:
		p.say("Race day: the marathon")
	case Long:
		p.say("Long run")
		if v.AtMarathonPace > 0 {
			p.say(" with ").distance(v.AtMarathonPace).say(" at marathon pace")
		}
	case Tempo:
		p.say("Tempo run: ").pieces(v)
	case Interval:
		p.say("Intervals: ").pieces(v)
	case MarathonPace:
		p.say("Marathon pace: ").pieces(v)
	case Recovery:
		p.say("Recovery run")
	case Easy:
		p.say("Easy run")
		if v.Strides > 0 {
			p.say(" with ").count(v.Strides).say(" strides")
		}
	}
}

func (p *prose) pieces(v *Values) {
	if v.Repeats > 0 {
		p.repeats(v)
		return
	}
	p.distance(v.Hard)
}

// reason writes the sentence of a rule.
func (p *prose) reason(rule string, v *Values) {
	switch rule {
	case ruleOwn:
		p.say("You added this run yourself.")
	case "race":
		p.distance(42195).say(" at ").pace(v.RacePace).say(" make ").say(unit.FormatClock(v.TargetTime)).
			say(". Hold back in the first half: everything you trained is for the second.")

	case "long_first":
		p.say("The plan starts from the ").distance(v.FirstLongRun).say(" that you can run today.")
	case "long_hold":
		p.say("Your long run stays at ").distance(v.PreviousLongest).say(": no longer than needed, often enough to be at home in it.")
	case "long_cut_back":
		p.say("A cut-back week: ").percent(v.ShareOfPrevious).say(" of the long run before, so that your body turns the last weeks into fitness.")
	case "long_growth":
		p.say("Up from ").distance(v.PreviousLongest).say(", your longest run of the last four weeks; the most that is safe from there is about ").
			distance(v.StepLimit).say(".")
	case "long_peak":
		p.say("The longest run of the plan, after ").distance(v.PreviousLongest).say(" so far, and ").weeks(v.WeeksToRace).
			say(" before the race: late enough to count, early enough to recover from.")
	case "long_taper":
		p.percent(v.ShareOfPeak).say(" of your longest run: with ").weeks(v.WeeksToRace).say(" to go, rest makes you faster than distance does.")

	case "recovery":
		p.say("Slower than easy: your legs recover between the harder days and still add to the ").distance(v.Week).say(" of this week.")
	case "easy":
		p.say("Easy, at a pace you can talk at: endurance grows here and injuries do not. It is part of the ").distance(v.Week).say(" of this week.")
	case "easy_after_long":
		p.say("The long run is still in your legs: an easy run at a pace you can talk at adds to the ").distance(v.Week).say(" of this week while they recover.")
	case "easy_before_long":
		p.say("Easy, because the long run is tomorrow: it adds to the ").distance(v.Week).say(" of this week and takes nothing away from it.")
	case "easy_strides":
		p.say("Easy running builds endurance, and ").count(v.Strides).say(" relaxed strides at the end keep your step quick without tiring you.")
	case "easy_race_week":
		p.say("Easy, with ").days(v.DaysToRace).say(" to the race: you keep the habit of running and shed the tiredness of the months before.")
	case "easy_shakeout":
		p.say("Loose legs, ").days(v.DaysToRace).say(" before the race: a short easy run with a few quick strides, and no tiredness left by it.")

	case "tempo_repeats":
		p.repeats(v).say(" at tempo pace, about what you could race for an hour, in short pieces: they raise the pace you can hold without tiring.")
	case "tempo_blocks":
		p.repeats(v).say(" at tempo pace: long pieces, with jogs between that keep the pace honest.")
	case "tempo_continuous":
		p.distance(v.Hard).say(" at tempo pace in one piece: comfortably hard, the strongest help there is for holding marathon pace.")
	case "intervals":
		p.repeats(v).say(" at interval pace make ").distance(v.Hard).
			say(" near your highest oxygen uptake, with jogs to recover: marathon pace becomes a smaller part of what you can do.")
	case "marathon_pace":
		p.distance(v.Hard).say(" at marathon pace: your body learns the pace, and you learn to find it without looking at the watch.")
	}
	p.context(v)
}

// context adds what holds beside the rule: a piece at marathon pace, and why
// a quality workout is shorter than usual.
func (p *prose) context(v *Values) {
	switch {
	case v.AtMarathonPace > 0:
		p.say(" The ").distance(v.AtMarathonPace).say(" at marathon pace near the end make race pace familiar on tired legs.")
	case v.Hard == 0:
	case v.DaysToRace > 0:
		p.say(" With ").days(v.DaysToRace).say(" to the race it is short: a reminder, not a workout.")
	case v.WeeksToRace > taperWeeks:
		p.say(" It is kept light, as this is a cut-back week.")
	case v.WeeksToRace > 0:
		p.say(" The pace stays what it was: the taper takes distance away, not speed.")
	}
}

// distanceText is a distance for people, by itself.
func distanceText(d unit.Distance, length unit.Length) string {
	p := prose{length: length}
	return p.distance(d).text.String()
}
