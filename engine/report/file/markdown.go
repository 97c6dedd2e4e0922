package file

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"wsk-scenario/engine/report/content"
)

// signs stand before the words of a verdict: a second cue beside them.
var signs = map[content.Word]string{content.Pass: "✅", content.Fail: "❌", content.Broken: "❌", content.Interrupted: "⚠️", content.Done: "☑️"}

// Markdown writes the report for a page of GitHub or GitLab: verdict, figures, assertions, what was not measured.
func Markdown(w io.Writer, r *content.Report) error {
	m := &markdown{report: r}
	m.heading()
	m.figures()
	for _, t := range r.Tables {
		m.extra(t)
	}
	for i := range r.Drawings {
		m.drawing(&r.Drawings[i])
	}
	m.outcomes()
	m.paragraph(escape(r.Books.Text()))
	m.assertions()
	m.list("Problems", r.Problems)
	m.list("Not measured or not proved", r.Notes)
	if _, err := io.WriteString(w, strings.Join(m.blocks, "\n")); err != nil {
		return fmt.Errorf("write Markdown: %w", err)
	}
	return nil
}

// markdown is a page while it is written: blocks with a blank line between them.
type markdown struct {
	report *content.Report
	blocks []string
}

func (m *markdown) paragraph(text string) {
	if text != "" {
		m.blocks = append(m.blocks, text+"\n")
	}
}

func (m *markdown) heading() {
	r := m.report
	m.paragraph("## " + escape(r.Scenario))
	m.paragraph(fmt.Sprintf("%s **%s** %s · %s, %s", signs[r.Verdict.Word], r.Verdict.Word, escape(r.Verdict.Text),
		content.Count(r.Books.Issued, "call"), content.Count(r.Books.Errors, "error")))
	m.paragraph(escape(r.About))
	parts := []string{}
	for _, part := range []string{r.Target, r.Cluster} {
		if part != "" {
			parts = append(parts, escape(part))
		}
	}
	when := r.Started.Format(time.DateTime) + " UTC"
	if took := r.Took(); took != "" {
		when += ", took " + took
	}
	m.paragraph(strings.Join(append(parts, when, "run `"+r.Run+"`", "plan `"+r.Plan.Short()+"`"), " · "))
}

func (m *markdown) figures() {
	rows := m.report.Rows()
	measured := false
	head := append(m.axes(), "phase", "n", "errors", "throughput")
	for _, name := range content.Staged {
		head = append(head, name+" p50", "p95")
	}
	t := mdTable{head: head, left: len(m.report.Plan.Axes) + 1}
	for _, row := range rows {
		measured = measured || row.Class.Samples > 0 || row.Phase.State != content.NotReached
		label := escape(row.Label)
		if row.Phase.State != content.Measured && !row.Part {
			label += " *(" + string(row.Phase.State) + ")*"
		}
		cells := append(m.values(row.Phase.Cell), label, strconv.Itoa(row.Class.Samples), row.Errors, throughput(row))
		for _, name := range content.Staged {
			metric := row.Class.Metric(name)
			cells = append(cells, escape(content.PercentileText(metric, "p50")), escape(content.PercentileText(metric, "p95")))
		}
		t.rows = append(t.rows, cells)
	}
	if !measured {
		m.paragraph("Nothing was measured.")
		return
	}
	m.paragraph(t.text())
	m.paragraph(escape(m.report.Footnote()))
	for i := range m.report.Phases {
		if p := &m.report.Phases[i]; p.KneeText != "" {
			m.paragraph("knee of " + escape(m.report.Place(p)) + ": " + escape(p.KneeText))
		}
	}
}

func throughput(row content.Row) string {
	if v, ok := row.Phase.Counters["throughput"]; ok && !row.Part {
		return content.Rate(v)
	}
	return content.Absent
}

func (m *markdown) axes() (names []string) {
	for _, a := range m.report.Plan.Axes {
		names = append(names, escape(a.Name))
	}
	return names
}

func (m *markdown) values(cell int) (values []string) {
	for _, v := range m.report.Cells[cell].Values {
		values = append(values, escape(v))
	}
	return values
}

func (m *markdown) extra(t content.Table) {
	made := mdTable{left: len(t.Rows)}
	for _, title := range append(append([]string{}, t.Rows...), t.Columns...) {
		made.head = append(made.head, escape(title))
	}
	for _, row := range t.Cells {
		var cells []string
		for _, v := range row.Axes {
			cells = append(cells, escape(v))
		}
		for _, text := range row.Texts() {
			cells = append(cells, escape(text))
		}
		made.rows = append(made.rows, cells)
	}
	m.paragraph("### " + escape(t.Title))
	m.paragraph(made.text())
	m.paragraph(escape(t.Legend))
}

// drawing is a figure of the scenario as a table.
func (m *markdown) drawing(d *content.Drawing) {
	drawn := d.Table()
	t := mdTable{head: append(m.axes(), "of"), left: len(m.report.Plan.Axes) + 1, words: drawn.Course}
	for _, title := range drawn.Columns {
		t.head = append(t.head, escape(title))
	}
	for i, row := range drawn.Rows {
		line := &d.Lines[i]
		t.rows = append(t.rows, append(append(m.values(line.Cell), escape(line.Of())), row...))
	}
	if len(t.rows) > 0 {
		m.paragraph("### " + escape(d.Title))
		m.paragraph(t.text())
	}
}

// outcomes is the table of how calls ended, of the phases in which any ended otherwise than ok.
func (m *markdown) outcomes() {
	t := mdTable{head: append(m.axes(), "phase", "outcome", "calls", "example"), left: len(m.report.Plan.Axes) + 4}
	for _, p := range m.report.Phases {
		if len(p.Outcomes) == 0 || len(p.Outcomes) == 1 && p.Outcomes[0].Name == "ok" {
			continue
		}
		for _, o := range p.Outcomes {
			t.rows = append(t.rows, append(m.values(p.Cell), escape(p.Name), o.Name, strconv.Itoa(o.Calls), escape(o.Example)))
		}
	}
	if len(t.rows) > 0 {
		m.paragraph("### How the calls ended, warm-up included")
		m.paragraph(t.text())
	}
}

func (m *markdown) assertions() {
	r := m.report
	if len(r.Assertions) == 0 {
		return
	}
	t := mdTable{head: []string{"verdict", "of", "assertion", "value", "limit", "margin"}, left: 6}
	if len(r.Plan.Axes) == 0 {
		t.head = append(t.head[:1], t.head[2:]...)
	}
	for i := range r.Assertions {
		a := &r.Assertions[i]
		value, limit, margin := sides(a, "<br>")
		row := []string{assertionSign(a) + " " + a.Label(), escape(r.Of(a)), "`" + strings.ReplaceAll(a.Expect, "`", "'") + "`", value, limit, margin}
		row[2] = strings.ReplaceAll(row[2], "|", "\\|")
		if len(r.Plan.Axes) == 0 {
			row = append(row[:1], row[2:]...)
		}
		t.rows = append(t.rows, row)
	}
	m.paragraph("### Assertions")
	m.paragraph(t.text())
}

func assertionSign(a *content.Assertion) string {
	switch {
	case a.Held():
		return "✅"
	case a.Red:
		return "❌"
	}
	return "⚠️"
}

// sides are value, limit and margin of each comparison, escaped; of an assertion without, the reason stands for the margin.
func sides(a *content.Assertion, separator string) (value, limit, margin string) {
	if len(a.Comparisons) == 0 {
		return content.Absent, content.Absent, escape(a.Reason)
	}
	var values, limits, margins []string
	for _, c := range a.Comparisons {
		values, limits, margins = append(values, escape(c.Value)), append(limits, escape(c.Op+" "+c.Limit)), append(margins, escape(c.Margin))
	}
	return strings.Join(values, separator), strings.Join(limits, separator), strings.Join(margins, separator)
}

func (m *markdown) list(title string, items []string) {
	if len(items) == 0 {
		return
	}
	m.paragraph("### " + title)
	var text strings.Builder
	for _, item := range items {
		if strings.Contains(item, "\n") {
			fmt.Fprintf(&text, "- \n  ```text\n  %s\n  ```\n", strings.ReplaceAll(strings.ReplaceAll(item, "```", "'''"), "\n", "\n  "))
			continue
		}
		text.WriteString("- " + escape(item) + "\n")
	}
	m.paragraph(strings.TrimRight(text.String(), "\n"))
}

// mdTable is a table of GitHub's Markdown; its cells are escaped.
type mdTable struct {
	head  []string
	left  int  // so many columns stand to the left, the others are numbers
	words bool // the last column is none
	rows  [][]string
}

func (t mdTable) text() string {
	var out strings.Builder
	line := func(cells []string) { out.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	line(t.head)
	rule := make([]string, len(t.head))
	for i := range rule {
		rule[i] = "---"
		if i >= t.left && !(t.words && i == len(t.head)-1) {
			rule[i] = "---:"
		}
	}
	line(rule)
	for _, row := range t.rows {
		line(row)
	}
	return strings.TrimRight(out.String(), "\n")
}

// markup are the characters that Markdown or HTML may take for their own.
var markup = strings.NewReplacer("\\", "\\\\", "|", "\\|", "*", "\\*", "_", "\\_", "`", "\\`", "<", "&lt;", ">", "&gt;", "&", "&amp;",
	"[", "\\[", "]", "\\]", "#", "\\#", "~", "\\~", "\n", " ", "\r", " ")

func escape(text string) string { return markup.Replace(text) }
