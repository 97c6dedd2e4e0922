package report

import (
	"fmt"
	"slices"
	"strings"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/report/content"
)

// shared draws the lines of all cells, equal ones once. Where cells differ, a column says which cells a line is of.
func (d *document) shared(title string, columns []column, rows planRows) error {
	g := &grid{columns: append(slices.Clone(columns), column{title: "cells", text: true})}
	uniform := true
	for _, line := range rows.lines {
		for _, v := range variants(line) {
			of := describeCells(rows.plan, v.cells)
			uniform = uniform && of == ""
			g.add(append(slices.Clone(v.text), of)...)
		}
	}
	if len(g.rows) == 0 {
		return nil
	}
	if uniform {
		kept := make([]int, len(columns))
		for i := range kept {
			kept[i] = i
		}
		g = g.only(kept)
	}
	return d.table(title, g)
}

// variant is one form of a line and the cells that have it.
type variant struct {
	text  []string
	cells []int
}

// variants groups equal lines, in the order in which they are first met.
func variants(line []cellRow) (found []variant) {
	for _, row := range line {
		i := slices.IndexFunc(found, func(v variant) bool { return slices.Equal(v.text, row.text) })
		if i < 0 {
			i = len(found)
			found = append(found, variant{text: row.text})
		}
		found[i].cells = append(found[i].cells, row.cell)
	}
	return found
}

// describeCells names a set of cells by the axes that set it apart: lang=java, or size=1|2. It is empty for all cells.
func describeCells(p *plan.Plan, cells []int) string {
	if len(cells) == len(p.Cells) {
		return ""
	}
	var parts []string
	block := make([][]string, len(p.Axes))
	for i, axis := range p.Axes {
		block[i] = valuesOn(p, i, cells)
		if len(block[i]) < len(axis.Values) {
			parts = append(parts, axis.Name+"="+strings.Join(block[i], "|"))
		}
	}
	if inside(p, block) == len(cells) {
		return strings.Join(parts, " ")
	}
	ids := make([]string, 0, 3)
	for _, c := range cells[:min(3, len(cells))] {
		ids = append(ids, p.Cells[c].ID)
	}
	if more := len(cells) - len(ids); more > 0 {
		ids = append(ids, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(ids, " ")
}

// valuesOn are the values that the cells have on one axis, in order.
func valuesOn(p *plan.Plan, axis int, cells []int) (values []string) {
	for _, c := range cells {
		if v := content.AxisValues(p.Axes, p.Cells[c])[axis]; !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	return values
}

// inside counts the cells of the plan whose values all are in block, which has a list of values for each axis. It is more
// than the cells that block was made of where those are no block of the matrix.
func inside(p *plan.Plan, block [][]string) (n int) {
	for _, cell := range p.Cells {
		outside := false
		for axis, v := range content.AxisValues(p.Axes, cell) {
			outside = outside || !slices.Contains(block[axis], v)
		}
		if !outside {
			n++
		}
	}
	return n
}
