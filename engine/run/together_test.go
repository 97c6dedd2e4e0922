package run

import (
	"testing"
	"time"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/standalone"
)

func TestPhasesSideBySideHaveResultsOfTheirOwn(t *testing.T) {
	access := serve(t, standalone.Config{})
	probe := phase("probe", "hello", plan.AnyStart, plan.Load{Users: 1, Iterations: 5, Pace: 20 * time.Millisecond})
	cold := phase("cold", "hello", plan.ColdStart, plan.Load{Users: 2, Iterations: 4})
	open := phase("open", "hello", plan.ColdStart, openLoad(20, 200*time.Millisecond, "constant", 1000))
	behind := phase("behind", "hello", plan.AnyStart, plan.Load{Users: 2, Background: true})
	phases := []plan.Phase{probe, cold, open, behind}
	for i := range phases {
		phases[i].Group = 1
	}
	after := phase("after", "hello", plan.AnyStart, plan.Load{Users: 1, Iterations: 1})
	r, samples := runs(t, t.Context(), onePlan([]plan.Action{native("hello")}, append(phases, after)...), access)
	complete(t, r)
	transactions := map[string]bool{}
	var last [5]time.Duration
	for _, s := range samples {
		if transactions[s.Transaction] {
			t.Errorf("two calls have the transaction %s", s.Transaction)
		}
		transactions[s.Transaction] = true
		last[s.Phase] = max(last[s.Phase], s.Due)
	}
	for i, want := range []float64{5, 4, 4, 0, 1} {
		sum := r.Summaries[i]
		if sum.Cut || sum.Counters["errors"] != 0 || want > 0 && sum.Counters["ok"] != want || sum.Counters["ok"] == 0 {
			t.Errorf("phase %s: %g ok, %g errors, cut %t", sum.Name, sum.Counters["ok"], sum.Counters["errors"], sum.Cut)
		}
	}
	if len(r.Summaries) != 5 {
		t.Errorf("%d phases were summed up", len(r.Summaries))
	}
	if last[3] > last[4] {
		t.Error("the background went on when the others were over")
	}
	if n := actionsLeft(t, access); n != 0 {
		t.Errorf("%d actions are left", n)
	}
}
