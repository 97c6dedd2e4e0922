package syntax

import (
	"reflect"
	"strconv"
	"strings"

	"wsk-scenario/dsl/diag"
)

// Compiler makes a template of the text of a scalar with placeholders.
type Compiler func(diag.Text) (Template, diag.List)

// Compile compiles every placeholder of the tree n.
func Compile(n *Node, compile Compiler) diag.List {
	var diags diag.List
	switch n.Kind {
	case String:
		if strings.Contains(n.Text.Value, "${{") && n.Template == nil && !n.broken {
			n.Template, diags = compile(n.Text)
			n.broken = n.Template == nil
		}
	case Map:
		for _, f := range n.Fields {
			if strings.Contains(f.Key.Value, "${{") {
				diags.Errorf(f.Key.Range, "a key cannot hold a placeholder").Hint = "placeholders stand in values"
			}
			diags = append(diags, Compile(f.Value, compile)...)
		}
	case List:
		for _, item := range n.Items {
			diags = append(diags, Compile(item, compile)...)
		}
	}
	return diags
}

// Value is the node as a Go value: nil, bool, int, float64, string, []any or map[string]any.
func (n *Node) Value(env Env) (any, diag.List) {
	switch {
	case n.Template != nil:
		value, d := n.Template.Resolve(env)
		if d != nil {
			return nil, diag.List{*d}
		}
		return value, nil
	case n.Kind == Map:
		return n.mapValue(env)
	case n.Kind == List:
		var diags diag.List
		list := make([]any, len(n.Items))
		for i, item := range n.Items {
			value, ds := item.Value(env)
			list[i] = value
			diags = append(diags, ds...)
		}
		return list, diags
	}
	return n.native(), nil
}

func (n *Node) mapValue(env Env) (any, diag.List) {
	var diags diag.List
	m := make(map[string]any, len(n.Fields))
	for _, f := range n.Fields {
		value, ds := f.Value.Value(env)
		m[f.Key.Value] = value
		diags = append(diags, ds...)
	}
	return m, diags
}

// Filled is one place with placeholders in a decoded struct.
type Filled struct {
	Path  string
	Range diag.Range
	// Names are those that the placeholders use, such as matrix.lang.
	Names []string
	// Try fills the place in and reports what does not fit.
	Try func(Env) diag.List
}

// Placeholders returns every place with placeholders in the struct that v points to.
func Placeholders(v any) []Filled {
	w := &walker{}
	w.value(reflect.ValueOf(v).Elem(), "")
	return w.found
}

type walker struct{ found []Filled }

func (w *walker) value(v reflect.Value, path string) {
	switch held := v.Addr().Interface().(type) {
	case interface{ filled() (Filled, bool) }:
		if f, ok := held.filled(); ok {
			w.found = append(w.found, f)
		}
		return
	case **Node:
		w.node(*held, path)
		return
	case table:
		entries := v.FieldByName("Entries")
		for i := range entries.Len() {
			e := entries.Index(i)
			w.value(e.FieldByName("Value"), join(path, e.FieldByName("Key").FieldByName("Value").String()))
		}
		return
	}
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			w.value(v.Index(i), path+"["+strconv.Itoa(i)+"]")
		}
	case reflect.Struct:
		w.section(v, path)
	}
}

func (w *walker) section(v reflect.Value, path string) {
	for i := range v.NumField() {
		if !v.Type().Field(i).IsExported() {
			continue
		}
		name, flags, tagged := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
		if name == "-" {
			continue
		}
		if tagged && strings.Contains(flags, "rest") {
			name = ""
		}
		inner := path
		if name != "" {
			inner = join(path, name)
		}
		w.value(v.Field(i), inner)
	}
}

func (w *walker) node(n *Node, path string) {
	if n == nil {
		return
	}
	if n.Template != nil {
		w.found = append(w.found, Filled{path, n.Range, n.Template.References(), func(env Env) diag.List {
			_, diags := n.JSON(env)
			return diags
		}})
	}
	for _, f := range n.Fields {
		w.node(f.Value, join(path, f.Key.Value))
	}
	for i, item := range n.Items {
		w.node(item, path+"["+strconv.Itoa(i)+"]")
	}
}

func (v *Val[T]) filled() (Filled, bool) {
	if v.template == nil {
		return Filled{}, false
	}
	return Filled{v.path, v.Range(), v.template.References(), func(env Env) diag.List {
		if _, d := v.In(env); d != nil {
			return diag.List{*d}
		}
		return nil
	}}, true
}
