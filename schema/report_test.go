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

	"wsk-scenario/engine/report/content"
)

const contentFolder = "../engine/report/content"

// reflected makes the schema of the struct that a report is, with its comments as descriptions.
type reflected struct {
	docs        map[string]string // by Type or Type.Field
	definitions map[string]object
}

func TestReportSchemaEqualsTheStructs(t *testing.T) {
	r := reflected{docs: commentsOf(t, contentFolder), definitions: map[string]object{}}
	root := r.object(reflect.TypeFor[content.Report]())
	var definitions object
	for _, name := range slices.Sorted(maps.Keys(r.definitions)) {
		definitions = append(definitions, member{name, r.definitions[name]})
	}
	whole := append(object{
		{"$schema", "http://json-schema.org/draft-07/schema#"},
		{"$id", "https://wsk-scenario.invalid/schema/report.schema.json"},
		{"title", "wsk-scenario: a report as JSON"},
	}, root...)
	whole = append(whole, member{"definitions", definitions})
	text, err := json.MarshalIndent(whole, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	text = append(text, '\n')
	if *update {
		if err := os.WriteFile("report.schema.json", text, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(text), string(Report())); diff != "" {
		t.Errorf("run go test ./schema -update (-generated +embedded):\n%s", diff)
	}
}

func TestEveryJSONReportIsByTheSchema(t *testing.T) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(Report()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("report.schema.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("../engine/report/file/testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no reports to try: %v", err)
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
