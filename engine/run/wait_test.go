package run

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/standalone"
)

func TestAWaitLastsAsLongAsItSaysAndIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var events []Event
		r := &runner{watch: observer{send: func(e Event) { events = append(events, e) }}}
		r.wait(t.Context(), 2, &plan.Phase{Name: "settle", Wait: 5 * time.Second})
		want := []Event{PhaseStarted{2, "settle", 0, 5 * time.Second}, PhaseEnded{2, "settle", 0, 0, 5 * time.Second}}
		if len(events) != 2 || events[0] != want[0] || events[1] != want[1] {
			t.Errorf("got %+v, want %+v", events, want)
		}
	})
}

func TestAnInterruptEndsAWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		(&runner{}).wait(ctx, 0, &plan.Phase{Name: "settle", Wait: time.Hour})
		if took := time.Since(began); took != time.Second {
			t.Errorf("the wait took %s", took)
		}
	})
}

func TestAPhaseThatWaitsHasNeitherCallsNorBooks(t *testing.T) {
	access := serve(t, standalone.Config{})
	aside := phase("aside", "hello", plan.AnyStart, plan.Load{Users: 1, Iterations: 3})
	aside.Unmeasured = true
	p := onePlan([]plan.Action{native("hello")}, plan.Phase{Name: "settle", Start: plan.AnyStart, Wait: time.Millisecond}, aside)
	r, samples := runs(t, t.Context(), p, access)
	complete(t, r)
	if len(samples) != 3 || len(r.Books) != 1 || r.Books[0].Phase != 1 || r.Books[0].Issued != 3 {
		t.Errorf("%d samples, books %+v", len(samples), r.Books)
	}
}
