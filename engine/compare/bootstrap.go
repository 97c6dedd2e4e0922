package compare

import (
	"math"
	"math/rand/v2"
	"slices"
)

// resamples is how often the bootstrap draws. Its seed is fixed: a report must not change when it is drawn again.
const (
	resamples    = 10_000
	resampleSeed = 20110407
)

// Interval is a value with its 95 % interval.
type Interval struct {
	Point float64 `json:"point"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// differenceOfMedians is Median(b) − Median(a) with a percentile bootstrap of both sides (Efron, Annals of Statistics 7,
// 1979). Of logarithms it is the logarithm of the ratio of medians.
func differenceOfMedians(a, b []float64, draws int) Interval {
	x, y := newUrn(a), newUrn(b)
	return bootstrap(Median(b)-Median(a), draws, func(random *rand.Rand) float64 { return y.median(random) - x.median(random) })
}

// medianDifference is the median of differences of pairs, with a percentile bootstrap over the pairs.
func medianDifference(differences []float64, draws int) Interval {
	return bootstrap(Median(differences), draws, newUrn(differences).median)
}

func bootstrap(point float64, draws int, once func(*rand.Rand) float64) Interval {
	random := rand.New(rand.NewPCG(resampleSeed, 0))
	points := make([]float64, draws)
	for i := range points {
		points[i] = once(random)
	}
	slices.Sort(points)
	tail := draws / 40
	return Interval{point, points[max(tail-1, 0)], points[min(draws-tail, draws-1)]}
}

// urn is what a resample is drawn from, with replacement: sorted, so that counting sorts the resample.
type urn struct {
	sorted []float64
	drawn  []int // how often each was drawn; all 0 between two draws
}

func newUrn(values []float64) *urn {
	return &urn{slices.Sorted(slices.Values(values)), make([]int, len(values))}
}

// median is that of one resample.
func (u *urn) median(random *rand.Rand) float64 {
	n := len(u.sorted)
	for range n {
		u.drawn[random.IntN(n)]++
	}
	low, high, seen := math.NaN(), math.NaN(), 0
	for i, times := range u.drawn {
		if before := seen; times > 0 {
			seen += times
			if before <= (n-1)/2 && (n-1)/2 < seen {
				low = u.sorted[i]
			}
			if before <= n/2 && n/2 < seen {
				high = u.sorted[i]
			}
		}
		u.drawn[i] = 0
	}
	return (low + high) / 2
}

// Median is the middle value, or the mean of the two in the middle. It does not change values.
func Median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	if n == 0 {
		return math.NaN()
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// deviation is the sample standard deviation; 0 of fewer than two values.
func deviation(values []float64) float64 {
	if len(values) < 2 {
		return 0
	}
	mean := 0.0
	for _, v := range values {
		mean += v / float64(len(values))
	}
	sum := 0.0
	for _, v := range values {
		sum += (v - mean) * (v - mean)
	}
	return math.Sqrt(sum / float64(len(values)-1))
}
