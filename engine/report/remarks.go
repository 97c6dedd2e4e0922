package report

import (
	"fmt"
	"strings"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/report/content"
	"wsk-scenario/engine/result"
)

// books says whether every call that was issued ended in exactly one outcome.
func books(r *result.Result) string {
	if len(r.Books) == 0 {
		return ""
	}
	var wrong []string
	for _, b := range r.Books {
		if err := b.Check(); err != nil {
			wrong = append(wrong, fmt.Sprintf("books do not balance: %s: %v", place(r.Plan, b.Cell, b.Phase), err))
		}
	}
	if len(wrong) > 0 {
		return strings.Join(wrong, "\n")
	}
	issued, outcomes, _ := calls(r)
	line := fmt.Sprintf("books balance: %s issued, %s", count(issued, "call"), count(outcomes, "outcome"))
	if n := warmups(r.Summaries); n > 0 {
		line += fmt.Sprintf(" (%d of them warm-up)", n)
	}
	started := 0
	for _, s := range r.Summaries {
		started += int(s.Counters["fired"])
	}
	if started > 0 {
		line += "; they started " + count(started, "activation")
	}
	return line
}

func warmups(summaries []measure.Summary) (n int) {
	for _, s := range summaries {
		n += s.Warmups
	}
	return n
}

// remarks says what went wrong, and what was not measured or not proved.
func (d *document) remarks() {
	r := d.result
	d.block(d.bullets("Problems", r.Problems))
	d.block(d.bullets("Not measured or not proved", content.NotesOf(r)))
}

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

// place names a phase of a cell; the cell is left out where there is only one.
func place(p *plan.Plan, cell, phase int) string {
	c := p.Cells[cell]
	if len(p.Axes) == 0 {
		return c.Phases[phase].Name
	}
	return c.ID + ": " + c.Phases[phase].Name
}
