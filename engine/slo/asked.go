package slo

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"wsk-scenario/dsl"
	"wsk-scenario/dsl/expr"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
)

// Asked is what the expressions of a plan need of a summary beside what every one has, of a run whose client times count from
// anchor.
func Asked(p *plan.Plan, anchor time.Time) measure.Asked {
	asked := measure.Asked{Metrics: measure.CrossingMetrics(anchor)}
	for _, program := range programs(p) {
		for _, name := range program.References() {
			steps := expr.Steps(name)
			wanted, ok := dsl.ParsePercentile(steps[len(steps)-1])
			made := measure.Percentile{Name: wanted.Name, Share: wanted.Share, End: ends[wanted.End]}
			if ok && !slices.Contains(asked.Percentiles, made) {
				asked.Percentiles = append(asked.Percentiles, made)
			}
		}
	}
	return asked
}

var ends = map[dsl.End]int{dsl.Low: -1, dsl.High: 1}

// programs are the expressions of a plan that name statistics. What is faulty is told where it is judged, or drawn.
func programs(p *plan.Plan) (list []*expr.Program) {
	for _, a := range compile(p) {
		list = append(list, a.program)
	}
	scope := p.Scope()
	for _, t := range p.Tables {
		for _, c := range t.Columns {
			program, _ := expr.Compile(c, scope, expr.Any)
			list = append(list, program)
		}
	}
	var searched []string // many cells search for the same
	for _, cell := range p.Cells {
		for _, ph := range cell.Phases {
			if f := ph.Load.Find; f != nil && !slices.Contains(searched, f.SLO.Value) {
				searched = append(searched, f.SLO.Value)
				if objective, err := NewObjective(f.SLO); err == nil {
					list = append(list, objective.program)
				}
			}
		}
	}
	return slices.DeleteFunc(list, func(p *expr.Program) bool { return p == nil })
}

// notComputed says why a metric that has values lacks a percentile; nothing when it has no values.
func notComputed(sum *measure.Summary, metric, name string) string {
	all, _ := sum.Class("all")
	p, ok := dsl.ParsePercentile(name)
	n := all.Metrics[metric].Count
	switch {
	case !ok || n == 0:
		return ""
	case p.End != "" && !(measure.Percentile{Share: p.Share, End: ends[p.End]}).Has(n):
		return fmt.Sprintf("%d values are too few for an interval of p%s", n, name[strings.IndexByte(name, '('):])
	}
	return name + " was not computed: no assertion or table of the run names it"
}
