package run

import (
	"strings"
	"testing"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
	"wsk-scenario/engine/slo"
	"wsk-scenario/engine/standalone"
	"wsk-scenario/engine/target"
	"wsk-scenario/engine/whisk"
)

// twoNodes is an embedded OpenWhisk with a node of each role.
func twoNodes(t *testing.T) target.Placer {
	return target.Standalone(standalone.Config{WorkDir: t.TempDir(), Nodes: []standalone.Node{
		{Name: "vm", Role: "cloud"}, {Name: "pi", Role: "edge"},
	}}).(target.Placer)
}

// contrary places everything on the other role.
type contrary struct{ target.Placer }

func (c contrary) Annotations(role string) map[string]any {
	return c.Placer.Annotations(map[string]string{"edge": "cloud", "cloud": "edge"}[role])
}

// silent does not tell where anything ran.
type silent struct{ target.Placer }

func (silent) NodeOf(*whisk.Record) string { return "" }

// placedPlan calls an action and a sequence, whose first component is placed elsewhere, in all ways to wait.
func placedPlan() *plan.Plan {
	one := plan.Load{Users: 1, Iterations: 4}
	edge, cloud := native("edgy"), native("cloudy")
	edge.Role, edge.RoleAt, cloud.Role, cloud.RoleAt = "edge", at(3), "cloud", at(4)
	none, bare := phase("none", "edgy", plan.AnyStart, one), phase("result", "edgy", plan.AnyStart, one)
	none.Blocking, bare.Blocking = plan.ForNothing, plan.ForResult
	chain := phase("chain", "chain", plan.AnyStart, one)
	chain.Sequence = true
	p := onePlan([]plan.Action{edge, cloud}, phase("cold", "edgy", plan.ColdStart, plan.Load{Users: 3, PerUser: 2}), none, bare, chain)
	p.Cells[0].Sequences = []plan.Sequence{{Name: "chain", Actions: []string{"cloudy", "edgy"}}}
	return p
}

// runsOn is runs on a target of the test's own.
func runsOn(t *testing.T, p *plan.Plan, on target.Target) (*result.Result, []measure.Sample) {
	t.Helper()
	return runs(t, t.Context(), p, whisk.Access{}, func(o *Options) { o.Target = on })
}

// placements are the verdicts about places, by their phase.
func placements(r *result.Result) map[string]slo.Verdict {
	list := map[string]slo.Verdict{}
	for _, v := range r.Verdicts {
		if v.Assertion == slo.Placement {
			name, _, _ := strings.Cut(v.Expect, ":")
			list[name] = v
		}
	}
	return list
}

func TestEveryCallIsProvedToHaveRunWhereItIsPlaced(t *testing.T) {
	r, samples := runsOn(t, placedPlan(), twoNodes(t))
	complete(t, r)
	for _, s := range samples {
		wantNode := "pi"
		if s.Phase == 3 { // a sequence is of no one node
			wantNode = ""
		}
		if s.Node != wantNode || s.Place != "" {
			t.Errorf("phase %d: a call ran on %q, place %q", s.Phase, s.Node, s.Place)
		}
	}
	verdicts := placements(r)
	for _, name := range []string{"cold", "none", "result", "chain"} {
		if verdicts[name].Status != slo.Pass {
			t.Errorf("%s: %+v", name, verdicts[name])
		}
	}
}

func TestWhatRanElsewhereIsNotPlaced(t *testing.T) {
	r, samples := runsOn(t, placedPlan(), contrary{twoNodes(t)})
	complete(t, r)
	for _, s := range samples {
		if s.Place != measure.Elsewhere || s.Node == "pi" {
			t.Errorf("phase %d: a call ran on %q, place %q", s.Phase, s.Node, s.Place)
		}
	}
	for name, v := range placements(r) {
		if v.Status != slo.Fail || !v.Red() || !strings.HasPrefix(v.Diagnostic.Summary, "not placed: "+name) {
			t.Errorf("%s: %+v", name, v)
		}
	}
	for _, s := range r.Summaries {
		if all, _ := s.Class("all"); all.Samples != 0 || s.Elsewhere != int(s.Counters["ok"]) {
			t.Errorf("%s: %d samples in its figures, %d elsewhere", s.Name, all.Samples, s.Elsewhere)
		}
	}
}

func TestWhatNobodyKnowsIsNotGreen(t *testing.T) {
	r, samples := runsOn(t, placedPlan(), silent{twoNodes(t)})
	for _, s := range samples {
		if s.Place != measure.Unproved {
			t.Errorf("phase %d: place %q, node %q", s.Phase, s.Place, s.Node)
		}
	}
	for name, v := range placements(r) {
		if v.Status != slo.NotJudged {
			t.Errorf("%s: %+v", name, v)
		}
	}
}

func TestAScenarioIsRefusedWhereNothingCanBePlaced(t *testing.T) {
	access := serve(t, standalone.Config{})
	r, samples := runs(t, t.Context(), placedPlan(), access)
	want := `s.yaml:3:3: an OpenWhisk that was there can neither place actions on nodes of the role "edge" nor prove that they ran there`
	if r.Status != result.Broken || len(samples) > 0 || len(r.Problems) != 1 || !strings.HasPrefix(r.Problems[0], want) {
		t.Errorf("status %s, %d samples, problems %v", r.Status, len(samples), r.Problems)
	}
	one := target.Standalone(standalone.Config{WorkDir: t.TempDir(), Nodes: []standalone.Node{{Name: "vm", Role: "cloud"}}})
	r, _ = runsOn(t, placedPlan(), one)
	want = `s.yaml:3:3: no node of the embedded standalone OpenWhisk has the role "edge"; it has cloud`
	if r.Status != result.Broken || len(r.Problems) != 1 || r.Problems[0] != want {
		t.Errorf("status %s, problems %v, want %s", r.Status, r.Problems, want)
	}
}
