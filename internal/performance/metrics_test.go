package performance_test

import (
	"encoding/binary"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/performance"
	"github.com/stride-run/stride/internal/race"
	"github.com/stride-run/stride/internal/unit"
)

func measure(t testing.TB, results []race.Result) performance.Metrics {
	t.Helper()
	m, err := performance.Measure(results)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestRiegelWorked(t *testing.T) {
	for _, tt := range []struct {
		name    string
		from    race.Result
		to      unit.Distance
		seconds float64
		notes   []string
	}{
		{"5 km to 10 km", result(race.FiveK, 1200), race.TenK, 2501.9, []string{}},
		{"half to marathon", result(race.HalfMarathon, 5400), race.Marathon, 11258.6, []string{"marathon_uncertain"}},
		{"10 km to marathon", result(race.TenK, 3000), race.Marathon, 13800.6, []string{"marathon_uncertain", "outside_model_range"}},
		{"10 km to half", result(race.TenK, 2640), race.HalfMarathon, 5824.9, []string{}},
		{"twice the distance", result(race.FiveK, 1000), race.TenK, 2084.93, []string{}},
		{"10 km to half, ratio", result(race.TenK, 1000), race.HalfMarathon, 2206.40, []string{}},
		{"10 km to marathon, ratio", result(race.TenK, 1000), race.Marathon, 4600.20, []string{"marathon_uncertain"}},
		{"from too short a race", result(race.FourHundred, 60), race.FiveK, 60 * math.Pow(12.5, 1.06), []string{"outside_model_range"}},
		{"down to too short a race", result(race.FiveK, 1200), race.FourHundred, 1200 / math.Pow(12.5, 1.06), []string{"outside_model_range"}},
	} {
		e := performance.Riegel(tt.from, tt.to)
		within(t, tt.name, e.Time.Seconds(), tt.seconds, 0.06)
		if got := codes(e.Warnings); !slices.Equal(got, tt.notes) || e.Model != performance.ByRiegel {
			t.Errorf("%s: %s with notes %v, want %v", tt.name, e.Model, got, tt.notes)
		}
	}
}

func TestMeasure(t *testing.T) {
	m := measure(t, resultsOf(1500, 325, 3000, 700, 5000, 1200, 400, 70))
	if m.CriticalSpeed == nil || m.Unavailable != "" || len(m.Warnings) != 0 {
		t.Fatalf("Measure = %+v: want critical speed and no warnings", m)
	}
	within(t, "VDOT of 5 km in 20:00", m.VDOTs[2], 49.8062, 1e-4)
	// 400 m in 70 s has a higher VDOT, which says nothing about endurance.
	if best := max(m.VDOTs[0], m.VDOTs[1], m.VDOTs[2]); m.VDOTs[3] <= best || m.BestVDOT != best {
		t.Errorf("best VDOT %v of %v, want %v", m.BestVDOT, m.VDOTs, best)
	}
	if m.Paces != performance.TrainingPaces(m.BestVDOT) {
		t.Errorf("paces %+v are not those of the best VDOT", m.Paces)
	}
	type row struct {
		name  string
		model performance.Model
		notes []string
	}
	want := []row{
		{"400m", performance.ByVDOT, []string{"extrapolated", "outside_model_range"}},
		{"1km", performance.ByCriticalSpeed, []string{"extrapolated"}},
		{"mile", performance.ByCriticalSpeed, []string{}},
		{"5km", performance.ByCriticalSpeed, []string{}},
		{"10km", performance.ByVDOT, []string{"extrapolated"}},
		{"half_marathon", performance.ByVDOT, []string{"extrapolated"}},
		{"marathon", performance.ByVDOT, []string{"extrapolated", "marathon_uncertain"}},
	}
	if riegel := m.Predictions[5].Alternatives[0]; !slices.Equal(codes(riegel.Warnings), []string{"extrapolated"}) {
		t.Errorf("half marathon, alternative %+v: want a note that it is extrapolated", riegel)
	}
	for i, p := range m.Predictions {
		if got := (row{p.Name, p.Model, codes(p.Warnings)}); got.name != want[i].name || got.model != want[i].model || !slices.Equal(got.notes, want[i].notes) {
			t.Errorf("prediction %+v, want %+v", got, want[i])
		}
		for _, e := range p.Alternatives {
			if e.Model == p.Model || e.Time < p.Range[0] || e.Time > p.Range[1] {
				t.Errorf("%s: alternative %+v to %s in %v", p.Name, e, p.Model, p.Range)
			}
		}
	}
	within(t, "1 km by critical speed", m.Predictions[1].Time.Seconds(), 200, 1e-6)
	within(t, "5 km by critical speed", m.Predictions[3].Time.Seconds(), 1200, 1e-6)
	if p := m.Predictions[6]; p.Range[1] < p.Time+10*time.Minute {
		t.Errorf("marathon from 5 km in %v, range %v: want ten minutes of doubt", p.Time, p.Range)
	}
	if p := m.Predictions[0]; p.Range[0] > 70*time.Second {
		t.Errorf("400 m range %v leaves out the best of 70 s", p.Range)
	}
}

// The range reaches to what the weakest result says, and ties between results
// do not depend on their order.
func TestRangeSpansSingleEfforts(t *testing.T) {
	weak := result(race.TenK, 2800)
	m := measure(t, []race.Result{result(race.FiveK, 1200), weak})
	half := m.Predictions[5]
	if want := performance.RaceTime(performance.VDOT(weak), race.HalfMarathon); half.Range[1] < want {
		t.Errorf("half marathon range %v leaves out %v", half.Range, want)
	}
}

func TestTies(t *testing.T) {
	for _, results := range [][]race.Result{
		resultsOf(500, 300, 2000, 300),            // both are a factor 2 from 1 km
		resultsOf(2000, 480, 2000, 500),           // the same distance
		resultsOf(500, 150, 600, 150),             // the same time, and no longer effort
		resultsOf(1500, 300, 1500, 300, 400, 170), // the same result
	} {
		a := measure(t, results)
		slices.Reverse(results)
		b := measure(t, results)
		if a.BestVDOT != b.BestVDOT {
			t.Errorf("%v: best VDOT %v and %v", results, a.BestVDOT, b.BestVDOT)
		}
		for i := range a.Predictions {
			if p, q := a.Predictions[i], b.Predictions[i]; p.Time != q.Time || p.Range != q.Range || p.Alternatives[0].Time != q.Alternatives[0].Time {
				t.Errorf("%v: %+v and %+v", results, p, q)
			}
		}
	}
}

// A single race gives a range of one per cent at least, and no alternative
// but Riegel's, which is the race itself over its own distance.
func TestMeasureOneRace(t *testing.T) {
	m := measure(t, resultsOf(42195, 3*3600))
	p := m.Predictions[6]
	if got := codes(p.Warnings); len(got) != 0 || p.Model != performance.ByVDOT {
		t.Errorf("marathon from a marathon: %s with notes %v", p.Model, got)
	}
	within(t, "marathon", p.Time.Seconds(), 10800, 1e-6)
	within(t, "low", p.Range[0].Seconds(), 10800*0.99, 1e-3)
	within(t, "high", p.Range[1].Seconds(), 10800*1.01, 1e-3)
	if m.CriticalSpeed != nil || m.Unavailable != "Give at least 2 all-out efforts over different distances, each of 2 to 40 minutes; 0 can be used." {
		t.Errorf("critical speed %+v, unavailable because %q", m.CriticalSpeed, m.Unavailable)
	}
}

func TestMeasureWarnings(t *testing.T) {
	for _, tt := range []struct {
		name    string
		results []race.Result
		want    []string
	}{
		{"ordinary", resultsOf(5000, 1500), []string{}},
		{"slow", resultsOf(5000, 2400), []string{"vdot_extrapolated"}},
		{"fast", resultsOf(5000, 720), []string{"vdot_extrapolated"}},
		{"short", resultsOf(400, 75, 800, 179.9), []string{"vdot_from_short_effort"}},
		{"three minutes", resultsOf(400, 75, 800, 180), []string{}},
		{"contradiction", resultsOf(1000, 600, 1500, 1000, 42195, 7300), []string{"critical_speed_disagrees"}},
	} {
		if got := codes(measure(t, tt.results).Warnings); !slices.Equal(got, tt.want) {
			t.Errorf("%s: warnings %v, want %v", tt.name, got, tt.want)
		}
	}
	if m := measure(t, resultsOf(400, 75, 800, 170)); m.BestVDOT != m.VDOTs[1] || m.VDOTs[1] >= m.VDOTs[0] {
		t.Errorf("best VDOT %v of short efforts with %v: want that of the longest", m.BestVDOT, m.VDOTs)
	}
}

func TestPoorFitsDoNotPredict(t *testing.T) {
	m := measure(t, resultsOf(1500, 240, 3000, 720))
	if m.CriticalSpeed == nil || m.CriticalSpeed.Quality.Rating != performance.Poor {
		t.Fatalf("critical speed %+v, want a poor one", m.CriticalSpeed)
	}
	for _, p := range m.Predictions {
		if p.Model != performance.ByVDOT {
			t.Errorf("%s by %s from a poor fit", p.Name, p.Model)
		}
	}
}

func TestReasonNamesEachContradictionOnce(t *testing.T) {
	m := measure(t, resultsOf(1500, 300, 3000, 600))
	if want := "3000 m was run at least as fast per km as the shorter 1500 m; give an all-out effort over 1500 m, or leave that best out."; m.Unavailable != want {
		t.Errorf("unavailable because %q, want %q", m.Unavailable, want)
	}
	if _, err := performance.Measure(resultsOf(1500, 1)); !slices.Equal(faults(t, err), []string{"/personal_bests/0/distance_m implausible_pace", "/personal_bests/0/time implausible_pace"}) {
		t.Errorf("an impossible best gave %v", err)
	}
}

// drawResults draws results that Check lets through; half of the time the
// longer are the slower ones, so that critical speed can be had.
func drawResults(t *rapid.T) []race.Result {
	n := rapid.IntRange(1, 8).Draw(t, "n")
	results := make([]race.Result, n)
	distances, paces := make([]unit.Distance, n), make([]float64, n)
	for i := range n {
		distances[i] = unit.Distance(math.Exp(rapid.Float64Range(math.Log(100), math.Log(1_000_000)).Draw(t, "log metres")))
		if rapid.Bool().Draw(t, "standard") {
			distances[i] = rapid.SampledFrom(race.Standards).Draw(t, "distance").Distance
		}
		paces[i] = rapid.Float64Range(80.001, 1799.999).Draw(t, "pace")
	}
	if rapid.Bool().Draw(t, "the longer the slower") {
		slices.Sort(distances)
		slices.Sort(paces)
	}
	for i := range n {
		results[i] = race.Result{Distance: distances[i], Time: time.Duration(distances[i].Kilometres() * paces[i] * float64(time.Second))}
	}
	return results
}

func TestLawsOfMetrics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		results := drawResults(t)
		m, err := performance.Measure(results)
		if err != nil {
			t.Fatal(err)
		}
		laws(t, results, m)
	})
}

// laws holds for every answer.
func laws(t rapid.TB, results []race.Result, m performance.Metrics) {
	t.Helper()
	finite := func(name string, values ...float64) {
		for _, v := range values {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Fatalf("%s of %v is %v", name, results, values)
			}
		}
	}
	finite("VDOT", m.VDOTs...)
	finite("best VDOT", m.BestVDOT)
	for _, r := range []performance.Range{m.Paces.Easy, m.Paces.Long, m.Paces.Marathon, m.Paces.Tempo, m.Paces.Interval, m.Paces.Repetition, m.Paces.Recovery} {
		finite("pace", r.Fast.Seconds(), r.Slow.Seconds())
		if r.Fast > r.Slow || r.Fast <= 0 {
			t.Errorf("%v: paces %+v", results, m.Paces)
		}
	}
	if len(m.Predictions) != len(race.Standards) {
		t.Errorf("%v: %d predictions", results, len(m.Predictions))
	}
	var before time.Duration
	for _, p := range m.Predictions {
		if p.Time <= before || p.Range[0] > p.Time-p.Time/100 || p.Range[1] < p.Time+p.Time/100 {
			t.Errorf("%v: %s in %v, range %v, after %v", results, p.Name, p.Time, p.Range, before)
		}
		if p.Model == performance.ByCriticalSpeed && (p.Time < 2*time.Minute || p.Time > 20*time.Minute || m.CriticalSpeed.Quality.Rating == performance.Poor) {
			t.Errorf("%v: %s in %v by critical speed", results, p.Name, p.Time)
		}
		before = p.Time
	}
	if (m.CriticalSpeed == nil) == (m.Unavailable == "") {
		t.Errorf("%v: critical speed %+v, unavailable because %q", results, m.CriticalSpeed, m.Unavailable)
	}
	if c := m.CriticalSpeed; c != nil {
		fits := []performance.Fit{c.Linear, c.InverseTime}
		if c.Hyperbolic != nil {
			fits = append(fits, *c.Hyperbolic)
		}
		for _, f := range fits {
			finite("fit", float64(f.Speed), float64(f.DPrime))
			if f.Errors != nil {
				finite("errors", f.Errors.SEE, f.Errors.RSquared, float64(f.Errors.Speed), float64(f.Errors.DPrime))
			}
		}
		if n := c.Quality.Numbers; n != nil {
			finite("quality", n.RSquared, n.SpeedPercent, n.DPrimePercent, float64(n.SpeedCI95[0]), float64(n.SpeedCI95[1]), float64(n.DPrimeCI95[0]), float64(n.DPrimeCI95[1]))
		}
		if c.Linear.Speed <= 0 || c.Linear.DPrime <= 0 {
			t.Errorf("%v: fit %+v", results, c.Linear)
		}
	}
}

// FuzzMeasure reads triples of numbers as efforts: metres and nanoseconds,
// 16 bytes each.
func FuzzMeasure(f *testing.F) {
	for _, seed := range [][]race.Result{
		resultsOf(1500, 325, 3000, 700, 5000, 1200), resultsOf(956, 180, 1500, 300, 3399, 720),
		resultsOf(706, 120, 7000, 1190, 7001, 1200), resultsOf(400, 60), resultsOf(1000, 600, 1500, 1000, 42195, 7300),
		{{Distance: 1000, Time: 3e11}, {Distance: 1000 + 1e-9, Time: 3e11 + 1}, {Distance: 1000 + 2e-9, Time: 3e11 + 2}},
		{{Distance: 1500, Time: 3e11}, {Distance: 3000 - 4.5e-13, Time: 6e11}},
	} {
		var b []byte
		for _, r := range seed {
			b = binary.BigEndian.AppendUint64(b, math.Float64bits(float64(r.Distance)))
			b = binary.BigEndian.AppendUint64(b, uint64(r.Time))
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var results []race.Result
		for ; len(b) >= 16; b = b[16:] {
			d := math.Float64frombits(binary.BigEndian.Uint64(b))
			results = append(results, race.Result{Distance: unit.Distance(d), Time: time.Duration(binary.BigEndian.Uint64(b[8:]))})
		}
		m, err := performance.Measure(results)
		if err != nil {
			faults(t, err)
			return
		}
		laws(t, results, m)
	})
}

// A fit to two efforts has no measure of quality, so what is predicted from
// it says so; a third effort gives one.
func TestPredictionsFromTwoEffortsSaySo(t *testing.T) {
	for results, want := range map[int]bool{2: true, 3: false} {
		m, err := performance.Measure(resultsOf(1500, 325, 5000, 1200, 3000, 700)[:results])
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range m.Predictions {
			said := slices.ContainsFunc(p.Warnings, func(n fault.Note) bool { return n.Code == "two_efforts" })
			if p.Model == performance.ByCriticalSpeed && said != want {
				t.Errorf("%d efforts, %s: warned %v, want %v", results, p.Name, said, want)
			}
		}
	}
}
