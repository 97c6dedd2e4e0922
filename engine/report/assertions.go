package report

import (
	"fmt"
	"slices"
	"strings"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/engine/report/content"
)

// assertions is the table of verdicts, in the order in which they were judged.
func (d *document) assertions() error {
	r := d.report
	if len(r.Assertions) == 0 {
		return nil
	}
	g := &grid{columns: append([]column{{title: "verdict"}}, d.axes()...)}
	g.columns = append(g.columns, column{title: "assertion", text: true}, column{title: "value", number: true},
		column{title: "limit"}, column{title: "margin", text: true, optional: true})
	left := 0
	for i := range r.Assertions {
		if d.unreached(&r.Assertions[i]) {
			left++
		}
	}
	if left <= maxListed {
		left = 0
	}
	for i := range r.Assertions {
		a := &r.Assertions[i]
		if left > 0 && d.unreached(a) {
			continue
		}
		value, limit, margin := comparisons(a)
		g.add(append(append([]string{d.word(a)}, d.placeOf(a)...), a.Expect, value, limit, margin)...)
	}
	if len(g.rows) > 0 {
		if err := d.table("Assertions", g); err != nil {
			return err
		}
	}
	if left > 0 {
		d.block(content.Count(left, "assertion") + " not judged: the run did not get to what they are about")
	}
	return nil
}

// placeOf is where an assertion was judged: its cell, without the axis that it is across.
func (d *document) placeOf(a *content.Assertion) []string {
	values := slices.Clone(d.report.Cells[a.Cell].Values)
	for i, axis := range d.report.Plan.Axes {
		if axis.Name == a.Across {
			values[i] = content.Absent
		}
	}
	return values
}

// unreached reports whether the verdict only says that the run ended before. Of a run that did not end by itself there may
// be hundreds of these, and none says more than the next: they are not drawn, and many of them not listed.
func (d *document) unreached(a *content.Assertion) bool {
	word := d.report.Verdict.Word
	return a.Unjudged() && (word == content.Broken || word == content.Interrupted)
}

// word is the verdict in words, with what softens it.
func (d *document) word(a *content.Assertion) string {
	style := red
	switch {
	case a.Held():
		style = green
	case a.Allowed || a.Warn:
		style = yellow
	}
	return d.paint.as(style, a.Label())
}

// comparisons are the cells of value, limit and margin, a line for each comparison of the expression.
func comparisons(a *content.Assertion) (value, limit, margin string) {
	if len(a.Comparisons) == 0 {
		return content.Absent, content.Absent, a.Reason
	}
	var values, limits, margins []string
	for _, c := range a.Comparisons {
		values, limits, margins = append(values, c.Value), append(limits, c.Op+" "+c.Limit), append(margins, c.Margin)
	}
	return strings.Join(values, "\n"), strings.Join(limits, "\n"), strings.Join(margins, "\n")
}

// pictures draws every verdict that is not a pass under its expression.
func (d *document) pictures() error {
	for _, alike := range d.alike() {
		var out strings.Builder
		printer := diag.Printer{Out: &out, Sources: d.Sources, Color: d.Color}
		if err := printer.Text(diag.List{d.picture(alike)}); err != nil {
			return fmt.Errorf("draw the verdicts: %w", err)
		}
		d.block(out.String())
	}
	return nil
}

// alike are the verdicts to draw; those that point at one place for one reason are together, one for each cell.
func (d *document) alike() (groups [][]*content.Assertion) {
	type key struct {
		status string
		place  diag.Range
		expect string
	}
	index := map[key]int{}
	for i := range d.report.Assertions {
		a := &d.report.Assertions[i]
		if a.Diagnostic == nil || a.Allowed || d.unreached(a) {
			continue
		}
		k := key{a.Status, a.Diagnostic.Range, a.Expect}
		if _, known := index[k]; !known {
			index[k] = len(groups)
			groups = append(groups, nil)
		}
		groups[index[k]] = append(groups[index[k]], a)
	}
	return groups
}

// picture draws several cells once; their values stand in the table.
func (d *document) picture(alike []*content.Assertion) diag.Diagnostic {
	a := alike[0]
	first := *a.Diagnostic
	switch {
	case len(alike) == 1:
	case a.Across != "":
		first.Summary = fmt.Sprintf("%s in %d combinations", a.Expect, len(alike))
		first.Hint = a.Combination + ": " + first.Hint
	default:
		first.Summary = fmt.Sprintf("%s in %d of %d cells", a.Expect, len(alike), len(d.report.Cells))
		first.Hint = d.report.Cells[a.Cell].ID + ": " + first.Hint
	}
	return first
}
