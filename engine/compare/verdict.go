package compare

import (
	"fmt"
	"math"
)

// Verdict is what became of one metric in one cell.
type Verdict string

// The verdicts. Only Equivalent and Improved are green.
const (
	Regressed    Verdict = "regressed"
	Improved     Verdict = "improved"
	Equivalent   Verdict = "equivalent"
	Inconclusive Verdict = "inconclusive"
	NotJudged    Verdict = "not judged" // too few runs, or no figures
	Refused      Verdict = "refused"    // of a whole comparison: the two sides cannot be compared
)

// level is the chance of a false alarm in a family of metrics.
const level = 0.05

// Comparison is one metric of one cell over all runs of both sides.
type Comparison struct {
	Cell    string    `json:"cell"`
	Metric  Metric    `json:"metric"`
	Primary bool      `json:"primary"`
	Base    []float64 `json:"base"` // one number a run, in the order of time
	New     []float64 `json:"new"`
	// Effect is the ratio of medians, new to base; of pairs the median ratio; of a share the difference of medians. Its
	// interval is of 95 %. None when nothing could be computed.
	Effect *Interval `json:"effect,omitempty"`
	// P is the mid-p of Mann and Whitney's test, or the p of the signed-rank test of pairs; Adjusted is it after Holm over
	// the family.
	P        float64 `json:"p"`
	Adjusted float64 `json:"p_adjusted"`
	// Spread is the standard deviation of the logarithm of a run's number (of a share: of the number itself), of both sides
	// together, or of the log ratio of a pair.
	Spread  float64 `json:"spread"`
	Verdict Verdict `json:"verdict"`
	// Further is how many more runs a side, or pairs, an inconclusive comparison needs by the plan in RunsNeeded.
	Further int    `json:"further,omitempty"`
	Reason  string `json:"reason,omitempty"` // what a verdict that is not plain rests on
}

// measure computes effect, p and spread, the interval from so many draws; the verdict waits for the family.
func (c *Comparison) measure(paired bool, draws int) {
	base, latest := c.Base, c.New
	if !c.Metric.Share {
		for _, side := range [][]float64{base, latest} {
			for _, v := range side {
				if v <= 0 {
					c.undecided(NotJudged, "it is %s in some runs, and there is no ratio to that", c.Metric.Format(v))
					c.sameEverywhere()
					return
				}
			}
		}
		base, latest = logarithms(base), logarithms(latest)
	}
	var effect Interval
	if paired {
		differences := make([]float64, len(base))
		for i := range base {
			differences[i] = latest[i] - base[i]
		}
		effect, c.P, c.Spread = medianDifference(differences, draws), SignedRank(differences), deviation(differences)
	} else {
		effect, c.P = differenceOfMedians(base, latest, draws), MannWhitneyMid(base, latest)
		a, b := deviation(base), deviation(latest)
		n, m := float64(len(base)-1), float64(len(latest)-1)
		if n+m > 0 {
			c.Spread = math.Sqrt((a*a*n + b*b*m) / (n + m))
		}
	}
	if !c.Metric.Share {
		effect = Interval{math.Exp(effect.Point), math.Exp(effect.Low), math.Exp(effect.High)}
	}
	c.Effect = &effect
}

// sameEverywhere heals what has no ratio but needs none: a record counts whole milliseconds, and 0 in every run is no change.
func (c *Comparison) sameEverywhere() {
	for _, side := range [][]float64{c.Base, c.New} {
		for _, v := range side {
			if v != 0 {
				return
			}
		}
	}
	c.Effect, c.P, c.Reason = &Interval{1, 1, 1}, 1, ""
	c.Verdict = ""
}

func (c *Comparison) undecided(v Verdict, format string, args ...any) {
	c.Verdict, c.Reason, c.P = v, fmt.Sprintf(format, args...), 1
}

// judge decides, with the p of the family: a change is one that the test sees and that is at least the margin; no change
// is an interval that lies within it; everything else is left open.
func (c *Comparison) judge(margin float64, paired bool) {
	if c.Verdict != "" {
		return
	}
	if n, least, what := c.runs(paired); n < least {
		side := " on a side"
		if paired {
			side = ""
		}
		c.undecided(NotJudged, "it has %s%s; a verdict needs %d", counted(n, what), side, least)
		c.Further = least - n
		return
	}
	low, high, point := c.Effect.Low, c.Effect.High, c.Effect.Point
	from, to := 1-margin, 1+margin
	if c.Metric.Share {
		from, to = -margin, margin
	}
	switch {
	case c.Adjusted <= level && point >= to:
		c.Verdict = c.worse(!c.Metric.HigherIsBetter)
	case c.Adjusted <= level && point <= from:
		c.Verdict = c.worse(c.Metric.HigherIsBetter)
	case low >= from && high <= to:
		c.Verdict = Equivalent
	default:
		c.Verdict = Inconclusive
		c.Further = c.further(margin, paired)
		c.Reason = "the interval reaches beyond the margin"
		if c.Adjusted <= level {
			c.Reason = "there is a change, and it may be smaller or greater than the margin"
		}
	}
}

func (c *Comparison) worse(is bool) Verdict {
	if is {
		return Regressed
	}
	return Improved
}

// runs is how many there are of the smaller side, how many it takes for a verdict, and what one of them is called.
func (c *Comparison) runs(paired bool) (n, least int, what string) {
	if paired {
		return len(c.Base), LeastPairs, "pair"
	}
	return min(len(c.Base), len(c.New)), LeastRuns, "run"
}

// further is how many more it takes, and at least one: the plan may say that there are enough while these are inconclusive.
func (c *Comparison) further(margin float64, paired bool) int {
	spread := c.Spread
	if c.Metric.Share {
		spread = c.Spread * math.Log1p(margin) / margin
	}
	n, _, _ := c.runs(paired)
	return max(1, RunsNeeded(spread, margin, paired)-n)
}

func logarithms(values []float64) []float64 {
	logs := make([]float64, len(values))
	for i, v := range values {
		logs[i] = math.Log(v)
	}
	return logs
}
