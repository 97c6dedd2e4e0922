package syntax

import (
	"reflect"
	"slices"
	"strings"
)

// Shape is what a value of the file may be, read from the types and tags of Go structs. The decoder, the JSON Schema and
// the explanations of keys all go by it.
type Shape struct {
	Form Form
	// Scalar says in the user's words what a scalar holds, such as "a duration".
	Scalar string
	// Keys are the keys of a section in the order declared, without the one for the rest.
	Keys []Key
	// Shorthand is the key that takes the whole value when it is not a mapping; nil when there is none.
	Shorthand *Key
	// Rest is the key that takes all other keys; nil when there is none.
	Rest *Key
	// Elem is the shape of the elements of a list or a table.
	Elem *Shape
}

// Form is the kind of a shape.
type Form int

// The forms of a shape.
const (
	ScalarForm  Form = iota // one value
	SectionForm             // a mapping with known keys
	TableForm               // a mapping with free keys
	ListForm
	FreeForm // any YAML
)

// Key is one key of a section.
type Key struct {
	Name     string
	Required bool
	Doc      string
	Example  string
	Enum     []string
	Shape    *Shape
	// Single lets one value stand for a list of one.
	Single bool
	field  int
}

// Names are the keys that a section knows.
func (s *Shape) Names() []string {
	names := make([]string, len(s.Keys))
	for i, k := range s.Keys {
		names[i] = k.Name
	}
	return names
}

// Key returns the key of that name, or nil.
func (s *Shape) Key(name string) *Key {
	if i := slices.IndexFunc(s.Keys, func(k Key) bool { return k.Name == name }); i >= 0 {
		return &s.Keys[i]
	}
	return nil
}

// MayBeEmpty reports whether nothing may stand behind a key of this shape that need not be written: its entries may all
// be commented out.
func (s *Shape) MayBeEmpty() bool {
	switch s.Form {
	case ListForm, TableForm:
		return true
	case SectionForm:
		return !slices.ContainsFunc(s.Keys, func(k Key) bool { return k.Required })
	}
	return false
}

// Describe returns the shape of the struct that v points to.
func Describe(v any) *Shape {
	return describer{}.shape(reflect.TypeOf(v).Elem())
}

// describer remembers the sections already seen, so that a section may hold itself.
type describer map[reflect.Type]*Shape

func (d describer) shape(t reflect.Type) *Shape {
	if t == reflect.TypeFor[*Node]() {
		return &Shape{Form: FreeForm}
	}
	if v, ok := reflect.New(t).Interface().(scalar); ok {
		return &Shape{Form: ScalarForm, Scalar: v.holds()}
	}
	if _, ok := reflect.New(t).Interface().(table); ok {
		entries, _ := t.FieldByName("Entries")
		value, _ := entries.Type.Elem().FieldByName("Value")
		return &Shape{Form: TableForm, Elem: d.shape(value.Type)}
	}
	if t.Kind() == reflect.Slice {
		return &Shape{Form: ListForm, Elem: d.shape(t.Elem())}
	}
	if known := d[t]; known != nil {
		return known
	}
	s := &Shape{Form: SectionForm}
	d[t] = s
	for i := range t.NumField() {
		if !t.Field(i).IsExported() {
			continue
		}
		d.key(s, t.Field(i), i)
	}
	return s
}

// key reads the tags of one field. A tag it does not know is a mistake of the programmer.
func (d describer) key(s *Shape, field reflect.StructField, index int) {
	name, flags, _ := strings.Cut(field.Tag.Get("yaml"), ",")
	if name == "-" {
		return
	}
	k := Key{
		Name: name, Doc: field.Tag.Get("doc"), Example: field.Tag.Get("example"),
		Shape: d.shape(field.Type), field: index,
	}
	if words := field.Tag.Get("enum"); words != "" {
		k.Enum = strings.Split(words, "|")
	}
	var shorthand bool
	for flag := range strings.SplitSeq(flags, ",") {
		switch flag {
		case "":
		case "required":
			k.Required = true
		case "shorthand":
			shorthand = true
		case "single":
			k.Single = true
		case "rest":
			s.Rest = &k
			return
		default:
			panic("unknown flag " + flag + " in the tag of " + field.Name)
		}
	}
	s.Keys = append(s.Keys, k)
	if shorthand {
		s.Shorthand = &k
	}
}

// Sample is the key's example as JSON, nil when there is none.
func (k Key) Sample() []byte {
	if k.Example == "" {
		return nil
	}
	n, diags := Parse("example of "+k.Name, []byte(k.Example))
	if diags.HasErrors() {
		return nil
	}
	raw, _ := n.JSON(nil)
	return raw
}
