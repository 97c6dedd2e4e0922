package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
)

// staged are the metrics of the default table, in the order in which a call goes through them.
var staged = []string{"response", "wait", "init", "run"}

// phases is the default table: a row for each cell and phase, and one for each temperature where they are mixed.
func (d *document) phases() error {
	r := d.result
	if len(r.Summaries) == 0 {
		d.block("Nothing was measured.")
		return nil
	}
	g := &grid{columns: axisColumns(r.Plan.Axes)}
	g.columns = append(g.columns, column{title: "phase", key: true}, column{title: "n", number: true},
		column{title: "errors", number: true, joined: true})
	for _, metric := range staged {
		optional := metric != "response" // the stages are only in activation records, and init not in each
		g.columns = append(g.columns, column{title: metric + " p50", number: true, optional: optional},
			column{title: "p95", number: true, optional: optional, joined: true}, column{title: "of n", number: true, optional: true, joined: true})
	}
	for c, cell := range r.Plan.Cells {
		for p, phase := range cell.Phases {
			if phase.Wait > 0 || phase.Unmeasured {
				continue
			}
			d.phaseRows(g, axisValues(r.Plan.Axes, cell), phase, findSummary(r, c, p))
		}
	}
	if err := d.table("", g); err != nil {
		return err
	}
	d.knees()
	return nil
}

// knees says what the searches found.
func (d *document) knees() {
	r := d.result
	var lines []string
	for c, cell := range r.Plan.Cells {
		for p, phase := range cell.Phases {
			s := findSummary(r, c, p)
			if s == nil || len(s.Trials) == 0 {
				continue
			}
			where := phase.Name
			if len(r.Plan.Cells) > 1 {
				where += " of cell " + cell.ID
			}
			line := fmt.Sprintf("knee of %s: none, the slo does not hold at %.4g/s", where, phase.Load.Find.From)
			if rate, found := s.Counters["knee"]; found {
				line = fmt.Sprintf("knee of %s: %.4g/s, the highest rate at which %s", where, rate, phase.Load.Find.SLO.Value)
				if rate >= phase.Load.Find.To {
					line += "; it lies above, where the search ended"
				}
			}
			for _, t := range s.Trials {
				if t.Limit != "" {
					line += fmt.Sprintf("\n  at %.4g/s gave way: %s", t.Rate, t.Limit)
				}
			}
			lines = append(lines, line)
		}
	}
	if len(lines) > 0 {
		d.block(strings.Join(lines, "\n"))
	}
}

func (d *document) phaseRows(g *grid, axes []string, phase plan.Phase, s *measure.Summary) {
	if s == nil {
		g.add(d.phaseRow(axes, phase.Name, absent, measure.Class{})...)
		return
	}
	all, _ := s.Class("all")
	errors := strconv.Itoa(int(s.Counters["errors"]))
	if errors != "0" {
		errors = d.paint.as(red, errors)
	}
	g.add(d.phaseRow(axes, phase.Name, errors, all)...)
	if mixed(phase.Start, s.Classes) {
		for _, class := range s.Classes {
			if fires := phase.Fire != "" && class.Name == string(measure.Unknown); class.Name != "all" && !fires {
				g.add(d.phaseRow(axes, fmt.Sprintf("%s (%s)", phase.Name, class.Name), absent, class)...)
			}
		}
	}
	for i, step := range s.Steps {
		class, _ := step.Class("all")
		g.add(d.phaseRow(axes, fmt.Sprintf("%s[%d] %s", phase.Name, i, stepSize(phase.Load, s, i)), strconv.Itoa(int(step.Counters["errors"])), class)...)
	}
}

// stepSize is what a step of a load has: 10/s, 4 users, or 62/s held.
func stepSize(l plan.Load, s *measure.Summary, i int) string {
	if i < len(s.Trials) {
		held := "held"
		if s.Trials[i].Unmet != "" {
			held = "not held"
		}
		return fmt.Sprintf("%.4g/s %s", s.Trials[i].Rate, held)
	}
	size := strconv.FormatFloat(l.Steps[i], 'g', 6, 64)
	if l.Open != nil {
		return size + "/s"
	}
	return count(int(l.Steps[i]), "user")
}

func (d *document) phaseRow(axes []string, name, errors string, class measure.Class) []string {
	row := append(slices.Clone(axes), name, strconv.Itoa(class.Samples), errors)
	for _, metric := range staged {
		stats, ok := class.Metrics[metric]
		if !ok {
			row = append(row, absent, absent, "")
			continue
		}
		n := "" // where it is that of the row
		if stats.Count != class.Samples {
			n = strconv.Itoa(stats.Count)
		}
		row = append(row, Duration(stats.P50), d.quantile(stats, "p95", stats.P95), n)
	}
	return row
}

// mixed reports whether the classes say more than the row of all samples: several temperatures were met, or another one
// than the phase asked for.
func mixed(want plan.Start, classes []measure.Class) bool {
	var names []string
	for _, class := range classes {
		if class.Name != "all" {
			names = append(names, class.Name)
		}
	}
	return len(names) > 1 || (len(names) == 1 && want != plan.AnyStart && names[0] != string(want))
}

func axisColumns(axes []plan.Axis) (columns []column) {
	for _, axis := range axes {
		columns = append(columns, column{title: axis.Name, key: true})
	}
	return columns
}

// axisValues are the values of a cell in the order of axes.
func axisValues(axes []plan.Axis, cell plan.Cell) []string {
	values := make([]string, len(axes))
	for i, axis := range axes {
		values[i] = absent
		for _, v := range cell.Values {
			if v.Name == axis.Name {
				values[i] = v.Text()
			}
		}
	}
	return values
}

func findSummary(r *result.Result, cell, phase int) *measure.Summary {
	i := slices.IndexFunc(r.Summaries, func(s measure.Summary) bool { return s.Cell == cell && s.Phase == phase })
	if i < 0 {
		return nil
	}
	return &r.Summaries[i]
}
