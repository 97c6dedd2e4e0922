// Package syntax turns bytes into a typed tree in which everything knows where it stands, and decodes that tree strictly
// into documented structs. It is the only user of the YAML library and knows nothing of what the keys mean.
package syntax

import "wsk-scenario/dsl/diag"

// Kind is what a node of the tree is.
type Kind int

// The kinds of a node. Scalars carry their value in the field of the same name.
const (
	Null Kind = iota
	Bool
	Int
	Float
	String
	Map
	List
)

// Node is one value of the file.
type Node struct {
	Kind  Kind
	Range diag.Range
	// Text is the scalar as a string, with the place of each rune. It is set for every scalar kind.
	Text  diag.Text
	Bool  bool
	Int   int64
	Float float64
	// Template is set for a string that holds ${{ … }}.
	Template Template
	// Fields are the entries of a map in the order written, without duplicates.
	Fields []Field
	// Items are the elements of a list.
	Items []*Node
	// broken marks a value that a diagnostic has already spoken of, so that its consequences stay silent.
	broken bool
}

// Field is one entry of a map.
type Field struct {
	Key   diag.Text
	Value *Node
}

// Env holds the values that placeholders see, by their first name: vars, matrix.
type Env map[string]any

// Template is a scalar with placeholders, compiled by whoever knows the expression language.
type Template interface {
	// Resolve fills in the placeholders. A scalar that is one placeholder keeps the type of its value.
	Resolve(env Env) (any, *diag.Diagnostic)
	// References are the names that the placeholders use, such as vars.loops.
	References() []string
}

// Get returns the value of key in a map, or nil.
func (n *Node) Get(key string) *Node {
	if n == nil {
		return nil
	}
	for _, f := range n.Fields {
		if f.Key.Value == key {
			return f.Value
		}
	}
	return nil
}

// Placed returns n as if all of it stood at r: for values that come from elsewhere than a file.
func Placed(n *Node, r diag.Range) *Node {
	n.Range, n.Text.Range, n.Text.Segments = r, r, nil
	for i := range n.Fields {
		n.Fields[i].Key.Range, n.Fields[i].Key.Segments = r, nil
		Placed(n.Fields[i].Value, r)
	}
	for _, item := range n.Items {
		Placed(item, r)
	}
	return n
}
