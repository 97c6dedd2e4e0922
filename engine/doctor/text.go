package doctor

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// words are the verdicts for people.
var words = map[Verdict]string{Spoils: "SPOILS", Warning: "warning", NotChecked: "not checked", Fine: "fine"}

// usualWidth is that of a file, which has none.
const usualWidth = 80

// Text writes findings for people, worst first: what is wrong with what it costs and the fix, what could not be checked with
// why, and what is fine in a line each. Where there are several scenarios, or releases, each check names its own.
func Text(w io.Writer, list []Finding, width int) error {
	if width < 40 {
		width = usualWidth
	}
	several := slices.ContainsFunc(list, func(f Finding) bool { return f.Scenario != list[0].Scenario })
	name := func(f Finding) string {
		text := f.Check
		if f.Release != "" {
			text = f.Release + ": " + text
		}
		if several && f.Scenario != "" {
			text = f.Scenario + ": " + text
		}
		return text
	}
	var b strings.Builder
	counts := map[Verdict]int{}
	for _, f := range list {
		counts[f.Verdict]++
	}
	for _, v := range Verdicts[:len(Verdicts)-1] {
		for _, f := range list {
			if f.Verdict == v {
				f.paragraph(&b, name(f), width)
			}
		}
	}
	fine(&b, list, name, width)
	b.WriteString(verdictLine(counts))
	_, err := io.WriteString(w, b.String())
	return err
}

// paragraph is a finding with all that it says.
func (f Finding) paragraph(b *strings.Builder, name string, width int) {
	fmt.Fprintf(b, "%s %s\n", words[f.Verdict], name)
	for _, part := range []struct{ label, text string }{{"", f.Found}, {"why    ", f.Reason}, {"costs  ", f.Costs}, {"fix    ", f.Fix}} {
		for _, line := range strings.Split(part.text, "\n") {
			if line != "" {
				wrap(b, "  "+part.label, line, strings.Repeat(" ", 2+len(part.label)), width)
			}
		}
	}
	b.WriteString("\n")
}

// fine is a column of names and one of what was found.
func fine(b *strings.Builder, list []Finding, name func(Finding) string, width int) {
	list = slices.DeleteFunc(slices.Clone(list), func(f Finding) bool { return f.Verdict != Fine })
	if len(list) == 0 {
		return
	}
	longest := 0
	for _, f := range list {
		longest = max(longest, len(name(f)))
	}
	longest = min(longest, width/2)
	fmt.Fprintf(b, "%s\n", words[Fine])
	for _, f := range list {
		wrap(b, fmt.Sprintf("  %-*s  ", longest, name(f)), f.Found, strings.Repeat(" ", longest+4), width)
	}
	b.WriteString("\n")
}

// wrap breaks a text between words; the first line begins with first, the others with indent.
func wrap(b *strings.Builder, first, text, indent string, width int) {
	line, empty := first, true
	for _, word := range strings.Fields(text) {
		if !empty && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			b.WriteString(line + "\n")
			line, empty = indent, true
		}
		if !empty {
			line += " "
		}
		line, empty = line+word, false
	}
	b.WriteString(line + "\n")
}

func verdictLine(counts map[Verdict]int) string {
	var parts []string
	if n := counts[Spoils]; n > 0 {
		parts = append(parts, fmt.Sprintf("%d will spoil the run", n))
	} else {
		parts = append(parts, "nothing was found that spoils the run")
	}
	for _, p := range []struct {
		v    Verdict
		text string
	}{{Warning, "warnings"}, {NotChecked, "not checked"}, {Fine, "fine"}} {
		text := p.text
		if p.v == Warning && counts[p.v] == 1 {
			text = "warning"
		}
		parts = append(parts, fmt.Sprintf("%d %s", counts[p.v], text))
	}
	return strings.Join(parts, " · ") + "\n"
}
