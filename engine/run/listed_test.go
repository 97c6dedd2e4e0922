package run

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/standalone"
	"wsk-scenario/engine/whisk"
)

// Many records are read with few requests, and what the list lacks by its id.
func TestManyRecordsAreReadOfTheList(t *testing.T) {
	var single, lists atomic.Int64
	access := meddling(t, serve(t, standalone.Config{PerMinute: 1_000_000, Concurrent: 1000}), func(_ http.ResponseWriter, r *http.Request) bool {
		if readsRecord(r) {
			single.Add(1)
		} else if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/activations") {
			lists.Add(1)
		}
		return false
	})
	const calls = 2 * manyOpen
	ph := phase("p", "hello", plan.AnyStart, plan.Load{Users: 8, Iterations: calls})
	ph.Blocking = plan.ForResult // all has run when the records are read, however busy the machine is
	r, samples := runs(t, t.Context(), onePlan([]plan.Action{native("hello")}, ph), access)
	complete(t, r)
	if c := r.Summaries[0].Counters; c["ok"] != calls || len(samples) != calls {
		t.Errorf("ok %g of %d in %d samples", c["ok"], calls, len(samples))
	}
	if lists.Load() == 0 || single.Load() >= calls {
		t.Errorf("%d requests by id, %d for lists of %d records", single.Load(), lists.Load(), calls)
	}
}

// BenchmarkDrain reads the records of many calls: by their ids, as before there was a list, and of the list.
func BenchmarkDrain(b *testing.B) {
	const calls = 2000
	server, err := standalone.Start(b.Context(), standalone.Config{PerMinute: 10_000_000, Concurrent: 1000})
	if err != nil {
		b.Fatal(err)
	}
	defer server.Close(context.WithoutCancel(b.Context()))
	client, err := whisk.New(whisk.Access{Host: server.URL(), Auth: standalone.GuestAuth}, 16)
	if err != nil {
		b.Fatal(err)
	}
	defer client.Close()
	r := &runner{client: client, anchor: time.Now()}
	action, err := r.action(native("hello"))
	if err != nil {
		b.Fatal(err)
	}
	action.Name = "hello"
	if _, err := client.PutAction(b.Context(), action); err != nil {
		b.Fatal(err)
	}
	var samples []measure.Sample
	call := client.Prepare("hello", whisk.ForRecord, []byte("{}"))
	for i := range calls {
		sent := time.Since(r.anchor)
		a := client.Invoke(b.Context(), call, "t")
		samples = append(samples, measure.Sample{Seq: i, Sent: sent, Activation: a.Activation, Outcome: measure.Accepted})
	}
	ph := phase("p", "hello", plan.AnyStart, plan.Load{})
	for name, listed := range map[string]bool{"by id": false, "list": true} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				d := &drain{runner: r, of: &underway{shooter: &shooter{}}, ph: &ph}
				if listed {
					if d.listed = d.list(b.Context(), samples); len(d.listed) < calls {
						b.Fatalf("%d of %d are in the list", len(d.listed), calls)
					}
				}
				for i := range samples {
					if d.read(b.Context(), samples[i].Activation) == nil {
						b.Fatal("a record is missing")
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*calls), "ns/record")
		})
	}
}
