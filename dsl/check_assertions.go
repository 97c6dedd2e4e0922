package dsl

import (
	"math"
	"slices"
	"strings"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/expr"
	"wsk-scenario/dsl/syntax"
)

func (c *checker) checkAssertion(a Assertion, scope *expr.Scope) {
	axis, across := a.Across.Literal()
	if across && !c.checkAcross(a.Across, axis) {
		return
	}
	if across {
		scope = AcrossScope(scope, axis, c.AxisValues(axis))
	}
	p := c.compiled(a.Expect, scope, expr.Bool)
	when := c.checkWhen(a.When, scope)
	c.checkAbort(a)
	if p == nil {
		return
	}
	if !measured(p) {
		c.diags.Warnf(a.Expect.Range(), "%s speaks of nothing that is measured", a.Expect.Path()).
			Hint = "it is the same in every run"
		return
	}
	for _, part := range p.Settled(bounds) {
		d := c.diags.Warnf(part.Range, "%s: this can never fail", a.Expect.Path())
		if d.Path, d.Hint = a.Expect.Path(), "it holds whatever is measured"; !part.Holds {
			d.Summary, d.Hint = a.Expect.Path()+": this can never hold", "it fails whatever is measured"
		}
	}
	if across && len(c.values.cells) > 0 {
		c.checkCombinations(a.Across, axis, p)
	} else if when != nil {
		c.checkJudged(a.When, when)
	}
}

// checkAcross checks that the axis exists and has values that can be names.
func (c *checker) checkAcross(v syntax.Val[string], axis string) bool {
	if _, known := c.Matrix.Axes.Get(axis); !known {
		if !c.faulty("matrix") {
			c.noAxis(v, axis)
		}
		return false
	}
	values := c.AxisValues(axis)
	if len(values) > 0 && !slices.ContainsFunc(values, func(v any) bool { return acrossName(AxisText(v)) }) {
		c.fault(v, ": no value of the axis %s can be a name", axis).
			Hint = "give the axis values of letters, digits and _, such as cloud and edge"
		return false
	}
	return true
}

// checkWhen compiles the condition of an assertion.
func (c *checker) checkWhen(v syntax.Val[string], scope *expr.Scope) *expr.Program {
	if !v.Set() {
		return nil
	}
	known := expr.NewScope()
	for _, name := range scope.Names() {
		if name == "vars" || name == "matrix" {
			known.Put(name, scope.Member(name))
		} else {
			known.Absent(name, "when is decided before the run, from vars and matrix alone")
		}
	}
	known.Absent("limits", "when is decided before the run; the limits of the target are not known yet")
	return c.compiled(v, known, expr.Bool)
}

// checkJudged warns of an assertion that is judged in no cell.
func (c *checker) checkJudged(v syntax.Val[string], when *expr.Program) {
	for _, env := range c.envs {
		value, err := when.Eval(func(name string) (any, bool) { return expr.Within(env, name) })
		if err != nil || value != false {
			return
		}
	}
	if len(c.envs) > 0 {
		c.diags.Warnf(v.Range(), "%s is false in every cell", v.Path()).Hint = "the assertion is never judged"
	}
}

// checkCombinations checks that in some combination of the other axes all cells exist that the expression names.
func (c *checker) checkCombinations(v syntax.Val[string], axis string, p *expr.Program) {
	named := Named(p)
	there := make(map[string]map[string]bool) // by the values of the other axes
	for _, cell := range c.values.cells {
		rest := Cell{}
		value := ""
		for _, a := range cell.Values {
			if a.Axis == axis {
				value = AxisText(a.Value)
			} else {
				rest.Values = append(rest.Values, a)
			}
		}
		if there[rest.ID()] == nil {
			there[rest.ID()] = make(map[string]bool)
		}
		there[rest.ID()][value] = true
	}
	for _, values := range there {
		if !slices.ContainsFunc(named, func(n string) bool { return !values[n] }) {
			return
		}
	}
	c.fault(v, ": the matrix has no cells of %s that differ in nothing but %s", diag.And(named), axis).
		Hint = "the assertion could never be judged"
}

func (c *checker) checkAbort(a Assertion) {
	abort, _ := a.Abort.Literal()
	if a.After.Set() && !abort && !a.Abort.Broken() {
		c.fault(a.After, " has a meaning only beside abort").Hint = "add abort: true, or remove it"
	}
	if abort && a.Across.Set() {
		c.fault(a.Abort, " cannot be across cells").Hint = "they run one after the other; there is no one phase to stop"
	}
	c.positive(a.After)
}

func (c *checker) noAxis(v scalar, name string) {
	d := c.fault(v, ": there is no axis %q", name)
	if d.Hint = diag.Suggest(name, c.Matrix.Axes.Names()); d.Hint == "" {
		d.Hint = "the scenario has no matrix"
	}
}

func measured(p *expr.Program) bool { return len(Named(p)) > 0 }

// Named are the first steps of the names of measured values: phases, or values of an axis.
func Named(p *expr.Program) (names []string) {
	for _, name := range p.References() {
		first, _, _ := strings.Cut(name, ".")
		if first != "vars" && first != "matrix" && !slices.Contains(names, first) {
			names = append(names, first)
		}
	}
	return names
}

// signed are the metrics that may be less than nothing: their two ends are read from different clocks, or rounded.
var signed = []string{"wait", "overhead"}

// bounds are the least and the largest value that a measured name can have.
func bounds(name string) (low, high float64) {
	low, high = math.Inf(-1), math.Inf(1)
	parts := expr.Steps(name)
	last := parts[len(parts)-1]
	switch {
	case parts[0] == "vars" || parts[0] == "matrix" || len(parts) < 2:
		return low, high
	case last == "error_rate" || last == "cold_share":
		return 0, 1
	case last == "count" || last == "stddev" || !slices.Contains(signed, parts[len(parts)-2]):
		return 0, high
	}
	return low, high
}
