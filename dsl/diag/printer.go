package diag

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Sources are the bytes of the files that diagnostics speak of, by the name that their ranges carry. A file that is not
// among them is named but not drawn.
type Sources map[string][]byte

// Printer writes diagnostics. Text is for people, JSON for programs, GitHub for the annotations of a workflow.
type Printer struct {
	Out     io.Writer
	Sources Sources
	// Color marks the words with ANSI colours. They never carry a meaning that the words do not.
	Color bool
}

// Text writes each diagnostic as a line that tools can parse, then the picture of its place, in the order of the list.
func (p Printer) Text(list List) error {
	var b strings.Builder
	lines := make(map[string][]string)
	for _, d := range list {
		b.WriteString(p.head(d))
		picture := p.picture(lines, d.Range, d.Severity)
		picture.note(d.Hint)
		b.WriteString(picture.String())
		for _, related := range d.Related {
			b.WriteString(p.paint(bold, related.Range.String()) + ": " + oneLine(related.Note) + "\n")
			b.WriteString(p.picture(lines, related.Range, "").String())
		}
	}
	_, err := io.WriteString(p.Out, b.String())
	return err
}

func (p Printer) head(d Diagnostic) string {
	word := p.paint(colorOf(d.Severity), string(d.Severity)+":")
	place := d.Range.String()
	if place != "" {
		place = p.paint(bold, place+":") + " "
	}
	return place + word + " " + oneLine(d.Summary) + "\n"
}

// Summary counts a list in words, for the last line: "2 errors and 1 warning". It is empty for an empty list.
func Summary(list List) string {
	var parts []string
	for _, c := range []struct {
		severity  Severity
		one, many string
	}{
		{Error, "error", "errors"},
		{Warning, "warning", "warnings"},
		{Failed, "failed", "failed"},
		{NoData, "without data", "without data"},
		{NotJudged, "not judged", "not judged"},
	} {
		switch n := list.Count(c.severity); n {
		case 0:
		case 1:
			parts = append(parts, "1 "+c.one)
		default:
			parts = append(parts, fmt.Sprintf("%d %s", n, c.many))
		}
	}
	return And(parts)
}

// The ANSI codes of the printer.
const (
	bold   = "1"
	red    = "1;31"
	yellow = "1;33"
)

func colorOf(s Severity) string {
	if s == Warning {
		return yellow
	}
	return red
}

func (p Printer) paint(code, text string) string {
	if !p.Color || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// oneLine keeps a message on its line and a terminal safe from what a file may hold.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || r == '\r' {
			return ' '
		}
		return visible(r)
	}, s)
}

// Merge joins lists, sorted by file and place and without repeats.
func Merge(lists ...List) List {
	all := List(slices.Concat(lists...))
	all.Sort()
	return all
}
