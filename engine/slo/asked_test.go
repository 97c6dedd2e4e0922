package slo

import (
	"strings"
	"testing"
	"time"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
)

func TestPercentilesAreComputedWhereTheyAreNamed(t *testing.T) {
	p, _ := world()
	p.Assertions = []plan.Assertion{
		{Expect: text("cold.response.p( 97.50 ) < 1s and cold.response.p_low(50) > 1ms")},
		{Expect: text("cold.response.p_high(99.9) < 1s")},
	}
	p.Tables = []plan.Table{{Columns: []diag.Text{text("warm.run.p(1)")}}}
	p.Cells[0].Phases[1].Load.Find = &plan.Find{SLO: text("response.p(12.5) < 5s and response.p95 < 5s")}
	asked := Asked(p, time.Time{})
	var names []string
	for _, one := range asked.Percentiles {
		names = append(names, one.Name)
	}
	if got, want := strings.Join(names, " "), "p(97.5) p_low(50) p_high(99.9) p(1) p(12.5)"; got != want {
		t.Errorf("asked are %s; want %s", got, want)
	}

	samples := calls(40, measure.Cold)
	summaries := []measure.Summary{measure.Summarize(0, 0, "cold", measure.WantCold, nil, measure.All(samples), asked)}
	verdicts := Judge(p, summaries, Known{})
	if v := verdicts[len(verdicts)-2]; v.Status != Pass {
		t.Errorf("%+v; want it to pass", v)
	}
	if v := verdicts[len(verdicts)-1]; v.Status != NoData || !strings.Contains(v.Reason, "40 values are too few for an interval of p(99.9)") {
		t.Errorf("%+v; want no data, for there are too few values", v)
	}

	before := []measure.Summary{measure.Summarize(0, 0, "cold", measure.WantCold, nil, measure.All(samples), measure.Asked{})}
	verdicts = Judge(p, before, Known{})
	if v := verdicts[len(verdicts)-2]; v.Status != NoData || !strings.Contains(v.Reason, "p(97.5) was not computed") {
		t.Errorf("%+v; want no data, for nobody asked for it", v)
	}
}
