package page

import (
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"wsk-scenario/engine/report/content"
)

// Entry is one result of an index.
type Entry struct {
	Report *content.Report // nil where the result cannot be read
	Folder string
	Link   string // to its page, relative to the index
	Fault  string // why it cannot be read
}

// Index writes the page that lists results, each with its verdict, by scenario and the newest first.
func Index(w io.Writer, title string, entries []Entry) error {
	style, err := inline("style", "page.css")
	if err != nil {
		return err
	}
	text, err := static.ReadFile("static/index.tmpl")
	if err != nil {
		return fmt.Errorf("read the index's template: %w", err)
	}
	page, err := template.New("index").Funcs(functions).Parse(string(text))
	if err != nil {
		return fmt.Errorf("read the index's template: %w", err)
	}
	v := struct {
		Title  string
		Style  template.HTML
		Words  []wordCount
		Groups []group
		Faults []Entry
	}{Title: title, Style: style, Words: wordsOf(entries)}
	for _, e := range entries {
		if e.Report == nil {
			v.Faults = append(v.Faults, e)
		}
	}
	v.Groups = grouped(entries)
	if err := page.Execute(w, v); err != nil {
		return fmt.Errorf("write the index: %w", err)
	}
	return nil
}

// wordCount is how many results have a verdict.
type wordCount struct {
	content.Verdict
	Count int
}

// wordsOf counts the verdicts, the worst first.
func wordsOf(entries []Entry) (words []wordCount) {
	for _, word := range []content.Word{content.Broken, content.Fail, content.Interrupted, content.Done, content.Pass} {
		w := wordCount{Verdict: content.Verdict{Word: word}}
		for _, e := range entries {
			if e.Report != nil && e.Report.Verdict.Word == word {
				w.Count++
			}
		}
		if w.Count > 0 {
			words = append(words, w)
		}
	}
	return words
}

// group is the results of one scenario, the newest first.
type group struct {
	Scenario, About string
	Entries         []Entry
}

func grouped(entries []Entry) (groups []group) {
	for _, e := range entries {
		if e.Report == nil {
			continue
		}
		i := slices.IndexFunc(groups, func(g group) bool { return g.Scenario == e.Report.Scenario })
		if i < 0 {
			i = len(groups)
			groups = append(groups, group{Scenario: e.Report.Scenario, About: e.Report.About})
		}
		groups[i].Entries = append(groups[i].Entries, e)
	}
	for _, g := range groups {
		slices.SortStableFunc(g.Entries, func(a, b Entry) int { return b.Report.Started.Compare(a.Report.Started) })
	}
	slices.SortFunc(groups, func(a, b group) int { return strings.Compare(a.Scenario, b.Scenario) })
	return groups
}
