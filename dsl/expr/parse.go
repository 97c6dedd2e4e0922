package expr

import (
	"errors"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"

	"wsk-scenario/dsl/diag"
)

// maxLength is how many characters an expression may have: nobody reads a longer one, and the parser recurses.
const maxLength = 2000

// parse reads the grammar. It stops at the first fault, as the library does.
func (c *code) parse() (ast.Node, *diag.Diagnostic) {
	if len(c.source) > 2*maxLength {
		return nil, c.fault(0, 1, "the expression is too long", "split it")
	}
	if strings.TrimSpace(string(c.source)) == "" {
		return nil, c.fault(0, len(c.source), "the expression is empty", "")
	}
	parsed, err := parser.Parse(string(c.source))
	if err == nil {
		return parsed.Node, nil
	}
	var place *file.Error
	if !errors.As(err, &place) {
		return nil, c.fault(0, len(c.source), "the expression cannot be read: "+err.Error(), "")
	}
	return nil, c.syntaxFault(place)
}

// syntaxFault says in plain words what the grammar does not allow.
func (c *code) syntaxFault(e *file.Error) *diag.Diagnostic {
	from, to := e.From, max(e.To, e.From+1)
	word := c.words(from, to)
	for _, w := range slips {
		if strings.EqualFold(word, w.word) && strings.Contains(e.Message, "unexpected") {
			return c.fault(from, to, "the expression has no word "+word+" here", w.hint)
		}
	}
	at, complaint := c.unclosed()
	switch {
	case complaint != "":
		return c.fault(at, at+1, complaint, "")
	case strings.Contains(e.Message, "unexpected token EOF"):
		end := len(strings.TrimRight(string(c.source), " \t\n"))
		end = len([]rune(string(c.source)[:end]))
		return c.fault(max(end-1, 0), end, "the expression ends too early", "something is missing behind this")
	case strings.Contains(e.Message, "unexpected token"), strings.Contains(e.Message, "unrecognized character"):
		return c.fault(from, to, "the expression cannot go on with "+word+" here", "")
	}
	return c.fault(from, to, "the expression cannot be read: "+e.Message, "")
}

// unclosed finds a quote or a parenthesis without its partner.
func (c *code) unclosed() (at int, complaint string) {
	var open []int
	for i := 0; i < len(c.source); {
		end := tokenEnd(c.source, i)
		switch r := c.source[i]; r {
		case '"', '\'', '`':
			if end-i < 2 || c.source[end-1] != r {
				return i, "a quote is opened in the expression and never closed"
			}
		case '(':
			open = append(open, i)
		case ')':
			if len(open) == 0 {
				return i, `this ")" closes nothing`
			}
			open = open[:len(open)-1]
		}
		i = end
	}
	if len(open) > 0 {
		return open[len(open)-1], `this "(" is never closed`
	}
	return 0, ""
}

// slips are words of other languages.
var slips = []struct{ word, hint string }{
	{"=", "write == to compare"},
	{">", "write != for unequal"}, // of <>
	{"AND", "write and"},
	{"OR", "write or"},
	{"NOT", "write not"},
	{"&", "write and"},
	{"xor", "write != between the two"},
}

func (c *code) fault(from, to int, summary, hint string) *diag.Diagnostic {
	return &diag.Diagnostic{Severity: diag.Error, Range: c.slice(from, to), Summary: summary, Hint: hint}
}
