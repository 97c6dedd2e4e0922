package syntax

import (
	"strings"
	"unicode/utf8"

	"wsk-scenario/dsl/diag"
)

// source is a file by lines and runes, as positions count them.
type source struct {
	file  string
	lines [][]rune // without their ends
}

func newSource(file, text string) *source {
	s := &source{file: file}
	for line := range strings.SplitSeq(text, "\n") {
		s.lines = append(s.lines, []rune(strings.TrimSuffix(line, "\r")))
	}
	return s
}

// check finds the first character that no scenario can hold. The YAML library names no place for those, and counts some
// of them as line breaks that no editor shows.
func (s *source) check(bytes string) *diag.Diagnostic {
	at := -1
	for i, r := range bytes {
		if forbidden(r) || r == utf8.RuneError && !strings.HasPrefix(bytes[i:], "\ufffd") {
			at = i
			break
		}
	}
	if at < 0 {
		return nil
	}
	line := strings.Count(bytes[:at], "\n")
	column := utf8.RuneCountInString(bytes[strings.LastIndexByte(bytes[:at], '\n')+1:at]) + 1
	pos := diag.Pos{Line: line + 1, Column: column}
	d := &diag.Diagnostic{Severity: diag.Error, Range: s.span(pos, diag.Pos{Line: pos.Line, Column: column + 1})}
	r, size := utf8.DecodeRuneInString(bytes[at:])
	switch {
	case r == utf8.RuneError && size == 1:
		d.Summary, d.Hint = "the file is not UTF-8 text", "save it in the encoding UTF-8"
	case r == '\r':
		d.Summary, d.Hint = "a carriage return stands alone", "end lines with a line feed"
	case r == '\ufeff':
		d.Summary, d.Hint = "a byte order mark stands inside the file", "remove it"
	case r == '\u0085' || r == '\u2028' || r == '\u2029':
		d.Summary, d.Hint = "an invisible line break stands here", `write it as an escape such as "\u2028", in double quotes`
	default:
		d.Summary, d.Hint = "an invisible control character stands here", `write it as an escape such as "\x07", in double quotes`
	}
	return d
}

func forbidden(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r == '\r':
		return true
	case r < 0x20 || r >= 0x7f && r <= 0x9f:
		return true
	case r == 0xfffe || r == 0xffff || r == '\ufeff' || r == '\u2028' || r == '\u2029':
		return true
	}
	return false
}

func (s *source) span(start, end diag.Pos) diag.Range {
	return diag.Range{File: s.file, Start: start, End: end}
}

// line returns a line by its number, empty behind the last.
func (s *source) line(n int) []rune {
	if n < 1 || n > len(s.lines) {
		return nil
	}
	return s.lines[n-1]
}

// lineRange is the text of a line without its indentation.
func (s *source) lineRange(n int) diag.Range {
	n = min(max(n, 1), len(s.lines))
	text := string(s.line(n))
	from := len(s.line(n)) - utf8.RuneCountInString(strings.TrimLeft(text, " \t"))
	to := utf8.RuneCountInString(strings.TrimRight(text, " \t"))
	if to <= from {
		from, to = 0, 1
	}
	return s.span(diag.Pos{Line: n, Column: from + 1}, diag.Pos{Line: n, Column: to + 1})
}

// clamp moves a position that the YAML library puts behind the file to its end.
func (s *source) clamp(line, column int) diag.Pos {
	n := min(max(line, 1), len(s.lines))
	if n != line {
		return diag.Pos{Line: n, Column: len(s.line(n)) + 1}
	}
	return diag.Pos{Line: n, Column: min(max(column, 1), len(s.line(n))+1)}
}
