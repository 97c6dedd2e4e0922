package schema

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"wsk-scenario/engine/compare"
	"wsk-scenario/engine/report/content"
)

// reflected makes the schema of a struct that is written as JSON, with its comments as descriptions.
type reflected struct {
	docs        map[string]string // by Type or Type.Field
	definitions map[string]object
}

// written are the forms that are written as JSON, each by the struct it is made from and the files that it must fit.
var written = []struct {
	name, title, source string
	shape               reflect.Type
	text                func() []byte
	examples            string
}{
	{"report", "a report as JSON", "../engine/report/content", reflect.TypeFor[content.Report](), Report, "../engine/report/file/testdata/*.json"},
	{"comparison", "a comparison as JSON", "../engine/compare", reflect.TypeFor[compare.Report](), Comparison, "../engine/report/file/testdata/comparisons/*.json"},
}

func TestTheSchemasOfWhatIsWrittenEqualTheStructs(t *testing.T) {
	for _, form := range written {
		text := schemaOf(t, form.name, form.title, form.source, form.shape)
		if *update {
			if err := os.WriteFile(form.name+".schema.json", text, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if diff := cmp.Diff(string(text), string(form.text())); diff != "" {
			t.Errorf("%s: run go test ./schema -update (-generated +embedded):\n%s", form.name, diff)
		}
	}
}

// schemaOf makes the schema of a struct whose source is in a folder.
func schemaOf(t *testing.T, name, title, source string, shape reflect.Type) []byte {
	t.Helper()
	r := reflected{docs: commentsOf(t, source), definitions: map[string]object{}}
	root := r.object(shape)
	var definitions object
	for _, name := range slices.Sorted(maps.Keys(r.definitions)) {
		definitions = append(definitions, member{name, r.definitions[name]})
	}
	whole := append(object{
		{"$schema", "http://json-schema.org/draft-07/schema#"},
		{"$id", "https://wsk-scenario.invalid/schema/" + name + ".schema.json"},
		{"title", "wsk-scenario: " + title},
	}, root...)
	whole = append(whole, member{"definitions", definitions})
	text, err := json.MarshalIndent(whole, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(text, '\n')
}

func TestWhatIsWrittenAsJSONIsByItsSchema(t *testing.T) {
	for _, form := range written {
		t.Run(form.name, func(t *testing.T) { validate(t, form.text(), form.examples) })
	}
}

// validate holds files against a schema.
func validate(t *testing.T, text []byte, pattern string) {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("schema.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no files to try: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		report, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(report); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func (r *reflected) of(t reflect.Type) object {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return object{{"type", "string"}, {"format", "date-time"}}
	case t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct: // left out where there is none
		return r.of(t.Elem())
	case t.Kind() == reflect.Pointer:
		return orNull(r.of(t.Elem()))
	case t.Kind() == reflect.Slice:
		return object{{"type", "array"}, {"items", r.of(t.Elem())}}
	case t.Kind() == reflect.Map:
		return object{{"type", "object"}, {"additionalProperties", r.of(t.Elem())}}
	case t.Kind() == reflect.Struct:
		if _, known := r.definitions[t.Name()]; !known {
			r.definitions[t.Name()] = nil
			r.definitions[t.Name()] = r.object(t)
		}
		return object{{"$ref", "#/definitions/" + t.Name()}}
	case t.Kind() == reflect.String:
		return object{{"type", "string"}}
	case t.Kind() == reflect.Bool:
		return object{{"type", "boolean"}}
	case t.Kind() == reflect.Float64:
		return object{{"type", "number"}}
	}
	return object{{"type", "integer"}}
}

func (r *reflected) object(t reflect.Type) object {
	var properties object
	required := []string{}
	for i := range t.NumField() {
		field := t.Field(i)
		if field.Anonymous { // its members stand among the others
			inner := r.object(field.Type)
			for _, m := range inner {
				switch m.name {
				case "properties":
					properties = append(properties, m.value.(object)...)
				case "required":
					required = append(required, m.value.([]string)...)
				}
			}
			continue
		}
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "-" || !field.IsExported() {
			continue
		}
		shape := r.of(field.Type)
		if doc := r.docs[t.Name()+"."+field.Name]; doc != "" && shape[0].name != "$ref" {
			shape = append(object{{"description", doc}}, shape...)
		}
		properties = append(properties, member{name, shape})
		if options == "" {
			required = append(required, name)
		}
	}
	made := object{{"type", "object"}, {"properties", properties}, {"required", required}, {"additionalProperties", false}}
	if doc := r.docs[t.Name()]; doc != "" {
		made = append(object{{"description", doc}}, made...)
	}
	return made
}

// commentsOf reads the comments of the structs in a folder.
func commentsOf(t *testing.T, folder string) map[string]string {
	t.Helper()
	docs := map[string]string{}
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("there is no source in %s: %v", folder, err)
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			general, ok := decl.(*ast.GenDecl)
			if !ok || general.Tok != token.TYPE {
				continue
			}
			for _, spec := range general.Specs {
				of := spec.(*ast.TypeSpec)
				docs[of.Name.Name] = sentence(general.Doc)
				shape, ok := of.Type.(*ast.StructType)
				if !ok {
					continue
				}
				for _, field := range shape.Fields.List {
					for _, fieldName := range field.Names {
						docs[of.Name.Name+"."+fieldName.Name] = sentence(field.Doc) + sentence(field.Comment)
					}
				}
			}
		}
	}
	return docs
}

func sentence(comment *ast.CommentGroup) string {
	return strings.Join(strings.Fields(comment.Text()), " ")
}
