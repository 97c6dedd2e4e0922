package syntax

import (
	"slices"

	"wsk-scenario/dsl/diag"
)

// block reads a scalar after | or >. Which of its line ends folds into a space depends on the lines around; instead of
// saying so a second time, the lines are laid along the value that the YAML library read.
func (c *cursor) block(value []rune) scan {
	header := c.pos
	first := c.pos.Line + 1
	found := c.indented(first)
	indents := make([]int, 0, 11)
	indents = append(indents, found)
	for i := range 10 { // the header may give the indentation as a number
		indents = append(indents, max(0, found-i-1))
	}
	for _, indent := range indents {
		if s, ok := c.along(value, first, indent, header); ok {
			return s
		}
	}
	return scan{start: header}.closed()
}

// indented is the indentation of the first line of a block that is not blank.
func (c *cursor) indented(first int) int {
	for n := first; n <= len(c.source.lines); n++ {
		line := c.source.line(n)
		if i := slices.IndexFunc(line, func(r rune) bool { return r != ' ' }); i >= 0 {
			return i
		}
	}
	return 0
}

// along lays the lines from first on, without their indentation, along the value.
func (c *cursor) along(value []rune, first, indent int, header diag.Pos) (scan, bool) {
	s := scan{start: header}
	lineEnd := diag.Pos{Line: header.Line, Column: len(c.source.line(header.Line)) + 1}
	for n := first; ; n++ {
		rest := value[len(s.runes):]
		if blank(rest) {
			for _, r := range rest {
				s.add(r, lineEnd)
			}
			return s.closed(), true
		}
		if n > len(c.source.lines) {
			return s, false
		}
		line := c.source.line(n)
		if len(line) <= indent { // an empty line: its line feed is read together with the next words
			continue
		}
		content := line[indent:]
		breaks := breaksBefore(rest, content, len(s.runes) == 0)
		for _, r := range rest[:breaks] {
			s.add(r, lineEnd)
		}
		if !slices.Equal(content, rest[breaks:min(len(rest), breaks+len(content))]) {
			return s, false
		}
		for i, r := range content {
			s.add(r, diag.Pos{Line: n, Column: indent + i + 1})
		}
		lineEnd = diag.Pos{Line: n, Column: len(line) + 1}
		if s.end.Line == 0 {
			s.start = diag.Pos{Line: n, Column: indent + 1}
		}
		s.end = lineEnd
	}
}

// breaksBefore counts the runes of rest that come from line ends before content.
func breaksBefore(rest, content []rune, atStart bool) int {
	n := 0
	for n < len(rest) && rest[n] == '\n' {
		n++
	}
	if n == 0 && !atStart && len(rest) > 0 && rest[0] == ' ' && content[0] != ' ' && content[0] != '\t' {
		return 1
	}
	return n
}

func blank(runes []rune) bool {
	return !slices.ContainsFunc(runes, func(r rune) bool { return r != '\n' })
}
