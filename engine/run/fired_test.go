package run

import (
	"testing"
	"time"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/standalone"
)

// firing is a plan that fires a trigger with three rules, two of them of one action.
func firing(await string) *plan.Plan {
	ph := phase("fired", "", plan.AnyStart, plan.Load{Users: 2, Iterations: 4})
	ph.Fire, ph.Await = "tick", await
	p := onePlan([]plan.Action{native("hello"), native("other")}, ph)
	p.Cells[0].Triggers = []plan.Trigger{{Name: "tick", Rules: []plan.Rule{{Action: "hello", Count: 2}, {Action: "other", Count: 1}}}}
	return p
}

func TestWhatARuleStartsHasASampleOfItsOwn(t *testing.T) {
	access := serve(t, standalone.Config{})
	r, samples := runs(t, t.Context(), firing("rules"), access)
	complete(t, r)
	targets := map[string]int{}
	for _, s := range samples {
		switch {
		case s.Outcome != measure.OK:
			t.Errorf("level %d ended as %s: %s", s.Level, s.Outcome, s.Error)
		case s.Level == 0 && (s.Completed == 0 || s.Record != nil):
			t.Errorf("a fire is over at %v, with the record %+v", s.Completed, s.Record)
		case s.Level == 1 && (s.Record == nil || s.Fired == 0 || s.Record.Start < s.Fired):
			t.Errorf("an activation was fired at %d and has the record %+v", s.Fired, s.Record)
		}
		if s.Level == 1 {
			targets[s.Target]++
		}
	}
	if targets["hello"] != 8 || targets["other"] != 4 || len(targets) != 2 {
		t.Errorf("started %v", targets)
	}
	if b := r.Books[0]; b.Due != 12 || b.Fired != 12 || b.Issued != 4 {
		t.Errorf("books %+v", b)
	}
	if n := actionsLeft(t, access); n != 0 {
		t.Errorf("%d actions are left", n)
	}
}

// Without records nobody knows what became of a fire, nor of what it had to start: all of it is lost, and counted.
func TestAFireWithoutARecordIsLostWithAllThatItHadToStart(t *testing.T) {
	access := serve(t, standalone.Config{})
	p := firing("rules")
	p.Cells[0].Phases[0].Deadline = 300 * time.Millisecond
	r, samples := runs(t, t.Context(), p, meddling(t, access, answerRecords(404)))
	complete(t, r)
	lost := [2]int{}
	for _, s := range samples {
		if s.Outcome == measure.Lost {
			lost[s.Level]++
		}
	}
	if lost != [2]int{4, 12} || r.Books[0].Fired != 12 {
		t.Errorf("lost %v, books %+v", lost, r.Books[0])
	}
}

func TestAFireThatAwaitsItsOwnActivationStartsNothingHere(t *testing.T) {
	access := serve(t, standalone.Config{})
	r, samples := runs(t, t.Context(), firing("activation"), access)
	complete(t, r)
	for _, s := range samples {
		if s.Level != 0 || s.Outcome != measure.OK || s.Completed != 0 {
			t.Errorf("level %d, %s, completed at %v", s.Level, s.Outcome, s.Completed)
		}
	}
	if len(samples) != 4 {
		t.Errorf("%d samples", len(samples))
	}
}
