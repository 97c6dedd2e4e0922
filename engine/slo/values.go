package slo

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"wsk-scenario/dsl"
	"wsk-scenario/dsl/expr"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
)

// Limits are those of the target's namespace, by their names in expressions. One that could not be read is not there.
type Limits map[string]int

// Values are what expressions see in one cell.
type Values struct {
	plan   *plan.Plan
	cell   int
	phases map[string]*measure.Summary
	known  Known
	across map[string]*Values // the values of other cells, by the name of the axis' value; nil in one cell

	supposed supposition
}

// NewValues gives access to the values of one cell.
func NewValues(p *plan.Plan, cell int, summaries []measure.Summary, known Known) *Values {
	v := &Values{plan: p, cell: cell, known: known, phases: map[string]*measure.Summary{}}
	for i := range summaries {
		if summaries[i].Cell == cell {
			v.phases[summaries[i].Name] = &summaries[i]
		}
	}
	return v
}

// Get returns the value of a dotted name: a time.Duration, an int, a float64, or what a variable or axis holds. False means
// that there is no data for it.
func (v *Values) Get(name string) (any, bool) {
	parts := expr.Steps(name)
	switch {
	case len(parts) == 2 && parts[0] == "vars":
		return named(v.plan.Vars, parts[1])
	case len(parts) == 2 && parts[0] == "matrix":
		return named(v.plan.Cells[v.cell].Values, parts[1])
	}
	if other, rest := v.other(name); other != nil {
		return other.Get(rest)
	}
	if parts[0] == "baseline" {
		before, rest, _ := v.ofBaseline(name)
		if before == nil {
			return nil, false
		}
		return before.supposing(v.supposed).Get(rest)
	}
	if limit, ok := strings.CutPrefix(name, "limits."); ok {
		value, known := v.known.Limits[limit]
		return value, known
	}
	sum := v.phases[parts[0]]
	if sum != nil && len(parts) > 1 {
		if step, ok := stepOf(sum, parts[1]); ok {
			sum, parts = step, parts[1:]
		}
	}
	switch {
	case sum == nil:
		return nil, false
	case len(parts) == 2:
		if value, ok := v.supposedOf(sum, parts[1]); ok {
			return asCounted(parts[1], value), true
		}
		return counter(sum, parts[1])
	case len(parts) == 3:
		return statistic(sum, parts[1], parts[2], v.kind(sum, parts[1]))
	}
	return nil, false
}

// Absent says why a name has no value, or none that may be judged; nothing when it has one.
func (v *Values) Absent(name string) string {
	_, why := v.absent(name)
	return why
}

// absent says why a name has no value to judge; nothing when it has one.
func (v *Values) absent(name string) (Status, string) {
	phase, metric, _ := strings.Cut(name, ".")
	_, known := v.Get(name)
	if phase == "vars" || phase == "matrix" || phase == "limits" {
		if !known {
			return NoData, name + " has no value"
		}
		return "", ""
	}
	if other, rest := v.other(name); other != nil {
		status, why := other.absent(rest)
		if why != "" {
			why = phase + ": " + why
		}
		return status, why
	}
	if before, rest, why := v.ofBaseline(name); why != "" {
		return NoData, why
	} else if before != nil {
		status, why := before.absent(rest)
		if why != "" {
			why = "in the baseline " + v.known.Baseline.Run + ": " + why
		}
		return status, why
	}
	if why := notRun(phase, v.phases[phase]); why != "" {
		return NotJudged, why
	}
	sum := v.phases[phase]
	first, rest, _ := strings.Cut(metric, ".")
	if step, ok := stepOf(sum, first); ok {
		sum, phase, metric = step, phase+"."+first, rest
	}
	issued := sum.Counters["issued"]
	metric, statistic, _ := strings.Cut(metric, ".")
	switch {
	case issued == 0 && metric != "issued":
		return NoData, "phase " + phase + " made no call"
	case known && sum.Contradicting > 0 && ofRecord(metric):
		return NotJudged, fmt.Sprintf("of phase %s, %d records cannot be, such as one that ends before it starts", phase, sum.Contradicting)
	case known:
		return "", ""
	}
	if why := notComputed(sum, metric, statistic); why != "" {
		return NoData, why
	}
	return NoData, fmt.Sprintf("none of the %g calls of phase %s has a value for %s", issued, phase, metric)
}

// ofRecord reports whether a metric is computed from the activation record.
func ofRecord(metric string) bool {
	return unitOf(dsl.Metrics, metric) != "" && !slices.Contains([]string{"response", "latency", "send_lag"}, metric)
}

// stepOf is the summary of steps[i].
func stepOf(sum *measure.Summary, name string) (*measure.Summary, bool) {
	number, ok := strings.CutPrefix(name, "steps[")
	if !ok {
		return nil, false
	}
	i, err := strconv.Atoi(strings.TrimSuffix(number, "]"))
	if err != nil || i < 0 || i >= len(sum.Steps) {
		return nil, false
	}
	return &sum.Steps[i], true
}

// notRun says why nothing can be judged of a phase; nothing when it ran to its end.
func notRun(name string, sum *measure.Summary) string {
	switch {
	case sum == nil:
		return "phase " + name + " did not run"
	case sum.Aborted != "":
		return fmt.Sprintf("phase %s was stopped after %g calls, for %s failed", name, sum.Counters["issued"], sum.Aborted)
	case sum.Limited:
		return fmt.Sprintf("the generator was too slow for phase %s: it sent %d of %g calls more than %v late", name, sum.Late, sum.Counters["issued"], measure.LateBy)
	case sum.Cut:
		return fmt.Sprintf("phase %s was cut off after %g calls", name, sum.Counters["issued"])
	}
	return ""
}

func named(values []plan.Value, name string) (any, bool) {
	for _, value := range values {
		if value.Name == name {
			return value.Value, value.Value != nil
		}
	}
	return nil, false
}

func counter(sum *measure.Summary, name string) (any, bool) {
	value, ok := sum.Counters[name]
	if !ok {
		return value, false
	}
	return asCounted(name, value), true
}

// asCounted is a counter's value as expressions see it.
func asCounted(name string, value float64) any {
	if unitOf(dsl.Counters, name) == dsl.Count {
		return int(value)
	}
	return value
}

func statistic(sum *measure.Summary, metric, statistic string, kind expr.Kind) (any, bool) {
	all, _ := sum.Class("all")
	stats, ok := all.Metrics[metric]
	if !ok {
		return nil, false
	}
	value, ok := stats.Get(statistic)
	switch {
	case !ok:
		return nil, false
	case statistic == "count":
		return int(value), true
	case kind == expr.Duration:
		return time.Duration(value), true
	case kind == expr.Size:
		return expr.Bytes(value), true
	}
	return value, true
}

// kind is what the values of a metric are.
func (v *Values) kind(sum *measure.Summary, metric string) expr.Kind {
	if sum.Cell < len(v.plan.Cells) && sum.Phase < len(v.plan.Cells[sum.Cell].Phases) {
		for _, e := range v.plan.Cells[sum.Cell].Phases[sum.Phase].Extract {
			if e.Name == metric {
				return dsl.ExtractedKind(e.Unit)
			}
		}
	}
	return usualKind(metric)
}

// usualKind is what the values of a metric are that every phase has.
func usualKind(metric string) expr.Kind {
	if unitOf(dsl.Metrics, metric) == dsl.Duration {
		return expr.Duration
	}
	return expr.Number
}

func unitOf(words []dsl.Word, name string) dsl.Unit {
	for _, w := range words {
		if w.Name == name {
			return w.Unit
		}
	}
	return ""
}
