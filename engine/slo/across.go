package slo

import (
	"slices"
	"strings"

	"wsk-scenario/dsl"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
)

// judgeAcross judges an assertion across an axis: once for each combination of the other axes in which every cell exists
// that it names, and is not left out by its condition.
func (a *assertion) judgeAcross(p *plan.Plan, summaries []measure.Summary, known Known) (verdicts []Verdict) {
	var names []string
	if a.program != nil {
		names = dsl.Named(a.program)
	}
	for _, combination := range p.Combinations(a.Across) {
		if values := a.values(p, combination, names, summaries, known); values != nil {
			verdicts = append(verdicts, a.judge(values, combination.ID))
		}
	}
	return verdicts
}

// values are those of the named cells of a combination; nil when one of them is not there.
func (a *assertion) values(p *plan.Plan, combination plan.Combination, names []string, summaries []measure.Summary, known Known) *Values {
	first := len(p.Cells)
	for _, cell := range combination.Cells {
		first = min(first, cell)
	}
	values := &Values{plan: p, cell: first, across: map[string]*Values{}}
	for _, name := range names {
		cell, there := combination.Cells[name]
		if !there || slices.Contains(a.Skip, cell) {
			return nil
		}
		values.across[name] = NewValues(p, cell, summaries, known)
	}
	return values
}

// other finds the cell that the first step of a name stands for, and the rest of the name; nil when it stands for none.
func (v *Values) other(name string) (*Values, string) {
	first, rest, _ := strings.Cut(name, ".")
	return v.across[first], rest
}
