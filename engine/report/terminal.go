// Package report turns plans and results into what people read. It computes nothing that was not measured: what is absent
// is shown as absent, what rests on too few samples is marked, and what could not be proved is said. It opens no file.
package report

import (
	"fmt"
	"io"
	"strings"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/result"
	"wsk-scenario/engine/slo"
)

// Terminal writes results as text. Out is the only field that must be set.
type Terminal struct {
	Out   io.Writer
	Width int  // columns of the terminal; 0 is no limit
	Color bool // colour beside the words, never instead of them
	// Folder is where the result is kept; the last line names it.
	Folder string
	// Sources are the texts that red verdicts are drawn in.
	Sources diag.Sources
	// Cells evaluates a column of an extra table in a cell of the matrix; false is "no data".
	Cells func(cell int, column diag.Text) (string, bool)
	// Example gives one error text of calls that ended so, or nothing.
	Example func(cell, phase int, outcome measure.Outcome) string
}

// document is a report while it is written: blocks with a blank line between them.
type document struct {
	Terminal
	result *result.Result
	paint  paint
	blocks []string
	thin   []string // quantiles that were marked
}

// Result writes the whole report of one run, with the verdict as its last line.
func (t Terminal) Result(r *result.Result) error {
	d := &document{Terminal: t, result: r, paint: paint(t.Color)}
	d.heading()
	for _, section := range []func() error{d.phases, d.extra, d.figures} {
		if err := section(); err != nil {
			return err
		}
	}
	d.block(d.footnote())
	if err := d.outcomes(); err != nil {
		return err
	}
	d.block(books(r))
	if err := d.assertions(); err != nil {
		return err
	}
	if err := d.pictures(); err != nil {
		return err
	}
	d.remarks()
	d.block(d.verdict())
	return d.flush()
}

// block adds text as a paragraph of its own; nothing for no text.
func (d *document) block(text string) {
	if text != "" {
		d.blocks = append(d.blocks, strings.TrimRight(text, "\n")+"\n")
	}
}

// table adds a grid under its title.
func (d *document) table(title string, g *grid) error {
	text, err := g.render(d.Width)
	if err != nil {
		return err
	}
	if title != "" {
		text = d.paint.as(bold, title) + "\n\n" + text
	}
	d.block(text)
	return nil
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
func (d *document) alike() (groups [][]slo.Verdict) {
	type key struct {
		status slo.Status
		place  diag.Range
		expect string
	}
	index := map[key]int{}
	for _, v := range d.result.Verdicts {
		if v.Diagnostic == nil || v.Allowed || d.unreached(v) {
			continue
		}
		k := key{v.Status, v.Diagnostic.Range, v.Expect}
		if _, known := index[k]; !known {
			index[k] = len(groups)
			groups = append(groups, nil)
		}
		groups[index[k]] = append(groups[index[k]], v)
	}
	return groups
}

// picture draws several cells once; their values stand in the table.
func (d *document) picture(alike []slo.Verdict) diag.Diagnostic {
	v := alike[0]
	first := *v.Diagnostic
	switch {
	case len(alike) == 1:
	case v.Across != "":
		first.Summary = fmt.Sprintf("%s in %d combinations", v.Expect, len(alike))
		first.Hint = v.Combination + ": " + first.Hint
	default:
		first.Summary = fmt.Sprintf("%s in %d of %d cells", v.Expect, len(alike), len(d.result.Plan.Cells))
		first.Hint = d.result.Plan.Cells[v.Cell].ID + ": " + first.Hint
	}
	return first
}

// flush writes the document.
func (d *document) flush() error {
	if _, err := io.WriteString(d.Out, strings.Join(d.blocks, "\n")); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}
