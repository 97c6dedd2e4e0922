// Package report turns plans and results into what people read. It computes nothing that was not measured: what is absent
// is shown as absent, what rests on too few samples is marked, and what could not be proved is said. It opens no file.
package report

import (
	"fmt"
	"io"
	"strings"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/engine/report/content"
)

// Terminal writes results as text. Out is the only field that must be set.
type Terminal struct {
	Out   io.Writer
	Width int  // columns of the terminal; 0 is no limit
	Color bool // colour beside the words, never instead of them
	// Folder is where a calibration is kept; the last line names it.
	Folder string
	// Sources are the texts that red verdicts are drawn in.
	Sources diag.Sources
}

// document is a report while it is written: blocks with a blank line between them.
type document struct {
	Terminal
	report *content.Report
	paint  paint
	blocks []string
}

// Result writes the whole report of one run, with the verdict as its last line.
func (t Terminal) Result(r *content.Report) error {
	d := &document{Terminal: t, report: r, paint: paint(t.Color)}
	d.heading()
	for _, section := range []func() error{d.phases, d.extra, d.figures} {
		if err := section(); err != nil {
			return err
		}
	}
	d.block(r.Footnote())
	if err := d.outcomes(); err != nil {
		return err
	}
	d.block(r.Books.Text())
	if err := d.assertions(); err != nil {
		return err
	}
	if err := d.pictures(); err != nil {
		return err
	}
	d.block(d.bullets("Problems", r.Problems))
	d.block(d.bullets("Not measured or not proved", r.Notes))
	d.block(d.verdict())
	return d.flush()
}

// verdict is the last line: one word, why, how many calls, and where the result is kept.
func (d *document) verdict() string {
	r := d.report
	style := map[content.Word]string{content.Pass: green, content.Interrupted: yellow, content.Done: bold}[r.Verdict.Word]
	if style == "" {
		style = red
	}
	parts := []string{d.paint.as(style, string(r.Verdict.Word)) + " " + r.Verdict.Text,
		content.Count(r.Books.Issued, "call") + ", " + content.Count(r.Books.Errors, "error")}
	if r.Folder != "" {
		parts = append(parts, r.Folder)
	}
	return d.wrap(parts)
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

// bullets is a list under its title; nothing for no lines.
func (d *document) bullets(title string, lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	var text strings.Builder
	text.WriteString(d.paint.as(bold, title) + "\n\n")
	for _, line := range lines {
		words := line
		if !strings.Contains(line, "\n") { // what a compiler says keeps its own lines
			words = wrap(strings.Fields(line), " ", max(d.Width-2, 0))
		}
		text.WriteString("- " + strings.ReplaceAll(strings.TrimRight(words, "\n"), "\n", "\n  ") + "\n")
	}
	return text.String()
}

// flush writes the document.
func (d *document) flush() error {
	if _, err := io.WriteString(d.Out, strings.Join(d.blocks, "\n")); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}
