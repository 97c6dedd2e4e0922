package compare

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/expr"
	"wsk-scenario/engine/plan"
)

// Metric is one number of a run: a statistic of a phase, or a counter of it.
type Metric struct {
	Name           string    `json:"name"`                       // warm.response.p50, load.throughput
	Kind           expr.Kind `json:"kind"`                       // a Duration is in nanoseconds
	Unit           string    `json:"unit"`                       // of the numbers: ns, B, or 1 for a plain number
	HigherIsBetter bool      `json:"higher_is_better,omitempty"` // as of a throughput
	// Share says that it lies between 0 and 1: then its difference counts, not its ratio.
	Share bool `json:"share,omitempty"`
}

// More of these is better, of everything else less; shares lie between 0 and 1.
var (
	better = []string{"throughput", "knee", "ok"}
	shares = []string{"error_rate", "cold_share"}
)

// ParseMetric checks a name against what the plan measures.
func ParseMetric(name string, p *plan.Plan) (Metric, error) {
	program, faults := expr.Compile(diag.Text{Value: name}, p.Scope(), expr.Any)
	if faults.HasErrors() {
		text := faults[0].Summary
		if faults[0].Hint != "" {
			text += ": " + faults[0].Hint
		}
		return Metric{}, errors.New(text)
	}
	parts := expr.Steps(name)
	root := parts[0]
	if refs := program.References(); !slices.Equal(refs, []string{name}) || slices.Contains([]string{"vars", "matrix", "limits"}, root) {
		return Metric{}, fmt.Errorf("%q is not measured; write PHASE.METRIC.STATISTIC or PHASE.COUNTER, such as warm.response.p50", name)
	}
	last := parts[len(parts)-1]
	m := metricOf(name, program.Kind())
	m.HigherIsBetter, m.Share = slices.Contains(better, last), slices.Contains(shares, last)
	return m, nil
}

func metricOf(name string, kind expr.Kind) Metric {
	unit := "1"
	switch kind {
	case expr.Duration:
		unit = "ns"
	case expr.Size:
		unit = "B"
	}
	return Metric{Name: name, Kind: kind, Unit: unit}
}

// Usual are the metrics that are compared when nobody says which: the median response of every phase first, then what
// explains it. Which of them the runs have is seen later.
func Usual(p *plan.Plan) (primary, secondary []Metric) {
	for _, ph := range measured(p) {
		primary = append(primary, metricOf(ph.Name+".response.p50", expr.Duration))
		for _, name := range []string{"wait.p50", "init.p50", "run.p50", "response.p95"} {
			secondary = append(secondary, metricOf(ph.Name+"."+name, expr.Duration))
		}
		failing, throughput := metricOf(ph.Name+".error_rate", expr.Number), metricOf(ph.Name+".throughput", expr.Number)
		failing.Share, throughput.HigherIsBetter = true, true
		secondary = append(secondary, failing, throughput)
	}
	return primary, secondary
}

// Format is a value of the metric for people.
func (m Metric) Format(value float64) string {
	switch {
	case m.Share:
		return fmt.Sprintf("%.3g %%", value*100)
	case m.Kind == expr.Duration:
		return expr.Format(time.Duration(value))
	}
	return expr.Format(value)
}
