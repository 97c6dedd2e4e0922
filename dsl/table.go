package dsl

import (
	"fmt"
	"time"

	"wsk-scenario/dsl/expr"
	"wsk-scenario/dsl/syntax"
)

// Table is an extra part of the report: exactly one of columns, series, histogram, cdf and cost.
type Table struct {
	Title     syntax.Val[string]        `yaml:"title,required" doc:"The heading." example:"Start-up breakdown"`
	Rows      []syntax.Val[string]      `yaml:"rows" doc:"The axes that make the rows of a table; all of them when not said." example:"[lang]"`
	Columns   []syntax.Val[string]      `yaml:"columns" doc:"A table: expressions, one a column." example:"[cold.response.p50, warm.response.p50]"`
	Series    []syntax.Val[string]      `yaml:"series" doc:"Metrics by the ordinal of the call, as PHASE.METRIC." example:"[shared.run, fresh.run]"`
	Histogram Histogram                 `yaml:"histogram" doc:"How often a metric falls into each bin." example:"{of: warm.run, bins: [10ms, 20ms, 50ms]}"`
	CDF       []syntax.Val[string]      `yaml:"cdf" doc:"The cumulative distribution of metrics, as PHASE.METRIC." example:"[cold.response, warm.response]"`
	Cost      []syntax.Val[string]      `yaml:"cost" doc:"What the calls of phases cost in GB·s, by phase." example:"[chain, nested]"`
	Quantum   syntax.Val[time.Duration] `yaml:"quantum" doc:"What a cost rounds the duration of each activation up to; 1ms when not said." example:"100ms"`
}

// Histogram is a metric and the bounds of its bins.
type Histogram struct {
	Of   syntax.Val[string]   `yaml:"of,required" doc:"The metric, as PHASE.METRIC." example:"warm.run"`
	Bins []syntax.Val[string] `yaml:"bins,required" doc:"The upper bounds of the bins, in the metric's unit." example:"[10ms, 20ms, 50ms]"`
}

// checkReport checks that each part is one thing, and that what it names exists.
func (c *checker) checkReport(scope *expr.Scope) {
	for i, t := range c.Report {
		path := fmt.Sprintf("report[%d]", i)
		node, forms := c.root.Get("report").Items[i], []string{"columns", "series", "histogram", "cdf", "cost"}
		var parts []scalar
		for _, key := range forms {
			parts = append(parts, keyOf(node, path, key))
			c.holds(node, path, key)
		}
		c.exactlyOne(path, node.Range, forms, parts...)
		for _, v := range t.Columns {
			c.compiled(v, scope, expr.Any)
		}
		for _, v := range t.Rows {
			c.checkRow(v)
			if !parts[0].Set() {
				c.fault(v, " has a meaning only beside columns").Hint = "remove it"
			}
		}
		for _, v := range append(append(t.Series[:len(t.Series):len(t.Series)], t.CDF...), t.Histogram.Of) {
			c.metric(v, scope)
		}
		if t.Quantum.Set() && len(t.Cost) == 0 && !c.faulty(path) {
			c.fault(t.Quantum, " has a meaning only beside cost").Hint = "remove it"
		}
		c.positive(t.Quantum)
		for _, v := range t.Cost {
			c.phaseNamed(v)
		}
		c.checkBins(t.Histogram)
	}
}

// metric checks a name such as warm.run: a phase and what is measured of its calls.
func (c *checker) metric(v syntax.Val[string], scope *expr.Scope) {
	name, ok := v.Literal()
	if !ok {
		return
	}
	text := v.Text()
	if _, ds := expr.Compile(text, metricsOf(scope), expr.Any); len(ds) > 0 {
		for _, d := range ds {
			if d.Path = v.Path(); !c.consequence(d) {
				c.diags = append(c.diags, d)
			}
		}
		return
	}
	if !metricName.MatchString(name) {
		c.fault(v, " must be the name of a metric, not %q", name).Hint = "write it such as warm.run"
	}
}

// metricsOf are the metrics of the phases without their statistics.
func metricsOf(scope *expr.Scope) *expr.Scope {
	phases := expr.NewScope()
	for _, name := range scope.Names() {
		metrics := expr.NewScope()
		for _, metric := range scope.Member(name).Names() {
			if statistic := scope.Member(name).Member(metric).Member("p50"); statistic != nil {
				metrics.Add(metric, statistic.Kind())
			}
		}
		if len(metrics.Names()) > 0 {
			phases.Put(name, metrics)
		}
	}
	return phases
}

func (c *checker) checkBins(h Histogram) {
	for _, v := range h.Bins {
		text, ok := v.Literal()
		if !ok {
			continue
		}
		if p, ds := expr.Compile(v.Text(), expr.NewScope(), expr.Any); len(ds) > 0 || p == nil {
			c.fault(v, ": %q is no number, duration or size", text).Hint = "write bounds such as 10ms, 20ms"
		}
	}
}
