package slo

import (
	"strings"
	"testing"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
)

func TestBaseline(t *testing.T) {
	p := &plan.Plan{Cells: []plan.Cell{{ID: "n=1", Phases: []plan.Phase{{Name: "p", Start: plan.AnyStart}}}, {ID: "n=2", Phases: []plan.Phase{{Name: "p", Start: plan.AnyStart}}}},
		Assertions: []plan.Assertion{{Expect: diag.Text{Value: "p.response.p50 < 1.1 * baseline.p.response.p50"}}}}
	summary := func(cell int, p50 float64) measure.Summary {
		return measure.Summary{Cell: cell, Name: "p", Counters: map[string]float64{"issued": 1}, Classes: []measure.Class{{Name: "all", Samples: 1,
			Metrics: map[string]measure.Stats{"response": {Count: 1, P50: p50 * 1e6}}}}}
	}
	now := []measure.Summary{summary(0, 10), summary(1, 30)}
	earlier := []measure.Summary{summary(0, 10), summary(1, 20)}
	cut := summary(1, 20)
	cut.Cut = true
	for _, row := range []struct {
		name     string
		baseline *Baseline
		want     [2]Status
		reason   string
	}{
		{"each cell is compared with its own", NewBaseline("b", p, earlier), [2]Status{Pass, Fail}, ""},
		{"none was named", nil, [2]Status{NoData, NoData}, "no baseline was named"},
		{"it lacks a cell", NewBaseline("b", &plan.Plan{Cells: p.Cells[:1]}, earlier), [2]Status{Pass, NoData}, "the baseline b has no cell n=2"},
		{"it lacks a phase", NewBaseline("b", p, earlier[:1]), [2]Status{Pass, NotJudged}, "in the baseline b: phase p did not run"},
		{"its phase was cut off", NewBaseline("b", p, []measure.Summary{earlier[0], cut}), [2]Status{Pass, NotJudged}, "in the baseline b: phase p was cut off"},
	} {
		t.Run(row.name, func(t *testing.T) {
			verdicts := Judge(p, now, Known{Baseline: row.baseline})
			if len(verdicts) != 2 || verdicts[0].Status != row.want[0] || verdicts[1].Status != row.want[1] {
				t.Fatalf("%+v, want %v", verdicts, row.want)
			}
			if !strings.Contains(verdicts[1].Reason, row.reason) {
				t.Errorf("reason %q, want %q", verdicts[1].Reason, row.reason)
			}
		})
	}
}
