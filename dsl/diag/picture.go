package diag

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
)

// maxWidth is how many columns of a source line are drawn; a longer one is cut around the range.
const maxWidth = 120

// drawing is the picture of one place, by lines:
//
//	  |
//	4 |     duratoin: 30s
//	  |     ^~~~~~~~ did you mean "duration"?
type drawing struct {
	number string // of the line; empty when nothing is drawn
	source string
	marks  string
	hint   string
}

// picture draws the first line of r. Where the line is not known it draws nothing but the hint.
func (p Printer) picture(lines map[string][]string, r Range, s Severity) *drawing {
	text, known := p.line(lines, r)
	if !known {
		return &drawing{}
	}
	runes := []rune(text)
	from := min(max(r.Start.Column-1, 0), len(runes))
	to := len(runes)
	if r.End.Line == r.Start.Line {
		to = min(r.End.Column-1, len(runes))
	}
	to = max(to, from+1)
	if r.End.Line > r.Start.Line { // the line goes on: what stands behind its last word is no part of the fault
		to = max(from+1, utf8.RuneCountInString(strings.TrimRight(text, " \t")))
	}
	runes, from, to = cut(runes, from, to)
	marks := blank(runes[:from]) + p.paint(colorOf(s), underline(runes, from, to))
	return &drawing{number: strconv.Itoa(r.Start.Line), source: string(runes), marks: marks}
}

func (d *drawing) note(hint string) { d.hint = oneLine(hint) }

func (d *drawing) String() string {
	if d.number == "" {
		if d.hint == "" {
			return ""
		}
		return "    " + d.hint + "\n"
	}
	margin := strings.Repeat(" ", len(d.number)+2) + "|"
	marks := d.marks
	if d.hint != "" {
		marks += " " + d.hint
	}
	return margin + "\n " + d.number + " | " + d.source + "\n" + margin + " " + marks + "\n"
}

// line returns the line that r starts on, without its end and safe for a terminal.
func (p Printer) line(lines map[string][]string, r Range) (string, bool) {
	split, ok := lines[r.File]
	if !ok {
		split = strings.Split(strings.TrimPrefix(string(p.Sources[r.File]), "\ufeff"), "\n")
		lines[r.File] = split
	}
	if _, ok := p.Sources[r.File]; !ok || r.Start.Line < 1 || r.Start.Line > len(split) {
		return "", false
	}
	text := strings.TrimSuffix(split[r.Start.Line-1], "\r")
	return strings.Map(visible, text), true
}

// visible replaces what a terminal would obey rather than show.
func visible(r rune) rune {
	if r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
		return utf8.RuneError
	}
	return r
}

// cut shortens a long line to the neighbourhood of the range, with … where something is left out.
func cut(line []rune, from, to int) ([]rune, int, int) {
	if len(line) <= maxWidth {
		return line, from, to
	}
	first := max(0, min(from-maxWidth/3, len(line)-maxWidth))
	last := min(len(line), first+maxWidth)
	short := []rune(string(line[first:last]))
	if last < len(line) {
		short[len(short)-1] = '…'
	}
	if first > 0 {
		short[0] = '…'
	}
	return short, from - first, max(min(to, last)-first, from-first+1)
}

// blank is white space as wide as the runes. Tabs stay, so that the width of a tab does not matter.
func blank(runes []rune) string {
	parts := strings.Split(string(runes), "\t")
	for i, part := range parts {
		parts[i] = strings.Repeat(" ", width(part))
	}
	return strings.Join(parts, "\t")
}

// underline is ^~~~ under runes from…to-1; one rune at least, also behind the end of the line.
func underline(runes []rune, from, to int) string {
	columns := 1
	if from < len(runes) {
		columns = max(1, width(strings.ReplaceAll(string(runes[from:min(to, len(runes))]), "\t", " ")))
	}
	return "^" + strings.Repeat("~", columns-1)
}

// width is how many terminal columns s takes. The locale of the machine plays no part in it.
func width(s string) int {
	return (&runewidth.Condition{}).StringWidth(s)
}
