package dsl

import (
	"fmt"
	"strconv"
	"strings"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/syntax"
)

// maxCells is how many cells a matrix may make. More than that is a slip: nobody waits for it.
const maxCells = 2000

// Cell is one combination of the axes' values.
type Cell struct {
	Index  int
	Values []AxisValue
}

// AxisValue is the value of one axis in a cell: bool, int, float64 or string.
type AxisValue struct {
	Axis  string
	Value any
}

// ID names the cell for people, such as lang=java,node=edge; "all" when there are no axes.
func (c Cell) ID() string {
	if len(c.Values) == 0 {
		return "all"
	}
	parts := make([]string, len(c.Values))
	for i, v := range c.Values {
		parts[i] = v.Axis + "=" + AxisText(v.Value)
	}
	return strings.Join(parts, ",")
}

// Env is what the placeholders of the cell see.
func (c Cell) Env(vars map[string]any) syntax.Env {
	matrix := make(map[string]any, len(c.Values))
	for _, v := range c.Values {
		matrix[v.Axis] = v.Value
	}
	return syntax.Env{"vars": vars, "matrix": matrix}
}

// AxisText is a value of an axis for people, the same whether it was just read or comes out of a saved result.
func AxisText(value any) string {
	if f, ok := value.(float64); ok {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return fmt.Sprint(value)
}

// cells computes the product of the axes. It leaves none when an axis is not known.
func (l *loader) cells() {
	m := &l.scenario.Matrix
	if l.unknown {
		return
	}
	product := 1
	for _, axis := range m.Axes.Entries {
		if product *= max(len(axis.Value.Values), 1); product > maxCells {
			l.diags.Errorf(axis.Key.Range, "the matrix makes more than %d cells", maxCells).Path = "matrix"
			l.unknown = true
			return
		}
	}
	var kept []Cell
	for i := range product {
		if c := m.cell(i, product); !m.excludes(c) {
			c.Index = len(kept)
			kept = append(kept, c)
		}
	}
	if kept = l.included(kept); len(kept) == 0 && !l.unknown {
		l.diags.Errorf(l.root.Get("matrix").Get("exclude").Range, "exclude leaves no cell of the matrix").Path = "matrix.exclude"
	}
	l.scenario.values.cells, l.scenario.values.kin = kept, &kin{cells: kept}
}

// cell is number i of the product, the last axis fastest.
func (m *Matrix) cell(i, product int) Cell {
	var c Cell
	for _, axis := range m.Axes.Entries {
		n := len(axis.Value.Values)
		if n == 0 {
			continue
		}
		product /= n
		value, _ := axis.Value.Values[i/product%n].Literal()
		c.Values = append(c.Values, AxisValue{axis.Key.Value, value})
	}
	return c
}

func (m *Matrix) excludes(c Cell) bool {
	for _, entry := range m.Exclude {
		if len(entry.Entries) > 0 && entryMatches(entry, c) {
			return true
		}
	}
	return false
}

func entryMatches(entry syntax.Dict[syntax.Val[any]], c Cell) bool {
	for _, e := range entry.Entries {
		wanted, _ := e.Value.Literal()
		matches := false
		for _, v := range c.Values {
			matches = matches || v.Axis == e.Key.Value && AxisText(v.Value) == AxisText(wanted)
		}
		if !matches {
			return false
		}
	}
	return true
}

// inCell says in which cells a fault shows; nothing where there is one cell only.
func inCell(cells []string) string {
	switch n := len(cells); {
	case n == 0 || cells[0] == "all":
		return ""
	case n == 1:
		return " (in cell " + cells[0] + ")"
	default:
		return fmt.Sprintf(" (in cell %s and %d more)", cells[0], n-1)
	}
}

// related points at the first of two places.
func related(r diag.Range, note string) []diag.Related {
	return []diag.Related{{Range: r, Note: note}}
}
