package run

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
	"wsk-scenario/engine/standalone"
	"wsk-scenario/engine/whisk"
)

func at(line int) diag.Range {
	return diag.Range{File: "s.yaml", Start: diag.Pos{Line: line, Column: 3}}
}

func TestWhatIsRequiredIsCheckedBeforeAnythingIsCreated(t *testing.T) {
	access := serve(t, standalone.Config{PerMinute: 100, Concurrent: 10})
	p := onePlan([]plan.Action{native("hello")}, phase("p", "hello", plan.AnyStart, plan.Load{Users: 1, Iterations: 1}))
	p.Require = plan.Require{
		PerMinute: plan.Requirement{Least: 600, Range: at(4)}, Concurrent: plan.Requirement{Least: 10, Range: at(5)},
		Kinds: []plan.Requirement{{Kind: "native", Range: at(6)}, {Kind: "cobol", Range: at(7)}},
	}
	r, samples := runs(t, t.Context(), p, access)
	if r.Status != result.Broken || len(samples) != 0 || len(r.Problems) != 2 {
		t.Fatalf("status %s, %d samples, problems %v", r.Status, len(samples), r.Problems)
	}
	want := "s.yaml:4:3: 600 invocations per minute are required, and the target takes 100; " +
		"raise the chart's whisk.limits.actionsInvokesPerminute, or the limit of the namespace"
	if diff := cmp.Diff(want, r.Problems[0]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !strings.HasPrefix(r.Problems[1], "s.yaml:7:3: the target does not offer kind cobol; it has ") {
		t.Errorf("it says %q", r.Problems[1])
	}
	if left := actionsLeft(t, access); left != 0 {
		t.Errorf("%d actions are left on the server", left)
	}
}

func TestRequirements(t *testing.T) {
	info := whisk.Info{Runtimes: map[string][]whisk.Runtime{"nodejs": {{Kind: "nodejs:20", Default: true}}}}
	limits := whisk.Limits{PerMinute: 60, Concurrent: 30}
	for _, row := range []struct {
		name string
		need plan.Require
		info whisk.Info
		says string // empty: it is met
	}{
		{"nothing is required", plan.Require{}, whisk.Info{}, ""},
		{"a limit is just met", plan.Require{PerMinute: plan.Requirement{Least: 60}}, info, ""},
		{"a limit is missed by one", plan.Require{Concurrent: plan.Requirement{Least: 31}}, info, "31 concurrent invocations are required, and the target takes 30"},
		{"a family is there", plan.Require{Kinds: []plan.Requirement{{Kind: "nodejs"}}}, info, ""},
		{"its default is there", plan.Require{Kinds: []plan.Requirement{{Kind: "nodejs:default"}}}, info, ""},
		{"one kind of it is there", plan.Require{Kinds: []plan.Requirement{{Kind: "nodejs:20"}}}, info, ""},
		{"another kind of it is not", plan.Require{Kinds: []plan.Requirement{{Kind: "nodejs:14"}}}, info, "does not offer kind nodejs:14; it has nodejs:20"},
		{"the target does not say", plan.Require{Kinds: []plan.Requirement{{Kind: "nodejs"}}}, whisk.Info{}, "does not say which it has"},
	} {
		t.Run(row.name, func(t *testing.T) {
			err := required(row.need, limits, row.info)
			switch {
			case row.says == "" && err != nil:
				t.Errorf("it is not met: %v", err)
			case row.says != "" && (err == nil || !strings.Contains(err.Error(), row.says)):
				t.Errorf("got %v, want %q", err, row.says)
			}
		})
	}
}
