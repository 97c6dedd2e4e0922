package compare

import "math"

// The floor below which there are figures and no verdict: with five pairs the signed-rank test cannot reach 5 %, and with
// fewer than ten runs a side a change of 5 % is found less than half the time.
const (
	LeastPairs = 6
	LeastRuns  = 10
)

// The normal quantiles of a two-sided level of 5 % and of a power of 80 %, and how efficient rank tests are beside the
// t-test when the noise is normal (3/π).
const (
	quantileOfLevel = 1.959964
	quantileOfPower = 0.841621
	rankEfficiency  = 3 / math.Pi
)

// RunsNeeded is how many runs a side, or pairs, find a change of margin (0.05 is 5 %) with power 0.8 at a level of 5 %:
//
//	n = k·((1.96 + 0.84)·s / ln(1 + margin))² / 0.955,  k = 2 for two groups, 1 for pairs
//
// where spread s is the standard deviation of the logarithm of a run's statistic, or of the log ratio of a pair. It is never
// below the floor.
func RunsNeeded(spread, margin float64, paired bool) int {
	groups, least := 2.0, LeastRuns
	if paired {
		groups, least = 1, LeastPairs
	}
	root := (quantileOfLevel + quantileOfPower) * spread / math.Log1p(margin)
	return max(least, int(math.Ceil(groups*root*root/rankEfficiency-1e-9)))
}

// Detectable is the smallest change, as a fraction, that n runs a side or n pairs find with power 0.8: RunsNeeded the other
// way round.
func Detectable(spread float64, n int, paired bool) float64 {
	groups := 2.0
	if paired {
		groups = 1
	}
	return math.Expm1((quantileOfLevel + quantileOfPower) * spread * math.Sqrt(groups/rankEfficiency/float64(n)))
}
