package session_test

import (
	"testing"
	"time"

	"github.com/stride-run/stride/internal/race"
	"github.com/stride-run/stride/internal/session"
)

// A leg is a part of a recording: seconds between samples, metres a second,
// and how many samples.
type leg struct {
	every, speed float64
	samples      int
}

func legs(all ...leg) session.Recording {
	r := session.Recording{Sport: session.Running, Samples: session.Samples{Time: []float64{0}, Distance: []float64{0}}}
	t, d := 0.0, 0.0
	for _, l := range all {
		for range l.samples {
			t, d = t+l.every, d+l.every*l.speed
			r.Samples.Time, r.Samples.Distance = append(r.Samples.Time, t), append(r.Samples.Distance, d)
		}
	}
	return r
}

// What nobody saw being run is no best, however plausible its speed is; what
// lies beside it still is.
func TestHolesMakeNoBest(t *testing.T) {
	minute := time.Minute
	for _, tt := range []struct {
		name   string
		track  session.Recording
		unseen bool
		want   map[string]time.Duration // distances by name; 0: none
	}{
		{"without a hole", legs(leg{1, 3, 3000}), false, map[string]time.Duration{"5 km": 5000 * time.Second / 3}},
		{"samples every ten seconds", legs(leg{10, 4, 200}), false, map[string]time.Duration{"5 km": 1250 * time.Second}},
		{"two samples", legs(leg{7300, 5.78, 1}), true, map[string]time.Duration{"400 m": 0, "5 km": 0, "marathon": 0}},
		{
			"a day's hole of a marathon and more", legs(leg{1, 3, 600}, leg{36 * 3600, 3.9, 1}, leg{1, 3, 10}), true,
			map[string]time.Duration{"marathon": 0, "5 km": 0, "1 km": 1000 * time.Second / 3},
		},
		{
			"a fast hole in a slow run", legs(leg{1, 2.5, 2400}, leg{120, 8, 1}, leg{1, 2.5, 1200}), true,
			map[string]time.Duration{"400 m": 160 * time.Second, "1 km": 400 * time.Second, "5 km": 2000 * time.Second},
		},
		{
			"a tunnel of 200 m within 5 km", legs(leg{1, 4, 600}, leg{61, 4, 1}, leg{1, 4, 600}), false,
			map[string]time.Duration{"5 km": 1250 * time.Second},
		},
		{"a long pause", legs(leg{1, 4, 700}, leg{600, 0, 1}, leg{1, 4, 600}), false, map[string]time.Duration{"5 km": 30*minute + 50*time.Second}},
		{"slower than anybody runs", legs(leg{30, 0.5, 200}), true, map[string]time.Duration{"400 m": 0, "1 km": 0}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := session.Analyse(tt.track)
			if got := s.Unseen > 0; got != tt.unseen {
				t.Errorf("unseen %d, want some: %v", s.Unseen, tt.unseen)
			}
			for name, want := range tt.want {
				distance := map[string]race.Result{"400 m": {Distance: race.FourHundred}, "1 km": {Distance: race.Kilometre}, "5 km": {Distance: race.FiveK}, "marathon": {Distance: race.Marathon}}[name].Distance
				got, _ := session.Fastest(s.Candidates, distance)
				if (got - want).Abs() > time.Millisecond {
					t.Errorf("%s in %v, want %v", name, got, want)
				}
			}
		})
	}
}
