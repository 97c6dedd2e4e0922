package plan

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"wsk-scenario/dsl"
	"wsk-scenario/dsl/diag"
)

const scenario = `
name: sweep
about: Everything a plan decides.
vars: {loops: 3, size: 2KB}
matrix:
  lang: [nodejs, python]
  users: [1, 4]
  exclude:
    - {lang: python, users: 4}
actions:
  hello:
    code: hello.js
    kind: ${{ matrix.lang }}:default
    memory: 128MB
    timeout: 2s
    params: {greeting: "hi from ${{ matrix.lang }}"}
    env: {MODE: bench}
  other: {code: hello.js, kind: "nodejs:default", logs: 0MB}
sequences:
  pair: [hello, other]
  chain: {repeat: hello, times: "${{ vars.loops }}"}
payloads:
  filler: {size: "${{ vars.size }}", fill: random}
placement: {hello: edge}
phases:
  - {name: cold, invoke: hello, start: cold, with: {n: "${{ matrix.users }}", text: x}, load: {iterations: "${{ vars.loops }}"}}
  - {name: busy, invoke: pair, with: filler, blocking: none, timeout: 5s, warmup: 2, load: {users: "${{ matrix.users }}", iterations_per_user: 5}}
  - {name: timed, invoke: chain, warmup: {for: 1s}, load: {users: 2, for: 10s}}
assert:
  - cold.errors == 0
  - {expect: busy.ok > 0, severity: warn, no_data: allow, name: it answers}
report:
  - {title: All, columns: [cold.response.p50]}
`

// build writes the scenario into a new folder and plans it.
func build(t *testing.T, text string, set ...dsl.Override) *Plan {
	t.Helper()
	folder := t.TempDir()
	file := filepath.Join(folder, "sweep.yaml")
	for name, content := range map[string]string{file: text, filepath.Join(folder, "hello.js"): "function main() {}"} {
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s, diags := dsl.Read(file, []byte(text), dsl.Options{Set: set})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	p, diags := Build(s, Options{Seed: 7})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return p
}

func TestEveryChoiceIsMade(t *testing.T) {
	p := build(t, scenario)
	var ids []string
	for _, c := range p.Cells {
		ids = append(ids, c.ID)
	}
	if got := strings.Join(ids, " "); got != "lang=nodejs,users=1 lang=nodejs,users=4 lang=python,users=1" {
		t.Fatalf("cells %s", got)
	}
	cell := p.Cells[1]
	hello, other := cell.Actions[0], cell.Actions[1]
	if hello.Kind != "nodejs:default" || hello.MemoryMB != 128 || hello.Timeout != 2*time.Second || hello.Role != "edge" || hello.LogsMB != nil ||
		string(hello.Params) != `{"greeting":"hi from nodejs"}` || string(hello.Env) != `{"MODE":"bench"}` || filepath.Base(hello.Code) != "hello.js" {
		t.Errorf("hello: %+v", hello)
	}
	if other.LogsMB == nil || *other.LogsMB != 0 || other.MemoryMB != 0 || other.Role != "" {
		t.Errorf("other: %+v", other)
	}
	if got := cell.Sequences[1].Actions; !reflect.DeepEqual(got, []string{"hello", "hello", "hello"}) {
		t.Errorf("chain: %v", got)
	}
	cold, busy, timed := cell.Phases[0], cell.Phases[1], cell.Phases[2]
	if cold.Start != ColdStart || string(cold.Payload.JSON) != `{"n":4,"text":"x"}` || !reflect.DeepEqual(cold.Load, Load{Users: 1, Iterations: 3}) || cold.Timeout != 70*time.Second {
		t.Errorf("cold: %+v", cold)
	}
	if !busy.Sequence || busy.Blocking != ForNothing || busy.Payload.Size != 2000 || busy.Payload.Key != "payload" || busy.Warmup.Iterations != 2 ||
		!reflect.DeepEqual(busy.Load, Load{Users: 4, PerUser: 5}) || busy.Timeout != 5*time.Second {
		t.Errorf("busy: %+v", busy)
	}
	if !reflect.DeepEqual(timed.Load, Load{Users: 2, For: 10 * time.Second}) || timed.Warmup.For != time.Second {
		t.Errorf("timed: %+v", timed)
	}
	if a := p.Assertions[1]; !a.Warn || !a.AllowNoData || a.Name != "it answers" || a.Expect.Value != "busy.ok > 0" {
		t.Errorf("assertion: %+v", a)
	}
	if table := p.Tables[0]; !reflect.DeepEqual(table.Rows, []string{"lang", "users"}) {
		t.Errorf("a table without rows has all axes: %v", table.Rows)
	}
}

func TestEstimatesAddUp(t *testing.T) {
	p := build(t, scenario)
	for i, row := range []struct {
		name  string
		calls int
		exact bool
		timed time.Duration
	}{
		{"shared iterations", 3, true, 0},
		{"own iterations and warm-ups of four users", 4 * (2 + 5), true, 0},
		{"a load by time has no number", 0, false, 11 * time.Second},
	} {
		if e := p.Cells[1].Phases[i].Estimate(); e.Invocations != row.calls || e.Exact != row.exact || e.Timed != row.timed {
			t.Errorf("%s: %+v", row.name, e)
		}
	}
	if e := p.Estimate(); e.Invocations != 3*3+7+28+7 || e.Exact || e.Timed != 33*time.Second || p.MaxUsers() != 4 {
		t.Errorf("the whole plan: %+v, %d users", e, p.MaxUsers())
	}
}

func TestTheFingerprintChangesWithWhatIsMeasuredAlone(t *testing.T) {
	base := build(t, scenario).Fingerprint
	for _, row := range []struct {
		name     string
		old, new string
		same     bool
	}{
		{"in another folder", "", "", true},
		{"a comment", "phases:", "# what happens\n\nphases:", true},
		{"an assertion", "cold.errors == 0", "cold.errors == 1", true},
		{"the description", "Everything", "All", true},
		{"a count", "loops: 3", "loops: 4", false},
		{"a payload", "fill: random", "fill: text", false},
		{"the memory", "128MB", "256MB", false},
		{"a cell", "users: [1, 4]", "users: [1, 4, 5]", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			text := strings.Replace(scenario, row.old, row.new, 1)
			if got := build(t, text).Fingerprint; (got == base) != row.same {
				t.Errorf("fingerprint %s against %s, want the same: %t", got, base, row.same)
			}
		})
	}
	if other := build(t, scenario, dsl.Override{Name: "loops", Value: "9"}); other.Fingerprint == base || other.Cells[0].Phases[0].Load.Iterations != 9 {
		t.Error("--set changed nothing")
	}
}

func TestTheFingerprintChangesWithTheCode(t *testing.T) {
	p := build(t, scenario)
	if err := os.WriteFile(p.Cells[0].Actions[0].Code, []byte("function main() { return {} }"), 0o644); err != nil {
		t.Fatal(err)
	}
	if fingerprint(p, likeness{}, 1) == p.Fingerprint {
		t.Error("other code has the same fingerprint")
	}
}

func TestAPlanSurvivesBeingSaved(t *testing.T) {
	p := build(t, scenario)
	saved, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var read Plan
	if err := json.Unmarshal(saved, &read); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(&read)
	if err != nil || string(again) != string(saved) {
		t.Errorf("read back it is another plan:\n%s\n%s", saved, again)
	}
}

// What cells share must not show: the plan of a matrix is the one that each of its cells has alone.
func TestCellsShareOnlyWhatIsTheSame(t *testing.T) {
	p := build(t, scenario)
	if got := fingerprint(p, likeness{}, 1); got != p.Fingerprint {
		t.Errorf("hashed one by one the fingerprint is %s, not %s", got, p.Fingerprint)
	}
	for _, cell := range p.Cells {
		alone := strings.NewReplacer("[nodejs, python]", "["+fmt.Sprint(cell.Values[0].Value)+"]",
			"[1, 4]", "["+fmt.Sprint(cell.Values[1].Value)+"]", "- {lang: python, users: 4}", "").Replace(scenario)
		want := build(t, alone).Cells[0]
		for _, c := range []*Cell{&cell, &want} {
			c.Actions, c.Phases = slices.Clone(c.Actions), slices.Clone(c.Phases)
			for i := range c.Actions {
				c.Actions[i].Code, c.Actions[i].Range, c.Actions[i].RoleAt = "", diag.Range{}, diag.Range{}
			}
			for i := range c.Phases {
				c.Phases[i].StartAt = diag.Text{}
			}
		}
		if !reflect.DeepEqual(cell, want) {
			t.Errorf("cell %s is\n%+v\nalone it is\n%+v", cell.ID, cell, want)
		}
	}
}
