package api

import "math"

// Round rounds halves away from zero, to what is known, and so that the last
// bits of a calculation, which differ between processors, do not reach the
// wire. There is no negative zero.
func Round(v float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	return math.Round(v*scale)/scale + 0
}
