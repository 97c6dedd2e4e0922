package page

import (
	"fmt"
	"html/template"
	"io"
	"strings"

	"wsk-scenario/engine/compare"
)

// compareView is what the template of a comparison is filled with.
type compareView struct {
	*compare.Report
	Style   template.HTML
	Word    string
	Forests []forest
}

// compareSide is the runs of one side.
type compareSide struct {
	Name string
	Runs []compare.Run
}

// changeSign is the second cue beside the colour of a verdict.
var changeSign = map[compare.Verdict]string{compare.Regressed: "✗", compare.Improved: "✓", compare.Equivalent: "=", compare.Inconclusive: "?", compare.NotJudged: "–", compare.Refused: "✗"}

// changeClass is the colour of a verdict.
var changeClass = map[compare.Verdict]string{compare.Regressed: "bad", compare.Improved: "good", compare.Equivalent: "good", compare.Inconclusive: "warn", compare.NotJudged: "warn", compare.Refused: "bad"}

// changeMark is the shape of a verdict in the forest plot, around the origin.
var changeMark = map[compare.Verdict]string{
	compare.Regressed: "M0-6.5l6.5 11.5h-13z", compare.Improved: "M0-7l7 7-7 7-7-7z", compare.Equivalent: "M-5-5h10v10h-10z",
	compare.Inconclusive: "M0-5.5a5.5 5.5 0 1 1-.01 0z", compare.NotJudged: "M-4.5-4.5l9 9M4.5-4.5l-9 9",
}

// Comparison writes a comparison of runs as one page that asks no network.
func Comparison(w io.Writer, r *compare.Report) error {
	style, err := inline("style", "page.css", "comparison.css")
	if err != nil {
		return err
	}
	text, err := static.ReadFile("static/comparison.tmpl")
	if err != nil {
		return fmt.Errorf("read the comparison's template: %w", err)
	}
	page, err := template.New("comparison").Funcs(functions).Funcs(template.FuncMap{
		"join":  strings.Join,
		"class": func(v compare.Verdict) string { return changeClass[v] },
		"sign":  func(v compare.Verdict) string { return changeSign[v] },
		"marks": func() []compare.Verdict { return compare.Verdicts },
		"mark":  func(v compare.Verdict) template.HTMLAttr { return template.HTMLAttr(`d="` + changeMark[v] + `"`) },
		"hollow": func(v compare.Verdict) bool {
			return v == compare.Inconclusive || v == compare.NotJudged
		},
		"words": func(a compare.Attribution, p compare.Part) []string {
			adds, share := a.Words(p)
			return []string{p.Name, adds, share}
		},
		"sides": func(r *compare.Report) []compareSide { return []compareSide{{"base", r.Base}, {"new", r.New}} },
	}).Parse(string(text))
	if err != nil {
		return fmt.Errorf("read the comparison's template: %w", err)
	}
	v := compareView{Report: r, Style: style, Word: strings.ToUpper(string(r.Verdict)), Forests: forestsOf(r)}
	if err := page.Execute(w, v); err != nil {
		return fmt.Errorf("write the comparison: %w", err)
	}
	return nil
}
