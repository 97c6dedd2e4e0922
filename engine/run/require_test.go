package run

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
	"wsk-scenario/engine/standalone"
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
