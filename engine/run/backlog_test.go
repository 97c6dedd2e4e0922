package run

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
	"wsk-scenario/engine/standalone"
)

// A backlog that does not fit into memory is on disk, whole, with all that the drain needs; and the file is gone after it.
func TestABacklogOfAnySizeComesBackWhole(t *testing.T) {
	for _, n := range []int{0, 1, mostHeld - 1, mostHeld, 2*mostHeld + 5} {
		folder := filepath.Join(t.TempDir(), "bundle")
		bundle, err := result.Create(folder, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		b := backlog{bundle: bundle}
		for i := range n {
			s := measure.Sample{Seq: i, Activation: "a", Outcome: measure.Accepted}
			if i%2 == 1 {
				s = measure.Sample{Seq: i, Activation: "s", Record: &measure.Record{Start: int64(i), Components: []string{"x", "y"}}}
			}
			if err := b.add(s); err != nil {
				t.Fatal(err)
			}
		}
		if len(b.held) >= mostHeld || b.len() != n {
			t.Errorf("%d samples: %d are held, %d are there", n, len(b.held), b.len())
		}
		seen := 0
		err = b.each(func(samples []measure.Sample) error {
			for _, s := range samples {
				if s.Seq != seen || !waits(&s) || s.Seq%2 == 1 && (s.Record.Start != int64(seen) || len(s.Record.Components) != 2) {
					t.Fatalf("sample %d came back as %+v", seen, s)
				}
				seen++
			}
			return nil
		})
		if err != nil || seen != n {
			t.Errorf("%d of %d came back, %v", seen, n, err)
		}
		if err := b.close(); err != nil {
			t.Error(err)
		}
		if left, _ := filepath.Glob(filepath.Join(folder, "waiting-*")); len(left) > 0 {
			t.Errorf("%s is left", left)
		}
	}
}

// What waits for its record when a run is killed is on disk all the same.
func TestWaitingSamplesOutliveACrash(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "bundle")
	bundle, err := result.Create(folder, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &shooter{kept: kept{bundle: bundle, waiting: backlog{bundle: bundle}}, users: []*user{{}}}
	s.keep(s.users[0], measure.Sample{Seq: 1, Outcome: measure.OK})
	s.keep(s.users[0], measure.Sample{Seq: 2, Outcome: measure.Accepted, Activation: "a"})
	s.flush()
	var seqs []int
	if err := result.Samples(folder, func(s *measure.Sample) error { seqs = append(seqs, s.Seq); return nil }); err != nil || len(seqs) != 2 {
		t.Errorf("read %v, %v; want both", seqs, err)
	}
	now, _, err := s.sofar()
	if err != nil {
		t.Fatal(err)
	}
	seqs = nil
	for s := range now {
		seqs = append(seqs, s.Seq)
	}
	if len(seqs) != 2 {
		t.Errorf("%v are seen while the phase runs, want both", seqs)
	}
}

// Records that come late are found, however many wait, and one that never comes takes none of the others with it.
func TestALostRecordTakesNoOtherWithIt(t *testing.T) {
	t.Parallel() // it waits most of the time
	var reads atomic.Int64
	var lost atomic.Value
	access := meddling(t, serve(t, standalone.Config{}), func(w http.ResponseWriter, r *http.Request) bool {
		if !readsRecord(r) {
			return false
		}
		id := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
		lost.CompareAndSwap(nil, id)
		return (lost.Load() == id || reads.Add(1) <= 20) && answerRecords(404)(w, r)
	})
	ph := phase("later", "hello", plan.AnyStart, plan.Load{Users: 4, Iterations: 40})
	ph.Blocking = plan.ForNothing
	var folder string
	r, samples := runs(t, t.Context(), onePlan([]plan.Action{native("hello")}, ph), access, func(o *Options) { folder, o.DrainFor = o.Folder, 20*time.Second })
	complete(t, r)
	if c := r.Summaries[0].Counters; c["ok"] != 39 || c["lost"] != 1 || len(samples) != 40 {
		t.Errorf("ok %g, lost %g of 40 in %d samples", c["ok"], c["lost"], len(samples))
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 3 {
		t.Errorf("the bundle holds %v, %v; want the result, the samples and the sources", left, err)
	}
}
