package slo

import (
	"slices"
	"strings"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
)

// Guard judges, while a phase runs, the assertions that abort it.
type Guard struct {
	plan       *plan.Plan
	cell       int
	assertions []assertion
}

// NewGuard collects the assertions that speak of a phase of a cell and abort it; nil when there is none.
func NewGuard(p *plan.Plan, cell int, phase string) *Guard {
	g := &Guard{plan: p, cell: cell}
	for _, a := range compile(p) {
		if a.Abort && !a.faults.HasErrors() && !slices.Contains(a.Skip, cell) && a.speaksOf(phase) {
			g.assertions = append(g.assertions, a)
		}
	}
	if len(g.assertions) == 0 {
		return nil
	}
	return g
}

func (a *assertion) speaksOf(phase string) bool {
	for _, ref := range a.program.Places() {
		if strings.HasPrefix(ref.Name, phase+".") {
			return true
		}
	}
	return false
}

// Failing is the text of the first assertion that fails on what was measured so far, the running phase included; empty
// when all hold or cannot be judged yet. ran says how many seconds of the phase are over.
func (g *Guard) Failing(summaries []measure.Summary, known Known, ran float64) string {
	values := NewValues(g.plan, g.cell, summaries, known)
	for i := range g.assertions {
		a := &g.assertions[i]
		if ran < a.After.Seconds() {
			continue
		}
		if a.judge(values, "").Status == Fail {
			return a.Expect.Value
		}
	}
	return ""
}

// judging are the values on which an assertion is judged: one that stopped its phase is judged on what was measured until
// then.
func (v *Values) judging(a plan.Assertion) *Values {
	if !a.Abort || !v.aborted(a.Expect.Value) {
		return v
	}
	open := *v
	open.phases = make(map[string]*measure.Summary, len(v.phases))
	for name, sum := range v.phases {
		if sum.Aborted == a.Expect.Value {
			whole := *sum
			whole.Cut, whole.Aborted = false, ""
			sum = &whole
		}
		open.phases[name] = sum
	}
	return &open
}

// aborted reports whether an assertion stopped a phase of the cell.
func (v *Values) aborted(expect string) bool {
	for _, sum := range v.phases {
		if sum.Aborted == expect {
			return true
		}
	}
	return false
}
