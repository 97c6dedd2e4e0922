package dsl

import (
	"strings"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/expr"
	"wsk-scenario/dsl/syntax"
)

// checkExpressions compiles the assertions and the columns, and runs each on made-up statistics in every cell.
func (c *checker) checkExpressions() {
	scope := c.Scope()
	for _, a := range c.Assert {
		c.checkAssertion(a, scope)
	}
	c.checkReport(scope)
}

func (c *checker) checkRow(v syntax.Val[string]) {
	name, ok := v.Literal()
	if _, known := c.Matrix.Axes.Get(name); !ok || known || c.faulty("matrix") {
		return
	}
	c.noAxis(v, name)
}

// compiled compiles one expression; nil when there is a fault in it.
func (c *checker) compiled(v syntax.Val[string], scope *expr.Scope, want expr.Kind) *expr.Program {
	if _, ok := v.Literal(); !ok {
		return nil
	}
	p, ds := expr.Compile(v.Text(), scope, want)
	for _, d := range ds {
		if d.Path = v.Path(); !c.consequence(d) {
			c.diags = append(c.diags, d)
		}
	}
	if p == nil {
		return nil
	}
	for _, name := range p.References() {
		c.used[name] = true
	}
	c.try(p, v.Path())
	return p
}

// consequence reports whether a name is unknown only because the phases could not be read.
func (c *checker) consequence(d diag.Diagnostic) bool {
	return strings.HasPrefix(d.Summary, "there is no ") && len(c.Phases) == 0
}

// try runs a program with the values of every cell, once where it uses no axis.
func (c *checker) try(p *expr.Program, path string) {
	for i, first := range c.values.kin.of(p.References()) {
		if first < i {
			continue
		}
		env := c.envs[i]
		if d := p.Try(func(name string) (any, bool) { return expr.Within(env, name) }); d != nil {
			d.Path = path
			d.Summary += inCell([]string{c.ids[i]})
			c.diags = append(c.diags, *d)
			return
		}
	}
}

// checkPlaceholders fills in every placeholder in every cell, so that a wrong type in one of them is found before the
// run. A place is reported once.
func (c *checker) checkPlaceholders() {
	for _, place := range syntax.Placeholders(c.Scenario) {
		if strings.HasPrefix(place.Path, "vars.") || strings.HasPrefix(place.Path, "matrix.") {
			continue
		}
		first, cells := c.fill(place)
		if len(cells) == len(c.envs) {
			cells = nil // it does not depend on the cell
		}
		if first != nil {
			first.Path = place.Path
			first.Summary += inCell(cells)
			c.diags = append(c.diags, *first)
		}
	}
}

// fill fills a place in in every cell. It returns the first fault, nil when there is none, and the cells that have one.
func (c *checker) fill(place syntax.Filled) (first *diag.Diagnostic, cells []string) {
	faulty := make([]bool, len(c.envs))
	for i, like := range c.values.kin.of(place.Names) {
		if faulty[i] = faulty[like]; like == i {
			ds := place.Try(c.envs[i])
			faulty[i] = len(ds) > 0
			if first == nil && faulty[i] {
				first = &ds[0]
			}
		}
		if faulty[i] {
			cells = append(cells, c.ids[i])
		}
	}
	return first, cells
}

// checkUse warns of what is described and never used. After an error it says nothing: a misspelled name would show twice.
func (c *checker) checkUse() {
	if c.diags.HasErrors() {
		return
	}
	for _, k := range c.Vars.Keys() {
		if !c.used["vars."+k.Value] && !c.foreign(k.Range) {
			c.diags.Warnf(k.Range, "the variable %s is not used", k.Value).
				Hint = "use it as ${{ vars." + k.Value + " }}, or remove it"
		}
	}
	for _, k := range append(c.Actions.Keys(), c.Sequences.Keys()...) {
		if !c.actions[k.Value] && !c.used["names."+k.Value] && !c.foreign(k.Range) {
			c.diags.Warnf(k.Range, "nothing invokes %s", k.Value).Hint = "invoke it in a phase, or remove it"
		}
	}
	for _, k := range c.Triggers.Keys() {
		if !c.triggers[k.Value] && !c.used["names."+k.Value] {
			c.diags.Warnf(k.Range, "nothing fires %s", k.Value).Hint = "fire it in a phase, or remove it"
		}
	}
	for _, k := range c.Payloads.Keys() {
		if !c.inputs[k.Value] && !c.foreign(k.Range) {
			c.diags.Warnf(k.Range, "the payload %s is not used", k.Value).Hint = "name it in a phase's with, or remove it"
		}
	}
}
