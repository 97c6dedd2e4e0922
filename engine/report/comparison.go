package report

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"

	"wsk-scenario/engine/compare"
)

// Comparison writes a comparison of runs, with the verdict as its last line.
func (t Terminal) Comparison(r *compare.Report) error {
	d := &document{Terminal: t, paint: paint(t.Color)}
	d.block(d.wrap([]string{
		d.paint.as(bold, r.Scenario),
		fmt.Sprintf("%s of base, %s of new%s", count(len(r.Base), "run"), count(len(r.New), "run"), paired(r.Paired)),
		fmt.Sprintf("margin %.3g %%", r.Margin*100),
	}))
	for _, primary := range []bool{true, false} {
		title := map[bool]string{true: "", false: "What explains it"}[primary]
		if err := d.compared(title, r, primary); err != nil {
			return err
		}
	}
	if err := d.causes(r.Causes); err != nil {
		return err
	}
	for _, note := range r.Notes {
		d.block(d.words("note: " + note))
	}
	d.block(d.compareVerdict(r))
	return d.flush()
}

// ComparisonJSON writes a comparison for programs.
func ComparisonJSON(out io.Writer, r *compare.Report) error { return indented(out, r) }

func indented(out io.Writer, v any) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}

func paired(is bool) string {
	if is {
		return ", in pairs"
	}
	return ""
}

// compared draws the primary metrics, or the others.
func (d *document) compared(title string, r *compare.Report, primary bool) error {
	g := &grid{columns: []column{
		{title: "verdict", key: true}, {title: "cell", key: true, optional: true}, {title: "metric", key: true},
		{title: "base", number: true}, {title: "new", number: true}, {title: "change", number: true},
		{title: "95 % interval", number: true}, {title: "p", number: true}, {title: "why", text: true, optional: true},
	}}
	for _, c := range r.Comparisons {
		if c.Primary != primary {
			continue
		}
		cell := c.Cell
		if cell == "all" {
			cell = ""
		}
		row := []string{d.compareWord(c.Verdict), cell, c.Metric.Name, middle(c.Metric, c.Base), middle(c.Metric, c.New), absent, absent, absent, why(c)}
		if c.Effect != nil {
			row[5] = change(c.Metric, c.Effect.Point)
			row[6] = change(c.Metric, c.Effect.Low) + " … " + change(c.Metric, c.Effect.High)
			row[7] = fmt.Sprintf("%.2g", c.P)
			if c.Adjusted > 0 {
				row[7] = fmt.Sprintf("%.2g", c.Adjusted)
			}
		}
		g.add(row...)
	}
	if len(g.rows) == 0 {
		return nil
	}
	return d.table(title, g)
}

// middle is the median of the runs.
func middle(m compare.Metric, values []float64) string {
	if len(values) == 0 {
		return absent
	}
	return m.Format(compare.Median(values))
}

// change is an effect for people: a ratio as a percentage of change, a difference of shares in percentage points.
func change(m compare.Metric, effect float64) string {
	if m.Share {
		return fmt.Sprintf("%+.3g points", effect*100)
	}
	percent := (effect - 1) * 100
	if math.Abs(percent) < 0.05 {
		percent = 0
	}
	return fmt.Sprintf("%+.1f %%", percent)
}

func why(c compare.Comparison) string {
	parts := []string{}
	if c.Reason != "" {
		parts = append(parts, c.Reason)
	}
	if c.Further > 0 && c.Verdict == compare.Inconclusive {
		parts = append(parts, fmt.Sprintf("about %s more would tell", count(c.Further, "run")))
	}
	return strings.Join(parts, "; ")
}

// causes draws where each change comes from.
func (d *document) causes(causes []compare.Attribution) error {
	for _, a := range causes {
		g := &grid{columns: []column{{title: "what", key: true}, {title: "adds", number: true}, {title: "share", number: true}}}
		for i, parts := range [][]compare.Part{a.Stages, a.Mix} {
			if i == 1 && len(parts) > 0 {
				g.add("or, by start:", "", "")
			}
			for _, p := range parts {
				g.add(p.Name, signedDuration(p.Adds), fmt.Sprintf("%.0f %%", p.Adds/a.Change*100))
			}
		}
		where := a.Phase
		if a.Cell != "all" {
			where += " of " + a.Cell
		}
		if err := d.table(fmt.Sprintf("Where the change of %s comes from: mean response %s", where, signedDuration(a.Change)), g); err != nil {
			return err
		}
	}
	return nil
}

func signedDuration(ns float64) string {
	if ns < 0 {
		return "-" + Duration(-ns)
	}
	return "+" + Duration(ns)
}

func (d *document) compareWord(v compare.Verdict) string {
	style := map[compare.Verdict]string{compare.Regressed: red, compare.Improved: green, compare.Equivalent: green}[v]
	if style == "" {
		style = yellow
	}
	return d.paint.as(style, string(v))
}

// compareVerdict is the last line.
func (d *document) compareVerdict(r *compare.Report) string {
	parts := []string{d.compareWord(compare.Verdict(strings.ToUpper(string(r.Verdict))))}
	counts := map[compare.Verdict]int{}
	for _, c := range r.Comparisons {
		counts[c.Verdict]++
	}
	for _, v := range []compare.Verdict{compare.Regressed, compare.Improved, compare.Equivalent, compare.Inconclusive, compare.NotJudged} {
		if counts[v] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[v], v))
		}
	}
	if r.Further > 0 {
		parts = append(parts, "about "+count(r.Further, "more run")+" a side would decide")
	}
	return d.wrap(parts)
}

// Calibration writes what a target changes by itself.
func (t Terminal) Calibration(c *compare.Calibration) error {
	d := &document{Terminal: t, paint: paint(t.Color)}
	d.block(d.wrap([]string{d.paint.as(bold, c.Scenario), count(c.Runs, "run") + " of one thing", "plan " + short(c.Fingerprint)}))
	g := &grid{columns: []column{{title: "cell", key: true, optional: true}, {title: "metric", key: true}, {title: "median", number: true},
		{title: "spread", number: true}, {title: "seen with 10 runs a side", number: true}, {title: "with 20", number: true}}}
	for _, m := range c.Metrics {
		cell := m.Cell
		if cell == "all" {
			cell = ""
		}
		g.add(cell, m.Metric.Name, m.Metric.Format(m.Median), fmt.Sprintf("%.2g %%", m.Spread*100),
			fmt.Sprintf("%.2g %%", m.At10*100), fmt.Sprintf("%.2g %%", m.At20*100))
	}
	if err := d.table("", g); err != nil {
		return err
	}
	d.block(d.words(fmt.Sprintf("Two halves of these runs, drawn at random %d times, differ by the test in %.1f %% of the draws; "+
		"about 5 %% is what the level allows. Far more means that something drifts.", c.Splits, c.FalseAlarms*100)))
	d.block(d.Folder)
	return d.flush()
}

// Precision writes how well repeated runs know their metrics, and whether that is as well as was asked.
func (t Terminal) Precision(list []compare.Precision, width float64) error {
	d := &document{Terminal: t, paint: paint(t.Color)}
	g := &grid{columns: []column{{title: "cell", key: true, optional: true}, {title: "metric", key: true}, {title: "runs", number: true},
		{title: "median", number: true}, {title: "95 % interval", number: true}, {title: "within", number: true}}}
	for _, p := range list {
		cell := p.Cell
		if cell == "all" {
			cell = ""
		}
		g.add(cell, p.Metric.Name, fmt.Sprint(p.Runs), p.Metric.Format(p.Median.Point),
			p.Metric.Format(p.Median.Low)+" … "+p.Metric.Format(p.Median.High), fmt.Sprintf("%.2g %%", p.Relative*100))
	}
	if err := d.table("", g); err != nil {
		return err
	}
	word, style := "TIGHT", green
	if !compare.Tight(list, width) {
		word, style = "NOT TIGHT", red
	}
	d.block(d.wrap([]string{d.paint.as(style, word), fmt.Sprintf("asked for %.3g %%", width*100)}))
	return d.flush()
}
