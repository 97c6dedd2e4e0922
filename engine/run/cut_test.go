package run

import (
	"context"
	"net/http"
	"testing"
	"time"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
	"wsk-scenario/engine/slo"
	"wsk-scenario/engine/standalone"
)

// Whatever kills a run while it waits for records, the calls that wait for them are on the disk, and so are those whose records
// were found.
func TestARunKilledWhileItWaitsForRecordsHasLostNoCall(t *testing.T) {
	var folder string
	looked := make(chan *result.Result, 1)
	access := meddling(t, serve(t, standalone.Config{}), func(w http.ResponseWriter, r *http.Request) bool {
		if !readsRecord(r) {
			return false
		}
		if killed, err := result.Read(folder); err == nil { // what it would find that comes after the run
			select {
			case looked <- killed:
			default:
			}
		}
		return false
	})
	ph := phase("later", "hello", plan.AnyStart, plan.Load{Users: 2, Iterations: 6})
	ph.Blocking = plan.ForNothing
	r, _ := runs(t, t.Context(), onePlan([]plan.Action{native("hello")}, ph), access, func(o *Options) { folder = o.Folder })
	complete(t, r)
	select {
	case killed := <-looked:
		if killed.Samples != 6 || killed.Status != result.Broken || killed.Summaries[0].Counters["accepted"] != 6 {
			t.Errorf("%d samples, status %s, %v; want 6 that were accepted, of a broken run", killed.Samples, killed.Status, killed.Summaries)
		}
	default:
		t.Error("while the run waits for records there is nothing to read")
	}
}

// An interrupt ends the wait for records. That they are missing then says nothing of the platform, and nothing is judged by it.
func TestAnInterruptWhileRecordsAreAwaitedFailsNoAssertion(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	access := meddling(t, serve(t, standalone.Config{}), func(w http.ResponseWriter, r *http.Request) bool {
		if readsRecord(r) {
			interrupt()
		}
		return answerRecords(404)(w, r)
	})
	ph := phase("later", "hello", plan.AnyStart, plan.Load{Users: 1, Iterations: 3})
	ph.Blocking = plan.ForNothing
	p := onePlan([]plan.Action{native("hello")}, ph)
	p.Assertions = []plan.Assertion{{Expect: diag.Text{Value: "later.errors == 0"}}}
	r, samples := runs(t, ctx, p, access, func(o *Options) { o.DrainFor = time.Minute })
	if r.Status != result.Interrupted || r.Verdicts[0].Status != slo.NotJudged {
		t.Errorf("status %s, verdict %+v; want an interrupted run of which nothing is judged", r.Status, r.Verdicts)
	}
	for _, s := range samples {
		if s.Outcome != measure.Lost || s.Error != "the run was interrupted before its record was found" {
			t.Errorf("outcome %s, %q", s.Outcome, s.Error)
		}
	}
}
