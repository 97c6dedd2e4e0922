package slo

import (
	"fmt"
	"strings"
	"time"

	"wsk-scenario/dsl"
	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/expr"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
)

// Judge judges every assertion of p in every cell, and for each phase that asks for a kind of start whether it had it.
// Summaries are those of the phases that ran.
func Judge(p *plan.Plan, summaries []measure.Summary) (verdicts []Verdict) {
	scope := p.Scope()
	programs := make([]*expr.Program, len(p.Assertions))
	faults := make([]diag.List, len(p.Assertions))
	for i, a := range p.Assertions {
		programs[i], faults[i] = expr.Compile(a.Expect, scope, expr.Bool)
	}
	for cell := range p.Cells {
		values := NewValues(p, cell, summaries)
		verdicts = append(verdicts, starts(values, summaries)...)
		for i, a := range p.Assertions {
			v := Verdict{Assertion: i, Cell: cell, Expect: a.Expect.Value, Warn: a.Warn}
			if a.Name != "" {
				v.Expect = a.Name
			}
			if faults[i].HasErrors() {
				v.undecided(values, NotJudged, a.Expect.Range, faults[i][0].Summary)
			} else {
				v.judge(a, programs[i], values)
			}
			v.Allowed = v.Status == NoData && a.AllowNoData
			verdicts = append(verdicts, v)
		}
	}
	return verdicts
}

// judge decides one assertion. Nothing is evaluated unless every name in it has a value.
func (v *Verdict) judge(a plan.Assertion, program *expr.Program, values *Values) {
	for _, ref := range program.Places() {
		if status, why := values.absent(ref.Name); why != "" {
			v.undecided(values, status, ref.Range, why)
			return
		}
	}
	explained := program.Explain(values.Get)
	if explained.Err != nil {
		v.undecided(values, NoData, a.Expect.Range, explained.Err.Error())
		return
	}
	for _, c := range explained.Comparisons {
		v.Comparisons = append(v.Comparisons, newComparison(c))
	}
	v.Status = Pass
	if c, fails := explained.Failing(); fails {
		v.Status = Fail
		v.Diagnostic = &diag.Diagnostic{Severity: v.severity(), Range: c.Range, Summary: v.summary(values), Hint: hint(c)}
	}
}

// mirrored are the operators seen from the other side.
var mirrored = map[string]string{"<": ">", "<=": ">=", ">": "<", ">=": "<="}

// newComparison puts the measured side on the left, wherever the scenario wrote it.
func newComparison(c expr.Comparison) Comparison {
	op := c.Op
	if other, ok := mirrored[op]; ok && c.LimitOnLeft {
		op = other
	}
	return Comparison{Text: c.Text, Left: c.Value(), Op: op, Right: c.Limit(), Holds: c.Holds, Margin: c.Margin}
}

// hint is what stands under a comparison that failed: the value, and how far it is from the limit.
func hint(c expr.Comparison) string {
	if c.Op == "" {
		return "this is false"
	}
	text := "it is " + c.Value()
	if c.Margin != "" {
		text += ", " + c.Margin
	}
	return text
}

// undecided ends with a status that is neither pass nor fail, and the reason under the place it is about.
func (v *Verdict) undecided(values *Values, s Status, at diag.Range, why string) {
	v.Status, v.Reason = s, why
	v.Diagnostic = &diag.Diagnostic{Severity: diag.Severity(s), Range: at, Summary: v.summary(values), Hint: why}
}

func (v *Verdict) severity() diag.Severity {
	if v.Warn {
		return diag.Warning
	}
	return diag.Failed
}

// summary names the expectation, and the cell where there is more than one.
func (v *Verdict) summary(values *Values) string {
	if len(values.plan.Cells) == 1 {
		return v.Expect
	}
	return v.Expect + " in cell " + values.plan.Cells[v.Cell].ID
}

// Values are what expressions see in one cell.
type Values struct {
	plan   *plan.Plan
	cell   int
	phases map[string]*measure.Summary
}

// NewValues gives access to the values of one cell.
func NewValues(p *plan.Plan, cell int, summaries []measure.Summary) *Values {
	v := &Values{plan: p, cell: cell, phases: map[string]*measure.Summary{}}
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
	parts := strings.Split(name, ".")
	switch {
	case len(parts) == 2 && parts[0] == "vars":
		return named(v.plan.Vars, parts[1])
	case len(parts) == 2 && parts[0] == "matrix":
		return named(v.plan.Cells[v.cell].Values, parts[1])
	}
	sum := v.phases[parts[0]]
	switch {
	case sum == nil:
		return nil, false
	case len(parts) == 2:
		return counter(sum, parts[1])
	case len(parts) == 3:
		return statistic(sum, parts[1], parts[2])
	}
	return nil, false
}

// absent says why a name has no value to judge; nothing when it has one.
func (v *Values) absent(name string) (Status, string) {
	phase, metric, _ := strings.Cut(name, ".")
	_, known := v.Get(name)
	if phase == "vars" || phase == "matrix" {
		if !known {
			return NoData, name + " has no value"
		}
		return "", ""
	}
	if why := notRun(phase, v.phases[phase]); why != "" {
		return NotJudged, why
	}
	issued := v.phases[phase].Counters["issued"]
	metric, _, _ = strings.Cut(metric, ".")
	switch {
	case issued == 0 && metric != "issued":
		return NoData, "phase " + phase + " made no call"
	case known:
		return "", ""
	}
	return NoData, fmt.Sprintf("none of the %g calls of phase %s has a value for %s", issued, phase, metric)
}

// notRun says why nothing can be judged of a phase; nothing when it ran to its end.
func notRun(name string, sum *measure.Summary) string {
	switch {
	case sum == nil:
		return "phase " + name + " did not run"
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
	if ok && unitOf(dsl.Counters, name) == dsl.Count {
		return int(value), true
	}
	return value, ok
}

func statistic(sum *measure.Summary, metric, statistic string) (any, bool) {
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
	case unitOf(dsl.Metrics, metric) == dsl.Duration:
		return time.Duration(value), true
	}
	return value, true
}

func unitOf(words []dsl.Word, name string) dsl.Unit {
	for _, w := range words {
		if w.Name == name {
			return w.Unit
		}
	}
	return ""
}
