package slo

import (
	"slices"
	"strings"
	"testing"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
)

func TestAPhaseMustHaveRunWhereItIsPlaced(t *testing.T) {
	at := func(node string, place measure.Place, n int) []measure.Sample {
		samples := calls(n, measure.Warm)
		for i := range samples {
			samples[i].Node, samples[i].Place = node, place
		}
		return samples
	}
	for _, row := range []struct {
		name    string
		role    string
		samples []measure.Sample
		want    Status
		red     bool
		says    string
	}{
		{"all there", "edge", at("pi", "", 20), Pass, false, ""},
		{"one of twenty elsewhere", "edge", slices.Concat(at("pi", "", 19), at("vm", measure.Elsewhere, 1)), Pass, false, ""},
		{"two of twenty elsewhere", "edge", slices.Concat(at("pi", "", 18), at("vm", measure.Elsewhere, 2)), Fail, true, "2 of 20 samples ran elsewhere than on edge: 18 on pi, 2 on vm"},
		{"all elsewhere", "edge", at("vm", measure.Elsewhere, 3), Fail, true, "3 of 3 samples ran elsewhere"},
		{"nobody knows of one", "edge", slices.Concat(at("pi", "", 19), at("", measure.Unproved, 1)), NotJudged, false, "nothing proves where 1 of 20 samples ran"},
		{"no call ended ok", "edge", nil, NoData, true, "ended ok"},
		{"nothing is placed", "", at("vm", "", 5), "", false, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := &plan.Plan{Cells: []plan.Cell{{ID: "all", Actions: []plan.Action{{Name: "hello", Role: row.role}},
				Phases: []plan.Phase{{Name: "p", Invoke: "hello", Start: plan.AnyStart}}}}}
			sum := measure.Summarize(0, 0, "p", measure.WantAny, nil, measure.All(row.samples), measure.Asked{})
			verdicts := Judge(p, []measure.Summary{sum}, Known{})
			if row.want == "" {
				if len(verdicts) != 0 {
					t.Errorf("judged: %+v", verdicts)
				}
				return
			}
			if len(verdicts) != 1 || verdicts[0].Status != row.want || verdicts[0].Red() != row.red || verdicts[0].Assertion != Placement {
				t.Fatalf("got %+v, want %s", verdicts, row.want)
			}
			if d := verdicts[0].Diagnostic; row.says != "" && !strings.Contains(d.Hint, row.says) {
				t.Errorf("it says %q, want %q", d.Hint, row.says)
			}
			all, _ := sum.Class("all")
			if all.Samples+sum.Elsewhere+sum.Unproved != len(row.samples) {
				t.Errorf("%d samples in the statistics, %d elsewhere and %d unproved, of %d", all.Samples, sum.Elsewhere, sum.Unproved, len(row.samples))
			}
		})
	}
}
