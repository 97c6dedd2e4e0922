package syntax

import (
	"strings"

	"gopkg.in/yaml.v3"

	"wsk-scenario/dsl/diag"
)

// Bounds of a tree. Nobody writes more by hand; aliases of aliases can.
const (
	maxDepth = 60
	maxNodes = 100_000
)

// tree builds the tree of a file. It sees each alias as a copy of what it names.
type tree struct {
	source *source
	diags  diag.List
	open   map[*yaml.Node]bool // the aliased nodes being built, to find those that hold themselves
	depth  int
	nodes  int
	full   bool
	outer  diag.Range // the alias in the file that is being built
}

// node builds one value. Where the file writes nothing, such as behind "key:", the value stands at around.
func (t *tree) node(y *yaml.Node, around diag.Range) *Node {
	t.nodes++
	t.depth++
	defer func() { t.depth-- }()
	place := t.place(y, around)
	if t.nodes > maxNodes || t.depth > maxDepth {
		t.tooMuch(place)
		return &Node{Range: place, broken: true}
	}
	switch y.Kind {
	case yaml.AliasNode:
		return t.alias(y, place)
	case yaml.MappingNode:
		return t.mapping(y, place)
	case yaml.SequenceNode:
		n := &Node{Kind: List, Range: place}
		for _, item := range y.Content {
			n.Items = append(n.Items, t.node(item, t.place(item, place)))
		}
		t.stretch(n, y)
		return n
	}
	return t.scalar(y, around)
}

func (t *tree) tooMuch(place diag.Range) {
	switch {
	case t.full:
	case t.depth > maxDepth:
		t.diags.Errorf(place, "the file is nested too deeply").Hint = "more than 60 levels cannot be meant"
	default:
		if t.outer.Start.Known() {
			place = t.outer
		}
		t.diags.Errorf(place, "aliases make this file too large").Hint = "an alias of an alias multiplies; write the values out"
	}
	t.full = true
}

// place is the first rune of a node, or around where the file writes nothing.
func (t *tree) place(y *yaml.Node, around diag.Range) diag.Range {
	if y.Line == 0 || unwritten(y) && around.Start.Known() {
		return around
	}
	start := t.source.clamp(y.Line, y.Column)
	return t.source.span(start, diag.Pos{Line: start.Line, Column: start.Column + 1})
}

func (t *tree) alias(y *yaml.Node, place diag.Range) *Node {
	place.End.Column = place.Start.Column + len([]rune(y.Value)) + 1
	if t.open[y.Alias] || y.Alias == nil {
		t.diags.Errorf(place, "the alias *%s stands inside the value that it names", y.Value).
			Hint = "a value cannot hold itself"
		return &Node{Range: place, broken: true}
	}
	if t.full {
		return &Node{Range: place, broken: true}
	}
	if len(t.open) == 0 {
		t.outer = place
	}
	t.open[y.Alias] = true
	defer delete(t.open, y.Alias)
	return t.node(y.Alias, place)
}

func (t *tree) mapping(y *yaml.Node, place diag.Range) *Node {
	n := &Node{Kind: Map, Range: place}
	var merged []*Node
	written := make(map[string]diag.Range)
	for i := 0; i+1 < len(y.Content); i += 2 {
		key, value := y.Content[i], y.Content[i+1]
		text, ok := t.key(key)
		if !ok {
			continue
		}
		child := t.node(value, text.Range)
		if key.ShortTag() == "!!merge" {
			merged = append(merged, t.mergeable(child)...)
			continue
		}
		if first, twice := written[text.Value]; twice {
			t.duplicate(text, first)
			continue
		}
		written[text.Value] = text.Range
		n.Fields = append(n.Fields, Field{text, child})
	}
	for _, m := range merged { // what is written here wins, then the first merged
		for _, f := range m.Fields {
			if _, ok := written[f.Key.Value]; !ok {
				written[f.Key.Value] = f.Key.Range
				n.Fields = append(n.Fields, f)
			}
		}
	}
	t.stretch(n, y)
	return n
}

func (t *tree) duplicate(key diag.Text, first diag.Range) {
	d := t.diags.Errorf(key.Range, "the key %q stands here twice", key.Value)
	d.Hint = "keep one of the two"
	d.Related = []diag.Related{{Range: first, Note: "it stands here first"}}
}

// key returns the text of a key; only scalars can be one.
func (t *tree) key(y *yaml.Node) (diag.Text, bool) {
	place := t.place(y, diag.Range{File: t.source.file})
	if y.Kind != yaml.ScalarNode {
		t.diags.Errorf(place, "a key must be one word, not a list, a mapping or an alias").
			Hint = "put it in quotes if it is one"
		return diag.Text{}, false
	}
	return t.scalar(y, place).Text, true
}

// mergeable are the mappings that a "<<" key merges.
func (t *tree) mergeable(n *Node) []*Node {
	if n.broken {
		return nil
	}
	switch n.Kind {
	case Map:
		return []*Node{n}
	case List:
		var all []*Node
		for _, item := range n.Items {
			if item.Kind == Map {
				all = append(all, item)
			}
		}
		if len(all) == len(n.Items) {
			return all
		}
	}
	t.diags.Errorf(n.Range, `"<<" merges a mapping or a list of mappings, not %s`, n.describe())
	return nil
}

// stretch sets the end of a list or mapping: behind its last child, and behind its bracket where it has one.
func (t *tree) stretch(n *Node, y *yaml.Node) {
	end := n.Range.End
	for _, f := range n.Fields {
		end = later(end, f.Key.Range.End)
		if f.Value.Range.File == n.Range.File && f.Value.Kind != Null {
			end = later(end, f.Value.Range.End)
		}
	}
	for _, item := range n.Items {
		end = later(end, item.Range.End)
	}
	if y.Style&yaml.FlowStyle != 0 {
		end = t.bracket(end)
	}
	n.Range.End = end
}

// bracket returns the place behind the bracket that follows pos, or pos where none does.
func (t *tree) bracket(pos diag.Pos) diag.Pos {
	line := t.source.line(pos.Line)
	for i := max(pos.Column-1, 0); i < len(line); i++ {
		if line[i] == ']' || line[i] == '}' {
			return diag.Pos{Line: pos.Line, Column: i + 2}
		}
		if !strings.ContainsRune(" \t,", line[i]) {
			break
		}
	}
	return pos
}

func later(a, b diag.Pos) diag.Pos {
	if b.Line > a.Line || b.Line == a.Line && b.Column > a.Column {
		return b
	}
	return a
}
