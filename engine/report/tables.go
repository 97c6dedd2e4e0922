package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
)

// extra draws the tables that the scenario asks for.
func (d *document) extra() error {
	if len(d.result.Summaries) == 0 {
		return nil
	}
	for _, t := range d.result.Plan.Tables {
		if err := d.extraTable(t); err != nil {
			return fmt.Errorf("table %q: %w", t.Title, err)
		}
	}
	return nil
}

func (d *document) extraTable(t plan.Table) error {
	p := d.result.Plan
	axes := rowAxes(p.Axes, t.Rows)
	g := &grid{columns: axisColumns(axes)}
	for _, c := range t.Columns {
		g.columns = append(g.columns, column{title: c.Value, number: true})
	}
	for _, c := range sortedCells(p, axes) {
		row := axisValues(axes, p.Cells[c])
		for _, expression := range t.Columns {
			row = append(row, d.cell(c, expression))
		}
		g.add(row...)
	}
	return d.table(t.Title, g)
}

func (d *document) cell(c int, expression diag.Text) string {
	if d.Cells == nil {
		return absent
	}
	value, ok := d.Cells(c, expression)
	if !ok {
		return absent
	}
	if stats, name, found := d.statsOf(c, expression.Value); found {
		return value + d.markFor(stats, name)
	}
	return value
}

// statsOf finds the statistics behind an expression that is one quantile, such as cold.init.p95.
func (d *document) statsOf(cell int, expression string) (measure.Stats, string, bool) {
	parts := strings.Split(strings.TrimSpace(expression), ".")
	if len(parts) != 3 {
		return measure.Stats{}, "", false
	}
	for i := range d.result.Summaries {
		s := &d.result.Summaries[i]
		if s.Cell != cell || s.Name != parts[0] {
			continue
		}
		all, _ := s.Class("all")
		stats, ok := all.Metrics[parts[1]]
		return stats, parts[2], ok
	}
	return measure.Stats{}, "", false
}

// rowAxes are the axes of a table's rows: those it names, then every other one that varies, so that no two rows look alike.
func rowAxes(axes []plan.Axis, rows []string) (chosen []plan.Axis) {
	if len(rows) == 0 {
		return axes
	}
	for _, name := range rows {
		if i := slices.IndexFunc(axes, func(a plan.Axis) bool { return a.Name == name }); i >= 0 {
			chosen = append(chosen, axes[i])
		}
	}
	for _, axis := range axes {
		if len(axis.Values) > 1 && !slices.Contains(rows, axis.Name) {
			chosen = append(chosen, axis)
		}
	}
	return chosen
}

// sortedCells are the cells ordered by the axes of the rows.
func sortedCells(p *plan.Plan, axes []plan.Axis) []int {
	cells := make([]int, len(p.Cells))
	for i := range cells {
		cells[i] = i
	}
	slices.SortStableFunc(cells, func(a, b int) int {
		return slices.CompareFunc(rank(axes, p.Cells[a]), rank(axes, p.Cells[b]), cmp.Compare[int])
	})
	return cells
}

// rank is where the values of a cell stand on the axes.
func rank(axes []plan.Axis, cell plan.Cell) []int {
	values := axisValues(axes, cell)
	ranks := make([]int, len(axes))
	for i, axis := range axes {
		ranks[i] = slices.IndexFunc(axis.Values, func(v any) bool { return plan.Text(v) == values[i] })
	}
	return ranks
}
