package syntax

import (
	"fmt"

	"wsk-scenario/dsl/diag"
)

// Val is a scalar of the file: its place, and either its value or the template that gives the value in a matrix cell.
// The zero Val is "not written". T is one of string, int, float64, bool, time.Duration, Bytes, Rate, BitRate and any.
type Val[T any] struct {
	value    T
	template Template
	text     diag.Text
	set      bool
	path     string
	words    []string // the allowed ones; none allow all
	broken   bool
}

// Set reports whether the key stands in the file.
func (v Val[T]) Set() bool { return v.set }

// Text is the scalar as written, with the place of each rune.
func (v Val[T]) Text() diag.Text { return v.text }

// Range is where the scalar stands.
func (v Val[T]) Range() diag.Range { return v.text.Range }

// Path is the scalar's place in the user's words, such as phases[0].load.users.
func (v Val[T]) Path() string { return v.path }

// Broken reports whether what is written is no T. A diagnostic has said so; the value is the zero T.
func (v Val[T]) Broken() bool { return v.broken }

// Templated reports whether the scalar holds a placeholder.
func (v Val[T]) Templated() bool { return v.template != nil }

// References are the names that the placeholders of the scalar use.
func (v Val[T]) References() []string {
	if v.template == nil {
		return nil
	}
	return v.template.References()
}

// Literal returns the value when the scalar is written, is a T and holds no placeholder.
func (v Val[T]) Literal() (T, bool) { return v.value, v.set && !v.broken && v.template == nil }

// Settled is v with value in place of its placeholder.
func (v Val[T]) Settled(value T) Val[T] {
	v.value, v.template = value, nil
	return v
}

// In returns the value of the scalar in env; the zero T when it is not written.
func (v Val[T]) In(env Env) (T, *diag.Diagnostic) {
	if v.template == nil {
		return v.value, nil
	}
	raw, d := v.template.Resolve(env)
	if d != nil {
		var zero T
		return zero, d
	}
	value, fault := admit[T](v.written(raw), v.words)
	if fault != nil {
		if fault.hint == removeQuotes {
			fault.hint = "that is text: write the number without quotes where it is defined, and nothing beside the placeholder"
		}
		return value, fault.at(v.path, v.text)
	}
	return value, nil
}

// written is the value of a placeholder as text, where text is wanted: quotes around the placeholder would not change what
// it gives, so that a number in it cannot be meant as anything else.
func (v Val[T]) written(raw any) any {
	if _, text := any(v.value).(string); !text {
		return raw
	}
	switch raw.(type) {
	case int, int64, float64, bool:
		return fmt.Sprint(raw)
	}
	return raw
}

// Dict is a mapping with free keys, in the order written.
type Dict[V any] struct {
	Entries []Entry[V]
	Range   diag.Range
}

// Entry is one key and its value.
type Entry[V any] struct {
	Key   diag.Text
	Value V
}

// Get returns the value of key.
func (d Dict[V]) Get(key string) (V, bool) {
	for i := range d.Entries { // by number: entries are large
		if d.Entries[i].Key.Value == key {
			return d.Entries[i].Value, true
		}
	}
	var zero V
	return zero, false
}

// Names are the keys in the order written.
func (d Dict[V]) Names() []string {
	names := make([]string, len(d.Entries))
	for i, e := range d.Entries {
		names[i] = e.Key.Value
	}
	return names
}

func (d *Dict[V]) grow(key diag.Text) any {
	d.Entries = append(d.Entries, Entry[V]{Key: key})
	return &d.Entries[len(d.Entries)-1].Value
}

func (d *Dict[V]) setRange(r diag.Range) { d.Range = r }

// Keys are the names with their places, in the order written.
func (d Dict[V]) Keys() []diag.Text {
	keys := make([]diag.Text, len(d.Entries))
	for i, e := range d.Entries {
		keys[i] = e.Key
	}
	return keys
}
