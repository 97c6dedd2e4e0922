package file

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/report/content"
	"wsk-scenario/engine/report/reporttest"
	"wsk-scenario/engine/result"
)

var update = flag.Bool("update", false, "write the golden files anew")

// forms are the writers of text, with the suffix of their golden files.
var forms = []struct {
	suffix string
	write  func(io.Writer, *content.Report) error
}{
	{".md", Markdown}, {".junit.xml", JUnit}, {".json", JSON}, {".csv", CSV}, {".prom", OpenMetrics}, {".tex", LaTeX},
	{".methods.txt", Methods},
}

// report is the report of a fixture, as the tests look at it.
func report(r *result.Result) *content.Report {
	return content.New(content.Source{
		Result: r, Folder: "results/startup/20260701T123000.000Z",
		Column: func(_ int, column diag.Text) (string, bool) {
			return map[string]string{"cold.init.p95": "611ms"}[column.Value], column.Value == "cold.init.p95"
		},
		Example: func(_, _ int, o measure.Outcome) string {
			return map[measure.Outcome]string{measure.Network: "connection reset by peer while the answer was read"}[o]
		},
	})
}

func TestEveryFormOfEveryRunIsAsItsGoldenFile(t *testing.T) {
	for _, run := range reporttest.All() {
		for _, form := range forms {
			t.Run(run.Name+form.suffix, func(t *testing.T) {
				var out bytes.Buffer
				if err := form.write(&out, report(run.Result)); err != nil {
					t.Fatal(err)
				}
				golden(t, run.Name+form.suffix, out.String())
			})
		}
	}
}

func TestAComparisonIsAsItsGoldenFiles(t *testing.T) {
	r, refused := reporttest.Compared(), reporttest.Refused()
	for name, write := range map[string]func(io.Writer) error{
		"comparisons/made.json":         func(w io.Writer) error { return ComparisonJSON(w, r) },
		"comparisons/refused.json":      func(w io.Writer) error { return ComparisonJSON(w, refused) },
		"comparison-refused.md":         func(w io.Writer) error { return ComparisonMarkdown(w, refused) },
		"comparison-refused.junit.xml":  func(w io.Writer) error { return ComparisonJUnit(w, refused, true) },
		"comparison.md":                 func(w io.Writer) error { return ComparisonMarkdown(w, r) },
		"comparison.junit.xml":          func(w io.Writer) error { return ComparisonJUnit(w, r, false) },
		"comparison-tolerant.junit.xml": func(w io.Writer) error { return ComparisonJUnit(w, r, true) },
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if err := write(&out); err != nil {
				t.Fatal(err)
			}
			golden(t, name, out.String())
		})
	}
}

// golden compares what a writer wrote with a file.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s differs (-want +got); run with -update if the new one is right:\n%s", path, d)
	}
}
