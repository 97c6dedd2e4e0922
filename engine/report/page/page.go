// Package page writes a report as one HTML file that needs nothing else: styles, scripts and data are in it, and it asks no
// network. What is drawn as lines and points is drawn by uPlot from the data in the page; bars, heat maps and the lives of
// containers are SVG, made here.
package page

import (
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"time"

	"wsk-scenario/engine/report/chart"
	"wsk-scenario/engine/report/content"
)

//go:embed static
var static embed.FS

// view is what the template is filled with.
type view struct {
	*content.Report
	Style, Script template.HTML
	Data          template.JS
	Rows          []row
	Bars          []barGroup
	Figures       []drawing
	Heats         []heatMap
	Lives         []lifeChart
	Strips        *strips
	Reduced       []string
	Loads         bool // a load has several sizes, so there is something to draw against them
	Calls         bool // there are samples to draw
	Methods       string
	Footnote      string
	Failed        bool // some call ended otherwise than ok
	Stages        []stageName
}

// row is one row of the table of figures.
type row struct {
	Cell   int
	Phase  string
	Values []string
	Label  string
	State  content.State
	Reason string
	Part   bool
	N      int
	Errors string
	Rate   string
	Stats  []string
}

// HTML writes the page. methods is the paragraph that says how the figures came to be.
func HTML(w io.Writer, r *content.Report, c *chart.Charts, methods string) error {
	style, err := inline("style", "uplot.css", "page.css")
	if err != nil {
		return err
	}
	script, err := scripts("uplot.js", "values.js", "page.js", "calls.js", "marks.js")
	if err != nil {
		return err
	}
	data, err := dataOf(r, c)
	if err != nil {
		return err
	}
	v := view{
		Report: r, Style: style, Script: script, Data: data, Rows: rowsOf(r), Bars: barsOf(r, c), Figures: drawingsOf(r), Heats: heatsOf(r, c), Lives: lifeCharts(c), Strips: stripsOf(r, c),
		Reduced: c.Reduced, Loads: len(loadsOf(r)) > 0, Calls: len(c.Phases) > 0, Methods: methods, Footnote: r.Footnote(), Stages: stageNames,
	}
	for i := range r.Phases {
		v.Failed = v.Failed || r.Phases[i].Mishaps()
	}
	text, err := static.ReadFile("static/page.tmpl")
	if err != nil {
		return fmt.Errorf("read the page's template: %w", err)
	}
	page, err := template.New("page").Funcs(functions).Parse(string(text))
	if err != nil {
		return fmt.Errorf("read the page's template: %w", err)
	}
	if err := page.Execute(w, v); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	return nil
}

// inline is an element that holds files of this package.
func inline(element string, names ...string) (template.HTML, error) {
	text, err := joined(names...)
	if err != nil {
		return "", err
	}
	return template.HTML("<" + element + ">" + text + "</" + element + ">"), nil
}

// scripts is an element with a library as it is and our scripts, which share one scope of their own.
func scripts(library string, ours ...string) (template.HTML, error) {
	first, err := joined(library)
	if err != nil {
		return "", err
	}
	text, err := joined(ours...)
	if err != nil {
		return "", err
	}
	return template.HTML("<script>" + first + "(() => {\n\"use strict\";\n" + text + "})();\n</script>"), nil
}

// joined is the text of files of this package, one behind the other.
func joined(names ...string) (string, error) {
	var text strings.Builder
	for _, name := range names {
		file, err := static.ReadFile("static/" + name)
		if err != nil {
			return "", fmt.Errorf("read a part of the page: %w", err)
		}
		text.Write(file)
		text.WriteString("\n")
	}
	return text.String(), nil
}

var functions = template.FuncMap{
	"signOf": func(a content.Assertion) string {
		switch {
		case a.Held():
			return "✓"
		case a.Red && a.Failed():
			return "✗"
		case a.Red:
			return "?"
		}
		return "!"
	},
	"classOf": func(a content.Assertion) string {
		switch {
		case a.Held():
			return "good"
		case a.Red:
			return "bad"
		}
		return "warn"
	},
	"wordClass": func(v content.Verdict) string {
		switch v.Word {
		case content.Pass:
			return "good"
		case content.Done:
			return "plain"
		case content.Interrupted:
			return "warn"
		}
		return "bad"
	},
	"wordSign": func(v content.Verdict) string {
		return map[content.Word]string{content.Pass: "✓", content.Fail: "✗", content.Broken: "✗", content.Interrupted: "!", content.Done: "•"}[v.Word]
	},
	"tenfold": func(hundredths float64) float64 { return round2(hundredths * 10) },
	"sorted":  sorted,
	"when":    func(t time.Time) string { return t.UTC().Format(time.DateTime) + " UTC" },
	"count":   content.Count,
	"staged":  func() []string { return content.Staged },
	"absent":  func() string { return content.Absent },
	"phases":  phaseNames,
	"cellIDs": func(r *content.Report) int { return len(r.Cells) },
	"place":   func(r *content.Report, p content.Phase) string { return r.Place(&p) },
	"of":      func(r *content.Report, a content.Assertion) string { return r.Of(&a) },
	"why":     func(a content.Assertion) string { return a.Why() },
	"label":   func(a content.Assertion) string { return a.Label() },
	"books":   func(b content.Books) string { return b.Text() },
}

// phaseNames are the phases by name, each once.
func phaseNames(r *content.Report) (names []string) {
	seen := map[string]bool{}
	for _, p := range r.Phases {
		if !seen[p.Name] && !p.Unmeasured {
			seen[p.Name] = true
			names = append(names, p.Name)
		}
	}
	return names
}

func rowsOf(r *content.Report) (rows []row) {
	for _, of := range r.Rows() {
		made := row{Cell: of.Phase.Cell, Phase: of.Phase.Name, Values: r.Cells[of.Phase.Cell].Values, Label: of.Label, Part: of.Part,
			N: of.Class.Samples, Errors: of.Errors, Rate: content.Absent, State: of.Phase.State, Reason: of.Phase.Reason}
		if v, known := of.Phase.Counters["throughput"]; known && !of.Part {
			made.Rate = content.Rate(v)
		}
		for _, name := range content.Staged {
			m := of.Class.Metric(name)
			text := content.PercentileText(m, "p50")
			if m != nil && m.N != of.Class.Samples {
				text += fmt.Sprintf(" (n %d)", m.N)
			}
			made.Stats = append(made.Stats, text, content.PercentileText(m, "p95"))
		}
		rows = append(rows, made)
	}
	return rows
}

// page data: what the script draws.
type data struct {
	Cells  []content.Cell `json:"cells"`
	Axes   []content.Axis `json:"axes"`
	Phases []dataPhase    `json:"phases"`
	Charts *chart.Charts  `json:"charts"`
	Kinds  []chart.Kind   `json:"kinds"`
	Loads  []loadSeries   `json:"loads"`
}

type dataPhase struct {
	Cell  int    `json:"cell"`
	Phase int    `json:"phase"`
	Name  string `json:"name"`
}

// dataOf is the data as JSON that cannot end the element it stands in: encoding/json writes <, >, & and the two separators
// of lines that JavaScript once did not allow in texts as escapes.
func dataOf(r *content.Report, c *chart.Charts) (template.JS, error) {
	d := data{Cells: r.Cells, Axes: r.Plan.Axes, Charts: c, Kinds: chart.Kinds, Loads: loadsOf(r), Phases: []dataPhase{}}
	for _, p := range r.Phases {
		d.Phases = append(d.Phases, dataPhase{p.Cell, p.Phase, p.Name})
	}
	text, err := json.Marshal(d)
	if err != nil {
		return "", fmt.Errorf("write the page's data: %w", err)
	}
	return template.JS(text), nil
}

// sorted puts what needs a reader first: red verdicts, then warnings, then what holds.
func sorted(list []content.Assertion) []content.Assertion {
	rank := func(a content.Assertion) int {
		switch {
		case a.Red:
			return 0
		case a.Held():
			return 2
		}
		return 1
	}
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b content.Assertion) int { return rank(a) - rank(b) })
	return list
}
