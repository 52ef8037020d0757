package performance

import "math"

// student975 is the 97.5 % quantile of Student's t distribution with df
// degrees of freedom, at least 1: the half width, in standard errors, of a
// 95 % confidence interval. It bisects the closed form of the distribution
// over the angle arctan(t/√df).
func student975(df int) float64 {
	low, high := 0.0, math.Pi/2
	for range 60 {
		middle := (low + high) / 2
		if studentInside(middle, df) < 0.95 {
			low = middle
		} else {
			high = middle
		}
	}
	return math.Sqrt(float64(df)) * math.Tan(high)
}

// studentInside is the probability that |t| is below √df·tan(angle), by the
// finite series of Abramowitz and Stegun 26.7.3 (odd df) and 26.7.4 (even df).
func studentInside(angle float64, df int) float64 {
	sin, cos := math.Sincos(angle)
	term, sum, from := 1.0, 1.0, 2
	if df%2 == 1 {
		term, sum, from = cos, cos, 3
	}
	for k := from; k < df; k += 2 {
		term *= cos * cos * float64(k-1) / float64(k)
		sum += term
	}
	switch {
	case df == 1:
		return 2 / math.Pi * angle
	case df%2 == 1:
		return 2 / math.Pi * (angle + sin*sum)
	}
	return sin * sum
}
