package slo

import (
	"slices"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/expr"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
)

// Judge judges every assertion of p in every cell, and for each phase that asks for a place or a kind of start whether it
// had it. Summaries are those of the phases that ran.
func Judge(p *plan.Plan, summaries []measure.Summary, known Known) (verdicts []Verdict) {
	compiled := compile(p)
	for cell := range p.Cells {
		values := NewValues(p, cell, summaries, known)
		verdicts = append(verdicts, placements(values, summaries)...)
		verdicts = append(verdicts, starts(values, summaries)...)
		for _, c := range compiled {
			if c.Across == "" && !slices.Contains(c.Skip, cell) {
				verdicts = append(verdicts, c.judge(values, ""))
			}
		}
	}
	for _, c := range compiled {
		if c.Across != "" {
			verdicts = append(verdicts, c.judgeAcross(p, summaries, known)...)
		}
	}
	return verdicts
}

// assertion is one assertion of a plan, ready to be judged.
type assertion struct {
	plan.Assertion
	index   int
	program *expr.Program
	faults  diag.List
}

func compile(p *plan.Plan) []assertion {
	list := make([]assertion, len(p.Assertions))
	inCell := p.Scope()
	for i, a := range p.Assertions {
		scope := inCell
		if a.Across != "" {
			scope = p.ScopeOf(a)
		}
		program, faults := expr.Compile(a.Expect, scope, expr.Bool)
		list[i] = assertion{a, i, program, faults}
	}
	return list
}

// judge decides the assertion on the values of a cell, or of the combination of cells that is named.
func (a *assertion) judge(values *Values, combination string) Verdict {
	v := Verdict{Assertion: a.index, Cell: values.cell, Expect: a.Expect.Value, Warn: a.Warn, Across: a.Across, Combination: combination}
	if a.Name != "" {
		v.Expect = a.Name
	}
	if a.faults.HasErrors() {
		v.undecided(values, NotJudged, a.Expect.Range, a.faults[0].Summary)
	} else {
		v.judge(a.Assertion, a.program, values.judging(a.Assertion))
	}
	if a.Abort && v.Status != Fail && values.aborted(a.Expect.Value) {
		v.undecided(values, Fail, a.Expect.Range, "it failed while the phase ran, and stopped it")
	}
	v.Allowed = v.Status == NoData && a.AllowNoData
	return v
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
	if why := values.doubt(program, explained.Holds); why != "" {
		v.Comparisons = nil
		v.undecided(values, NoData, a.Expect.Range, why)
		return
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
	switch {
	case v.Across != "" && v.Combination == "", len(values.plan.Cells) == 1:
		return v.Expect
	case v.Across != "":
		return v.Expect + " where " + v.Combination
	}
	return v.Expect + " in cell " + values.plan.Cells[v.Cell].ID
}
