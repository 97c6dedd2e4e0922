package result

import (
	"iter"
	"slices"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
)

// Figure is a figure of the plan with its data: one line for each metric or phase and cell.
type Figure struct {
	Title string    `json:"title"`
	Kind  string    `json:"kind"`           // series, histogram, cdf or cost
	Bins  []float64 `json:"bins,omitempty"` // upper bounds of a histogram; the last count lies above all
	Lines []Line    `json:"lines,omitempty"`
}

// Line is one line of a figure. Values are nanoseconds or bytes, as the unit says, or plain numbers.
type Line struct {
	Cell   int    `json:"cell"`
	Phase  string `json:"phase"`
	Metric string `json:"metric,omitempty"`
	Unit   string `json:"unit,omitempty"` // ns or B
	Count  int    `json:"count"`          // how many values there are
	// Series are the values by ordinal. Of very many, every so manyeth is kept: Stride.
	Series []float64      `json:"series,omitempty"`
	Stride int            `json:"stride,omitempty"`
	Counts []int          `json:"counts,omitempty"` // of a histogram
	CDF    []measure.Step `json:"cdf,omitempty"`
	Cost   *measure.Cost  `json:"cost,omitempty"`
}

// How much of a line is kept.
const (
	maxSeries = 5000
	maxSteps  = 200
)

// Draw computes the figures of the plan from the samples of its phases.
func (r *Result) Draw(of func(cell, phase int) iter.Seq[*measure.Sample]) {
	r.Figures = nil
	for _, f := range r.Plan.Figures {
		figure := Figure{Title: f.Title, Bins: f.Bins}
		for cell := range r.Plan.Cells {
			d := drawing{r, cell, of}
			for _, m := range f.Series {
				figure.Kind = "series"
				figure.Lines = append(figure.Lines, d.series(m))
			}
			for _, m := range f.Histogram {
				figure.Kind = "histogram"
				line, values := d.line(m)
				line.Counts = measure.Bin(values, f.Bins)
				figure.Lines = append(figure.Lines, line)
			}
			for _, m := range f.CDF {
				figure.Kind = "cdf"
				line, values := d.line(m)
				line.CDF = measure.Distribution(values, maxSteps)
				figure.Lines = append(figure.Lines, line)
			}
			for _, phase := range f.Cost {
				figure.Kind = "cost"
				figure.Lines = append(figure.Lines, d.cost(phase, f))
			}
		}
		r.Figures = append(r.Figures, figure)
	}
}

// drawing makes the lines of one cell.
type drawing struct {
	result *Result
	cell   int
	of     func(cell, phase int) iter.Seq[*measure.Sample]
}

// phase is a phase by its name; −1 when there is none.
func (d drawing) phase(name string) int {
	return slices.IndexFunc(d.result.Plan.Cells[d.cell].Phases, func(ph plan.Phase) bool { return ph.Name == name })
}

func (d drawing) line(m plan.Measured) (Line, []float64) {
	line := Line{Cell: d.cell, Phase: m.Phase, Metric: m.Metric, Unit: m.Unit}
	i := d.phase(m.Phase)
	if i < 0 {
		return line, nil
	}
	want := measure.Wanted(d.result.Plan.Cells[d.cell].Phases[i].Start)
	metrics := slices.Concat(measure.Metrics, measure.CrossingMetrics(d.result.Started))
	values := measure.Values(d.of(d.cell, i), want, m.Metric, metrics)
	line.Count = len(values)
	return line, values
}

func (d drawing) series(m plan.Measured) Line {
	line, values := d.line(m)
	line.Stride = (len(values) + maxSeries - 1) / maxSeries
	for i := 0; i < len(values); i += line.Stride {
		line.Series = append(line.Series, values[i])
	}
	return line
}

func (d drawing) cost(phase string, f plan.Figure) Line {
	line := Line{Cell: d.cell, Phase: phase}
	i := d.phase(phase)
	if i < 0 {
		return line
	}
	cell := &d.result.Plan.Cells[d.cell]
	called := ""
	if targets := cell.Phases[i].Targets(); len(targets) == 1 {
		called = targets[0]
	}
	cost := measure.Billed(d.of(d.cell, i), f.Quantum, called, cell.MemoryOf)
	line.Count, line.Cost = cost.Calls, &cost
	return line
}
