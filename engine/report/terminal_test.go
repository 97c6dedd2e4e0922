package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/report/content"
	"wsk-scenario/engine/report/reporttest"
	"wsk-scenario/engine/result"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".txt")
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

// show renders r as the tests look at it.
func show(t *testing.T, r *result.Result, width int, color bool) string {
	t.Helper()
	var out bytes.Buffer
	terminal := Terminal{Out: &out, Width: width, Color: color, Sources: diag.Sources{"scenarios/startup.yaml": []byte(reporttest.AssertText)}}
	report := content.New(content.Source{
		Result: r, Folder: "results/startup/20260701T123000.000Z",
		Column: func(cell int, column diag.Text) (string, bool) {
			return map[string]string{"cold.init.p95": "611ms"}[column.Value], column.Value == "cold.init.p95"
		},
		Example: func(_, _ int, o measure.Outcome) string {
			return map[measure.Outcome]string{measure.Network: "connection reset by peer while the answer was read"}[o]
		},
	})
	if err := terminal.Result(report); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestResultReadsLikeItsGoldenFile(t *testing.T) {
	for _, c := range []struct {
		name   string
		result *result.Result
		width  int
		color  bool
	}{
		{"passed-wide", reporttest.Passed(), 160, false},
		{"passed-narrow", reporttest.Passed(), 80, false},
		{"pods", reporttest.Pods(), 160, false},
		{"failed", reporttest.Failed(), 120, false},
		{"failed-in-colour", reporttest.Failed(), 120, true},
		{"mixed-starts", reporttest.MixedStarts(), 120, false},
		{"interrupted", reporttest.Interrupted(), 120, false},
		{"interrupted-early", reporttest.InterruptedEarly(), 120, false},
		{"broken", reporttest.Broken(), 80, false},
		{"unbalanced", reporttest.Unbalanced(), 120, false},
		{"refused", reporttest.RefusedRun(), 120, false},
		{"empty", reporttest.Empty(), 120, false},
		{"generator-limited", reporttest.Limited(), 120, false},
		{"figures", reporttest.Figures(), 160, false},
	} {
		t.Run(c.name, func(t *testing.T) { golden(t, c.name, show(t, c.result, c.width, c.color)) })
	}
}

func TestColourOnlyAddsToTheWords(t *testing.T) {
	plain, coloured := show(t, reporttest.Failed(), 120, false), show(t, reporttest.Failed(), 120, true)
	if coloured == plain {
		t.Fatal("the coloured report has no colour")
	}
	strip := func(s string) string {
		for from := strings.Index(s, "\x1b["); from >= 0; from = strings.Index(s, "\x1b[") {
			s = s[:from] + s[from+strings.IndexByte(s[from:], 'm')+1:]
		}
		return s
	}
	if d := cmp.Diff(plain, strip(coloured)); d != "" {
		t.Errorf("without its colours the report is another one (-plain +coloured):\n%s", d)
	}
}

func TestNumbersAreNeverBrokenByANarrowTerminal(t *testing.T) {
	text := show(t, reporttest.Passed(), 60, false)
	for _, whole := range []string{"745ms", "1.32s*", "402ms", "611ms*"} {
		if !strings.Contains(text, whole) {
			t.Errorf("the report for 60 columns lacks %q:\n%s", whole, text)
		}
	}
	table, _, _ := strings.Cut(text, "Start-up breakdown")
	for line := range strings.Lines(table) {
		if n := len([]rune(strings.TrimRight(line, "\n"))); n > 60 {
			t.Errorf("a line of the table has %d columns, not at most 60: %q", n, line)
		}
	}
}
