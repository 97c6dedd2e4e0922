package run

import (
	"slices"
	"testing"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/standalone"
)

func TestSamplesKnowTheirPass(t *testing.T) {
	access := serve(t, standalone.Config{})
	ph := phase("p", "hello", plan.AnyStart, plan.Load{Users: 1, Iterations: 2})
	p := onePlan([]plan.Action{native("hello")}, ph)
	p.Cells[0].Repeat = 1
	second := p.Cells[0]
	second.Repeat = 2
	p.Cells = append(p.Cells, second)
	r, samples := runs(t, t.Context(), p, access)
	complete(t, r)
	var passes []int
	for _, s := range samples {
		passes = append(passes, s.Repeat)
	}
	if !slices.Equal(passes, []int{1, 1, 2, 2}) || len(r.Summaries) != 2 {
		t.Errorf("passes %v, %d summaries", passes, len(r.Summaries))
	}
}
