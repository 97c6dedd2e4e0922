package file

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"wsk-scenario/engine/report/content"
)

// LaTeX writes the table of figures for a paper. It needs the package booktabs.
func LaTeX(w io.Writer, r *content.Report) error {
	var out strings.Builder
	left := len(r.Plan.Axes) + 1
	shown := shownMetrics(r)
	fmt.Fprintf(&out, "%% %s, run %s, plan %s; \\usepackage{booktabs}\n", tex(r.Scenario), tex(r.Run), tex(r.Plan.Short()))
	fmt.Fprintf(&out, "\\begin{table}\n  \\centering\n  \\caption{%s}\n  \\label{tab:%s}\n", caption(r), word(r.Scenario))
	fmt.Fprintf(&out, "  \\begin{tabular}{%s%s}\n    \\toprule\n", strings.Repeat("l", left), strings.Repeat("r", 2+2*len(shown)))
	head, rules := make([]string, left+2), ""
	for i, name := range shown {
		head = append(head, `\multicolumn{2}{c}{`+tex(name)+`}`)
		rules += fmt.Sprintf(`\cmidrule(lr){%d-%d}`, left+3+2*i, left+4+2*i)
	}
	fmt.Fprintf(&out, "    %s \\\\\n", strings.Join(head, " & "))
	if rules != "" {
		fmt.Fprintf(&out, "    %s\n", rules)
	}
	head = nil
	for _, a := range r.Plan.Axes {
		head = append(head, tex(a.Name))
	}
	head = append(head, "phase", "$n$", "errors")
	for range shown {
		head = append(head, "$p_{50}$", "$p_{95}$")
	}
	fmt.Fprintf(&out, "    %s \\\\\n    \\midrule\n", strings.Join(head, " & "))
	for _, row := range r.Rows() {
		fmt.Fprintf(&out, "    %s \\\\\n", strings.Join(texRow(r, row, shown), " & "))
	}
	out.WriteString("    \\bottomrule\n  \\end{tabular}\n\\end{table}\n")
	if _, err := io.WriteString(w, out.String()); err != nil {
		return fmt.Errorf("write LaTeX: %w", err)
	}
	return nil
}

func caption(r *content.Report) string {
	text := tex(r.Scenario)
	if r.About != "" {
		text = tex(strings.TrimRight(r.About, ". ")) + " (" + text + ")"
	}
	text += "."
	if note := r.Footnote(); note != "" {
		text += " " + tex(note) + "."
	}
	if r.Verdict.Word == content.Broken || r.Verdict.Word == content.Interrupted {
		text += " The run was " + strings.ToLower(string(r.Verdict.Word)) + ": the figures are incomplete."
	}
	return text
}

// shownMetrics are those of the default table that any row has; response always.
func shownMetrics(r *content.Report) (names []string) {
	for _, name := range content.Staged {
		found := name == "response"
		for _, row := range r.Rows() {
			found = found || row.Class.Metric(name) != nil
		}
		if found {
			names = append(names, name)
		}
	}
	return names
}

func texRow(r *content.Report, row content.Row, shown []string) (cells []string) {
	for _, v := range r.Cells[row.Phase.Cell].Values {
		cells = append(cells, tex(v))
	}
	label := tex(row.Label)
	if row.Phase.State != content.Measured && !row.Part {
		label += ` \textit{(` + tex(string(row.Phase.State)) + `)}`
	}
	cells = append(cells, label, strconv.Itoa(row.Class.Samples), tex(row.Errors))
	for _, name := range shown {
		m := row.Class.Metric(name)
		cells = append(cells, tex(content.PercentileText(m, "p50")), tex(content.PercentileText(m, "p95")))
	}
	return cells
}

var special = strings.NewReplacer(`\`, `\textbackslash{}`, "&", `\&`, "%", `\%`, "$", `\$`, "#", `\#`, "_", `\_`, "{", `\{`, "}", `\}`,
	"~", `\textasciitilde{}`, "^", `\textasciicircum{}`, "<", `\textless{}`, ">", `\textgreater{}`, "–", "--", "µ", `\textmu{}`, "*", `\textsuperscript{*}`, "\n", " ")

func tex(text string) string { return special.Replace(text) }
