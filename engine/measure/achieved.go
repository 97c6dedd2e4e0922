package measure

import (
	"iter"
	"slices"
	"time"
)

// fewest is how many calls it takes to say whether a platform keeps up with a rate.
const fewest = 9

// KeepsUp fills in which share of its rate the platform kept up with: of an open load, or of each of its steps.
func (sum *Summary) KeepsUp(samples iter.Seq[*Sample]) {
	if len(sum.Steps) == 0 {
		sum.Achieved = achieved(samples)
	}
	for i := range sum.Steps {
		sum.Steps[i].Achieved = achieved(OfStep(samples, i))
	}
}

// achieved is the share of the rate of an open load that was kept up with, by how much longer its calls took at the end than at
// the beginning; 1 at most, and 0 when there are too few to say.
//
//	response │            ╱ g        of a rate λ and a capacity μ < λ, call n waits for n/μ − n/λ: the response
//	         │       ╱               grows by (λ/μ − 1)·t, between the middles of the first and the last third
//	         │  ╱                    of the time T by g = (λ/μ − 1)·⅔T, and μ/λ = 1 / (1 + 3g/2T)
//	         └─┴────────┴─ T
//
// The medians of the thirds leave out what a few calls met, such as a cold start.
func achieved(samples iter.Seq[*Sample]) float64 {
	n, first, last := 0, time.Duration(0), time.Duration(0)
	for s := range measured(samples) {
		if n == 0 {
			first, last = s.Due, s.Due
		}
		first, last = min(first, s.Due), max(last, s.Due)
		n++
	}
	if n < fewest || first == last {
		return 0
	}
	third := (last - first) / 3
	var begin, end []time.Duration
	for s := range measured(samples) {
		switch {
		case s.Due <= first+third:
			begin = append(begin, s.end()-s.Due)
		case s.Due >= last-third:
			end = append(end, s.end()-s.Due)
		}
	}
	grown := max(0, middle(end)-middle(begin))
	return 1 / (1 + 1.5*float64(grown)/float64(last-first))
}

func middle(values []time.Duration) time.Duration {
	slices.Sort(values)
	return values[len(values)/2]
}
