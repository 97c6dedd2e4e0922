package schema

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"wsk-scenario/dsl/syntax"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestEmbeddedSchemaEqualsTheGenerated(t *testing.T) {
	want, err := Generate()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("scenario.schema.json", want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(want), string(Scenario())); diff != "" {
		t.Errorf("run go test ./schema -update (-generated +embedded):\n%s", diff)
	}
}

// compiled makes a validator; the library checks the schema against its meta-schema on the way.
func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(Scenario()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("scenario.schema.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("scenario.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// instance is a YAML text as a JSON value, with its placeholders as they are written.
func instance(t *testing.T, name string, source []byte) any {
	t.Helper()
	root, diags := syntax.Parse(name, source)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	raw, diags := root.JSON(nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func TestSchemaAcceptsScenariosThatLoad(t *testing.T) {
	schema := compiled(t)
	files, err := filepath.Glob("../dsl/testdata/ok/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios to try: %v", err)
	}
	ready, err := filepath.Glob("../scenarios/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(files, ready...) {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(instance(t, file, source)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func TestSchemaRefuses(t *testing.T) {
	schema := compiled(t)
	for name, source := range map[string]string{
		"a misspelled key":                      "{name: x, phasse: []}",
		"a scenario without phases":             "{name: x}",
		"a bare number where a unit belongs":    "{name: x, phases: [{name: a, invoke: b, load: {for: 30}}]}",
		"a word that is none of the words":      "{name: x, phases: [{name: a, invoke: b, start: hot, load: {iterations: 1}}]}",
		"a text where a whole number belongs":   "{name: x, phases: [{name: a, invoke: b, load: {iterations: many}}]}",
		"a size in a unit that does not exist":  "{name: x, actions: {a: {code: a, kind: b, memory: 1TB}}, phases: []}",
		"an unknown key of a section in a list": "{name: x, phases: [{name: a, invoke: b, load: {iterations: 1}, lod: 1}]}",
	} {
		if err := schema.Validate(instance(t, name, []byte(source))); err == nil {
			t.Errorf("the schema accepts %s: %s", name, source)
		}
	}
}

func TestEveryKeyIsDescribed(t *testing.T) {
	everyKeyIsDescribed(t, Scenario())
}

func everyKeyIsDescribed(t *testing.T, schema []byte) {
	t.Helper()
	var walk func(path string, value any)
	walk = func(path string, value any) {
		m, ok := value.(map[string]any)
		if !ok {
			return
		}
		for name, inner := range m {
			walk(path+"/"+name, inner)
		}
		properties, _ := m["properties"].(map[string]any)
		for name, inner := range properties {
			if doc, _ := inner.(map[string]any)["description"].(string); doc == "" {
				t.Errorf("%s: the key %s has no description", path, name)
			}
		}
	}
	var document any
	if err := json.Unmarshal(schema, &document); err != nil {
		t.Fatal(err)
	}
	walk("", document)
}
