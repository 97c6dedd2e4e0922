package plan

import (
	"strings"
	"time"

	"wsk-scenario/dsl"
	"wsk-scenario/dsl/expr"
	"wsk-scenario/dsl/syntax"
)

// Figure is a part of the report that is computed from single calls: exactly one of its lists.
type Figure struct {
	Title  string     `json:"title"`
	Series []Measured `json:"series,omitempty"`
	// Histogram is one metric, and the upper bounds of its bins in the unit of the metric.
	Histogram []Measured `json:"histogram,omitempty"`
	Bins      []float64  `json:"bins,omitempty"`
	CDF       []Measured `json:"cdf,omitempty"`
	// Cost are phases, and Quantum is what the duration of each activation is rounded up to.
	Cost    []string      `json:"cost,omitempty"`
	Quantum time.Duration `json:"quantum_ns,omitempty"`
}

// Measured is a metric of a phase.
type Measured struct {
	Phase  string `json:"phase"`
	Metric string `json:"metric"`
	Unit   string `json:"unit,omitempty"` // ns or B; empty for plain numbers
}

// figures are the parts of the report beside tables of columns.
func (b *builder) figures() (list []Figure) {
	for _, t := range b.scenario.Report {
		if len(t.Columns) > 0 {
			continue
		}
		f := Figure{Title: literal(t.Title), Series: b.measured(t.Series), CDF: b.measured(t.CDF)}
		if t.Histogram.Of.Set() {
			f.Histogram, f.Bins = b.measured([]syntax.Val[string]{t.Histogram.Of}), b.bounds(t.Histogram.Bins)
		}
		for _, c := range t.Cost {
			f.Cost = append(f.Cost, literal(c))
		}
		if len(f.Cost) > 0 {
			f.Quantum = or(b, t.Quantum, time.Millisecond)
		}
		list = append(list, f)
	}
	return list
}

func (b *builder) measured(names []syntax.Val[string]) (list []Measured) {
	for _, v := range names {
		phase, metric, _ := strings.Cut(literal(v), ".")
		list = append(list, Measured{phase, metric, b.unitOf(phase, metric)})
	}
	return list
}

// unitOf is the unit of a metric's values.
func (b *builder) unitOf(phase, metric string) string {
	for _, ph := range b.scenario.Running() {
		if e, own := ph.Extract.Get(metric); own && literal(ph.Name) == phase {
			unit, _ := e.Unit.Literal()
			switch dsl.ExtractedKind(unit) {
			case expr.Duration:
				return "ns"
			case expr.Size:
				return "B"
			}
			return ""
		}
	}
	for _, w := range dsl.Metrics {
		if w.Name == metric && w.Unit == dsl.Duration {
			return "ns"
		}
	}
	return ""
}

// bounds are those of bins, in nanoseconds, bytes or plain numbers. They must rise.
func (b *builder) bounds(bins []syntax.Val[string]) (list []float64) {
	for _, v := range bins {
		program, faults := expr.Compile(v.Text(), expr.NewScope(), expr.Any)
		if faults.HasErrors() {
			continue // told where the scenario is checked
		}
		value, err := program.Eval(func(string) (any, bool) { return nil, false })
		bound, ok := numberOf(value)
		if err != nil || !ok || len(list) > 0 && bound <= list[len(list)-1] {
			b.diags.Errorf(v.Range(), "%s must be more than the bound before it", v.Path()).Hint = "write bounds that rise, such as 10ms, 20ms"
			continue
		}
		list = append(list, bound)
	}
	return list
}

func numberOf(value any) (float64, bool) {
	switch v := value.(type) {
	case time.Duration:
		return float64(v), true
	case expr.Bytes:
		return float64(v), true
	case int:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}
