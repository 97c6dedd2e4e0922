package schema

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"wsk-scenario/dsl"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

func TestEmbeddedClusterSchemaEqualsTheGenerated(t *testing.T) {
	want, err := GenerateCluster()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("cluster.schema.json", want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(want), string(Cluster())); diff != "" {
		t.Errorf("run go test ./schema -update (-generated +embedded):\n%s", diff)
	}
}

func clusterSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(Cluster()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("cluster.schema.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("cluster.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func TestClusterSchemaAcceptsProfilesThatLoad(t *testing.T) {
	schema := clusterSchema(t)
	for _, pattern := range []string{"../dsl/testdata/profile/ok/*.yaml", "../scenarios/clusters/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("no profiles to try at %s: %v", pattern, err)
		}
		for _, file := range files {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !dsl.IsProfile(source) {
				continue // objects of Kubernetes, which stand beside the profiles that need them
			}
			if err := schema.Validate(instance(t, file, source)); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
}

func TestClusterSchemaRefuses(t *testing.T) {
	schema := clusterSchema(t)
	for name, source := range map[string]string{
		"a profile without its name":            "{vars: {a: 1}}",
		"a misspelled key":                      "{cluster: x, limit: {concurrent: 1}}",
		"credentials where a reference belongs": "{cluster: x, openwhisk: {apihost: \"http://h\", auth: \"a:b\"}}",
		"a bare number where a unit belongs":    "{cluster: x, memory: 2048}",
		"a text where a whole number belongs":   "{cluster: x, limits: {concurrent: many}}",
		"a word that is neither true nor false": "{cluster: x, openwhisk: {tls: {verify: never}}}",
		"a node without its role":               "{cluster: x, nodes: {pi: {cpus: 0.4}}}",
		"a kind that is a list":                 "{cluster: x, kinds: {java: [8]}}",
	} {
		if err := schema.Validate(instance(t, name, []byte(source))); err == nil {
			t.Errorf("the schema accepts %s: %s", name, source)
		}
	}
}

func TestEveryKeyOfAProfileIsDescribed(t *testing.T) {
	everyKeyIsDescribed(t, Cluster())
}
