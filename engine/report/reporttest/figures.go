package reporttest

import (
	"math"
	"slices"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/result"
)

// Figures is a run with one figure of each kind over its cells, and with calls that ran elsewhere than was asked for.
func Figures() *result.Result {
	r := Passed()
	r.Summaries[1].Elsewhere, r.Summaries[1].Unproved = 2, 1
	var series, bins, cdf, costs []result.Line
	for c := range r.Plan.Cells {
		slow := 1 + float64(c)/2
		var values []float64
		for i := range 100 {
			values = append(values, slow*ms*(8+40*math.Exp(-float64(i)/3)+2*math.Sin(float64(7*i))))
		}
		response := result.Line{Cell: c, Phase: "warm", Metric: "response", Unit: "ns", Count: len(values)}
		one := response
		one.Series, one.Stride = values, 1
		size := result.Line{Cell: c, Phase: "warm", Metric: "size", Unit: "B", Count: 3, Series: []float64{100, 200 * slow, 300}, Stride: 1}
		series = append(series, one, size)
		one = response
		one.Counts = measure.Bin(values, bounds)
		bins = append(bins, one)
		one = response
		one.CDF = measure.Distribution(slices.Clone(values), 200)
		other := result.Line{Cell: c, Phase: "cold", Metric: "response", Unit: "ns"} // no call of it ended well
		cdf = append(cdf, one, other)
		costs = append(costs, result.Line{Cell: c, Phase: "warm", Count: 100, Cost: &measure.Cost{Calls: 100, Activations: 120, GBs: 2.5 * slow, Nested: .5}})
	}
	r.Figures = []result.Figure{{Title: "How calls grow faster <b>", Kind: "series", Lines: series}, {Title: "How often", Kind: "histogram", Bins: bounds, Lines: bins},
		{Title: "Distribution", Kind: "cdf", Lines: cdf}, {Title: "What it costs", Kind: "cost", Lines: costs}, {Title: "Nothing", Kind: "series"}}
	return r
}

// bounds are the upper bounds of the bins of a histogram.
var bounds = []float64{5 * ms, 10 * ms, 15 * ms, 20 * ms, 40 * ms}
