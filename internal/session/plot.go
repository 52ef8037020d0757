package session

// Plot chooses at most points samples of a column for a plot and returns
// their indices, rising. Samples are put into buckets of equal count; of each
// the least and the greatest value are kept, so that no peak is lost that a
// mean would flatten. The first and the last value are always kept. Missing
// values are left out. points below 4 count as 4; a column with no more
// values than points is returned whole.
func Plot[F float32 | float64](column []F, points int) []int {
	points = max(points, 4)
	valid := make([]int, 0, len(column))
	for i, v := range column {
		if v == v {
			valid = append(valid, i)
		}
	}
	n := len(valid)
	if n <= points {
		return valid
	}
	chosen := append(make([]int, 0, points), valid[0])
	inner, buckets := valid[1:n-1], (points-2)/2
	for b := range buckets {
		bucket := inner[b*len(inner)/buckets : (b+1)*len(inner)/buckets]
		low, high := bucket[0], bucket[0]
		for _, i := range bucket {
			if column[i] < column[low] {
				low = i
			}
			if column[i] > column[high] {
				high = i
			}
		}
		chosen = append(chosen, min(low, high))
		if low != high {
			chosen = append(chosen, max(low, high))
		}
	}
	return append(chosen, valid[n-1])
}
