package compare

import (
	"math"

	"wsk-scenario/engine/result"
)

// Looks are the numbers of runs at which a repeated measurement may end. They are set before it begins, and only the width
// of the interval is looked at, never whether a difference is significant: who looks for that until it is there finds it.
var Looks = []int{6, 10, 15, 20, 30, 40}

// Precision is how well runs of one thing know a metric of a cell.
type Precision struct {
	Cell     string   `json:"cell"`
	Metric   Metric   `json:"metric"`
	Runs     int      `json:"runs"`
	Median   Interval `json:"median"`   // over the runs, with its 95 % interval
	Relative float64  `json:"relative"` // the farther end of the interval from the median, as a fraction of it
}

// Precise computes the precision of the metrics of complete runs, or of the usual primary ones.
func Precise(results []*result.Result, metrics []string) ([]Precision, error) {
	runs, _ := runsOf(results)
	if len(runs) == 0 {
		return nil, nil
	}
	p := runs[0].result.Plan
	primary, _, err := Options{Primary: metrics}.metrics(p)
	if err != nil {
		return nil, err
	}
	var list []Precision
	for _, cell := range cellsOf(p) {
		for _, m := range primary {
			values, err := positive(runs, cell, m)
			if err != nil {
				return nil, err
			}
			logs := medianDifference(logarithms(values), resamples)
			median := Interval{math.Exp(logs.Point), math.Exp(logs.Low), math.Exp(logs.High)}
			list = append(list, Precision{cell, m, len(values), median, max(median.High/median.Point, median.Point/median.Low) - 1})
		}
	}
	return list, nil
}

// Tight reports whether all of them are at least as precise as width.
func Tight(list []Precision, width float64) bool {
	for _, p := range list {
		if p.Relative > width {
			return false
		}
	}
	return len(list) > 0
}
