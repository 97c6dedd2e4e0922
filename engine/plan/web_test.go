package plan

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"wsk-scenario/dsl"
)

// The key web is short for three annotations, in each cell by its own value, and changes the fingerprint like them.
func TestWebBecomesAnnotations(t *testing.T) {
	const source = `
name: web
matrix: {web: [true, false, raw]}
actions: {hello: {code: hello.js, kind: "nodejs:20", web: "${{ matrix.web }}", annotations: {a: 1}}}
phases: [{name: p, invoke: hello, load: {iterations: 1}}]
`
	s, diags := dsl.Read("testdata/web.yaml", []byte(source), dsl.Options{})
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	p, diags := Build(s, Options{Seed: 1})
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	var got []string
	for _, c := range p.Cells {
		got = append(got, string(c.Actions[0].Annotations))
	}
	want := []string{
		`{"a":1,"web-export":true,"raw-http":false,"final":true}`,
		`{"a":1,"web-export":false,"raw-http":false,"final":false}`,
		`{"a":1,"web-export":true,"raw-http":true,"final":true}`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
