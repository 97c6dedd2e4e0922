package content

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
)

// tables are that of how pods came to be, and those that the scenario asks for.
func (s Source) tables() []Table {
	made := append([]Table{}, s.starts()...)
	if s.Column == nil || len(s.Result.Summaries) == 0 {
		return made
	}
	for _, t := range s.Result.Plan.Tables {
		made = append(made, s.table(t))
	}
	return made
}

func (s Source) table(t plan.Table) Table {
	p := s.Result.Plan
	axes := RowAxes(p.Axes, t.Rows)
	made := Table{Title: t.Title, Rows: []string{}, Columns: []string{}, Cells: []TableRow{}}
	for _, a := range axes {
		made.Rows = append(made.Rows, a.Name)
	}
	for _, c := range t.Columns {
		made.Columns = append(made.Columns, c.Value)
	}
	for _, c := range SortedCells(p, axes) {
		row := TableRow{Axes: AxisValues(axes, p.Cells[c]), Values: []*string{}, Thin: []int{}}
		for i, expression := range t.Columns {
			var value *string
			if text, ok := s.Column(c, expression); ok {
				value = &text
				if s.thin(c, expression.Value) {
					row.Thin = append(row.Thin, i)
				}
			}
			row.Values = append(row.Values, value)
		}
		made.Cells = append(made.Cells, row)
	}
	return made
}

// thin reports whether an expression is one percentile, such as cold.init.p95, that comes from too few values in a cell.
func (s Source) thin(cell int, expression string) bool {
	phase, metric, percentile := percentileOf(expression)
	for i := range s.Result.Summaries {
		if sum := &s.Result.Summaries[i]; sum.Cell == cell && sum.Name == phase {
			all, _ := sum.Class("all")
			stats, known := all.Metrics[metric]
			return known && stats.Count < measure.Needed[percentile]
		}
	}
	return false
}

// percentileOf are the parts of an expression that is one statistic of a phase.
func percentileOf(expression string) (phase, metric, percentile string) {
	if parts := strings.Split(strings.TrimSpace(expression), "."); len(parts) == 3 {
		return parts[0], parts[1], parts[2]
	}
	return "", "", ""
}

// RowAxes are the axes of a table's rows: those it names, then every other one that varies, so that no two rows look alike.
func RowAxes(axes []plan.Axis, rows []string) (chosen []plan.Axis) {
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

// SortedCells are the cells ordered by the axes of the rows.
func SortedCells(p *plan.Plan, axes []plan.Axis) []int {
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
	values := AxisValues(axes, cell)
	ranks := make([]int, len(axes))
	for i, axis := range axes {
		ranks[i] = slices.IndexFunc(axis.Values, func(v any) bool { return plan.Text(v) == values[i] })
	}
	return ranks
}

// Row is one row of the default table of figures.
type Row struct {
	Phase  *Phase
	Label  string // the phase, with its temperature or step behind it
	Errors string // how many calls failed; absent where they are counted in another row
	Class  *Class
	// Part is a row below that of its phase: one temperature of it, or one step.
	Part bool
}

// Rows is the default table: a row for each cell and phase, one for each temperature where they are mixed, and one for each
// step.
func (r *Report) Rows() (rows []Row) {
	for i := range r.Phases {
		p := &r.Phases[i]
		if p.Unmeasured {
			continue
		}
		if p.State == NotReached {
			rows = append(rows, Row{p, p.Name, Absent, p.All(), false})
			continue
		}
		rows = append(rows, Row{p, p.Name, number(p.Errors()), p.All(), false})
		if p.mixed() {
			for k := range p.Classes[1:] {
				c := &p.Classes[1+k]
				if p.fires && c.Name == string(measure.Unknown) {
					continue // a trigger has no temperature
				}
				rows = append(rows, Row{p, p.Name + " (" + c.Name + ")", Absent, c, true})
			}
		}
		for k := range p.Steps {
			s := &p.Steps[k]
			rows = append(rows, Row{p, p.Name + "[" + number(k) + "] " + s.Text, number(s.Errors()), s.All(), true})
		}
	}
	return rows
}

// mixed reports whether the classes say more than the row of all calls: several temperatures were met, or another one than
// the phase asked for.
func (p *Phase) mixed() bool {
	if len(p.Classes) < 2 {
		return false
	}
	rest := p.Classes[1:]
	return len(rest) > 1 || p.Start != string(plan.AnyStart) && rest[0].Name != p.Start
}

// Staged are the metrics of the default table, in the order in which a call goes through them.
var Staged = []string{"response", "wait", "init", "run"}

// Footnote explains the marks of the tables; empty when nothing is marked.
func (r *Report) Footnote() string {
	marked := map[string]bool{}
	for _, row := range r.Rows() {
		for _, name := range Staged {
			if m := row.Class.Metric(name); m != nil && m.IsThin("p95") {
				marked["p95"] = true
			}
		}
	}
	for _, t := range r.Tables {
		for _, row := range t.Cells {
			for _, i := range row.Thin {
				_, _, percentile := percentileOf(t.Columns[i])
				marked[percentile] = true
			}
		}
	}
	if len(marked) == 0 {
		return ""
	}
	var needs []string
	for _, percentile := range slices.Sorted(maps.Keys(marked)) {
		needs = append(needs, percentile+" needs "+number(measure.Needed[percentile]))
	}
	return Thin + " too few samples for a finite 95 % interval: " + strings.Join(needs, ", ")
}
