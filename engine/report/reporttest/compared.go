package reporttest

import (
	"fmt"
	"time"

	"wsk-scenario/dsl/expr"
	"wsk-scenario/engine/compare"
	"wsk-scenario/engine/result"
)

// Compared is a comparison of ten runs a side in two cells that has every verdict, figures far beyond the margin, shares, and
// texts that break what does not escape them.
func Compared() *compare.Report {
	r := &compare.Report{Version: compare.Version, Margin: compare.DefaultMargin, Scenario: "startup", Verdict: compare.Regressed, Further: 14,
		Notes: []string{"they differ, as allowed: code: action hello " + Hostile, "the runs of the two sides are not interleaved: whatever drifted between them looks like a change"}}
	at := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	for i := range 10 {
		r.Base = append(r.Base, compare.Run{ID: fmt.Sprintf("base%d", i), Started: at.Add(time.Duration(2*i) * time.Minute)})
		r.New = append(r.New, compare.Run{ID: fmt.Sprintf("new%d", i), Started: at.Add(time.Duration(2*i+1) * time.Minute)})
	}
	duration := func(name string) compare.Metric { return compare.Metric{Name: name, Kind: expr.Duration, Unit: "ns"} }
	share := compare.Metric{Name: "warm.error_rate", Kind: expr.Number, Unit: "1", Share: true}
	throughput := compare.Metric{Name: "warm.throughput", Kind: expr.Number, Unit: "1", HigherIsBetter: true}
	add := func(cell string, m compare.Metric, primary bool, base, latest float64, v compare.Verdict, low, point, high, p float64) *compare.Comparison {
		c := compare.Comparison{Cell: cell, Metric: m, Primary: primary, Base: around(base), New: around(latest), Verdict: v,
			Effect: &compare.Interval{Point: point, Low: low, High: high}, P: p, Adjusted: min(1, p*2)}
		r.Comparisons = append(r.Comparisons, c)
		return &r.Comparisons[len(r.Comparisons)-1]
	}
	add("lang=java", duration("cold.response.p50"), true, 159*ms, 162*ms, compare.Equivalent, .992, 1.019, 1.041, .21)
	add("lang=java", duration("warm.response.p50"), true, 2.5*ms, 3.1*ms, compare.Regressed, 1.19, 1.24, 1.31, 1.1e-5)
	add("lang=nodejs", duration("cold.response.p50"), true, 58*ms, 49*ms, compare.Improved, .80, .845, .89, 3e-4)
	c := add("lang=nodejs", duration("warm.response.p50"), true, .58*ms, .60*ms, compare.Inconclusive, .97, 1.034, 1.12, .08)
	c.Reason, c.Further = "the interval reaches beyond the margin", 14
	add("lang=java", duration("cold.init.p50"), false, 9*ms, 104*ms, compare.Regressed, 10.9, 11.5, 12.2, 1.1e-5)
	add("lang=java", share, false, 0.001, 0.021, compare.Inconclusive, .004, .02, .061, .04).Reason = "there is a change, and it may be smaller or greater than the margin"
	add("lang=nodejs", throughput, false, 410, 402, compare.Equivalent, .962, .98, 1.01, .3)
	none := add("lang=nodejs", duration("cold.wait.p50"), false, 0, 0, compare.NotJudged, 1, 1, 1, 1)
	none.Base, none.Effect, none.Adjusted, none.Reason = []float64{}, nil, 0, "no figure in 10 of 20 runs: the records have no waitTime"
	r.Causes = []compare.Attribution{{Cell: "lang=java", Phase: "warm", Change: .6 * ms,
		Stages: []compare.Part{{Name: "run", Adds: .55 * ms}, {Name: "wait", Adds: .1 * ms}, {Name: "there and back", Adds: -.05 * ms}},
		Mix:    []compare.Part{{Name: "other shares of cold and warm", Adds: .02 * ms}, {Name: "warm itself", Adds: .58 * ms}}}}
	return r
}

// Refused is a comparison that was refused because the two sides measured other things, one of them with a text that breaks
// what does not escape it.
func Refused() *compare.Report {
	base, latest := Passed(), Passed()
	latest.Run = "k3v9q2bb"
	latest.Facts = append(latest.Facts[:0:0], latest.Facts...)
	latest.Facts[0].Value = "another " + Hostile
	broken := Broken()
	broken.Run = "k3v9q2cc"
	return compare.Refuse([]*result.Result{base}, []*result.Result{latest, broken}, compare.Options{}, &compare.UnlikeError{Differences: []compare.Difference{
		{Kind: compare.InCluster, What: "target", Base: base.Facts[0].Value, New: latest.Facts[0].Value},
		{Kind: compare.InCode, What: "the files of code or payloads are not the same"}}})
}

// around are the numbers of ten runs whose median is middle.
func around(middle float64) (values []float64) {
	for _, d := range []float64{-.02, .01, -.005, .02, 0, -.01, .015, .005, -.015, 0} {
		values = append(values, middle*(1+d))
	}
	return values
}
