package content

import (
	"strconv"

	"wsk-scenario/engine/result"
)

// Drawing is a figure that the scenario asks for, computed from single calls: a series by ordinal, a histogram, a cumulative
// distribution, or costs.
type Drawing struct {
	Title string    `json:"title"`
	Kind  string    `json:"kind"` // series, histogram, cdf or cost
	Bins  []float64 `json:"bins"` // upper bounds of a histogram, in the unit of its lines; the last count lies above all
	Lines []Line    `json:"lines"`
}

// Line is what a drawing shows of one metric of a phase, or of the costs of one, in one cell.
type Line struct {
	Cell   int    `json:"cell"`
	Phase  string `json:"phase"`
	Metric string `json:"metric,omitempty"` // empty of costs
	Unit   string `json:"unit"`             // s, B, or 1 for a plain number
	N      int    `json:"n"`                // how many values there are
	// Series are the values in the order of the calls. Of very many, one in Stride is kept.
	Series []float64 `json:"series,omitempty"`
	Stride int       `json:"stride,omitempty"`
	Counts []int     `json:"counts,omitempty"` // of the bins of a histogram
	Steps  []Rise    `json:"steps,omitempty"`  // of a distribution
	Cost   *Cost     `json:"cost,omitempty"`
}

// Rise is a step of a cumulative distribution: this share of the values is no more than Value.
type Rise struct {
	Value float64 `json:"value"`
	Share float64 `json:"share"`
}

// Cost is what the calls of a phase cost, by what was billed for their activations.
type Cost struct {
	Calls       int     `json:"calls"`
	Activations int     `json:"activations"` // that were billed
	GBs         float64 `json:"gb_s"`        // GB·s, of 1024 MB
	Nested      float64 `json:"nested_gb_s"` // the part of it that was billed for activations which another one started
}

// Drawings are the figures of a result.
func Drawings(r *result.Result) []Drawing {
	list := []Drawing{}
	for _, f := range r.Figures {
		d := Drawing{Title: f.Title, Kind: f.Kind, Bins: []float64{}, Lines: []Line{}}
		for _, of := range f.Lines {
			d.Lines = append(d.Lines, lineOf(of))
		}
		for _, bound := range f.Bins {
			_, scale := unitOf(f.Lines[0].Unit)
			d.Bins = append(d.Bins, bound*scale)
		}
		list = append(list, d)
	}
	return list
}

// unitOf is the unit that a report shows for one of a result, and what its values are multiplied by.
func unitOf(unit string) (string, float64) {
	switch unit {
	case "ns":
		return Seconds, 1e-9
	case "B":
		return Bytes, 1
	}
	return Unitless, 1
}

func lineOf(of result.Line) Line {
	unit, scale := unitOf(of.Unit)
	line := Line{Cell: of.Cell, Phase: of.Phase, Metric: of.Metric, Unit: unit, N: of.Count, Stride: of.Stride, Counts: of.Counts}
	for _, v := range of.Series {
		line.Series = append(line.Series, v*scale)
	}
	for _, step := range of.CDF {
		line.Steps = append(line.Steps, Rise{step.Value * scale, step.Share})
	}
	if c := of.Cost; c != nil {
		line.Cost = &Cost{c.Calls, c.Activations, c.GBs, c.Nested}
	}
	return line
}

// Of is the metric with its phase, or the phase whose costs it is.
func (l *Line) Of() string {
	if l.Metric == "" {
		return l.Phase
	}
	return l.Phase + "." + l.Metric
}

// Text is a value of the line for people.
func (l *Line) Text(v float64) string {
	switch l.Unit {
	case Seconds:
		return Duration(v)
	case Bytes:
		return strconv.FormatFloat(v, 'f', 0, 64) + " B"
	}
	return strconv.FormatFloat(v, 'g', 6, 64)
}
