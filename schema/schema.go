// Package schema holds the JSON Schemas of scenarios and of cluster profiles, for editors and for other tools, and of what is
// written as JSON. Those of the language are generated from the structs of package dsl, so they say what the decoder does; what needs more than one value to be
// judged is left to the checks of dsl.
package schema

import (
	_ "embed"
	"encoding/json"

	"wsk-scenario/dsl"
)

//go:embed scenario.schema.json
var scenario []byte

//go:embed cluster.schema.json
var cluster []byte

//go:embed report.schema.json
var report []byte

//go:embed comparison.schema.json
var comparison []byte

// Comparison is the JSON Schema of a comparison that was written as JSON. It is generated from the structs of
// engine/compare, by the tests.
func Comparison() []byte { return append([]byte(nil), comparison...) }

// Report is the JSON Schema of a report that was written as JSON. It is generated from the structs of
// engine/report/content, by the tests.
func Report() []byte { return append([]byte(nil), report...) }

// Scenario is the JSON Schema of a scenario file.
func Scenario() []byte { return append([]byte(nil), scenario...) }

// Cluster is the JSON Schema of a cluster profile.
func Cluster() []byte { return append([]byte(nil), cluster...) }

// Generate makes the schema of scenarios anew. The embedded file must equal it.
func Generate() ([]byte, error) { return generate(dsl.Describe(), "scenario", "a scenario") }

// GenerateCluster makes the schema of cluster profiles anew. The embedded file must equal it.
func GenerateCluster() ([]byte, error) {
	return generate(dsl.DescribeProfile(), "cluster", "a cluster profile")
}

func generate(s *dsl.Shape, name, title string) ([]byte, error) {
	w := &writer{root: s, open: make(map[*dsl.Shape]bool)}
	root := append(object{
		{"$schema", "http://json-schema.org/draft-07/schema#"},
		{"$id", "https://wsk-scenario.invalid/schema/" + name + ".schema.json"},
		{"title", "wsk-scenario: " + title},
	}, w.shape(s)...)
	root = append(root, member{"definitions", object{
		{"placeholder", object{
			{"type", "string"},
			{"pattern", `\$\{\{`},
			{"description", "A value that is computed: ${{ vars.name }} or ${{ matrix.axis }}."},
		}},
	}})
	text, err := json.MarshalIndent(root, "", "  ")
	return append(text, '\n'), err
}

// writer makes the schema of one kind of file.
type writer struct {
	root *dsl.Shape
	open map[*dsl.Shape]bool // the sections around the one that is written
}

// again points at a section that holds itself: at its first place, an item of a list of the file.
func (w *writer) again(s *dsl.Shape) object {
	for _, k := range w.root.Keys {
		if k.Shape.Elem == s {
			return object{{"$ref", "#/properties/" + k.Name + "/items"}}
		}
	}
	panic("a section holds itself that is no item of a list of the file")
}

// shape is the schema of one shape.
func (w *writer) shape(s *dsl.Shape) object {
	switch s.Form {
	case dsl.ScalarForm:
		return orPlaceholder(scalar(s.Scalar))
	case dsl.ListForm:
		return object{{"type", "array"}, {"items", w.shape(s.Elem)}}
	case dsl.TableForm:
		return object{{"type", "object"}, {"additionalProperties", w.shape(s.Elem)}}
	case dsl.SectionForm:
		if w.open[s] {
			return w.again(s)
		}
		w.open[s] = true
		defer delete(w.open, s)
		return w.section(s)
	}
	return object{}
}

func (w *writer) section(s *dsl.Shape) object {
	var properties object
	var required []string
	for _, k := range s.Keys {
		properties = append(properties, member{k.Name, w.key(k)})
		if k.Required {
			required = append(required, k.Name)
		}
	}
	out := object{{"type", "object"}, {"properties", properties}}
	if required != nil {
		out = append(out, member{"required", required})
	}
	if s.Rest != nil {
		rest := w.shape(s.Rest.Shape.Elem)
		out = append(out, member{"additionalProperties", described(rest, *s.Rest)})
	} else {
		out = append(out, member{"additionalProperties", false})
	}
	if s.Shorthand == nil {
		return out
	}
	return object{{"anyOf", []object{w.key(*s.Shorthand), out}}}
}

// key is the schema of the value of a key. A key that need not be written may also be empty: its items may be commented
// out.
func (w *writer) key(k dsl.Key) object {
	s := w.shape(k.Shape)
	if k.Enum != nil {
		s = orPlaceholder(object{{"enum", k.Enum}})
		if k.Shape.Form == dsl.ListForm {
			s = object{{"type", "array"}, {"items", s}}
		}
	}
	if k.Single {
		s = object{{"anyOf", []object{w.shape(k.Shape.Elem), s}}}
	}
	if !k.Required && k.Shape.MayBeEmpty() {
		s = orNull(s)
	}
	return described(s, k)
}

// orNull lets a value be left out behind its key.
func orNull(s object) object {
	if kind, plain := s[0].value.(string); plain {
		return append(object{{"type", []string{kind, "null"}}}, s[1:]...)
	}
	return object{{"anyOf", append(s[0].value.([]object), object{{"type", "null"}})}}
}

func described(s object, k dsl.Key) object {
	s = append(object{{"description", k.Doc}}, s...)
	if sample := k.Sample(); sample != nil {
		s = append(s, member{"examples", []json.RawMessage{sample}})
	}
	return s
}

// orPlaceholder lets a placeholder stand for a value.
func orPlaceholder(s object) object {
	if len(s) == 1 && s[0].value == "string" { // any text, placeholders too
		return s
	}
	return object{{"anyOf", []object{s, {{"$ref", "#/definitions/placeholder"}}}}}
}

func scalar(holds string) object {
	switch holds {
	case "a whole number":
		return object{{"type", "integer"}}
	case "a number":
		return object{{"type", "number"}}
	case "true or false":
		return object{{"type", "boolean"}}
	case "a duration":
		return object{{"type", "string"}, {"pattern", `^([0-9]*\.?[0-9]+(ns|us|µs|ms|s|m|h))+$`}}
	case "a bit rate":
		return object{{"type", "string"}, {"pattern", `^[0-9]*\.?[0-9]+(bit|kbit|Mbit|Gbit)/s$`}}
	case "a size":
		return object{{"type", "string"}, {"pattern", `^[0-9]*\.?[0-9]+(B|KB|MB|GB|KiB|MiB|GiB)$`}}
	case "a rate":
		return object{{"type", "string"}, {"pattern", `^[0-9]*\.?[0-9]+/[smh]$`}}
	case "a single value":
		return object{{"type", []string{"string", "number", "boolean"}}}
	}
	return object{{"type", "string"}}
}
