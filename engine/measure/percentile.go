package measure

import "math"

// Percentile is a statistic beside those that every metric has.
type Percentile struct {
	Name  string
	Share float64 // q, between 0 and 1
	End   int     // -1 and 1 for the ends of its interval, 0 for the percentile itself
}

// Asked is what a summary has beside what every summary has.
type Asked struct {
	Metrics     []Metric
	Percentiles []Percentile
}

// of returns the percentile in sorted, which must not be empty; false when there are too few values for an interval.
func (p Percentile) of(sorted []float64) (float64, bool) {
	if p.End == 0 {
		return NearestRank(sorted, p.Share), true
	}
	rank, ok := p.rank(len(sorted))
	if !ok {
		return 0, false
	}
	return sorted[rank-1], true
}

// Has reports whether n values have the percentile: few have an interval.
func (p Percentile) Has(n int) bool {
	_, ok := p.rank(n)
	return n > 0 && (p.End == 0 || ok)
}

// rank is that of an end of the interval among n values, and whether one of them has it.
func (p Percentile) rank(n int) (rank int, ok bool) {
	low, high := interval(n, p.Share)
	if rank = high; p.End < 0 {
		rank = low
	}
	return rank, 1 <= rank && rank <= n
}

// interval returns the ranks of those of n values that hold the q-quantile between them with 95 % probability, 2.5 % on each
// side at most; 0 and n+1 are ranks that no value has. How many of the values lie below the quantile is B(n, q), whatever
// their distribution: David & Nagaraja, Order Statistics, 3rd edition, §7.1.
func interval(n int, q float64) (low, high int) {
	mean, deviation := float64(n)*q, math.Sqrt(float64(n)*q*(1-q))
	first := max(0, int(mean-10*deviation)-10) // what lies further out is less than a float can tell from nothing
	last := min(n, int(mean+10*deviation)+10)
	low, high = 0, n+1
	below := 0.0 // P(B < k)
	for k := first; k <= last; k++ {
		if below <= tail {
			low = k // P(B < k) ≤ 2.5 %
		}
		below += binomial(n, k, q)
		if 1-below <= tail {
			return low, k + 1 // P(B > k) ≤ 2.5 %
		}
	}
	return low, high
}

// tail is how likely the quantile may lie outside of its interval on one side.
const tail = 0.025

// binomial is P(B = k) of B(n, q), 0 < q < 1, by logarithms: n may be millions.
func binomial(n, k int, q float64) float64 {
	return math.Exp(logFactorial(n) - logFactorial(k) - logFactorial(n-k) + float64(k)*math.Log(q) + float64(n-k)*math.Log1p(-q))
}

func logFactorial(n int) float64 {
	log, _ := math.Lgamma(float64(n) + 1)
	return log
}
