package measure

import (
	"cmp"
	"iter"
	"slices"
	"time"
)

// Values are the values of one metric of the samples that a phase takes into its statistics, in the order in which the calls
// were due.
func Values(samples iter.Seq[*Sample], want Wanted, metric string, metrics []Metric) []float64 {
	type point struct {
		due   time.Duration
		value float64
	}
	var points []point
	each := valuesOf(metric, metrics)
	for s := range samples {
		if s.Warmup || s.Outcome != OK || !want.takes(s.class()) {
			continue
		}
		each(s, func(v float64) { points = append(points, point{s.Due, v}) })
	}
	slices.SortStableFunc(points, func(a, b point) int { return cmp.Compare(a.due, b.due) })
	values := make([]float64, len(points))
	for i, p := range points {
		values[i] = p.value
	}
	return values
}

// valuesOf gives the values of a metric in a sample: one at most, or those out of the result.
func valuesOf(metric string, metrics []Metric) func(s *Sample, each func(float64)) {
	for _, m := range metrics {
		if m.Name == metric {
			return func(s *Sample, each func(float64)) {
				if v, ok := m.Of(s); ok {
					each(v)
				}
			}
		}
	}
	return func(s *Sample, each func(float64)) {
		for _, e := range s.Extracted {
			if e.Name == metric {
				for _, v := range e.Values {
					each(v)
				}
			}
		}
	}
}

// Bin counts values into bins with rising upper bounds, which belong to them; the last count is of what lies above all.
func Bin(values, bounds []float64) []int {
	counts := make([]int, len(bounds)+1)
	for _, v := range values {
		i, _ := slices.BinarySearch(bounds, v)
		counts[i]++
	}
	return counts
}

// Step is a step of a cumulative distribution: the share of the values that are no larger.
type Step struct {
	Value float64 `json:"value"`
	Share float64 `json:"share"`
}

// Distribution is the cumulative distribution of values, which it sorts, in so many steps at most.
func Distribution(values []float64, most int) (steps []Step) {
	slices.Sort(values)
	n := len(values)
	for i := range min(n, most) {
		rank := (i + 1) * n / min(n, most) // of the last value of the step
		steps = append(steps, Step{values[rank-1], float64(rank) / float64(n)})
	}
	return steps
}

// Cost is what activations cost: memory × duration, each duration rounded up to a quantum.
type Cost struct {
	Calls       int     `json:"calls"`
	Activations int     `json:"activations"` // that were billed
	GBs         float64 `json:"gb_s"`        // GB·s, of 1024 MB
	// Nested is the part of it that was billed for activations which another one has started and, when it waited for them, was
	// billed for, too.
	Nested float64 `json:"nested_gb_s"`
}

// Billed adds up what the calls of a phase cost. memory is that of an action in MB; called is the action that the phase calls,
// empty where samples name it. Warm-up costs nothing here, and what has no record is not known.
func Billed(samples iter.Seq[*Sample], quantum time.Duration, called string, memory func(action string) int) (c Cost) {
	bill := func(action string, ms int64, level int) {
		units := (ms*int64(time.Millisecond) + int64(quantum) - 1) / int64(quantum)
		cost := float64(units) * quantum.Seconds() * float64(memory(action)) / 1024
		c.Activations++
		if c.GBs += cost; level > 0 {
			c.Nested += cost
		}
	}
	for s := range samples {
		if s.Warmup {
			continue
		}
		if s.Level == 0 {
			c.Calls++
		}
		switch {
		case s.Record == nil:
		case len(s.Record.Parts) > 0: // the sequence itself is not billed
			for _, part := range s.Record.Parts {
				bill(part.Action, part.Duration, s.Level)
			}
		default:
			bill(cmp.Or(s.Target, called), s.Record.Duration, s.Level)
		}
	}
	return c
}
