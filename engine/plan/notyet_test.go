package plan

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wsk-scenario/dsl"
	"wsk-scenario/dsl/diag"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The scenario uses all that the engine cannot run yet. Each of it is told at its place, and told once.
func TestWhatCannotBeRunYetIsTold(t *testing.T) {
	const file, golden = "testdata/notyet.yaml", "testdata/notyet.out"
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s, diags := dsl.Read(file, source, dsl.Options{})
	if len(diags) > 0 {
		t.Fatalf("the language itself has something against it: %v", diags)
	}
	_, diags = Build(s, Options{Seed: 1})
	var out bytes.Buffer
	if err := (diag.Printer{Out: &out, Sources: diag.Sources{file: source}}).Text(diags); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(golden, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
