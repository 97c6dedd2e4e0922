package report

import (
	"strings"
	"time"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// shortHash is how much of a fingerprint people need to tell two plans apart.
const shortHash = 12

// heading says what was measured, where and when.
func (d *document) heading() {
	r := d.result
	where, facts := "", []string(nil)
	for _, f := range r.Facts {
		if f.Name == "target" {
			where = f.Value
			continue
		}
		facts = append(facts, f.Name+" "+f.Value)
	}
	parts := []string{d.paint.as(bold, r.Plan.Scenario)}
	if where != "" {
		parts = append(parts, where)
	}
	if c := r.Plan.Cluster; c != nil {
		parts = append(parts, "cluster "+c.Name)
	}
	when := r.Started.UTC().Format(time.DateTime) + " UTC"
	if took := r.Ended.Sub(r.Started); took > 0 {
		when += ", took " + span(took)
	}
	parts = append(parts, when, "run "+r.Run, "plan "+short(r.Plan.Fingerprint))
	var text strings.Builder
	text.WriteString(d.wrap(parts))
	if r.Plan.About != "" {
		text.WriteString(d.words(r.Plan.About))
	}
	var clocks []string
	for _, c := range r.Clocks {
		clocks = append(clocks, c.Text())
	}
	if len(clocks) > 0 {
		facts = append(facts, "clocks ahead of this one: "+strings.Join(clocks, ", "))
	}
	text.WriteString(d.words(strings.Join(facts, " · ")))
	d.block(text.String())
}

func short(fingerprint string) string { return fingerprint[:min(shortHash, len(fingerprint))] }

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
