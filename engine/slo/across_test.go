package slo

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
)

// grid is a plan over nodes and languages, without edge in java, and summaries in which edge is four times as slow.
func grid(a plan.Assertion) (*plan.Plan, []measure.Summary) {
	p := &plan.Plan{
		Axes:       []plan.Axis{{Name: "node", Values: []any{"cloud", "edge"}}, {Name: "lang", Values: []any{"java", "go", "python"}}},
		Assertions: []plan.Assertion{a},
	}
	var summaries []measure.Summary
	for _, where := range []string{"cloud,java", "cloud,go", "cloud,python", "edge,go", "edge,python"} {
		node, lang, _ := strings.Cut(where, ",")
		p.Cells = append(p.Cells, plan.Cell{
			ID: "node=" + node + ",lang=" + lang, Phases: []plan.Phase{{Name: "warm", Start: plan.AnyStart}},
			Values: []plan.Value{{Name: "node", Value: node}, {Name: "lang", Value: lang}},
		})
		samples := calls(3, measure.Warm)
		for i := range samples {
			if node == "edge" {
				samples[i].Done += 3 * (samples[i].Done - samples[i].Sent)
			}
		}
		summaries = append(summaries, measure.Summarize(len(p.Cells)-1, 0, "warm", measure.WantAny, nil, measure.All(samples), measure.Asked{}))
	}
	return p, summaries
}

func TestAcrossAnAxis(t *testing.T) {
	for _, row := range []struct {
		name string
		a    plan.Assertion
		lost int // this many of the last summaries are missing
		want []string
	}{
		{"it is judged where all named cells exist", plan.Assertion{Expect: text("edge.warm.response.p50 < 5 * cloud.warm.response.p50")}, 0,
			[]string{"lang=go: pass", "lang=python: pass"}},
		{"the limit is another cell's value", plan.Assertion{Expect: text("edge.warm.response.p50 <= 3 * cloud.warm.response.p50")}, 0,
			[]string{"lang=go: fail, it is 80ms, 33 % above the limit", "lang=python: fail, it is 80ms, 33 % above the limit"}},
		{"one named cell is enough where it alone is named", plan.Assertion{Expect: text("cloud.warm.errors == 0")}, 0,
			[]string{"lang=java: pass", "lang=go: pass", "lang=python: pass"}},
		{"other axes keep their name", plan.Assertion{Expect: text(`edge.warm.errors == 0 and matrix.lang == "go"`)}, 0,
			[]string{"lang=go: pass", "lang=python: fail, it is python"}},
		{"a condition leaves combinations out", plan.Assertion{Expect: text("edge.warm.ok == cloud.warm.ok"), Skip: []int{4}}, 0,
			[]string{"lang=go: pass"}},
		{"what did not run is not judged", plan.Assertion{Expect: text("edge.warm.ok == cloud.warm.ok")}, 1,
			[]string{"lang=go: pass", "lang=python: not judged, edge: phase warm did not run"}},
		{"a metric that no sample has is no data", plan.Assertion{Expect: text("edge.warm.init.p50 > cloud.warm.init.p50")}, 0, []string{
			"lang=go: no data, edge: none of the 3 calls of phase warm has a value for init",
			"lang=python: no data, edge: none of the 3 calls of phase warm has a value for init"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.a.Across = "node"
			p, summaries := grid(row.a)
			var got []string
			for _, v := range Judge(p, summaries[:len(summaries)-row.lost], Known{}) {
				line := v.Combination + ": " + string(v.Status)
				if v.Diagnostic != nil {
					line += ", " + v.Diagnostic.Hint
				}
				got = append(got, line)
				if v.Diagnostic != nil && !strings.HasSuffix(v.Diagnostic.Summary, " where "+v.Combination) {
					t.Errorf("the picture says %q", v.Diagnostic.Summary)
				}
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAConditionLeavesCellsOut(t *testing.T) {
	p, summaries := grid(plan.Assertion{Expect: text("warm.response.p50 < 50ms"), Skip: []int{3, 4}})
	verdicts := Judge(p, summaries, Known{})
	if len(verdicts) != 3 {
		t.Fatalf("%d verdicts, want 3", len(verdicts))
	}
	for _, v := range verdicts {
		if v.Status != Pass || v.Cell > 2 {
			t.Errorf("cell %d: %s", v.Cell, v.Status)
		}
	}
}

// Without other axes there is one combination, and nothing to tell it by.
func TestAcrossTheOnlyAxis(t *testing.T) {
	p := &plan.Plan{Axes: []plan.Axis{{Name: "node", Values: []any{"a", "b"}}}, Assertions: []plan.Assertion{{Expect: text("b.w.ok > a.w.ok"), Across: "node"}}}
	var summaries []measure.Summary
	for i, node := range []string{"a", "b"} {
		p.Cells = append(p.Cells, plan.Cell{ID: "node=" + node, Values: []plan.Value{{Name: "node", Value: node}}, Phases: []plan.Phase{{Name: "w", Start: plan.AnyStart}}})
		summaries = append(summaries, measure.Summarize(i, 0, "w", measure.WantAny, nil, measure.All(calls(3, measure.Warm)), measure.Asked{}))
	}
	verdicts := Judge(p, summaries, Known{})
	if len(verdicts) != 1 || verdicts[0].Diagnostic.Summary != "b.w.ok > a.w.ok" || verdicts[0].Status != Fail {
		t.Errorf("got %+v", verdicts)
	}
}
