package syntax

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"wsk-scenario/dsl/diag"
)

// letters are what random scalars are made of: words, spaces, breaks, quotes, escapes, wide and combining runes.
var letters = []string{
	"a", "b", "word", "é", "日本", "e\u0301", " ", " ", "  ", "\n", "\n\n", "'", `"`, `\`, "#", ":", "-", "${{ x }}", "\t", "x",
}

var styles = map[string]yaml.Style{
	"plain": 0, "single": yaml.SingleQuotedStyle, "double": yaml.DoubleQuotedStyle,
	"literal": yaml.LiteralStyle, "folded": yaml.FoldedStyle,
}

// Every rune of a scalar that is written as it is must be found where the file has it, whatever the style.
func TestPlacesOfRandomScalars(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	const rounds = 1500
	exact := make(map[string]int)
	for i := range rounds {
		var b strings.Builder
		for range 1 + random.IntN(30) {
			b.WriteString(letters[random.IntN(len(letters))])
		}
		for name, style := range styles {
			value := yaml.Node{Kind: yaml.ScalarNode, Value: b.String(), Style: style}
			value.Tag = []string{"", "!!str"}[i%2]
			value.Anchor = []string{"", "", "here"}[i%3]
			text := document(t, &value)
			if checkPlaces(t, name, text) {
				exact[name]++
			}
		}
	}
	for name := range styles {
		if exact[name] < rounds*99/100 {
			t.Errorf("%s: only %d of %d scalars have a place for each rune", name, exact[name], rounds)
		}
	}
}

// document writes the value between others, nested.
func document(t *testing.T, value *yaml.Node) string {
	t.Helper()
	word := func(s string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Value: s} }
	inner := &yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{word("one"), value, word("two")}}
	root := &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{word("before"), word("x"), word("list"), inner}}
	out, err := yaml.Marshal(root)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// checkPlaces compares each rune of the scalar with the file. It returns false where the places are not known one by one.
func checkPlaces(t *testing.T, style, text string) bool {
	t.Helper()
	root, diags := Parse("a.yaml", []byte(text))
	if diags.HasErrors() {
		if valid([]byte(text)) {
			t.Fatalf("%s: %v\n%s", style, diags, text)
		}
		return true // the library cannot read what it wrote
	}
	lines := strings.Split(text, "\n")
	scalar := root.Get("list").Items[1].Text
	pinned := len(scalar.Segments) > 1 && scalar.Segments[0].Pos == scalar.Segments[1].Pos
	for i, r := range []rune(scalar.Value) {
		if r == ' ' || r == '\n' || r == '\t' || pinned {
			continue
		}
		if got := runeAt(lines, scalar.At(i)); got != r && got != '\\' {
			t.Fatalf("%s: rune %d is %q, but the file has %q at %v\n%s", style, i, r, got, scalar.At(i), text)
		}
	}
	return !pinned
}

func runeAt(lines []string, p diag.Pos) rune {
	if p.Line < 1 || p.Line > len(lines) {
		return -1
	}
	line := []rune(lines[p.Line-1])
	if p.Column < 1 || p.Column > len(line) {
		return -1
	}
	return line[p.Column-1]
}

// What an emitter never writes: breaks inside plain and quoted scalars, escapes, indentation as a number, comments.
func TestPlacesOfWrittenScalars(t *testing.T) {
	for name, test := range map[string]struct {
		text, word string
		want       diag.Pos
	}{
		"plain":                             {"a: one two", "two", diag.Pos{Line: 1, Column: 8}},
		"plain on two lines":                {"a: one\n   two\n  three", "three", diag.Pos{Line: 3, Column: 3}},
		"plain after an empty line":         {"a: one\n\n  two", "two", diag.Pos{Line: 3, Column: 3}},
		"single quotes doubled":             {"a: 'it''s two'", "two", diag.Pos{Line: 1, Column: 11}},
		"single quotes on two lines":        {"a: 'one\n  two'", "two", diag.Pos{Line: 2, Column: 3}},
		"double quotes with escapes":        {`a: "\x41\u00e9\t\"two"`, "two", diag.Pos{Line: 1, Column: 19}},
		"double quotes, escaped line end":   {"a: \"one\\\n   two\"", "two", diag.Pos{Line: 2, Column: 4}},
		"double quotes, trailing space":     {"a: \"one  \n   two\"", "two", diag.Pos{Line: 2, Column: 4}},
		"an anchor and a tag":               {"a: &here !!str two", "two", diag.Pos{Line: 1, Column: 16}},
		"an anchor on the line above":       {"a: &here # comment\n  two", "two", diag.Pos{Line: 2, Column: 3}},
		"a block with a number":             {"a: |2\n    one\n  two\n", "two", diag.Pos{Line: 3, Column: 3}},
		"a block with a comment":            {"a: |- # comment\n  one\n  two\n", "two", diag.Pos{Line: 3, Column: 3}},
		"a folded block, further indented":  {"a: >\n  one\n    more\n  two\n", "two", diag.Pos{Line: 4, Column: 3}},
		"a folded block after empty lines":  {"a: >+\n\n\n  one\n\n  two\n\n", "two", diag.Pos{Line: 6, Column: 3}},
		"a literal block with blank lines":  {"a: |\n  one\n   \n\n  two\n", "two", diag.Pos{Line: 5, Column: 3}},
		"inside brackets":                   {"a: [one, \"x two\"]", "two", diag.Pos{Line: 1, Column: 13}},
		"behind wide runes":                 {"a: \"日本 two\"", "two", diag.Pos{Line: 1, Column: 8}},
		"with the line ends of Windows":     {"a: |\r\n  one\r\n  two\r\n", "two", diag.Pos{Line: 3, Column: 3}},
		"behind a byte order mark":          {"\ufeffa: two", "two", diag.Pos{Line: 1, Column: 4}},
		"a key is a scalar too":             {"\"one two\": 1", "two", diag.Pos{Line: 1, Column: 6}},
		"a value that an alias repeats":     {"b: &x [\"one two\"]\na: *x", "two", diag.Pos{Line: 1, Column: 13}},
		"a plain scalar with a # inside it": {"a: one#two", "two", diag.Pos{Line: 1, Column: 8}},
	} {
		root, diags := Parse("a.yaml", []byte(test.text))
		if diags.HasErrors() {
			t.Fatalf("%s: %v", name, diags)
		}
		text := find(root, test.word)
		before, _, _ := strings.Cut(text.Value, test.word)
		if got := text.At(len([]rune(before))); got != test.want {
			t.Errorf("%s: %q stands at %v, want %v", name, test.word, got, test.want)
		}
	}
}

// find returns the last scalar that holds the word.
func find(n *Node, word string) (text diag.Text) {
	if strings.Contains(n.Text.Value, word) {
		text = n.Text
	}
	for _, f := range n.Fields {
		if strings.Contains(f.Key.Value, word) {
			text = f.Key
		}
		if inner := find(f.Value, word); inner.Value != "" {
			text = inner
		}
	}
	for _, item := range n.Items {
		if inner := find(item, word); inner.Value != "" {
			text = inner
		}
	}
	return text
}

func TestRangesCoverTheirValues(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"a word":                       {"a: two", "1:4-1:7"},
		"quotes belong to it":          {"a: 'two'", "1:4-1:9"},
		"a block, without its header":  {"a: |\n  one\n  two\nb: 1", "2:3-3:6"},
		"a list in brackets":           {"a: [1, 2 ]", "1:4-1:11"},
		"an empty list":                {"a: []", "1:4-1:6"},
		"a mapping on several lines":   {"a:\n  b: 1\n  c: two", "2:3-3:9"},
		"nothing stands where its key": {"a:", "1:1-1:2"},
	} {
		root, _ := Parse("a.yaml", []byte(test.text))
		r := root.Get("a").Range
		got := fmt.Sprintf("%d:%d-%d:%d", r.Start.Line, r.Start.Column, r.End.Line, r.End.Column)
		if got != test.want {
			t.Errorf("%s: got %s, want %s", name, got, test.want)
		}
	}
}
