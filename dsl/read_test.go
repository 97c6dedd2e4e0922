package dsl

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wsk-scenario/dsl/diag"
)

var update = flag.Bool("update", false, "write the golden files anew")

// picture reads a scenario and draws what is wrong with it.
func picture(t *testing.T, file string, opts Options) (*Scenario, string) {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	opts.Sources = diag.Sources{file: source}
	scenario, diags := Read(file, source, opts)
	var out bytes.Buffer
	if err := (diag.Printer{Out: &out, Sources: opts.Sources}).Text(diags); err != nil {
		t.Fatal(err)
	}
	if len(diags) > 0 {
		out.WriteString(diag.Summary(diags) + "\n")
	}
	return scenario, out.String()
}

func TestGoodScenariosAreSilent(t *testing.T) {
	files, err := filepath.Glob("testdata/ok/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios to read: %v", err)
	}
	for _, file := range files {
		scenario, out := picture(t, file, Options{})
		if out != "" {
			t.Errorf("%s is not silent:\n%s", file, out)
		}
		if scenario == nil {
			t.Errorf("%s gives no scenario", file)
		}
	}
}

// Each file of testdata/err has faults of one sort. Its .out is all that the user sees, read aloud before it was written.
func TestFaultsAreShownAsExpected(t *testing.T) {
	files, err := filepath.Glob("testdata/err/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios to read: %v", err)
	}
	for _, file := range files {
		scenario, out := picture(t, file, Options{})
		golden := strings.TrimSuffix(file, ".yaml") + ".out"
		if *update {
			if err := os.WriteFile(golden, []byte(out), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), out); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
		if onlyWarnings := !strings.Contains(out, ": error: "); onlyWarnings != (scenario != nil) {
			t.Errorf("%s: a scenario comes out: %t; only warnings: %t", file, scenario != nil, onlyWarnings)
		}
	}
}
