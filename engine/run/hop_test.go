package run

import (
	"strings"
	"testing"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/standalone"
)

// chained is a plan of an action, a sequence of two of it, and a sequence of that and the action: three in all.
func chained(blocking plan.Blocking) *plan.Plan {
	ph := phase("chain", "outer", plan.AnyStart, plan.Load{Users: 2, Iterations: 6})
	ph.Blocking, ph.Invoke, ph.Sequence = blocking, "outer", true
	p := onePlan([]plan.Action{native("hello")}, ph)
	p.Cells[0].Sequences = []plan.Sequence{
		{Name: "inner", Actions: []string{"hello", "hello"}}, {Name: "outer", Actions: []string{"inner", "hello"}},
	}
	return p
}

func TestHopsAreTheTimeBetweenComponents(t *testing.T) {
	access := serve(t, standalone.Config{})
	for _, blocking := range []plan.Blocking{plan.ForRecord, plan.ForNothing} {
		t.Run(string(blocking), func(t *testing.T) {
			r, samples := runs(t, t.Context(), chained(blocking), access)
			complete(t, r)
			for _, s := range samples {
				switch record := s.Record; {
				case record == nil:
					t.Errorf("got no record of %s", s.Activation)
				case len(record.Hops) != 2:
					t.Errorf("got the hops %v, want 2 between three components, nested ones written out", record.Hops)
				case min(record.Hops[0], record.Hops[1]) < 0 || record.Hops[0]+record.Hops[1] > record.End-record.Start-record.Duration+2:
					// Each of the times is cut to a millisecond.
					t.Errorf("got %v ms between the components of a sequence of %d ms that took %d ms to run", record.Hops, record.End-record.Start, record.Duration)
				}
			}
			all, _ := r.Summaries[0].Class("all")
			if n := all.Metrics["hop"].Count; n != 2*len(samples) {
				t.Errorf("the statistics are of %d hops, want each of %d", n, 2*len(samples))
			}
		})
	}
}

func TestAComponentWithoutARecordGivesNoHop(t *testing.T) {
	access := serve(t, standalone.Config{})
	r, samples := runs(t, t.Context(), chained(plan.ForRecord), meddling(t, access, answerRecords(404)), quick)
	complete(t, r)
	for _, s := range samples {
		if s.Record == nil || len(s.Record.Hops) != 0 {
			t.Errorf("got the record %+v, want one without hops", s.Record)
		}
	}
	if len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "of 6 sequences a component's record was not found") {
		t.Errorf("got notes %q, want the sequences without hops", r.Notes)
	}
}
