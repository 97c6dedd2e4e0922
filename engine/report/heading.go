package report

import (
	"strings"
	"time"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// heading says what was measured, where and when.
func (d *document) heading() {
	r := d.report
	parts := []string{d.paint.as(bold, r.Scenario)}
	if r.Target != "" {
		parts = append(parts, r.Target)
	}
	if r.Cluster != "" {
		parts = append(parts, "cluster "+r.Cluster)
	}
	when := r.Started.Format(time.DateTime) + " UTC"
	if took := r.Took(); took != "" {
		when += ", took " + took
	}
	parts = append(parts, when, "run "+r.Run, "plan "+r.Plan.Short())
	var text strings.Builder
	text.WriteString(d.wrap(parts))
	if r.About != "" {
		text.WriteString(d.words(r.About))
	}
	var facts, clocks []string
	for _, f := range r.Facts {
		facts = append(facts, f.Name+" "+f.Value)
	}
	for _, c := range r.Clocks {
		clocks = append(clocks, c.Text)
	}
	if len(clocks) > 0 {
		facts = append(facts, "clocks ahead of this one: "+strings.Join(clocks, ", "))
	}
	text.WriteString(d.words(strings.Join(facts, " · ")))
	d.block(text.String())
}

// words breaks a sentence between words.
func (d *document) words(text string) string { return wrap(strings.Fields(text), " ", d.Width) }

func (d *document) wrap(parts []string) string { return wrap(parts, " · ", d.Width) }

// wrap joins parts with a separator and breaks the line between two parts where it would grow too long.
func wrap(parts []string, separator string, width int) string {
	var out strings.Builder
	used := 0
	for i, part := range parts {
		w := twwidth.Width(part)
		switch fits := width <= 0 || used+twwidth.Width(separator)+w <= width; {
		case i == 0:
		case fits:
			out.WriteString(separator)
			used += twwidth.Width(separator)
		default:
			out.WriteString("\n")
			used = 0
		}
		out.WriteString(part)
		used += w
	}
	if len(parts) > 0 {
		out.WriteString("\n")
	}
	return out.String()
}
