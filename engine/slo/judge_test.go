package slo

import (
	"slices"
	"strings"
	"testing"
	"time"

	"wsk-scenario/dsl"
	"wsk-scenario/dsl/diag"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
)

func text(s string) diag.Text {
	at := diag.Pos{Line: 1, Column: 1}
	return diag.Text{Value: s, Range: diag.Range{File: "s.yaml", Start: at, End: diag.Pos{Line: 1, Column: 1 + len(s)}}}
}

// calls are samples that ended ok after 10, 20, 30 … ms, with the record of a cold start.
func calls(n int, temperature measure.Temperature) []measure.Sample {
	var samples []measure.Sample
	for i := range n {
		init := int64(5 * (i + 1))
		s := measure.Sample{Due: time.Duration(i) * time.Second, Outcome: measure.OK, Temperature: temperature}
		s.Sent, s.Done, s.FirstByte = s.Due, s.Due+time.Duration(10*(i+1))*time.Millisecond, s.Due+1
		if temperature == measure.Cold {
			s.Record = &measure.Record{Duration: init + 1, Init: &init}
		}
		samples = append(samples, s)
	}
	return samples
}

// world is a plan with a cold, a warm, an empty, a cut and a missing phase, and the summaries of what ran.
func world() (*plan.Plan, []measure.Summary) {
	phases := []plan.Phase{{Name: "cold", Start: plan.ColdStart}, {Name: "warm", Start: plan.WarmStart}, {Name: "empty"}, {Name: "cut"}, {Name: "missing"}}
	p := &plan.Plan{
		Vars:  []plan.Value{{Name: "loops", Value: 4}, {Name: "limit", Value: "25ms"}},
		Axes:  []plan.Axis{{Name: "lang", Values: []any{"go"}}},
		Cells: []plan.Cell{{ID: "lang=go", Values: []plan.Value{{Name: "lang", Value: "go"}}, Phases: phases}},
	}
	for i := range p.Cells[0].Phases {
		if p.Cells[0].Phases[i].Start == "" {
			p.Cells[0].Phases[i].Start = plan.AnyStart
		}
	}
	summaries := []measure.Summary{
		measure.Summarize(0, 0, "cold", measure.WantCold, nil, measure.All(calls(4, measure.Cold)), measure.Asked{}),
		measure.Summarize(0, 1, "warm", measure.WantWarm, nil, measure.All(calls(3, measure.Warm)), measure.Asked{}),
		measure.Summarize(0, 2, "empty", measure.WantAny, nil, measure.All(nil), measure.Asked{}),
		measure.Summarize(0, 3, "cut", measure.WantAny, nil, measure.All(calls(2, measure.Warm)), measure.Asked{}),
	}
	summaries[3].Cut = true
	return p, summaries
}

func TestVerdicts(t *testing.T) {
	for _, row := range []struct {
		name, expect string
		status       Status
		says         string // in the value, the reason or the hint
	}{
		{"a duration below its limit", "cold.response.p50 < 25ms", Pass, "20ms"},
		{"a duration above its limit", "cold.response.max < 25ms", Fail, "60 % above the limit"},
		{"the limit on the left", "25ms > cold.response.p50", Pass, "20ms"},
		{"the first false part is shown", "cold.errors == 0 and cold.init.p50 < 1ms and cold.errors == 7", Fail, "it is 10ms"},
		{"a counter", "cold.cold == 4", Pass, "4"},
		{"a variable", "cold.issued == vars.loops", Pass, "4"},
		{"an axis", `matrix.lang == "go"`, Pass, "go"},
		{"the count of a metric", "cold.init.count == 4", Pass, "4"},
		{"a limit of the target", "cold.issued <= limits.invocations_per_minute", Pass, "4"},
		{"a limit that was not read is no data", "cold.issued <= limits.concurrent", NoData, "limits.concurrent has no value"},
		{"a metric that no sample has is no data, not a pass", "warm.init.p95 < 5s", NoData, "none of the 3 calls of phase warm has a value for init"},
		{"a rate of nothing is no data", "empty.error_rate < 1", NoData, "phase empty made no call"},
		{"no error of no call is no data", "empty.errors == 0", NoData, "phase empty made no call"},
		{"that there was no call is a number", "empty.issued == 0", Pass, "0"},
		{"a phase that did not run is not judged", "missing.errors == 0", NotJudged, "phase missing did not run"},
		{"a phase that was cut off is not judged", "cut.errors == 0", NotJudged, "cut off after 2 calls"},
		{"one side without data is enough", "cold.response.p50 < missing.response.p50", NotJudged, "missing did not run"},
	} {
		t.Run(row.name, func(t *testing.T) {
			p, summaries := world()
			p.Assertions = []plan.Assertion{{Expect: text(row.expect)}}
			verdicts := Judge(p, summaries, Known{Limits: Limits{"invocations_per_minute": 60}})
			v := verdicts[len(verdicts)-1]
			said := v.Reason
			for _, c := range v.Comparisons {
				said += " " + c.Left
			}
			if v.Diagnostic != nil {
				said += " " + v.Diagnostic.Hint
			}
			if v.Status != row.status || !strings.Contains(said, row.says) {
				t.Errorf("%s, saying %q; want %s with %q", v.Status, said, row.status, row.says)
			}
			if (v.Status == Pass) == v.Red() || (v.Diagnostic == nil) != (v.Status == Pass) {
				t.Errorf("red: %t, diagnostic %v", v.Red(), v.Diagnostic)
			}
		})
	}
}

func TestWhatAScenarioForgives(t *testing.T) {
	for _, row := range []struct {
		name string
		a    plan.Assertion
		red  bool
	}{
		{"a failed warning", plan.Assertion{Expect: text("cold.errors == 1"), Warn: true}, false},
		{"no data where that is allowed", plan.Assertion{Expect: text("warm.init.p95 < 5s"), AllowNoData: true}, false},
		{"a failure where only no data is allowed", plan.Assertion{Expect: text("cold.errors == 1"), AllowNoData: true}, true},
		{"not judged where only no data is allowed", plan.Assertion{Expect: text("missing.errors == 0"), AllowNoData: true}, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			p, summaries := world()
			p.Assertions = []plan.Assertion{row.a}
			verdicts := Judge(p, summaries, Known{})
			if v := verdicts[len(verdicts)-1]; v.Red() != row.red {
				t.Errorf("%s is red: %t, want %t", v.Status, v.Red(), row.red)
			}
		})
	}
}

// initialised stands for a cold phase on a platform that does not tell new containers from prewarmed ones.
const initialised plan.Start = "initialised"

func TestAPhaseMustHaveHadItsKindOfStart(t *testing.T) {
	for _, row := range []struct {
		name   string
		start  plan.Start
		good   int
		strays int
		want   Status
	}{
		{"all cold", plan.ColdStart, 20, 0, Pass},
		{"one stray in twenty", plan.ColdStart, 19, 1, Pass},
		{"two strays in twenty", plan.ColdStart, 18, 2, Fail},
		{"nothing proved", plan.ColdStart, 0, 3, Fail},
		{"no call ended ok", plan.ColdStart, 0, 0, NoData},
		{"all warm", plan.WarmStart, 5, 0, Pass},
		{"initialised is not proved cold", initialised, 5, 0, NotJudged},
		{"any start is not judged at all", plan.AnyStart, 5, 5, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			good, bad := measure.Cold, measure.Warm
			switch row.start {
			case plan.WarmStart:
				good, bad = bad, good
			case initialised:
				good, row.start = measure.Initialised, plan.ColdStart
			}
			p := &plan.Plan{Cells: []plan.Cell{{ID: "all", Phases: []plan.Phase{{Name: "p", Start: row.start}}}}}
			samples := slices.Concat(calls(row.good, good), calls(row.strays, bad))
			verdicts := Judge(p, []measure.Summary{measure.Summarize(0, 0, "p", measure.Wanted(row.start), nil, measure.All(samples), measure.Asked{})}, Known{})
			switch {
			case row.want == "" && len(verdicts) != 0:
				t.Errorf("judged: %+v", verdicts)
			case row.want != "" && (len(verdicts) != 1 || verdicts[0].Status != row.want || verdicts[0].Assertion != Start):
				t.Errorf("got %+v, want %s", verdicts, row.want)
			}
		})
	}
}

// The language promises names; every one of them must be computed.
func TestEveryWordOfTheLanguageIsMeasured(t *testing.T) {
	samples := calls(4, measure.Cold)
	samples[0].Record.Wait = samples[0].Record.Init
	samples[0].Record.Hops = []int64{1, 2}
	samples[0].Stages = &measure.Stages{Requested: 1, Scheduled: 2, Pulling: 3, Pulled: 4, Created: 5, Started: 6, Ready: 7}
	samples[0].Extracted = []measure.Extracted{{Name: "d", Values: []float64{1e6}}}
	fired := samples[1]
	fired.Level, fired.Fired = 1, 5
	samples = append(samples, fired)
	p := &plan.Plan{Cells: []plan.Cell{{Phases: []plan.Phase{{Name: "p"}}}}}
	crossing := measure.CrossingMetrics(time.UnixMilli(0))
	searched := measure.Summarize(0, 0, "p", measure.WantAny, []int{0, 0}, measure.All(samples), measure.Asked{Metrics: crossing})
	objective, err := NewObjective(diag.Text{Value: "ok >= 4"})
	if err != nil {
		t.Fatal(err)
	}
	objective.Knee(&searched, []float64{10, 20})
	if held, failed := searched.Trials[0], searched.Trials[1]; held.Unmet != "" || failed.Unmet == "" || searched.Counters["knee"] != 10 {
		t.Errorf("the trials of a search: %+v, knee %v", searched.Trials, searched.Counters["knee"])
	}
	refused := append(calls(9, measure.Warm), measure.Sample{Outcome: measure.Throttled})
	trial := measure.Summarize(0, 0, "p", measure.WantAny, nil, measure.All(refused), measure.Asked{})
	if got := objective.Unmet(&trial); got != "9 of 10 calls ended well; 1 ended as throttled" {
		t.Errorf("a rate of which a tenth is refused: %q", got)
	}
	values := NewValues(p, 0, []measure.Summary{searched}, Known{})
	for _, metric := range dsl.Metrics {
		for _, statistic := range dsl.Statistics {
			name := "p." + metric.Name + "." + statistic.Name
			value, ok := values.Get(name)
			_, isDuration := value.(time.Duration)
			if !ok || isDuration != (statistic.Unit == "" && metric.Unit == dsl.Duration) {
				t.Errorf("%s is %v (%t)", name, value, ok)
			}
		}
	}
	for _, counter := range dsl.Counters {
		if _, ok := values.Get("p." + counter.Name); !ok {
			t.Errorf("p.%s has no value", counter.Name)
		}
	}
	if measured := len(measure.Metrics) + len(crossing); len(dsl.Metrics) != measured {
		t.Errorf("the language names %d metrics, %d are measured", len(dsl.Metrics), measured)
	}
}

func TestARateThatIsNotKeptUpWithDoesNotHold(t *testing.T) {
	objective, err := NewObjective(diag.Text{Value: "errors == 0"})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		kept float64
		want string
	}{{0, ""}, {.96, ""}, {.5, "the backlog grew: only about 50 %"}} {
		trial := &measure.Summary{Achieved: row.kept, Counters: map[string]float64{"issued": 40, "ok": 40, "errors": 0}}
		if got := objective.Unmet(trial); (got == "") != (row.want == "") || !strings.Contains(got, row.want) {
			t.Errorf("kept up with %g: %q, want %q", row.kept, got, row.want)
		}
	}
}
