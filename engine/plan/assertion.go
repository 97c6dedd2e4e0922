package plan

import (
	"strings"

	"wsk-scenario/dsl"
	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/expr"
	"wsk-scenario/dsl/syntax"
)

func (b *builder) assertions(p *Plan) {
	for _, a := range b.scenario.Assert {
		abort, _ := a.Abort.Literal()
		p.Assertions = append(p.Assertions, Assertion{
			Expect: a.Expect.Text(), Name: literal(a.Name),
			Warn: literal(a.Severity) == "warn", AllowNoData: literal(a.NoData) == "allow",
			Abort: abort, After: read(b, a.After),
			Across: literal(a.Across), When: literal(a.When), Skip: b.skip(p, a),
		})
	}
}

// skip finds the cells in which the condition of an assertion is false.
func (b *builder) skip(p *Plan, a dsl.Assertion) (cells []int) {
	if !a.When.Set() {
		return nil
	}
	program, diags := expr.Compile(a.When.Text(), p.Scope(), expr.Bool)
	b.diags = append(b.diags, diags...)
	if diags.HasErrors() {
		return nil
	}
	for i, cell := range p.Cells {
		holds, err := program.Eval(p.lookup(cell))
		switch {
		case err != nil:
			b.diags = append(b.diags, diag.Diagnostic{
				Severity: diag.Error, Range: a.When.Range(), Path: a.When.Path(),
				Summary: a.When.Path() + " cannot be decided in cell " + cell.ID + ": " + err.Error(),
			})
			return nil
		case holds == false:
			cells = append(cells, i)
		}
	}
	return cells
}

// lookup gives the variables of the plan and the values of the axes in a cell.
func (p *Plan) lookup(cell Cell) expr.Lookup {
	env := syntax.Env{"vars": mapping(p.Vars), "matrix": mapping(cell.Values)}
	return func(name string) (any, bool) { return expr.Within(env, name) }
}

func mapping(values []Value) map[string]any {
	m := make(map[string]any, len(values))
	for _, v := range values {
		m[v.Name] = v.Value
	}
	return m
}

// Combination is the cells that differ in nothing but the value of one axis.
type Combination struct {
	ID    string         // the values of the other axes, such as lang=java; empty when there are none
	Cells map[string]int // the index of each cell, by the value of the axis as text
}

// Combinations are the combinations of the axes beside the one named, in the order in which their first cells run.
func (p *Plan) Combinations(axis string) (list []Combination) {
	index := map[string]int{}
	for i, cell := range p.Cells {
		var rest []string
		value := ""
		for _, v := range cell.Values {
			if v.Name == axis {
				value = Text(v.Value)
			} else {
				rest = append(rest, v.Name+"="+Text(v.Value))
			}
		}
		id := strings.Join(rest, ",")
		k, known := index[id]
		if !known {
			k = len(list)
			index[id] = k
			list = append(list, Combination{ID: id, Cells: map[string]int{}})
		}
		list[k].Cells[value] = i
	}
	return list
}
