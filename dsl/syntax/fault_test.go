package syntax

import (
	"fmt"
	"strings"
	"testing"
)

// Where the YAML library finds each ordinary slip is often a line too low, the start of the block around it, or nowhere.
// The line here is the one that a person would change.
func TestSyntaxFaultsNameTheLineToMend(t *testing.T) {
	for name, row := range map[string]struct {
		text string
		line int
		says string
	}{
		"a bracket is not closed at the end":     {"a: 1\nb: [1, 2\n", 2, "not closed"},
		"a bracket is not closed, more follows":  {"a: 1\nb: [1, 2\nc: 3\n", 2, "not closed"},
		"a brace is not closed":                  {"a: 1\nb: {x: 1, y: 2\nc: 3\n", 2, "not closed"},
		"a comma is missing in brackets":         {"a:\n  - [1, \"2\" 3]\n", 2, "comma is missing"},
		"a bracket too much":                     {"a: 1\nb: [1]]\nc: 2\n", 2, "never opened"},
		"a quote is not closed at the end":       {"a: 1\nb: \"two\n", 2, "never closed"},
		"a quote is not closed, more follows":    {"a: 1\nb: 'two\nc: 3\n", 2, "never closed"},
		"text behind a closed quote":             {"a: 1\nb: \"two\" three\nc: 3\n", 2, "behind a closed quote"},
		"a colon inside a value":                 {"a: 1\nb: one: two\nc: 3\n", 2, "no key can be"},
		"no colon behind a key":                  {"a: 1\nb\nc: 3\n", 2, "missing behind a key"},
		"no space behind the colon":              {"a: 1\nb:2\nc: 3\n", 2, "missing behind a key"},
		"a key further left than its siblings":   {"a:\n   b: 1\n  c: 2\n", 3, "does not fit the mapping"},
		"a key further right than its siblings":  {"a:\n  b: 1\n   c: 2\n", 3, "no key can be"},
		"an item further left than its siblings": {"a:\n   - 1\n  - 2\n", 3, "does not fit"},
		"a key among the items of a list":        {"a:\n  - 1\n  b: 2\n", 3, "does not fit the list"},
		"an item among the keys of a mapping":    {"a:\n  b: 1\n  - 2\n", 3, "does not fit the mapping"},
		"a tab before a key":                     {"a:\n\tb: 1\n", 2, "a tab"},
		"a tab before a later key":               {"a:\n  b: 1\n\tc: 2\n", 3, "a tab"},
		"a value that begins with @":             {"a: 1\nb: @home\n", 2, "keeps for itself"},
		"a value that begins with a backquote":   {"a: 1\nb: `date`\n", 2, "keeps for itself"},
		"a value that begins with %":             {"a: 1\nb: %5\n", 2, "keeps for itself"},
		"an escape that does not exist":          {"a: 1\nb: \"\\d\"\n", 2, "no such escape"},
		"an alias without an anchor":             {"a: 1\nb: *home\n", 2, "no anchor &home"},
		"a fault in the first line":              {"a: b: c\n", 1, "no key can be"},
		"a list begins behind a key":             {"a: 1\nb: - 2\n", 2, "no list can be"},
		"a block's text is not indented":         {"a: |\nb c\nd: 1\n", 2, "missing behind a key"},
		"a placeholder in braces without quotes": {"a: 1\nb: {n: ${{ x }}}\n", 2, "stands without quotes"},
	} {
		_, diags := Parse("a.yaml", []byte(row.text))
		if len(diags) != 1 {
			t.Errorf("%s: %d faults: %v", name, len(diags), diags)
			continue
		}
		d := diags[0]
		if d.Range.Start.Line != row.line || d.Hint == "" || !strings.Contains(d.Summary, row.says) {
			t.Errorf("%s: line %d: %s (%s); want line %d and %q", name, d.Range.Start.Line, d.Summary, d.Hint, row.line, row.says)
		}
	}
}

// Whatever the size or the depth, the answer is one clear fault. The test runs each of them; a parser that walks a file
// once for every line or level would not come to an end here.
func TestHostileFilesGetAClearFault(t *testing.T) {
	bomb := "a: &a [x, x, x, x, x, x, x, x, x]\n"
	for letter := 'b'; letter <= 'j'; letter++ {
		bomb += fmt.Sprintf("%c: &%c [%s]\n", letter, letter, strings.Repeat(fmt.Sprintf("*%c, ", letter-1), 9))
	}
	for name, row := range map[string]struct{ text, says string }{
		"10 MB of lines":                 {strings.Repeat("a: 1\n", 2<<20), "larger than 1MiB"},
		"10 MB in one line":              {"a: " + strings.Repeat("x", 10<<20), "larger than 1MiB"},
		"10 000 brackets":                {"a: " + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000), "nested too deeply"},
		"10 000 brackets, none closed":   {"a: " + strings.Repeat("[", 10_000), "never closed"},
		"10 000 braces":                  {"a: " + strings.Repeat("{a: ", 10_000) + strings.Repeat("}", 10_000), "nested too deeply"},
		"10 000 dashes":                  {strings.Repeat("- ", 10_000) + "x", "nested too deeply"},
		"1 000 levels of indentation":    {staircase(1000), "nested too deeply"},
		"aliases of aliases":             {bomb, "aliases make this file too large"},
		"an alias inside its value":      {"a: &a\n  b: [1, *a]\n", "inside the value that it names"},
		"an alias merged into its value": {"a: &a\n  <<: *a\n", "inside the value that it names"},
		"200 000 values":                 {"a: [" + strings.Repeat("1, ", 200_000) + "]", "too large"},
		"20 000 lines, the last faulty":  {strings.Repeat("- x\n", 20_000) + "- [\n", "never closed"},
		"a second document":              {"a: 1\n---\nb: 2\n", "second document"},
		"a mark of Windows inside":       {"a: 1\n\ufeffb: 2\n", "byte order mark"},
		"UTF-16":                         {"\xff\xfea\x00:\x00", "not UTF-8"},
		"a zero byte":                    {"a: \x00", "control character"},
		"nothing":                        {"", "empty"},
		"a comment alone":                {"# later\n", "empty"},
		"a mark of Windows alone":        {"\ufeff", "empty"},
		"line ends of old Macs":          {"a: 1\rb: 2\r", "carriage return"},
	} {
		_, diags := Parse("a.yaml", []byte(row.text))
		if len(diags) != 1 || !strings.Contains(diags[0].Summary, row.says) {
			t.Errorf("%s: %d faults, want one that says %q: %.300v", name, len(diags), row.says, diags)
		}
	}
}

// staircase is a mapping in a mapping, each a level deeper.
func staircase(levels int) string {
	var b strings.Builder
	for i := range levels {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String() + strings.Repeat(" ", levels) + "a: 1\n"
}
