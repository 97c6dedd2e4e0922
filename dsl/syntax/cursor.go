package syntax

import (
	"strconv"
	"strings"

	"wsk-scenario/dsl/diag"
)

// scan is what a cursor read: the runes of a value, where each stands, and the stretch of the file around them. The
// caller compares the runes with what the YAML library says, so that a wrong place cannot go unnoticed.
type scan struct {
	runes      []rune
	places     []diag.Pos
	start, end diag.Pos
}

func (s *scan) add(r rune, p diag.Pos) {
	s.runes = append(s.runes, r)
	s.places = append(s.places, p)
}

// cursor reads a scalar once more, for its places.
type cursor struct {
	source *source
	pos    diag.Pos
}

// endOfFile is what peek returns behind the last rune.
const endOfFile = -1

func (c *cursor) peek() rune {
	line := c.source.line(c.pos.Line)
	switch {
	case c.pos.Line > len(c.source.lines):
		return endOfFile
	case c.pos.Column > len(line):
		return '\n'
	}
	return line[c.pos.Column-1]
}

func (c *cursor) next() rune {
	r := c.peek()
	switch r {
	case endOfFile:
	case '\n':
		c.pos = diag.Pos{Line: c.pos.Line + 1, Column: 1}
	default:
		c.pos.Column++
	}
	return r
}

// skipProperties moves from an anchor or a tag to the value itself.
func (c *cursor) skipProperties() {
	for r := c.peek(); r == '&' || r == '!'; r = c.peek() {
		anchor := r == '&'
		c.next()
		for r := c.peek(); r != endOfFile && !strings.ContainsRune(" \t\n", r) && (!anchor || nameRune(r)); r = c.peek() {
			c.next()
		}
		c.skipSpace()
	}
}

// nameRune reports whether the library takes r into the name of an anchor.
func nameRune(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r == '_' || r == '-'
}

// skipSpace moves over white space, line ends and comments.
func (c *cursor) skipSpace() {
	for {
		switch c.peek() {
		case ' ', '\t', '\n':
			c.next()
		case '#':
			c.pos.Column = len(c.source.line(c.pos.Line)) + 1
		default:
			return
		}
	}
}

// plain reads a scalar without quotes. Its value says where it ends.
func (c *cursor) plain(value []rune) scan {
	s := scan{start: c.pos}
	for len(s.runes) < len(value) && c.peek() != endOfFile {
		if !c.space(&s) {
			s.add(c.peek(), c.pos)
			c.next()
			s.end = c.pos
		}
	}
	return s.closed()
}

// singleQuoted reads '…', in which two quotes stand for one.
func (c *cursor) singleQuoted() scan {
	s := scan{start: c.pos}
	c.next()
	for c.peek() != endOfFile {
		if c.space(&s) {
			continue
		}
		at := c.pos
		r := c.next()
		if r == '\'' {
			if c.peek() != '\'' {
				break
			}
			c.next()
		}
		s.add(r, at)
	}
	s.end = c.pos
	return s.closed()
}

// doubleQuoted reads "…" with its escapes. A rune written as an escape stands where its backslash does.
func (c *cursor) doubleQuoted() scan {
	s := scan{start: c.pos}
	c.next()
	for c.peek() != endOfFile {
		if c.space(&s) {
			continue
		}
		at := c.pos
		r := c.next()
		if r == '"' {
			break
		}
		if r != '\\' {
			s.add(r, at)
		} else if escaped, ok := c.escape(); ok {
			s.add(escaped, at)
		} else { // an escaped line end joins the lines without a space
			c.fold(&s, 0)
		}
	}
	s.end = c.pos
	return s.closed()
}

// space reads white space between words, and reports whether there was any. At a line end it is folded.
func (c *cursor) space(s *scan) bool {
	if r := c.peek(); r != ' ' && r != '\t' && r != '\n' {
		return false
	}
	var blanks scan
	for r := c.peek(); r == ' ' || r == '\t'; r = c.peek() {
		blanks.add(r, c.pos)
		c.next()
	}
	if c.peek() != '\n' {
		s.runes = append(s.runes, blanks.runes...)
		s.places = append(s.places, blanks.places...)
		return true
	}
	c.fold(s, 1)
	return true
}

// fold reads line ends and the white space around them: one is a space (or, escaped, nothing), each further one a
// line feed.
func (c *cursor) fold(s *scan, single int) {
	at := c.pos
	var empty []diag.Pos
	if c.peek() == '\n' {
		c.next()
	}
	for r := c.peek(); r == ' ' || r == '\t' || r == '\n'; r = c.peek() {
		if r == '\n' {
			empty = append(empty, c.pos)
		}
		c.next()
	}
	if len(empty) == 0 && single > 0 {
		s.add(' ', at)
	}
	for _, p := range empty {
		s.add('\n', p)
	}
}

// escapes are the one-letter escapes of double quotes.
const escapes = "0\x00a\ab\bt\t\t\tn\nv\vf\fr\re\x1b  \"\"//\\\\N\u0085_\u00a0L\u2028P\u2029"

// escape reads what follows a backslash; false where that is a line end.
func (c *cursor) escape() (rune, bool) {
	if c.peek() == '\n' {
		return 0, false
	}
	letter := c.next()
	digits := map[rune]int{'x': 2, 'u': 4, 'U': 8}[letter]
	if digits == 0 {
		table := []rune(escapes)
		for i := 0; i+1 < len(table); i += 2 {
			if table[i] == letter {
				return table[i+1], true
			}
		}
		return letter, true
	}
	var hex strings.Builder
	for range digits {
		hex.WriteRune(c.next())
	}
	code, err := strconv.ParseUint(hex.String(), 16, 32)
	if err != nil {
		return letter, true
	}
	return rune(code), true
}

// closed gives an empty scan a stretch of its own.
func (s scan) closed() scan {
	if s.end.Line == 0 {
		s.end = diag.Pos{Line: s.start.Line, Column: s.start.Column + 1}
	}
	return s
}
