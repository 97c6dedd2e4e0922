package slo

import (
	"strings"
	"testing"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
)

// What nothing proves is neither green nor red where it matters, and changes nothing where it does not.
func TestCallsOfUnprovedTemperatureDecideNothing(t *testing.T) {
	proved := calls(4, measure.Cold)
	unknown := calls(1, measure.Unknown)[0]
	throttled := unknown
	throttled.Outcome = measure.Throttled
	initialised := calls(2, measure.Initialised)
	for _, row := range []struct {
		name    string
		samples []measure.Sample
		expect  string
		status  Status
	}{
		{"all are proved", proved, "p.cold == 4", Pass},
		{"one may have been cold", append(proved[:4:4], unknown), "p.cold == 4", NoData},
		{"more than enough are proved cold", append(proved[:4:4], unknown), "p.cold >= 3", Pass},
		{"not even that one would be enough", append(proved[:4:4], unknown), "p.cold >= 6", Fail},
		{"a call that was refused was in no container", append(proved[:4:4], throttled), "p.cold == 4", Pass},
		{"initialised ones may all have been cold", initialised, "p.cold == 0", NoData},
		{"initialised ones were not warm", initialised, "p.warm == 0", Pass},
		{"an unknown one may have been warm", append(initialised[:2:2], unknown), "p.warm == 0", NoData},
		{"a share of what is known", append(proved[:4:4], unknown), "p.cold_share == 1", NoData},
		{"other counters do not depend on it", append(initialised[:2:2], unknown), "p.ok == 3", Pass},
		{"nothing but errors without a record", []measure.Sample{{Outcome: measure.Timeout, Temperature: measure.Unknown}}, "p.cold == 0", NoData},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := &plan.Plan{Cells: []plan.Cell{{ID: "all", Phases: []plan.Phase{{Name: "p", Start: plan.AnyStart}}}},
				Assertions: []plan.Assertion{{Expect: diag.Text{Value: row.expect}}}}
			sum := measure.Summarize(0, 0, "p", measure.WantAny, nil, measure.All(row.samples), measure.Asked{})
			v := Judge(p, []measure.Summary{sum}, Known{})[0]
			if v.Status != row.status || v.Status == NoData && !strings.Contains(v.Reason, "it depends on calls whose start nothing proves: were ") {
				t.Errorf("%s, %q; want %s", v.Status, v.Reason, row.status)
			}
		})
	}
}

func TestNothingIsJudgedOfRecordsThatCannotBe(t *testing.T) {
	samples := calls(3, measure.Warm)
	for i := range samples {
		samples[i].Record = &measure.Record{Start: 1000, End: 900, Duration: 1}
	}
	p := &plan.Plan{Cells: []plan.Cell{{ID: "all", Phases: []plan.Phase{{Name: "p", Start: plan.AnyStart}}}},
		Assertions: []plan.Assertion{{Expect: diag.Text{Value: "p.run.p50 < 1s"}}, {Expect: diag.Text{Value: "p.latency.p50 < 1s"}}}}
	verdicts := Judge(p, []measure.Summary{measure.Summarize(0, 0, "p", measure.WantAny, nil, measure.All(samples), measure.Asked{})}, Known{})
	if verdicts[0].Status != NotJudged || !strings.Contains(verdicts[0].Reason, "3 records cannot be") || verdicts[1].Status != Pass {
		t.Errorf("%+v; want what the records tell not judged, and the rest judged", verdicts)
	}
}
