package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"wsk-scenario/engine/report/content"
)

// phases is the default table: a row for each cell and phase, one for each temperature where they are mixed, and one for each
// step of a load.
func (d *document) phases() error {
	r := d.report
	if !slices.ContainsFunc(r.Phases, func(p content.Phase) bool { return p.State != content.NotReached }) {
		d.block("Nothing was measured.")
		return nil
	}
	g := &grid{columns: d.axes()}
	g.columns = append(g.columns, column{title: "phase", key: true}, column{title: "n", number: true},
		column{title: "errors", number: true, joined: true})
	for _, metric := range content.Staged {
		optional := metric != "response" // the stages are only in activation records, and init not in each
		g.columns = append(g.columns, column{title: metric + " p50", number: true, optional: optional},
			column{title: "p95", number: true, optional: optional, joined: true}, column{title: "of n", number: true, optional: true, joined: true})
	}
	g.columns = append(g.columns, column{title: "state", text: true, optional: true})
	for _, row := range r.Rows() {
		g.add(d.row(row)...)
	}
	if err := d.table("", g); err != nil {
		return err
	}
	d.block(strings.Join(d.knees(), "\n"))
	return nil
}

func (d *document) row(row content.Row) []string {
	errors := row.Errors
	if errors != "0" && errors != content.Absent && !row.Part {
		errors = d.paint.as(red, errors)
	}
	cells := append(slices.Clone(d.report.Cells[row.Phase.Cell].Values), row.Label, strconv.Itoa(row.Class.Samples), errors)
	for _, name := range content.Staged {
		m := row.Class.Metric(name)
		n := "" // where it is that of the row
		if m != nil && m.N != row.Class.Samples {
			n = strconv.Itoa(m.N)
		}
		cells = append(cells, content.PercentileText(m, "p50"), content.PercentileText(m, "p95"), n)
	}
	state := "" // where it is as one expects
	if row.Phase.State != content.Measured && !row.Part {
		state = string(row.Phase.State)
	}
	return append(cells, state)
}

// knees says what the searches found.
func (d *document) knees() (lines []string) {
	for i := range d.report.Phases {
		p := &d.report.Phases[i]
		if p.KneeText == "" {
			continue
		}
		where := p.Name
		if len(d.report.Cells) > 1 {
			where += " of cell " + d.report.Cells[p.Cell].ID
		}
		lines = append(lines, fmt.Sprintf("knee of %s: %s", where, strings.ReplaceAll(p.KneeText, "; ", "\n  ")))
	}
	return lines
}

// extra draws the tables that the scenario asks for.
func (d *document) extra() error {
	for _, t := range d.report.Tables {
		g := &grid{columns: keys(t.Rows)}
		for _, title := range t.Columns {
			g.columns = append(g.columns, column{title: title, number: true})
		}
		for i := range t.Cells {
			g.add(append(slices.Clone(t.Cells[i].Axes), t.Cells[i].Texts()...)...)
		}
		if err := d.table(t.Title, g); err != nil {
			return fmt.Errorf("table %q: %w", t.Title, err)
		}
		d.block(d.words(t.Legend))
	}
	return nil
}

// figures draws the parts of the report that are computed from single calls, as tables.
func (d *document) figures() error {
	for i := range d.report.Drawings {
		f := &d.report.Drawings[i]
		if len(f.Lines) == 0 {
			continue
		}
		drawn := f.Table()
		g := &grid{columns: append(d.axes(), column{title: "of", key: true})}
		for k, title := range drawn.Columns {
			course := drawn.Course && k == len(drawn.Columns)-1
			g.columns = append(g.columns, column{title: title, number: !course})
		}
		for k, row := range drawn.Rows {
			line := &f.Lines[k]
			g.add(append(append(slices.Clone(d.report.Cells[line.Cell].Values), line.Of()), row...)...)
		}
		if err := d.table(f.Title, g); err != nil {
			return fmt.Errorf("figure %q: %w", f.Title, err)
		}
	}
	return nil
}

// outcomes is the table of how calls ended, where any ended otherwise than ok.
func (d *document) outcomes() error {
	g := &grid{columns: d.axes()}
	g.columns = append(g.columns, column{title: "phase", key: true}, column{title: "outcome", key: true},
		column{title: "calls", number: true}, column{title: "example", text: true})
	for i := range d.report.Phases {
		p := &d.report.Phases[i]
		if !p.Mishaps() {
			continue
		}
		for _, o := range p.Outcomes {
			g.add(append(slices.Clone(d.report.Cells[p.Cell].Values), p.Name, o.Name, strconv.Itoa(o.Calls), o.Example)...)
		}
	}
	if len(g.rows) == 0 {
		return nil
	}
	return d.table("How the calls ended, warm-up included", g)
}

// axes are the columns of the matrix.
func (d *document) axes() (columns []column) {
	for _, axis := range d.report.Plan.Axes {
		columns = append(columns, column{title: axis.Name, key: true})
	}
	return columns
}

func keys(titles []string) (columns []column) {
	for _, title := range titles {
		columns = append(columns, column{title: title, key: true})
	}
	return columns
}
