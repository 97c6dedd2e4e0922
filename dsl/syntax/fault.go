package syntax

import (
	"regexp"
	"sort"
	"strings"

	"wsk-scenario/dsl/diag"
)

// maxProbed is up to how many lines the line of a syntax error is sought one by one; beyond it by halving.
const maxProbed = 400

// syntaxFault says in plain words, and at the right line, what the YAML library found. Its own line is often one too
// low, the start of the block around it, or missing.
func syntaxFault(src *source, text string, err error) *diag.Diagnostic {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	message = regexp.MustCompile(`^line \d+: `).ReplaceAllString(message, "")
	line := failingLine(strings.SplitAfter(text, "\n"))
	d := &diag.Diagnostic{Severity: diag.Error, Range: src.lineRange(line), Summary: "not valid YAML: " + message}
	for _, f := range faults {
		if strings.Contains(message, f.message) {
			d.Summary, d.Hint = f.summary, f.hint
			break
		}
	}
	refine(d, string(src.line(d.Range.Start.Line)), message)
	return d
}

// failingLine returns the number of the line after the longest run of whole lines that is valid on its own.
func failingLine(lines []string) int {
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	prefix := func(k int) bool { return valid([]byte(strings.Join(lines[:k], ""))) }
	if len(lines) > maxProbed { // each probe reads the file once: a few must do
		return sort.Search(len(lines), func(k int) bool { return k > 0 && !prefix(k) })
	}
	for k := len(lines) - 1; k > 0; k-- {
		if prefix(k) {
			return k + 1
		}
	}
	return 1
}

// faults are the library's messages in plain words.
var faults = []struct{ message, summary, hint string }{
	{"mapping values are not allowed", `a ":" stands where no key can be`,
		`put the value in quotes if the ":" belongs to it; check the indentation otherwise`},
	{"did not find expected key", "this line does not fit the mapping it stands in",
		"check its indentation, and the quotes and brackets of the lines above"},
	{"did not find expected '-' indicator", "this line does not fit the list it stands in",
		`check its indentation; every item begins with "- "`},
	{"did not find expected ',' or ']'", "a list in [ ] is not closed, or a comma is missing",
		`separate items with "," and end with "]"`},
	{"did not find expected ',' or '}'", "a mapping in { } is not closed, or a comma is missing",
		`separate entries with "," and end with "}"`},
	{"found unexpected end of stream", "a quote is opened and never closed", "close it on this line"},
	{"found unexpected document indicator", "a quote is opened and never closed", "close it before the ---"},
	{"found unknown escape character", `no such escape in double quotes`, `write \\ for a backslash, or use single quotes`},
	{"hexdecimal number", "an escape in double quotes is cut short", `write \x and two, or \u and four, hexadecimal digits`},
	{"invalid Unicode character", "an escape in double quotes names no character", ""},
	{"could not find expected ':'", `a ":" is missing behind a key`, "write key: value, with a space behind the colon"},
	{"did not find expected node content", "a value is missing here", ""},
	{"block sequence entries are not allowed", `a "- " stands where no list can be`, "begin the list on a line of its own"},
	{"found a tab character", "a tab is used for indentation", "use spaces"},
	{"exceeded max depth", "the file is nested too deeply", ""},
	{"did not find expected alphabetic or numeric", "the name of an anchor or alias is missing",
		`put the value in quotes if the "&" or "*" belongs to it`},
}

// refine finds the exact column of faults whose cause can be seen in the line.
func refine(d *diag.Diagnostic, line, message string) {
	if i := strings.Index(line, "${{"); i >= 0 && strings.Contains(message, "did not find expected ',' or") {
		d.Summary = "a placeholder inside { } or [ ] stands without quotes"
		d.Hint = `write it in quotes: "${{ … }}"`
		pointAt(d, line, i, 3)
		return
	}
	if name, ok := strings.CutPrefix(message, "unknown anchor '"); ok {
		name = strings.TrimSuffix(name, "' referenced")
		d.Summary = "there is no anchor &" + name + " above this alias"
		d.Hint = "put the text in quotes if no alias is meant"
		if i := strings.Index(line, "*"+name); i >= 0 {
			pointAt(d, line, i, len([]rune(name))+1)
		}
		return
	}
	indentation := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	if i := strings.Index(indentation, "\t"); i >= 0 {
		d.Summary, d.Hint = "a tab is used for indentation", "use spaces"
		pointAt(d, line, i, 1)
		return
	}
	if strings.Contains(message, "cannot start any token") {
		d.Summary, d.Hint = "a value begins with a character that YAML keeps for itself", "put the value in quotes"
	}
	if strings.Contains(message, "expected node content") && brackets(line) > 0 {
		d.Summary, d.Hint = "a bracket is opened and never closed", `end a list with "]", a mapping with "}"`
		pointAt(d, line, strings.LastIndexAny(line, "[{"), 1)
		return
	}
	if closes(d, line) {
		return
	}
	for _, c := range causes {
		all := regexp.MustCompile(c.pattern).FindAllStringSubmatchIndex(line, -1)
		if strings.Contains(message, c.message) && len(all) > 0 {
			pointAt(d, line, all[len(all)-1][2], 1)
			return
		}
	}
}

// causes find the character in the line that a message speaks of; the last one that fits.
var causes = []struct{ message, pattern string }{
	{"cannot start any token", "(?:^|[\\s\\[{,])([@`%])"},
	{"mapping values are not allowed", `(:)(?:\s|$)`},
	{"unexpected end of stream", `(?:^|[\s\[{,:])(["'])`},
	{"unknown escape", `(\\)[^0abtnvfre "/\\N_LPxuU]`},
}

// behindQuote is a value in quotes with more text behind it.
var behindQuote = regexp.MustCompile(`^\s*(?:- +)?[^\s"'\[{][^"']*:\s+(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*([^\s#"'])`)

// closes finds what goes on behind its end: text behind a closed quote, or one bracket too much. The library speaks of the
// block around it only.
func closes(d *diag.Diagnostic, line string) bool {
	if !strings.HasPrefix(d.Summary, "this line does not fit") && !strings.HasSuffix(d.Summary, "or a comma is missing") {
		return false
	}
	if at := behindQuote.FindStringSubmatchIndex(line); at != nil {
		d.Summary, d.Hint = "text stands behind a closed quote", "put the whole value in quotes, and double or escape those inside"
		pointAt(d, line, at[2], 1)
		return true
	}
	if brackets(line) >= 0 || !strings.ContainsAny(line, "[{") {
		return false
	}
	d.Summary, d.Hint = "a bracket is closed that was never opened", "remove it"
	pointAt(d, line, strings.LastIndexAny(line, "]}"), 1)
	return true
}

// brackets is how many more brackets the line opens than it closes.
func brackets(line string) (open int) {
	for _, r := range line {
		switch r {
		case '[', '{':
			open++
		case ']', '}':
			open--
		}
	}
	return open
}

func pointAt(d *diag.Diagnostic, line string, byteAt, width int) {
	d.Range.Start.Column = len([]rune(line[:byteAt])) + 1
	d.Range.End.Column = d.Range.Start.Column + width
}
