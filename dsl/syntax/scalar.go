package syntax

import (
	"gopkg.in/yaml.v3"

	"wsk-scenario/dsl/diag"
)

// scalar builds a scalar with the place of each of its runes.
func (t *tree) scalar(y *yaml.Node, around diag.Range) *Node {
	n := &Node{Kind: String, Text: t.text(y, around)}
	n.Range = n.Text.Range
	tag := y.ShortTag()
	switch tag {
	case "!!str", "!!timestamp", "!!merge":
		return n
	case "!!null", "!!bool", "!!int", "!!float":
	default:
		t.diags.Errorf(n.Range, "the tag %s means nothing here", tag).Hint = "remove it"
		n.broken = true
		return n
	}
	value, err := decodeScalar(y)
	if err != nil {
		t.diags.Errorf(n.Range, "%q is not what its tag %s says", y.Value, tag).Hint = "remove the tag, or write such a value"
		n.broken = true
		return n
	}
	switch v := value.(type) {
	case nil:
		n.Kind = Null
	case bool:
		n.Kind, n.Bool = Bool, v
	case int:
		n.Kind, n.Int = Int, int64(v)
	case int64:
		n.Kind, n.Int = Int, v
	case uint64:
		n.Kind, n.Float = Float, float64(v)
	case float64:
		n.Kind, n.Float = Float, v
	}
	return n
}

func decodeScalar(y *yaml.Node) (value any, err error) {
	bare := yaml.Node{Kind: yaml.ScalarNode, Tag: y.Tag, Value: y.Value, Style: y.Style}
	err = bare.Decode(&value)
	return value, err
}

// text finds the place of each rune of a scalar in the file.
func (t *tree) text(y *yaml.Node, around diag.Range) diag.Text {
	place := t.place(y, around)
	text := diag.Text{Value: y.Value, Range: place}
	if unwritten(y) {
		return text
	}
	c := &cursor{source: t.source, pos: place.Start}
	c.skipProperties()
	value := []rune(y.Value)
	var found scan
	switch {
	case y.Style&yaml.DoubleQuotedStyle != 0:
		found = c.doubleQuoted()
	case y.Style&yaml.SingleQuotedStyle != 0:
		found = c.singleQuoted()
	case y.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		found = c.block(value)
	default:
		found = c.plain(value)
	}
	if string(found.runes) != y.Value { // the scalar's first rune is the best that is known
		found = scan{start: place.Start, end: place.End, places: make([]diag.Pos, len(value))}
		for i := range value {
			found.places[i] = found.start
		}
	}
	text.Range = t.source.span(found.start, found.end)
	text.Segments = segments(found, y.Style)
	return text
}

// unwritten reports whether the file has nothing for the scalar, or its anchor and tag only.
func unwritten(y *yaml.Node) bool {
	return y.Kind == yaml.ScalarNode && y.Value == "" && y.Style&^yaml.TaggedStyle == 0
}

// segments joins neighbours. A plain scalar on one line needs none: it starts where its range does.
func segments(s scan, style yaml.Style) []diag.Segment {
	var list []diag.Segment
	for i, p := range s.places {
		if i > 0 {
			before := s.places[i-1]
			if before.Line == p.Line && before.Column+1 == p.Column {
				continue
			}
		}
		list = append(list, diag.Segment{Rune: i, Pos: p})
	}
	if style == 0 && len(list) == 1 && list[0].Pos == s.start {
		return nil
	}
	return list
}
