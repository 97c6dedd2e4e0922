package file

import (
	"fmt"
	"io"
	"strings"

	"wsk-scenario/engine/compare"
	"wsk-scenario/engine/report/content"
)

// changeSigns stand before the words of a comparison: a second cue beside them.
var changeSigns = map[compare.Verdict]string{compare.Regressed: "❌", compare.Improved: "✅", compare.Equivalent: "✅",
	compare.Inconclusive: "❔", compare.NotJudged: "⚠️", compare.Refused: "🚫"}

// ComparisonMarkdown writes a comparison of runs for a page of GitHub or GitLab.
func ComparisonMarkdown(w io.Writer, r *compare.Report) error {
	m := new(markdown)
	m.paragraph("## " + escape(r.Scenario) + ": new runs against base runs")
	m.paragraph(changeSigns[r.Verdict] + " **" + strings.ToUpper(string(r.Verdict)) + "** " + escape(strings.Join(r.Counts(), ", ")))
	m.paragraph(escape(strings.Join(r.Sides(), " · ")))
	m.refused(r.Refusal)
	m.compared("", r, true)
	m.compared("What explains it", r, false)
	for _, a := range r.Causes {
		t := mdTable{head: []string{"what", "adds", "share"}, left: 1}
		for i, parts := range [][]compare.Part{a.Stages, a.Mix} {
			if i == 1 && len(parts) > 0 {
				t.rows = append(t.rows, []string{"*or, by start:*", "", ""})
			}
			for _, p := range parts {
				adds, share := a.Words(p)
				t.rows = append(t.rows, []string{escape(p.Name), adds, share})
			}
		}
		m.paragraph("### " + escape(a.Title()))
		m.paragraph(t.text())
	}
	m.list("What to know before believing it", r.Notes)
	if _, err := io.WriteString(w, strings.Join(m.blocks, "\n")); err != nil {
		return fmt.Errorf("write Markdown: %w", err)
	}
	return nil
}

// refused says why there is no comparison.
func (m *markdown) refused(why *compare.Refusal) {
	if why == nil {
		return
	}
	_, rest, _ := strings.Cut(why.Reason, "\n")
	if rest != "" {
		m.paragraph(escape(rest))
	}
	t := mdTable{head: []string{"kind", "what", "base", "new"}, left: 4, words: true}
	for _, d := range why.Differences {
		t.rows = append(t.rows, []string{string(d.Kind), escape(d.What), escape(d.Base), escape(d.New)})
	}
	if len(t.rows) > 0 {
		m.paragraph(t.text())
	}
	m.paragraph(escape(why.Remedy))
}

// compared is the table of the primary metrics, or of the others.
func (m *markdown) compared(title string, r *compare.Report, primary bool) {
	t := mdTable{head: []string{"verdict", "cell", "metric", "base", "new", "change", "95 % interval", "p", "why"}, left: 3, words: true}
	for _, c := range r.Comparisons {
		if c.Primary == primary {
			effect, interval, p := c.Words()
			t.rows = append(t.rows, []string{changeSigns[c.Verdict] + " " + string(c.Verdict), escape(c.Where()), escape(c.Metric.Name),
				c.Metric.Middle(c.Base), c.Metric.Middle(c.New), effect, interval, p, escape(c.Why())})
		}
	}
	if len(t.rows) == 0 {
		return
	}
	if title != "" {
		m.paragraph("### " + title)
	}
	m.paragraph(t.text())
}

// ComparisonJUnit writes a test case for the comparison as a whole and one for each metric of each cell. What regressed is a
// failure, what could not be decided or compared an error, so that neither is green. Where tolerant, the undecided is skipped, which is
// seen and fails nothing; so is that of a metric which only explains.
func ComparisonJUnit(w io.Writer, r *compare.Report, tolerant bool) error {
	s := &suite{Name: "compare " + r.Scenario, Time: "0"}
	for _, side := range [][]compare.Run{r.Base, r.New} {
		if len(side) > 0 {
			s.Timestamp = side[len(side)-1].Started.UTC().Format("2006-01-02T15:04:05")
		}
	}
	for i, side := range [][]compare.Run{r.Base, r.New} {
		for _, run := range side {
			s.Properties = append(s.Properties, property{[]string{"base", "new"}[i], run.ID})
		}
	}
	whole := testcase{Name: "new runs against base runs", Class: s.Name, Time: "0", Out: lines(append(append(r.Sides(), r.Counts()...), r.Notes...))}
	if r.Refusal != nil {
		whole.Error = &fault{r.Refusal.Reason, string(r.Verdict), strings.Join(r.Refusal.Lines(), "\n")}
	} else {
		whole.judged(r.Verdict, string(r.Verdict)+": "+strings.Join(r.Counts(), ", "), tolerant)
	}
	s.Cases = append(s.Cases, whole)
	for _, c := range r.Comparisons {
		s.Cases = append(s.Cases, comparisonCase(c, s.Name, tolerant))
	}
	s.count()
	all := suites{Name: s.Name, Tests: s.Tests, Failures: s.Failures, Errors: s.Errors, Time: "0", Suites: []*suite{s}}
	return all.write(w)
}

func comparisonCase(c compare.Comparison, class string, tolerant bool) testcase {
	made := testcase{Name: c.Metric.Name, Class: class, Time: "0"}
	if cell := c.Where(); cell != "" {
		made.Class += "." + cell
	}
	effect, interval, p := c.Words()
	figures := fmt.Sprintf("%s to %s", c.Metric.Middle(c.Base), c.Metric.Middle(c.New))
	if effect != content.Absent {
		figures += fmt.Sprintf(", %s (95 %% interval %s, p %s)", effect, interval, p)
	}
	made.Out = lines([]string{figures})
	why := string(c.Verdict) + ": " + figures
	if c.Why() != "" {
		why += "; " + c.Why()
	}
	made.judged(c.Verdict, why, tolerant || !c.Decides())
	return made
}

// judged puts a verdict into a case.
func (c *testcase) judged(v compare.Verdict, why string, tolerant bool) {
	switch {
	case v.Green():
	case v == compare.Regressed:
		c.Failure = &fault{why, string(v), ""}
	case tolerant:
		c.Skipped = &said{why}
	default:
		c.Error = &fault{why, string(v), ""}
	}
}
