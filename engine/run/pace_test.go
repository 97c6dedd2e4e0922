package run

import (
	"net/http"
	"strings"
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

func TestCallsThatAPaceMissesAreCountedAsDropped(t *testing.T) {
	late := meddling(t, serve(t, standalone.Config{}), func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPost {
			select { // longer than the load lasts
			case <-time.After(700 * time.Millisecond):
			case <-r.Context().Done():
			}
		}
		return false
	})
	p := onePlan([]plan.Action{native("hello")}, phase("p", "hello", plan.AnyStart, plan.Load{Users: 1, For: 500 * time.Millisecond, Pace: 50 * time.Millisecond}))
	r, samples := runs(t, t.Context(), p, late)
	complete(t, r)
	if c := r.Summaries[0].Counters; len(samples) != 1 || r.Books[0].Dropped != 9 || c["dropped"] != 9 || c["offered"] != 10 {
		t.Errorf("%d samples, books %+v, %g offered; want one call and nine that were due and not sent", len(samples), r.Books, c["offered"])
	}
	if len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "9 of 10 calls of phase p due and not sent") {
		t.Errorf("notes %q", r.Notes)
	}
}

func TestALoadThatIsOverBeforeACallIsDueSaysSo(t *testing.T) {
	p := onePlan([]plan.Action{native("hello")}, phase("p", "hello", plan.AnyStart, openLoad(10, time.Nanosecond, "constant", 1)))
	r, samples := runs(t, t.Context(), p, serve(t, standalone.Config{}))
	complete(t, r)
	if len(samples) != 0 || len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "made no call") {
		t.Errorf("%d samples, notes %q", len(samples), r.Notes)
	}
}
