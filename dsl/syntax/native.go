package syntax

// nodeKind stands for a list or mapping where a scalar is wanted.
type nodeKind string

func (n *Node) scalar() bool { return n.Kind != Map && n.Kind != List }

// native is a scalar as a Go value: nil, bool, int, float64 or string.
func (n *Node) native() any {
	switch n.Kind {
	case Null:
		return nil
	case Bool:
		return n.Bool
	case Int:
		return int(n.Int)
	case Float:
		return n.Float
	case String:
		return n.Text.Value
	case Map:
		return nodeKind("a mapping")
	}
	return nodeKind("a list")
}

// describe is the node as a message names it. Numbers stand as they were written.
func (n *Node) describe() string {
	if n.Kind == Int || n.Kind == Float || n.Kind == Bool {
		return n.Text.Value
	}
	return show(n.native())
}

// quoted is a scalar as one would write it again.
func (n *Node) quoted() string {
	if n.Template != nil {
		return `"` + n.Text.Value + `"`
	}
	return n.Text.Value
}

// Broken reports whether a diagnostic has already spoken of the value.
func (n *Node) Broken() bool { return n.broken }
