package main

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"wsk-scenario/dsl"
)

// explanation is a page about one key or about a list of words.
type explanation struct {
	width int
	text  strings.Builder
}

// topic writes all that is known of one key.
func (e *explanation) topic(t dsl.Topic) {
	switch t.Path {
	case "":
		e.text.WriteString("A scenario is a YAML file with these keys.\n")
	case profile:
		e.text.WriteString("A cluster profile is a YAML file with these keys; run --cluster FILE uses it.\n")
	default:
		e.text.WriteString(t.Path + "\n")
		e.paragraph("  ", t.Key.Doc)
		e.text.WriteString("\n")
		e.fact("holds", holds(t.Key))
		if len(t.Key.Enum) > 0 {
			e.fact("words", strings.Join(t.Key.Enum, ", "))
		}
		if t.Key.Required {
			e.fact("must", "be written")
		}
		if t.Key.Example != "" {
			e.fact("such as", t.Key.Name+": "+t.Key.Example)
		}
	}
	if s := t.Section(); s != nil {
		e.keys(t.Path, s)
	}
	if path := t.Path; path == "assert.expect" || path == "report.columns" {
		e.text.WriteString("\nThe words in it: explain metrics, explain statistics, explain counters.\n")
	}
}

// keys lists what may stand inside.
func (e *explanation) keys(path string, s *dsl.Shape) {
	e.text.WriteString("\n")
	widest := 0
	for _, k := range s.Keys {
		widest = max(widest, len(k.Name))
	}
	for _, k := range s.Keys {
		e.entry(k.Name, widest, inside(k))
	}
	if s.Rest != nil {
		e.entry("…", widest, s.Rest.Doc+" Any name.")
	}
	e.text.WriteString("\n")
	if s.Shorthand != nil {
		e.paragraph("", fmt.Sprintf("What is no mapping is taken for %s alone.", s.Shorthand.Name))
	}
	e.paragraph("", "More of one of them: wsk-scenario explain "+strings.TrimPrefix(path+"."+s.Keys[0].Name, "."))
}

// inside is one line about a key for the list of its section.
func inside(k dsl.Key) string {
	if k.Required {
		return k.Doc + " Must be written."
	}
	return k.Doc
}

// words lists what may be used in an expression.
func (e *explanation) words(list []dsl.Word) {
	widest := 0
	for _, w := range list {
		widest = max(widest, len(w.Name))
	}
	for _, w := range list {
		e.entry(w.Name, widest, w.Doc)
	}
	use := "PHASE.METRIC.STATISTIC, such as warm.response.p95 < 80ms"
	if list[0].Name == dsl.Counters[0].Name {
		use = "PHASE.COUNTER, such as warm.errors == 0"
	}
	e.text.WriteString("\n")
	e.paragraph("", "Used in assertions and columns as "+use)
}

// entry is a name and, indented beside it, what it means.
func (e *explanation) entry(name string, widest int, text string) {
	lines := wrapped(text, max(e.width-widest-4, 30))
	for i, line := range lines {
		if i > 0 {
			name = ""
		}
		fmt.Fprintf(&e.text, "  %-*s  %s\n", widest, name, line)
	}
}

func (e *explanation) fact(name, text string) { e.entry(name, len("such as"), text) }

func (e *explanation) paragraph(indent, text string) {
	for _, line := range wrapped(text, e.width-len(indent)) {
		e.text.WriteString(indent + line + "\n")
	}
}

// wordOrPlaceholder is what a line is not broken inside of.
var wordOrPlaceholder = regexp.MustCompile(`\$\{\{.*?\}\}\S*|\S+`)

// wrapped breaks text between words into lines of at most width runes.
func wrapped(text string, width int) (lines []string) {
	line := ""
	for _, word := range wordOrPlaceholder.FindAllString(text, -1) {
		if line != "" && len([]rune(line))+1+len([]rune(word)) > width {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return append(lines, line)
}

// holds says in the user's words what may stand behind a key.
func holds(k dsl.Key) string {
	if len(k.Enum) > 0 {
		return "one of these words"
	}
	return shapeWords(k.Shape)
}

func shapeWords(s *dsl.Shape) string {
	switch s.Form {
	case dsl.ScalarForm:
		return cmp.Or(map[string]string{
			"a duration": "a duration, such as 800ms, 30s or 5m",
			"a size":     "a size, such as 256MB or 1KiB",
			"a rate":     "a rate, such as 100/s or 60/m",
		}[s.Scalar], s.Scalar)
	case dsl.ListForm:
		return "a list, each item " + shapeWords(s.Elem)
	case dsl.TableForm:
		return "a mapping from names of your choice, each to " + shapeWords(s.Elem)
	case dsl.SectionForm:
		if s.Shorthand != nil {
			return shapeWords(s.Shorthand.Shape) + ", or a mapping with the keys below"
		}
		return "a mapping with the keys below"
	}
	return "any YAML"
}
