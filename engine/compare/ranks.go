package compare

import (
	"cmp"
	"math"
	"slices"
)

// exactUpTo is how many values a rank test counts all arrangements of; beyond it the normal approximation is closer than
// three digits.
const exactUpTo = 100

// MannWhitney is the two-sided p of Mann and Whitney's test that a and b come from one distribution (Annals of Mathematical
// Statistics 18, 1947). Equal values share their mean rank. Up to 100 values in all the distribution is exact, ties
// included; beyond that it is the normal approximation with corrections for ties and continuity. It is 1 when a side is
// empty: nothing speaks against equality.
func MannWhitney(a, b []float64) float64 { return rankSum(a, b, 1) }

// MannWhitneyMid is the mid-p of the same test (Lancaster, Journal of the American Statistical Association 56, 1961): of the
// rank sum that was seen only half counts. The exact test is discrete and rejects less often than its level says, with 10 and 10
// values in 4.3 % where it says 5 %; the mid-p is at 5.2 % there, and nearer with more.
func MannWhitneyMid(a, b []float64) float64 { return rankSum(a, b, 0.5) }

// rankSum is the two-sided p of the test, of what was seen itself that part.
func rankSum(a, b []float64, part float64) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 1
	}
	ranks, ties := doubledRanks(slices.Concat(a, b))
	step := 2.0 // of the rank sum, in the ranks that are counted
	if ties == 0 {
		step = 1
		for i := range ranks {
			ranks[i] /= 2 // without ties they are whole
		}
	}
	sum := 0
	for _, r := range ranks[:len(a)] {
		sum += r
	}
	n, m := float64(len(a)), float64(len(b))
	if len(ranks) > exactUpTo {
		all := n + m
		variance := n * m / 12 * (all + 1 - ties/(all*(all-1)))
		return normalTails(float64(sum)/step-n*(all+1)/2, variance, part)
	}
	// ways[k][s]: in how many ways k of the ranks seen so far add up to s.
	ways := make([][]float64, len(a)+1)
	total := 0
	for _, r := range ranks {
		total += r
	}
	for k := range ways {
		ways[k] = make([]float64, total+1)
	}
	ways[0][0] = 1
	seen := 0
	for _, r := range ranks {
		seen += r
		for k := len(a); k > 0; k-- {
			for s := seen; s >= r; s-- {
				ways[k][s] += ways[k-1][s-r]
			}
		}
	}
	return tails(ways[len(a)], sum, part)
}

// SignedRank is the two-sided p of Wilcoxon's signed-rank test that the differences lie evenly around zero (Biometrics
// Bulletin 1, 1945). Differences of zero are left out, as he does; equal sizes share their mean rank. Up to 100 differences
// the distribution is exact. It is 1 when nothing but zeros is left.
func SignedRank(differences []float64) float64 {
	var sizes []float64
	var positive []bool
	for _, d := range differences {
		if d != 0 {
			sizes, positive = append(sizes, math.Abs(d)), append(positive, d > 0)
		}
	}
	if len(sizes) == 0 {
		return 1
	}
	ranks, ties := doubledRanks(sizes)
	sum, total := 0, 0
	for i, r := range ranks {
		total += r
		if positive[i] {
			sum += r
		}
	}
	if n := float64(len(sizes)); len(sizes) > exactUpTo {
		return normalTails(float64(sum)/2-n*(n+1)/4, n*(n+1)*(2*n+1)/24-ties/48, 1)
	}
	ways := make([]float64, total+1)
	ways[0] = 1
	for _, r := range ranks {
		for s := total; s >= r; s-- {
			ways[s] += ways[s-r]
		}
	}
	return tails(ways, sum, 1)
}

// doubledRanks are twice the mean ranks, so that they are whole, and the sum of t³ − t over the groups of t equal values.
func doubledRanks(values []float64) (ranks []int, ties float64) {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(values[i], values[j]) })
	ranks = make([]int, len(values))
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && values[order[to]] == values[order[from]] {
			to++
		}
		for _, i := range order[from:to] {
			ranks[i] = from + to + 1
		}
		t := float64(to - from)
		ties += t*t*t - t
		from = to
	}
	return ranks, ties
}

// tails is twice the smaller tail of a distribution of counts, with that part of its value at, and at most 1.
func tails(ways []float64, at int, part float64) float64 {
	var below, above, all float64
	for s, n := range ways {
		all += n
		if s <= at {
			below += n
		}
		if s >= at {
			above += n
		}
	}
	return min(1, 2*(min(below, above)-(1-part)*ways[at])/all)
}

// normalTails is the two-sided p of a deviation under a normal distribution; with the whole of what was seen it is half a step
// nearer to the middle.
func normalTails(deviation, variance, part float64) float64 {
	if variance <= 0 {
		return 1
	}
	z := max(0, math.Abs(deviation)+0.5-part) / math.Sqrt(variance)
	return math.Erfc(z / math.Sqrt2)
}

// Holm adjusts p values of one family so that each may be compared with the level of the whole (Scandinavian Journal of
// Statistics 6, 1979). The order stays.
func Holm(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(p[i], p[j]) })
	adjusted := make([]float64, len(p))
	worst := 0.0
	for rank, i := range order {
		worst = max(worst, min(1, p[i]*float64(len(p)-rank)))
		adjusted[i] = worst
	}
	return adjusted
}
