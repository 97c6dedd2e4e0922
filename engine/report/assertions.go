package report

import (
	"strings"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
	"wsk-scenario/engine/slo"
)

// assertions is the table of verdicts, in the order in which they were judged.
func (d *document) assertions() error {
	r := d.result
	if len(r.Verdicts) == 0 {
		return nil
	}
	g := &grid{columns: append([]column{{title: "verdict"}}, axisColumns(r.Plan.Axes)...)}
	g.columns = append(g.columns, column{title: "assertion", text: true}, column{title: "value", number: true},
		column{title: "limit"}, column{title: "margin", text: true, optional: true})
	left := 0
	if n := d.unreachedCount(); n > maxListed {
		left = n
	}
	for _, v := range r.Verdicts {
		if left > 0 && d.unreached(v) {
			continue
		}
		value, limit, margin := comparisons(v)
		row := append([]string{d.word(v)}, placeOf(r.Plan.Axes, r.Plan.Cells[v.Cell], v)...)
		g.add(append(row, v.Expect, value, limit, margin)...)
	}
	if len(g.rows) > 0 {
		if err := d.table("Assertions", g); err != nil {
			return err
		}
	}
	if left > 0 {
		d.block(count(left, "assertion") + " not judged: the run did not get to what they are about")
	}
	return nil
}

// placeOf is where a verdict was judged: its cell, without the axis that it is across.
func placeOf(axes []plan.Axis, cell plan.Cell, v slo.Verdict) []string {
	values := axisValues(axes, cell)
	for i, axis := range axes {
		if axis.Name == v.Across {
			values[i] = absent
		}
	}
	return values
}

// unreached reports whether the verdict only says that the run ended before. Of a run that did not end by itself there may
// be hundreds of these, and none says more than the next: they are not drawn, and many of them not listed.
func (d *document) unreached(v slo.Verdict) bool {
	return v.Status == slo.NotJudged && d.result.Status != result.Complete
}

func (d *document) unreachedCount() (n int) {
	for _, v := range d.result.Verdicts {
		if d.unreached(v) {
			n++
		}
	}
	return n
}

// word is the verdict in words, with what softens it.
func (d *document) word(v slo.Verdict) string {
	switch {
	case v.Status == slo.Pass:
		return d.paint.as(green, string(v.Status))
	case v.Allowed:
		return d.paint.as(yellow, string(v.Status)+" (allowed)")
	case v.Warn:
		return d.paint.as(yellow, string(v.Status)+" (warning)")
	}
	return d.paint.as(red, string(v.Status))
}

// comparisons are the cells of value, limit and margin, a line for each comparison of the expression.
func comparisons(v slo.Verdict) (value, limit, margin string) {
	if len(v.Comparisons) == 0 {
		return absent, absent, v.Reason
	}
	var values, limits, margins []string
	for _, c := range v.Comparisons {
		values = append(values, c.Left)
		limits = append(limits, c.Op+" "+c.Right)
		if c.Holds && c.Op == "==" {
			c.Margin = "" // equal is equal
		}
		margins = append(margins, c.Margin)
	}
	return strings.Join(values, "\n"), strings.Join(limits, "\n"), strings.Join(margins, "\n")
}
