package dsl

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wsk-scenario/dsl/diag"
)

// mistake is one section of ERRORS.md.
type mistake struct{ title, learns, text string }

// frame puts a mistake's lines into a scenario that is right but for them.
func frame(before, phase, after string) string {
	return "name: startup\n" + before + `actions:
  hello: {code: ../actions/hello.js, kind: "nodejs:default"}
phases:
  - name: warm
    invoke: hello
` + phase + after
}

const loaded = "    load: {iterations: 10}\n"

var mistakes = []mistake{
	{"A key is misspelled", "The nearest key that could stand there, and nothing about a key that seems to be missing because of it.",
		frame("", "    laod: {iterations: 10}\n", "")},
	{"A unit is missing", "Which units there are: a bare number is never guessed to be seconds or milliseconds.",
		frame("", "    timeout: 30\n"+loaded, "")},
	{"A name does not exist", "What exists instead, both where something is invoked and inside an expression.",
		strings.Replace(frame("", loaded, "assert:\n  - wram.response.p95 < 80ms\n"), "invoke: hello", "invoke: helo", 1)},
	{"A latency is compared with a bare number", "That a duration needs a unit, before the load and not after it.",
		frame("", loaded, "assert:\n  - warm.errors == 0 and warm.response.p95 < 500\n")},
	{"A placeholder is wrong in some cells only", "In which cell of the matrix, and in how many more.",
		frame("matrix: {lang: [nodejs, python], users: [1, 4, none]}\n", "    load: {users: \"${{ matrix.users }}\", iterations: 10}\n", "")},
	{"A key stands twice", "Both places: YAML itself would silently take the last.",
		frame("vars: {loops: 3}\nvars: {loops: 10}\n", "    load: {iterations: \"${{ vars.loops }}\"}\n", "")},
	{"Two keys exclude each other", "Which two, and where the other stands.",
		frame("", "    load:\n      iterations: 10\n      for: 30s\n", "")},
	{"A bracket is not closed", "The line to mend: the YAML library itself names the next one, or the start of the block.",
		frame("matrix:\n  lang: [nodejs, python\n", loaded, "")},
	{"A file is not there", "That paths are relative to the scenario, and what the folder holds instead.",
		strings.Replace(frame("", loaded, ""), "hello.js", "helo.js", 1)},
	{"Several lines are wrong, one of them inside a block", "All faults at once, to the column, also inside folded text.",
		frame("", "    start: wram\n"+loaded, "assert:\n  - expect: >\n      warm.errors == 0\n      and warm.init.p59 < 2s\n    severity: warning\n")},
}

// ERRORS.md shows what a user sees; this test runs every example and compares.
func TestErrorsPageShowsWhatIsSaid(t *testing.T) {
	page, err := os.ReadFile("ERRORS.md")
	if err != nil && !*update {
		t.Fatal(err)
	}
	t.Chdir("testdata/ok")
	var got strings.Builder
	got.WriteString(`# What a mistake looks like

Ten common mistakes, each with what ` + "`wsk-scenario validate`" + ` says of it. The output is real: a test runs every example.
Written anew with ` + "`go test ./dsl -run ErrorsPage -update`" + `.
`)
	for i, m := range mistakes {
		said := saidOf(t, []byte(m.text))
		if said == "" {
			t.Errorf("%s: nothing is said", m.title)
		}
		fmt.Fprintf(&got, "\n## %d. %s\n\nThe reader learns: %s\n\n```yaml faulty\n%s```\n\n```text\n%s```\n",
			i+1, m.title, m.learns, m.text, said)
	}
	if *update {
		page = []byte(got.String())
		if err := os.WriteFile("../../ERRORS.md", page, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(page), got.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// saidOf is what validate writes about a scenario.
func saidOf(t *testing.T, text []byte) string {
	t.Helper()
	const file = "startup.yaml"
	_, diags := Read(file, text, Options{})
	if len(diags) == 0 {
		return ""
	}
	var out bytes.Buffer
	if err := (diag.Printer{Out: &out, Sources: diag.Sources{file: text}}).Text(diags); err != nil {
		t.Fatal(err)
	}
	return out.String() + "\n" + diag.Summary(diags) + "\n"
}
