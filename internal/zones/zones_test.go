package zones_test

import (
	"errors"
	"math"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/stride-run/stride/internal/fault"
	"github.com/stride-run/stride/internal/zones"
)

func calculate(t testing.TB, k zones.Known) zones.Zones {
	t.Helper()
	z, err := zones.Calculate(k)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestHUNTZones(t *testing.T) {
	for _, tt := range []struct {
		age, maximum, start int
		ends                [5]int
	}{
		{20, 198, 99, [5]int{119, 139, 159, 178, 198}},
		{25, 195, 98, [5]int{117, 137, 156, 176, 195}}, // 136.5 is rounded away from zero, not to even
		{30, 192, 96, [5]int{115, 134, 153, 173, 192}},
		{40, 185, 93, [5]int{111, 130, 148, 167, 185}},
		{55, 176, 88, [5]int{105, 123, 141, 158, 176}},
		{60, 173, 86, [5]int{104, 121, 138, 155, 173}},
		{70, 166, 83, [5]int{100, 116, 133, 150, 166}},
		{80, 160, 80, [5]int{96, 112, 128, 144, 160}},
	} {
		z := calculate(t, zones.Known{Age: &tt.age})
		want := zones.Zones{
			Method: zones.PercentOfMaximum, MaxHeartRate: tt.maximum, Source: zones.HUNT,
			StandardErrorBPM: 10.8, Start: tt.start, Ends: tt.ends,
		}
		if z.Warnings != nil || z.Ends != want.Ends || z.Start != want.Start || z.MaxHeartRate != want.MaxHeartRate ||
			z.Method != want.Method || z.Source != want.Source || z.StandardErrorBPM != want.StandardErrorBPM {
			t.Errorf("age %d: %+v, want %+v", tt.age, z, want)
		}
		if got := zones.MaxHeartRate(tt.age); got != tt.maximum {
			t.Errorf("MaxHeartRate(%d) = %d, want %d", tt.age, got, tt.maximum)
		}
	}
}

var percents = [5]int64{60, 70, 80, 90, 100}

// exactShare is a share of the HUNT maximum without any rounding.
func exactShare(age int, percent int64) *big.Rat {
	maximum := new(big.Rat).Sub(big.NewRat(211, 1), big.NewRat(64*int64(age), 100))
	return maximum.Mul(maximum, big.NewRat(percent, 100))
}

// roundRat rounds a positive number, halves up.
func roundRat(x *big.Rat) int64 {
	x = new(big.Rat).Add(x, big.NewRat(1, 2))
	return new(big.Int).Quo(x.Num(), x.Denom()).Int64()
}

// Every age, against exact arithmetic; and the counts that tell this rounding
// from the others that are in use.
func TestRoundingOfEveryAge(t *testing.T) {
	fromRounded := 0 // ages of 10 to 99 where zones of the rounded maximum differ
	var halfEven, allAgree []int
	for age := 1; age <= 120; age++ {
		z := calculate(t, zones.Known{Age: &age})
		var rounded, even, truncated [5]int
		for i, percent := range percents {
			exact := exactShare(age, percent)
			if want := int(roundRat(exact)); z.Ends[i] != want {
				t.Errorf("age %d, zone %d ends at %d, want %d", age, i+1, z.Ends[i], want)
			}
			value, _ := exact.Float64()
			even[i], truncated[i] = int(math.RoundToEven(value)), int(new(big.Int).Quo(exact.Num(), exact.Denom()).Int64())
			rounded[i] = int(roundRat(big.NewRat(roundRat(exactShare(age, 100))*percent, 100)))
		}
		if age >= 10 && age <= 99 && rounded != z.Ends {
			fromRounded++
		}
		if age >= 10 && age <= 90 {
			if even != z.Ends {
				halfEven = append(halfEven, age)
			}
			if even == z.Ends && truncated == z.Ends && rounded == z.Ends {
				allAgree = append(allAgree, age)
			}
		}
	}
	if fromRounded != 47 {
		t.Errorf("the rounded maximum gives other zones at %d ages, want 47", fromRounded)
	}
	if !slices.Equal(halfEven, []int{25}) {
		t.Errorf("rounding to even differs at %v, want 25 only", halfEven)
	}
	if want := []int{17, 48, 50, 64, 79, 81}; !slices.Equal(allAgree, want) {
		t.Errorf("all roundings agree at %v, want %v", allAgree, want)
	}
}

func TestKarvonen(t *testing.T) {
	z := calculate(t, zones.Known{Max: new(185), Resting: new(50)})
	if want := [5]int{131, 145, 158, 172, 185}; z.Ends != want || z.Start != 118 || z.Method != zones.Karvonen {
		t.Errorf("Calculate = %+v, want ends %v from 118 by Karvonen", z, want)
	}
	if z.Source != zones.Given || z.StandardErrorBPM != 0 || z.MaxHeartRate != 185 {
		t.Errorf("Calculate = %+v, want the given maximum without a standard error", z)
	}
	// From the exact 185.4 and not from 185: zone 5 is 185 either way, zone 3
	// is 158.32, and zone 4 is 171.86 instead of 171.5.
	z = calculate(t, zones.Known{Age: new(40), Resting: new(50)})
	if want := [5]int{131, 145, 158, 172, 185}; z.Ends != want || z.Method != zones.Karvonen || z.Source != zones.HUNT || z.StandardErrorBPM != 10.8 {
		t.Errorf("Calculate = %+v, want ends %v from a predicted maximum", z, want)
	}
	// 0.7·(179.64−59)+59 = 143.448, but from 180 it would be 143.7.
	z = calculate(t, zones.Known{Age: new(49), Resting: new(59)})
	if z.Ends[1] != 143 {
		t.Errorf("zone 2 at age 49 with 59 at rest ends at %d, want 143", z.Ends[1])
	}
}

func TestLactateThreshold(t *testing.T) {
	known := zones.Known{Age: new(40), Threshold: new(170), Resting: new(50)}
	z := calculate(t, known) // goes before Karvonen
	// 142.8, 151.3, 159.8, 168.3, 180.2
	if want := [5]int{143, 151, 160, 168, 180}; z.Ends != want || z.Start != 0 || z.Method != zones.LactateThreshold || z.MaxHeartRate != 185 {
		t.Errorf("Calculate = %+v, want ends %v by the threshold", z, want)
	}
	known.Max = new(188)
	if z = calculate(t, known); z.Ends != [5]int{143, 151, 160, 168, 188} || z.Source != zones.Given {
		t.Errorf("Calculate = %+v, want zone 5 to end at the given maximum", z)
	}
}

func TestAges(t *testing.T) {
	for age, warned := range map[int]bool{1: true, 17: true, 18: false, 90: false, 91: true, 120: true} {
		z := calculate(t, zones.Known{Age: &age})
		if got := len(z.Warnings) == 1 && z.Warnings[0].Code == "outside_validated_ages" && z.Warnings[0].Field == "/age"; got != warned {
			t.Errorf("age %d: warnings %+v, want one: %t", age, z.Warnings, warned)
		}
	}
	if z := calculate(t, zones.Known{Age: new(10), Max: new(200)}); z.Warnings != nil {
		t.Errorf("warnings %+v where the formula is not used", z.Warnings)
	}
}

func TestRefusals(t *testing.T) {
	for _, tt := range []struct {
		name  string
		known zones.Known
		want  []string
	}{
		{"nothing", zones.Known{}, []string{"/age required"}},
		{"no age and no maximum", zones.Known{Resting: new(50), Threshold: new(170)}, []string{"/age required"}},
		{"age 0", zones.Known{Age: new(0)}, []string{"/age out_of_range"}},
		{"age 121", zones.Known{Age: new(121)}, []string{"/age out_of_range"}},
		{"age 0 with a maximum", zones.Known{Age: new(0), Max: new(185)}, []string{"/age out_of_range"}},
		{"everything", zones.Known{Age: new(-1), Max: new(79), Resting: new(24), Threshold: new(59)}, []string{
			"/age out_of_range", "/max_heart_rate out_of_range", "/resting_heart_rate out_of_range", "/lactate_threshold_heart_rate out_of_range",
		}},
		{"far too high", zones.Known{Max: new(241), Resting: new(220), Threshold: new(240)}, []string{
			"/max_heart_rate out_of_range", "/resting_heart_rate out_of_range", "/lactate_threshold_heart_rate out_of_range",
		}},
		{"resting near the maximum", zones.Known{Max: new(185), Resting: new(165)}, []string{
			"/resting_heart_rate inconsistent_heart_rates", "/max_heart_rate inconsistent_heart_rates",
		}},
		{"resting near the predicted maximum", zones.Known{Age: new(40), Resting: new(165)}, []string{
			"/resting_heart_rate inconsistent_heart_rates", "/age inconsistent_heart_rates",
		}},
		{"threshold at the maximum", zones.Known{Max: new(185), Threshold: new(185)}, []string{
			"/lactate_threshold_heart_rate inconsistent_heart_rates", "/max_heart_rate inconsistent_heart_rates",
		}},
		{"threshold at the predicted maximum", zones.Known{Age: new(40), Threshold: new(185)}, []string{
			"/lactate_threshold_heart_rate inconsistent_heart_rates", "/age inconsistent_heart_rates",
		}},
		{"threshold at rest", zones.Known{Max: new(185), Threshold: new(60), Resting: new(60)}, []string{
			"/lactate_threshold_heart_rate inconsistent_heart_rates", "/resting_heart_rate inconsistent_heart_rates",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			z, err := zones.Calculate(tt.known)
			f, ok := errors.AsType[*fault.Fault](err)
			if !ok || f.Kind != fault.Invalid || z.MaxHeartRate != 0 {
				t.Fatalf("Calculate = %+v, %v, want an Invalid fault", z, err)
			}
			var got []string
			for _, field := range f.Fields {
				got = append(got, field.Pointer+" "+string(field.Code))
				if field.Message == "" || (field.Code == fault.OutOfRange) != (field.Allowed != nil) {
					t.Errorf("%+v: want a message and, for a range, what is allowed", field)
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("faults %q, want %q", got, tt.want)
			}
		})
	}
	// The values next to those that are refused.
	for _, known := range []zones.Known{
		{Max: new(80)},
		{Max: new(240)},
		{Max: new(185), Resting: new(164)},
		{Max: new(185), Resting: new(25)},
		{Max: new(185), Threshold: new(184)},
		{Max: new(185), Threshold: new(60)},
		{Age: new(40), Threshold: new(184), Resting: new(164)},
		{Max: new(240), Resting: new(219), Threshold: new(239)},
		{Max: new(185), Threshold: new(61), Resting: new(60)},
	} {
		calculate(t, known)
	}
}

func TestZoneOfAHeartRate(t *testing.T) {
	z := calculate(t, zones.Known{Age: new(40)}) // 93: 111, 130, 148, 167, 185
	for bpm, want := range map[int]int{0: 0, 92: 0, 93: 1, 111: 1, 112: 2, 130: 2, 131: 3, 148: 3, 149: 4, 167: 4, 168: 5, 185: 5, 186: 5} {
		if got := z.Zone(bpm); got != want {
			t.Errorf("Zone(%d) = %d, want %d", bpm, got, want)
		}
	}
}

// Whatever is accepted has five zones that do not overlap, and no heart rate
// is in none from the start of zone 1 on.
func TestZonesRise(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		maybe := func(name string, low, high int) *int {
			if rapid.Bool().Draw(t, name+" known") {
				return new(rapid.IntRange(low, high).Draw(t, name))
			}
			return nil
		}
		z, err := zones.Calculate(zones.Known{
			Age: maybe("age", 0, 121), Resting: maybe("resting", 24, 200), Threshold: maybe("threshold", 59, 240), Max: maybe("max", 79, 241),
		})
		if err != nil {
			return
		}
		before := z.Start
		for i, end := range z.Ends {
			if end <= before || z.Zone(end) != i+1 || (i < 4 && z.Zone(end+1) != i+2) {
				t.Fatalf("%+v: zone %d does not follow", z, i+1)
			}
			before = end
		}
		if z.Method != zones.LactateThreshold && z.Ends[4] != z.MaxHeartRate {
			t.Fatalf("%+v: zone 5 does not end at the maximum", z)
		}
	})
}
