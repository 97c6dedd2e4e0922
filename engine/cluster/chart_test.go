package cluster

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/engine/plan"
)

// ownChart is the chart of the standalone.
const ownChart = "../../scenarios/charts/standalone"

func set(path string, value any) plan.Set {
	return plan.Set{Key: diag.Text{Value: path, Range: diag.Range{File: "p.yaml", Start: diag.Pos{Line: 3, Column: 9}}}, Value: value}
}

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "values.yaml")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLaterValuesWinMappingByMapping(t *testing.T) {
	got, err := values(plan.Deployment{
		Values: []string{file(t, "a: {b: 1, c: 2}\nlist: [1, 2]\n"), file(t, "a: {c: 3}\nlist: [3]\n")},
		Set:    []plan.Set{set(`a.d\.e.f`, true), set("a.b", "text")},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"a": map[string]any{"b": "text", "c": 3.0, "d.e": map[string]any{"f": true}}, "list": []any{3.0},
	}
	if diff := cmp.Diff(want, normal(got)); diff != "" {
		t.Error(diff)
	}
}

func TestValuesThatAChartDoesNotKnowAreFoundAtTheirLine(t *testing.T) {
	for _, c := range []struct {
		name, file string
		set        []plan.Set
		want       []string // place and text, hint
	}{
		{name: "what it knows is silent", file: "whisk: {limits: {actionsInvokesPerminute: 1}}\nimage:\n  tag: x\n"},
		{name: "below an empty mapping anything stands", file: "invoker: {resources: {limits: {cpu: 1}}}\n"},
		{name: "a slip in a file", file: "whisk:\n  limits:\n    actionsInvokesPerMinute: 1\n",
			want: []string{"3:5: whisk.limits.actionsInvokesPerMinute", "actionsInvokesPerminute"}},
		{name: "a slip in set", set: []plan.Set{set("invoker.resorces.limits", 1)}, want: []string{"3:9: invoker.resorces", "resources"}},
		{name: "a slip that begins one that templates read", set: []plan.Set{set("affinity.node.hardware", "edge")}, want: []string{"3:9: affinity.node:", "nodes"}},
		{name: "a key of the top", file: "wisk: {}\n", want: []string{"1:1: wisk", "whisk"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := plan.Deployment{Chart: ownChart, Set: c.set}
			if c.file != "" {
				d.Values = []string{file(t, c.file)}
			}
			faults, _ := Check(plan.Kubernetes{}, d)
			if len(c.want) == 0 {
				if len(faults) > 0 {
					t.Errorf("faults %v", faults)
				}
				return
			}
			if len(faults) != 1 {
				t.Fatalf("faults %v; want one", faults)
			}
			text := faults[0].Range.String() + ": " + faults[0].Summary
			if !strings.Contains(text, c.want[0]) || !strings.Contains(faults[0].Hint, c.want[1]) {
				t.Errorf("%s (%s)", text, faults[0].Hint)
			}
		})
	}
}

func TestAChartThatIsNotThereIsAFaultOfTheFile(t *testing.T) {
	faults, _ := Check(plan.Kubernetes{}, plan.Deployment{Chart: "./nowhere", Range: diag.Range{File: "p.yaml", Start: diag.Pos{Line: 2, Column: 3}}})
	if len(faults) != 1 || faults[0].Range.Start.Line != 2 || !strings.Contains(faults[0].Summary, "./nowhere") {
		t.Errorf("faults %v", faults)
	}
}

func TestValuesThatMayBeSecretAreHidden(t *testing.T) {
	got := leaves("", map[string]any{"whisk": map[string]any{"auth": map[string]any{"guest": "a:b"}, "limits": map[string]any{"n": 1}}})
	want := []leaf{{"whisk.auth.guest", "(hidden)"}, {"whisk.limits.n", "1"}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(leaf{})); diff != "" {
		t.Error(diff)
	}
}

func TestInvokersNameTheirServiceAccountAlsoWhereTheyNeedNone(t *testing.T) {
	for impl, want := range map[string]string{"process": "default", "kubernetes": "ow-invoker"} {
		text, err := Manifests(t.Context(), plan.Kubernetes{Release: "ow", Namespace: "faas"}, plan.Deployment{Chart: ownChart, Set: []plan.Set{set("invoker.containerFactory.impl", impl)}})
		if err != nil || !strings.Contains(text, "serviceAccountName: "+want+"\n") {
			t.Errorf("with %s there is no serviceAccountName: %s (%v)", impl, want, err)
		}
	}
}
