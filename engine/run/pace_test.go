package run

import (
	"testing"
	"time"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/standalone"
)

func TestPacedCallsKeepTheirDueMoments(t *testing.T) {
	const pace = 20 * time.Millisecond
	access := serve(t, standalone.Config{})
	p := onePlan([]plan.Action{native("hello")}, phase("p", "hello", plan.AnyStart, plan.Load{Users: 1, Iterations: 5, Pace: pace}))
	r, samples := runs(t, t.Context(), p, access)
	complete(t, r)
	for i, s := range samples {
		if s.Due != samples[0].Due+time.Duration(i)*pace || s.Sent < s.Due || s.Outcome != measure.OK {
			t.Errorf("call %d was due at %s and sent at %s, the first was due at %s", i, s.Due, s.Sent, samples[0].Due)
		}
	}
	if len(samples) != 5 {
		t.Errorf("%d samples, want 5", len(samples))
	}
}
