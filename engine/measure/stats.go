package measure

import (
	"math"
	"slices"
)

// Describe computes the statistics of values, which it sorts. Percentiles are exact, by nearest rank: the smallest value
// that at least the given share of the values does not exceed; those of more beside the usual ones. The zero Stats is returned
// for no values.
func Describe(values []float64, more []Percentile) Stats {
	n := len(values)
	if n == 0 {
		return Stats{}
	}
	slices.Sort(values)
	mean := mean(values)
	s := Stats{
		Count: n, Min: values[0], Max: values[n-1], Mean: mean, Stddev: deviation(values, mean),
		P50: NearestRank(values, 0.50), P75: NearestRank(values, 0.75), P90: NearestRank(values, 0.90),
		P95: NearestRank(values, 0.95), P99: NearestRank(values, 0.99), P999: NearestRank(values, 0.999),
	}
	for _, p := range more {
		if value, ok := p.of(values); ok {
			if s.More == nil {
				s.More = make(map[string]float64, len(more))
			}
			s.More[p.Name] = value
		}
	}
	return s
}

// NearestRank returns the q-quantile, 0 < q ≤ 1, of sorted, which must not be empty: the value of rank ⌈q·n⌉.
func NearestRank(sorted []float64, q float64) float64 {
	// q·n is computed in binary: 0.95·20 is a hair above 19. Without the correction the rank would be one too high.
	rank := int(math.Ceil(q*float64(len(sorted)) - 1e-9))
	return sorted[min(max(rank, 1), len(sorted))-1]
}

// FloorRank returns the q-quantile, 0 < q ≤ 1, of sorted, which must not be empty, as ServerlessBench takes it: the value of
// rank ⌊q·n⌋, which is low in small samples (of ten values p95 is the ninth), and the smallest where that rank is 0.
func FloorRank(sorted []float64, q float64) float64 {
	rank := int(math.Floor(q*float64(len(sorted)) + 1e-9)) // 0.29·100 is a hair below 29
	return sorted[min(max(rank, 1), len(sorted))-1]
}

// mean adds the deviations from the first value, so that large equal values do not lose their low digits.
func mean(values []float64) float64 {
	var sum float64
	for _, v := range values {
		sum += v - values[0]
	}
	return values[0] + sum/float64(len(values))
}

// deviation is the sample standard deviation (divisor n−1), in two passes.
func deviation(values []float64, mean float64) float64 {
	if len(values) < 2 {
		return 0
	}
	var squares float64
	for _, v := range values {
		squares += (v - mean) * (v - mean)
	}
	return math.Sqrt(squares / float64(len(values)-1))
}

// Get returns the statistic of that name in the language, and whether there is one.
func (s Stats) Get(name string) (float64, bool) {
	value, ok := map[string]float64{
		"count": float64(s.Count), "min": s.Min, "max": s.Max, "mean": s.Mean, "stddev": s.Stddev,
		"p50": s.P50, "p75": s.P75, "p90": s.P90, "p95": s.P95, "p99": s.P99, "p999": s.P999,
	}[name]
	if !ok {
		value, ok = s.More[name]
	}
	return value, ok
}

// Needed is how many samples a percentile must have for a two-sided 95 % interval of finite width; below it the figure is
// printed with a remark. (Distribution-free interval from order statistics; see David & Nagaraja, Order Statistics, §7.1.)
var Needed = map[string]int{"p90": 39, "p95": 76, "p99": 441, "p999": 4394}
