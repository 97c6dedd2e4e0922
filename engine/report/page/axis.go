package page

import "math"

// axis is a scale of values, logarithmic where they span much.
type axis struct {
	from, to float64
	log      bool
}

// axisOf is a scale for values; of a linear one that shall, 0 is its begin.
func axisOf(values []float64, fromZero bool) axis {
	const wide = 20 // times the smallest: then the small ones would not be seen
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		low, high = math.Min(low, v), math.Max(high, v)
	}
	switch {
	case low > 0 && high > wide*low:
		return axis{low, high, true}
	case fromZero && low >= 0 && high > 0:
		return axis{from: 0, to: nice(high)}
	case high <= low:
		return axis{from: low - max(math.Abs(low)/2, 1e-9), to: high + max(math.Abs(high)/2, 1e-9)}
	}
	return axis{from: low, to: high}
}

// at is where a value lies, in thousandths.
func (a axis) at(v float64) float64 {
	if a.log {
		return round2(1000 * math.Log(v/a.from) / math.Log(a.to/a.from))
	}
	return round2(1000 * (v - a.from) / (a.to - a.from))
}

// ticks are so many marks with their texts, in hundredths.
func (a axis) ticks(text func(float64) string, n int) (ticks []tick) {
	for i := range n {
		share := float64(i) / float64(n-1)
		v := a.from + share*(a.to-a.from)
		if a.log {
			v = a.from * math.Pow(a.to/a.from, share)
		}
		ticks = append(ticks, tick{round2(share * 100), text(v)})
	}
	return ticks
}
