package report

import (
	"fmt"
	"strings"

	"wsk-scenario/engine/compare"
	"wsk-scenario/engine/report/content"
)

// Comparison writes a comparison of runs, with the verdict as its last line.
func (t Terminal) Comparison(r *compare.Report) error {
	d := &document{Terminal: t, paint: paint(t.Color)}
	d.block(d.wrap(append([]string{d.paint.as(bold, r.Scenario)}, r.Sides()...)))
	if r.Refusal != nil {
		d.block(d.bullets("Why it was refused", append([]string{r.Refusal.Reason}, r.Refusal.Lines()...)))
	}
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
		effect, interval, p := c.Words()
		g.add(d.compareWord(c.Verdict), c.Where(), c.Metric.Name, c.Metric.Middle(c.Base), c.Metric.Middle(c.New), effect, interval, p, c.Why())
	}
	if len(g.rows) == 0 {
		return nil
	}
	return d.table(title, g)
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
				adds, share := a.Words(p)
				g.add(p.Name, adds, share)
			}
		}
		if err := d.table(a.Title(), g); err != nil {
			return err
		}
	}
	return nil
}

func (d *document) compareWord(v compare.Verdict) string {
	style := yellow
	switch word := compare.Verdict(strings.ToLower(string(v))); {
	case word == compare.Regressed, word == compare.Refused:
		style = red
	case word.Green():
		style = green
	}
	return d.paint.as(style, string(v))
}

// compareVerdict is the last line.
func (d *document) compareVerdict(r *compare.Report) string {
	word := d.compareWord(compare.Verdict(strings.ToUpper(string(r.Verdict))))
	return d.wrap(append([]string{word}, r.Counts()...))
}

// Calibration writes what a target changes by itself.
func (t Terminal) Calibration(c *compare.Calibration) error {
	d := &document{Terminal: t, paint: paint(t.Color)}
	d.block(d.wrap([]string{d.paint.as(bold, c.Scenario), content.Count(c.Runs, "run") + " of one thing", "plan " + content.Short(c.Fingerprint)}))
	g := &grid{columns: []column{{title: "cell", key: true, optional: true}, {title: "metric", key: true}, {title: "median", number: true},
		{title: "spread", number: true}, {title: "seen with 10 runs a side", number: true}, {title: "with 20", number: true}}}
	for _, m := range c.Metrics {
		cell := m.Cell
		if cell == "all" {
			cell = ""
		}
		g.add(cell, m.Metric.Name, m.Metric.Format(m.Median), compare.Percent(m.Spread),
			compare.Percent(m.At10), compare.Percent(m.At20))
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
			p.Metric.Format(p.Median.Low)+" … "+p.Metric.Format(p.Median.High), compare.Percent(p.Relative))
	}
	if err := d.table("", g); err != nil {
		return err
	}
	word, style := "TIGHT", green
	if !compare.Tight(list, width) {
		word, style = "NOT TIGHT", red
	}
	d.block(d.wrap([]string{d.paint.as(style, word), "asked for " + compare.Percent(width)}))
	return d.flush()
}
