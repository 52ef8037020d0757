package zones

import (
	"fmt"

	"github.com/stride-run/stride/internal/fault"
)

// Known is what a runner knows; nil is unknown. Age, in whole years, may be
// unknown only when Max is known.
type Known struct {
	Age       *int
	Resting   *int
	Threshold *int // at the lactate threshold: the mean of the last 20 of 30 minutes all-out
	Max       *int
}

// The pointers of the inputs.
const (
	agePointer       = "/age"
	restingPointer   = "/resting_heart_rate"
	thresholdPointer = "/lactate_threshold_heart_rate"
	maxPointer       = "/max_heart_rate"
)

// What is accepted. The youngest and oldest are those of the API; what a
// heart does are the limits of what is plausible.
const (
	minAge, maxAge                   = 1, 120
	minValidatedAge, maxValidatedAge = 18, 90
	minMax, maxMax                   = 80, 240
	minResting                       = 25
	minReserve                       = 20 // a resting heart rate is farther than this below the maximum
	minThreshold                     = 60
)

// Calculate makes the zones: from the threshold if it is known, else from the
// reserve if the resting heart rate is known, else from the maximum. A known
// maximum goes before the prediction from age. The error is an Invalid fault
// that names every input at fault.
func Calculate(k Known) (Zones, error) {
	if err := fault.Fields(k.faults()); err != nil {
		return Zones{}, err
	}
	top, z := k.maximum()
	switch {
	case k.Threshold != nil:
		z.Method = LactateThreshold
		z.Ends = ends(0, hundredths(100**k.Threshold), thresholdPercents)
		if k.Max != nil {
			z.Ends[4] = *k.Max
		}
	case k.Resting != nil:
		z.Method = Karvonen
		z.Start, z.Ends = share(*k.Resting, top, startPercent), ends(*k.Resting, top, maximumPercents)
	default:
		z.Method = PercentOfMaximum
		z.Start, z.Ends = share(0, top, startPercent), ends(0, top, maximumPercents)
	}
	return z, nil
}

// maximum is the maximum heart rate, exactly, and zones that know it.
func (k Known) maximum() (hundredths, Zones) {
	if k.Max != nil {
		return hundredths(100 * *k.Max), Zones{MaxHeartRate: *k.Max, Source: Given}
	}
	z := Zones{MaxHeartRate: MaxHeartRate(*k.Age), Source: HUNT, StandardErrorBPM: StandardErrorBPM}
	if *k.Age < minValidatedAge || *k.Age > maxValidatedAge {
		z.Warnings = []fault.Note{{
			Code: "outside_validated_ages", Field: agePointer,
			Message: "The formula was found with people of 18 to 90 years; at this age its error is unknown. A measured maximum is better.",
		}}
	}
	return hunt(*k.Age), z
}

func ends(low int, top hundredths, percents [5]int) (ends [5]int) {
	for i, percent := range percents {
		ends[i] = share(low, top, percent)
	}
	return ends
}

// faults finds everything that is wrong: each input for itself and, when
// those are sound, what cannot be true together.
func (k Known) faults() []fault.Field {
	var fields []fault.Field
	outside := func(pointer string, value *int, low, high int, what string) {
		if value != nil && (*value < low || *value > high) {
			fields = append(fields, fault.Field{
				Pointer: pointer, Code: fault.OutOfRange, Allowed: &fault.Allowed{Min: low, Max: high},
				Message: fmt.Sprintf("Give %s from %d to %d.", what, low, high),
			})
		}
	}
	if k.Age == nil && k.Max == nil {
		fields = append(fields, fault.Field{
			Pointer: agePointer, Code: fault.Required,
			Message: "Give an age or, if it is known, the maximum heart rate.",
		})
	}
	outside(agePointer, k.Age, minAge, maxAge, "an age in whole years")
	outside(maxPointer, k.Max, minMax, maxMax, "a maximum heart rate")
	outside(restingPointer, k.Resting, minResting, maxMax-minReserve-1, "a resting heart rate")
	outside(thresholdPointer, k.Threshold, minThreshold, maxMax-1, "a threshold heart rate")
	if fields != nil {
		return fields
	}
	return k.contradictions()
}

// contradictions compares heart rates that are sound for themselves with the
// maximum. A fault of two inputs is two entries.
func (k Known) contradictions() []fault.Field {
	_, z := k.maximum()
	source, known := maxPointer, fmt.Sprintf("the maximum of %d", z.MaxHeartRate)
	if z.Source == HUNT {
		source = agePointer
		known = fmt.Sprintf("the maximum of %d that the age predicts; if the true maximum is higher, give it as max_heart_rate", z.MaxHeartRate)
	}
	var fields []fault.Field
	refuse := func(pointer, message string) {
		for _, p := range []string{pointer, source} {
			fields = append(fields, fault.Field{Pointer: p, Code: "inconsistent_heart_rates", Message: message})
		}
	}
	if k.Resting != nil && *k.Resting >= z.MaxHeartRate-minReserve {
		refuse(restingPointer, fmt.Sprintf("Give a resting heart rate more than %d below %s.", minReserve, known))
	}
	if k.Threshold != nil && *k.Threshold >= z.MaxHeartRate {
		refuse(thresholdPointer, fmt.Sprintf("Give a threshold heart rate below %s.", known))
	}
	if k.Resting != nil && k.Threshold != nil && *k.Resting >= *k.Threshold {
		source = restingPointer
		refuse(thresholdPointer, "Give a threshold heart rate above the resting one.")
	}
	return fields
}
