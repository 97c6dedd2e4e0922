package dsl

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/expr"
)

// read reads a scenario that must be free of errors.
func read(t *testing.T, text string, set ...Override) *Scenario {
	t.Helper()
	s, diags := Read("testdata/ok/inline.yaml", []byte(text), Options{Set: set})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return s
}

const swept = `
name: swept
vars: {loops: 2, double: "${{ vars.loops * 2 }}", limit: 500ms, words: [a, b]}
matrix:
  lang: [nodejs, python]
  users: [1, "${{ vars.double }}", 8]
  exclude: [{lang: python, users: 8}]
actions: {hello: {code: ../actions/hello.js, kind: "${{ matrix.lang }}:default"}}
phases:
  - name: all
    invoke: hello
    with: {text: "${{ vars.words[0] }}/${{ matrix.users }}", n: "${{ matrix.users }}"}
    load: {users: "${{ matrix.users }}", iterations: "${{ vars.double * matrix.users }}"}
    timeout: "${{ vars.limit }}"
`

func TestAVariableHoldsTheValuesOfAnAxis(t *testing.T) {
	text := strings.Replace(strings.Replace(swept, "words: [a, b]", "words: [a, b], most: [1, 4]", 1), `[1, "${{ vars.double }}", 8]`, "${{ vars.most }}", 1)
	text = strings.Replace(text, "  exclude: [{lang: python, users: 8}]\n", "", 1)
	for _, row := range []struct {
		name string
		set  []Override
		want string
	}{
		{"as written", nil, "[1 4]"},
		{"as set", []Override{{"most", "[2, 4, 8]"}}, "[2 4 8]"},
	} {
		if got := fmt.Sprint(read(t, text, row.set...).AxisValues("users")); got != row.want {
			t.Errorf("%s: the axis has %s, want %s", row.name, got, row.want)
		}
	}
	if _, diags := Read("x.yaml", []byte(text), Options{Set: []Override{{"most", "3"}}}); !diags.HasErrors() {
		t.Error("a number made an axis")
	}
}

func TestCellsAreTheProductWithoutTheExcluded(t *testing.T) {
	var got []string
	for i, c := range read(t, swept).Cells() {
		if c.Index != i {
			t.Errorf("cell %d says it is number %d", i, c.Index)
		}
		got = append(got, c.ID())
	}
	want := []string{
		"lang=nodejs,users=1", "lang=nodejs,users=4", "lang=nodejs,users=8", "lang=python,users=1", "lang=python,users=4",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestScenarioWithoutAxesHasOneCell(t *testing.T) {
	s := read(t, "{name: x, actions: {h: {code: ../actions/hello.js, kind: a}}, phases: [{name: p, invoke: h, load: {iterations: 1}}]}")
	if cells := s.Cells(); len(cells) != 1 || cells[0].ID() != "all" {
		t.Errorf("got %v", cells)
	}
}

func TestValuesFollowTheCell(t *testing.T) {
	s := read(t, swept)
	type values struct {
		Kind     string
		Users, N int
		With     string
		Timeout  time.Duration
	}
	var got []values
	for _, c := range s.Cells()[1:4] {
		env, v := s.Env(c), values{}
		v.Kind, _ = s.Actions.Entries[0].Value.Kind.In(env)
		v.Users, _ = s.Phases[0].Load.Users.Steps[0].In(env)
		v.N, _ = s.Phases[0].Load.Iterations.In(env)
		v.Timeout, _ = s.Phases[0].Timeout.In(env)
		raw, _ := s.Phases[0].With.JSON(env)
		v.With = string(raw)
		got = append(got, v)
	}
	want := []values{
		{"nodejs:default", 4, 16, `{"text":"a/4","n":4}`, 500 * time.Millisecond},
		{"nodejs:default", 8, 32, `{"text":"a/8","n":8}`, 500 * time.Millisecond},
		{"python:default", 1, 4, `{"text":"a/1","n":1}`, 500 * time.Millisecond},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestVariablesFollowTheOverrides(t *testing.T) {
	s := read(t, swept, Override{"loops", "5"}, Override{"words", "[x, y]"}, Override{"limit", "2s"})
	want := []VarValue{{"loops", 5}, {"double", 10}, {"limit", "2s"}, {"words", []any{"x", "y"}}}
	if diff := cmp.Diff(want, s.VarValues()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFaultsOfOverridesNameTheFlag(t *testing.T) {
	for name, test := range map[string]struct {
		set  Override
		want string
	}{
		"a variable that is not there": {Override{"lops", "3"},
			"--set lops=3: error: there is no variable \"lops\"\n    did you mean \"loops\"?\n1 error\n"},
		"no YAML": {Override{"loops", "[1"},
			"--set loops=[1: error: the value is not YAML\n    put it in quotes, such as --set 'loops=\"…\"'\n1 error\n"},
		"an unknown name inside": {Override{"limit", "${{ vars.loop }}"},
			"--set limit=${{ vars.loop }}: error: vars has no \"loop\"\n    did you mean \"loops\"?\n1 error\n"},
	} {
		_, diags := Read("a.yaml", []byte(strings.Replace(swept, "../actions", "testdata/actions", 1)), Options{Set: []Override{test.set}})
		var out strings.Builder
		if err := (diag.Printer{Out: &out, Sources: diag.Sources{"a.yaml": []byte(swept)}}).Text(diags); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, out.String()+diag.Summary(diags)+"\n"); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// A value of the wrong type is found where it is used, whether it comes from the file or from a flag.
func TestOverrideOfTheWrongTypeIsFoundWhereItIsUsed(t *testing.T) {
	_, diags := Read("testdata/ok/inline.yaml", []byte(swept), Options{Set: []Override{{"limit", "500"}}})
	if len(diags) != 1 || diags[0].Summary != "phases[0].timeout must be a duration, not 500" || diags[0].Range.Start.Line != 14 {
		t.Errorf("got %v", diags)
	}
}

func TestParseOverride(t *testing.T) {
	if o, err := ParseOverride("a=b=c"); err != nil || o != (Override{"a", "b=c"}) || o.String() != "--set a=b=c" {
		t.Errorf("got %v, %v", o, err)
	}
	for _, s := range []string{"", "a", "=b"} {
		if o, err := ParseOverride(s); err == nil {
			t.Errorf("%q reads as %v", s, o)
		}
	}
}

// The vocabulary and the scope are one: each word of it compiles with its unit.
func TestScopeKnowsTheWholeVocabulary(t *testing.T) {
	scope := read(t, swept).Scope()
	check := func(name string, want expr.Kind) {
		t.Helper()
		p, diags := expr.Compile(diag.Text{Value: name}, scope, expr.Any)
		if len(diags) > 0 {
			t.Errorf("%s: %v", name, diags)
		} else if p.Kind() != want {
			t.Errorf("%s is %s; want %s", name, p.Kind(), want)
		}
	}
	for _, m := range Metrics {
		for _, s := range Statistics {
			unit := m.Unit
			if s.Unit != "" {
				unit = s.Unit
			}
			check("all."+m.Name+"."+s.Name, map[Unit]expr.Kind{Duration: expr.Duration, Number: expr.Number, Count: expr.Number}[unit])
		}
	}
	for _, c := range Counters {
		check("all."+c.Name, expr.Number)
	}
	check("vars.loops", expr.Number)
	check("vars.limit", expr.Duration)
	check("vars.words", expr.List)
	check("matrix.lang", expr.Text)
	check("matrix.users", expr.Number)
}

func TestMixedAxisIsCheckedWithEachOfItsValues(t *testing.T) {
	_, diags := Read("testdata/ok/inline.yaml", []byte(`
name: mixed
matrix: {limit: [3, edge]}
actions: {h: {code: ../actions/hello.js, kind: a}}
phases: [{name: p, invoke: h, load: {iterations: 1}}]
assert: [p.errors < matrix.limit]
`), Options{})
	want := `this cannot be computed: a number cannot be compared with the text "edge" (in cell limit=edge)`
	if len(diags) != 1 || diags[0].Summary != want {
		t.Errorf("got %v", diags)
	}
}

func TestTooManyFaultsAreBounded(t *testing.T) {
	text := "name: x\nphases:\n" + strings.Repeat("  - {nam: x}\n", 500)
	_, diags := Read("a.yaml", []byte(text), Options{})
	last := diags[len(diags)-1]
	if len(diags) != maxFaults+1 || last.Summary != "300 more faults are not shown" || last.Range.Start.Known() {
		t.Errorf("%d faults, the last is %q", len(diags), last.Summary)
	}
}

func TestDescribeKnowsEverySection(t *testing.T) {
	phases := Describe().Key("phases")
	if phases == nil || !phases.Required || phases.Shape.Form != ListForm {
		t.Fatalf("got %+v", phases)
	}
	start := phases.Shape.Elem.Key("start").Shape.Shorthand
	if diff := cmp.Diff([]string{"any", "cold", "prewarmed", "warm"}, start.Enum); diff != "" || start.Shape.Scalar != "text" {
		t.Errorf("start: %+v\n%s", start, diff)
	}
}
