package syntax

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"wsk-scenario/dsl/diag"
)

// Decode fills the struct that into points to from a tree, strictly, by the tags that package dsl documents. It goes on
// after a fault, with the zero value in its place. What is the name of the whole in messages, such as "the scenario".
func Decode(n *Node, into any, what string) diag.List {
	d := &decoder{what: what}
	value := reflect.ValueOf(into).Elem()
	d.value(value, n, Describe(into), nil, "")
	return d.diags
}

type decoder struct {
	diags diag.List
	what  string
}

// scalar is a Val of any type.
type scalar interface {
	decode(n *Node, path string, words []string) *diag.Diagnostic
	holds() string
}

// table is a Dict of any type.
type table interface {
	// grow adds an entry and returns a pointer to its value.
	grow(key diag.Text) any
	setRange(r diag.Range)
}

func (d *decoder) value(into reflect.Value, n *Node, shape *Shape, key *Key, path string) {
	if n.broken && shape.Form != ScalarForm {
		return
	}
	if n.Kind == Null && key != nil && !key.Required && shape.MayBeEmpty() {
		return
	}
	switch shape.Form {
	case FreeForm:
		into.Set(reflect.ValueOf(n))
	case ScalarForm:
		var words []string
		if key != nil {
			words = key.Enum
		}
		if problem := into.Addr().Interface().(scalar).decode(n, path, words); problem != nil {
			d.diags = append(d.diags, *problem)
		}
	case ListForm:
		d.list(into, n, shape, key, path)
	case TableForm:
		d.table(into, n, shape, path)
	case SectionForm:
		d.section(into, n, shape, key, path)
	}
}

func (d *decoder) list(into reflect.Value, n *Node, shape *Shape, key *Key, path string) {
	if key != nil && key.Single && n.Kind != List {
		into.Set(reflect.MakeSlice(into.Type(), 1, 1))
		d.value(into.Index(0), n, shape.Elem, key, path)
		return
	}
	if n.Kind != List {
		hint := `begin each item on a line of its own with "- "`
		if n.scalar() && n.Kind != Null {
			hint = fmt.Sprintf("write [%s] for a list of one", n.quoted())
		}
		d.wrong(n, path, "a list", hint)
		return
	}
	if len(n.Items) == 0 && key != nil && key.Required {
		problem := d.diags.Errorf(n.Range, "%s is an empty list", d.name(path))
		problem.Path, problem.Hint = path, "write one item at least"
		return
	}
	into.Set(reflect.MakeSlice(into.Type(), len(n.Items), len(n.Items)))
	for i, item := range n.Items {
		d.value(into.Index(i), item, shape.Elem, key, fmt.Sprintf("%s[%d]", path, i))
	}
}

func (d *decoder) table(into reflect.Value, n *Node, shape *Shape, path string) {
	if n.Kind != Map {
		d.wrong(n, path, "a mapping from names to values", "write name: value, one a line")
		return
	}
	t := into.Addr().Interface().(table)
	t.setRange(n.Range)
	for _, f := range n.Fields {
		value := reflect.ValueOf(t.grow(f.Key)).Elem()
		d.value(value, f.Value, shape.Elem, nil, join(path, f.Key.Value))
	}
}

func (d *decoder) section(into reflect.Value, n *Node, shape *Shape, key *Key, path string) {
	if n.Kind != Map {
		if k := shape.Shorthand; k != nil {
			d.value(into.Field(k.field), n, k.Shape, k, path)
			return
		}
		d.wrong(n, path, "a mapping", sectionHint(shape, key))
		return
	}
	rest := &Node{Kind: Map, Range: n.Range}
	var meant []string // what misspelled keys plausibly are: those are not missing
	for _, f := range n.Fields {
		k := shape.Key(f.Key.Value)
		switch {
		case k != nil:
			d.value(into.Field(k.field), f.Value, k.Shape, k, join(path, k.Name))
		case shape.Rest != nil:
			rest.Fields = append(rest.Fields, f)
		default:
			meant = append(meant, d.unknown(f, n, shape, path)...)
		}
	}
	if shape.Rest != nil {
		d.value(into.Field(shape.Rest.field), rest, shape.Rest.Shape, shape.Rest, path)
	}
	d.missing(n, shape, path, meant)
}

// unknown reports a key that the section does not have and returns what it may have meant.
func (d *decoder) unknown(f Field, n *Node, shape *Shape, path string) []string {
	var free []string // names already written cannot be meant
	for _, name := range shape.Names() {
		if n.Get(name) == nil {
			free = append(free, name)
		}
	}
	near := diag.Nearest(f.Key.Value, free)
	names := free
	if len(near) == 0 {
		names = shape.Names()
	}
	problem := d.diags.Errorf(f.Key.Range, "%s has no key %q", d.name(path), f.Key.Value)
	problem.Path, problem.Hint = path, diag.Suggest(f.Key.Value, names)
	if s := shape.Shorthand; s != nil && len(near) == 0 && strings.ContainsAny(f.Key.Value, " <>=(?") {
		problem.Hint = `": " makes a key of what stands before it; put the whole in quotes`
		return []string{s.Name}
	}
	return near
}

func (d *decoder) missing(n *Node, shape *Shape, path string, meant []string) {
	for _, k := range shape.Keys {
		if !k.Required || n.Get(k.Name) != nil || slices.Contains(meant, k.Name) {
			continue
		}
		problem := d.diags.Errorf(n.Range, "%s has no %q", d.name(path), k.Name)
		problem.Path = path
		problem.Hint = "add " + k.Name + ": …"
		if k.Example != "" {
			problem.Hint = fmt.Sprintf("add %s, such as %s: %s", k.Name, k.Name, k.Example)
		}
	}
}

func sectionHint(shape *Shape, key *Key) string {
	if key != nil && key.Shape == shape && key.Example != "" {
		return "write keys, such as " + key.Example
	}
	for _, k := range shape.Keys {
		if k.Example != "" {
			return fmt.Sprintf("write keys, such as {%s: %s}", k.Name, k.Example)
		}
	}
	return ""
}

func (d *decoder) wrong(n *Node, path, wanted, hint string) {
	problem := d.diags.Errorf(n.Range, "%s must be %s, not %s", d.name(path), wanted, n.describe())
	problem.Path, problem.Hint = path, hint
}

func (d *decoder) name(path string) string {
	if path == "" {
		return d.what
	}
	return path
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
