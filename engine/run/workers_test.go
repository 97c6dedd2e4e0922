package run

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wsk-scenario/dsl/expr"
	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
	"wsk-scenario/engine/standalone"
	"wsk-scenario/engine/target"
	"wsk-scenario/engine/whisk"
	"wsk-scenario/engine/workers"
)

// here is a worker that is no process of its own.
type here struct {
	cancel context.CancelFunc
	ended  chan struct{}
	err    error
}

func (h *here) Ended() <-chan struct{}     { return h.ended }
func (h *here) Status() error              { return h.err }
func (h *here) Stop(context.Context) error { h.cancel(); <-h.ended; return nil }

func startHere(ctx context.Context, at workers.Post, index int) (target.Worker, error) {
	ctx, cancel := context.WithCancel(ctx)
	h := &here{cancel: cancel, ended: make(chan struct{})}
	go func() {
		defer close(h.ended)
		h.err = Work(ctx, at, index)
	}()
	return h, nil
}

func withWorkers(o *Options) { o.Worker = startHere }

// essence is what a seed decides of a sample, in order.
func essence(samples []measure.Sample, open bool) (list []string) {
	begin := time.Duration(-1)
	for _, s := range samples {
		if !s.Warmup && (begin < 0 || s.Due < begin) {
			begin = s.Due
		}
	}
	for _, s := range samples {
		user, due := s.User, time.Duration(0)
		if open { // who calls is chance, and when is not
			if user = 0; !s.Warmup {
				due = s.Due - begin
			}
		}
		list = append(list, fmt.Sprint(user, s.Seq, s.Step, s.Warmup, s.Target, s.RequestBytes, s.Outcome, due))
	}
	slices.Sort(list)
	return list
}

func TestTwoWorkersMeasureTheSameAsOneProcess(t *testing.T) {
	access := serve(t, standalone.Config{})
	for _, row := range []struct {
		name string
		load plan.Load
	}{
		{"a closed load", plan.Load{Users: 3, PerUser: 20}},
		{"independent callers", openLoad(100, time.Second, "poisson", 1000)},
		{"a rate in steps", plan.Load{For: time.Second, Steps: []float64{40, 80}, Open: &plan.Open{Rate: 80, MaxInFlight: 1000}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			var bodies [2][]string
			var seen [2][]string
			for i, workers := range []int{0, 2} {
				ph := phase("p", "", plan.AnyStart, row.load)
				ph.Load.Workers, ph.Warmup.Iterations = workers, 2
				ph.Mix = []plan.Share{{Name: "hello", Weight: 2}, {Name: "other", Weight: 1}}
				ph.Payload = plan.Payload{Parts: []plan.Part{{Text: `{ "<n>": `}, {Make: &expr.Maker{How: "pick", Low: 0, High: 1_000_000}}, {Text: "}"}}}
				var mu sync.Mutex
				tapped := tap(t, access, func(_ *http.Request, body string) {
					mu.Lock()
					defer mu.Unlock()
					bodies[i] = append(bodies[i], body)
				})
				r, samples := runs(t, t.Context(), onePlan([]plan.Action{native("hello"), native("other")}, ph), tapped, withWorkers)
				complete(t, r)
				if slices.Sort(bodies[i]); r.Books[0].Issued != len(samples) {
					t.Errorf("%d calls, %d samples", r.Books[0].Issued, len(samples))
				}
				seen[i] = essence(samples, row.load.Open != nil)
			}
			if !slices.Equal(bodies[0], bodies[1]) {
				t.Errorf("one process sent %d bodies, two workers %d others", len(bodies[0]), len(bodies[1]))
			}
			for k := range max(len(seen[0]), len(seen[1])) {
				if k >= len(seen[0]) || k >= len(seen[1]) || seen[0][k] != seen[1][k] {
					t.Fatalf("%d samples of one process, %d of two workers, which differ from number %d on:\n%s\n%s", len(seen[0]), len(seen[1]), k,
						strings.Join(seen[0][min(k, len(seen[0])):][:1], ""), strings.Join(seen[1][min(k, len(seen[1])):][:1], ""))
				}
			}
		})
	}
}

// The samples of a run, dealt to workers and brought together again, are summed up to the same figures, to the last digit.
func TestSamplesThatComeInPartsAreSummedUpAsOne(t *testing.T) {
	_, samples := runs(t, t.Context(), onePlan([]plan.Action{native("hello")}, phase("p", "hello", plan.AnyStart, plan.Load{Users: 4, PerUser: 50})),
		serve(t, standalone.Config{}))
	var merged []measure.Sample
	for worker := range 3 {
		var part []measure.Sample
		for _, s := range samples {
			if s.User%3 == worker {
				part = append(part, s)
			}
		}
		raw, err := result.Pack(part)
		if err != nil {
			t.Fatal(err)
		}
		came, err := result.Unpack(raw)
		if err != nil {
			t.Fatal(err)
		}
		merged = append(merged, came...)
	}
	sum := func(list []measure.Sample) string {
		return fmt.Sprintf("%+v", measure.Summarize(0, 0, "p", measure.WantAny, nil, measure.All(list), measure.Asked{}))
	}
	if one, parts := sum(samples), sum(merged); one != parts {
		t.Errorf("as one\n%s\nin parts\n%s", one, parts)
	}
}

func TestWorkersForceColdStartsAndNothingIsLeft(t *testing.T) {
	access := serve(t, standalone.Config{})
	r, samples := runs(t, t.Context(), onePlan([]plan.Action{native("hello")},
		phase("cold", "hello", plan.ColdStart, plan.Load{Users: 3, PerUser: 3, Workers: 2})), access, withWorkers)
	complete(t, r)
	for _, s := range samples {
		if s.Temperature != measure.Cold {
			t.Errorf("user %d: %s, %s", s.User, s.Temperature, s.Error)
		}
	}
	if left := actionsLeft(t, access); left != 0 || len(samples) != 9 {
		t.Errorf("%d samples; %d actions are left", len(samples), left)
	}
}

func TestALostWorkerStandsInTheBooks(t *testing.T) {
	access := serve(t, standalone.Config{})
	dies := func(o *Options) {
		o.Worker = func(ctx context.Context, at workers.Post, index int) (target.Worker, error) {
			w, err := startHere(ctx, at, index)
			if h := w.(*here); index == 1 {
				h.cancel() // as if it were killed
				<-h.ended
				h.err = errors.New("killed")
			}
			return w, err
		}
	}
	r, samples := runs(t, t.Context(), onePlan([]plan.Action{native("hello")},
		phase("p", "hello", plan.AnyStart, plan.Load{Users: 2, PerUser: 5, Workers: 2})), access, dies)
	if r.Status != result.Broken || !strings.Contains(fmt.Sprint(r.Problems), "1 of its workers were lost") {
		t.Errorf("the run is %s: %v", r.Status, r.Problems)
	}
	if b := r.Books[0]; b.LostWorkers != 1 || b.Issued != 5 || len(samples) != 5 || !r.Summaries[0].Cut {
		t.Errorf("books %+v, %d samples, cut %v", b, len(samples), r.Summaries[0].Cut)
	}
	if !strings.Contains(fmt.Sprint(r.Notes), "worker 2 of 2, phase p was lost after 0 calls: it ended early (killed)") {
		t.Errorf("it is not told: %v", r.Notes)
	}
	if left := actionsLeft(t, access); left != 0 {
		t.Errorf("%d actions are left", left)
	}
}

func TestAnInterruptEndsTheWorkersAndTheBooksBalance(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	var calls atomic.Int32
	access := tap(t, serve(t, standalone.Config{}), func(r *http.Request, _ string) {
		if strings.Contains(r.URL.Path, "/actions/") && calls.Add(1) == 10 {
			interrupt()
		}
	})
	r, samples := runs(t, ctx, onePlan([]plan.Action{native("hello")},
		phase("p", "hello", plan.AnyStart, plan.Load{Users: 2, For: time.Hour, Workers: 2})), access, withWorkers)
	if err := r.Books[0].Check(); r.Status != result.Interrupted || err != nil || len(samples) < 10 || r.Books[0].Issued != len(samples) {
		t.Errorf("the run is %s: %v, %v; %d samples of %d calls", r.Status, r.Problems, err, len(samples), r.Books[0].Issued)
	}
	if left := actionsLeft(t, access); left != 0 {
		t.Errorf("%d actions are left", left)
	}
}

// What knows the nodes stays with the run: where the calls of workers ran is proved there.
func TestCallsOfWorkersArePlacedAndProved(t *testing.T) {
	edge := native("edgy")
	edge.Role, edge.RoleAt = "edge", at(3)
	p := onePlan([]plan.Action{edge}, phase("p", "edgy", plan.AnyStart, plan.Load{Users: 2, PerUser: 4, Workers: 2}))
	for _, row := range []struct {
		name string
		on   target.Target
		want measure.Place
		node string
	}{
		{"on the role that is asked for", twoNodes(t), "", "pi"},
		{"on another one", contrary{twoNodes(t)}, measure.Elsewhere, "vm"},
		{"where nothing tells", silent{twoNodes(t)}, measure.Unproved, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			r, samples := runs(t, t.Context(), p, whisk.Access{}, withWorkers, func(o *Options) { o.Target = row.on })
			complete(t, r)
			for _, s := range samples {
				if s.Place != row.want || s.Node != row.node || s.Record == nil {
					t.Errorf("user %d: place %q on %q, record %v", s.User, s.Place, s.Node, s.Record)
				}
			}
			if len(samples) != 8 {
				t.Errorf("%d samples", len(samples))
			}
		})
	}
}

func TestWhatOneWorkerCannotSendEndsTheLoadOfAll(t *testing.T) {
	access := serve(t, standalone.Config{})
	to, err := url.Parse(access.Host)
	if err != nil {
		t.Fatal(err)
	}
	proxy, updates := httputil.NewSingleHostReverseProxy(to), atomic.Int32{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut && updates.Add(1) == 8 { // two make the action and its copy
			http.Error(w, `{"error":"not this one"}`, http.StatusForbidden)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	access.Host = server.URL
	r, samples := runs(t, t.Context(), onePlan([]plan.Action{native("hello")},
		phase("cold", "hello", plan.ColdStart, plan.Load{Users: 2, For: time.Hour, Workers: 2})), access, withWorkers)
	if r.Status != result.Broken || !strings.Contains(fmt.Sprint(r.Problems), "force a cold start: ") || !strings.Contains(fmt.Sprint(r.Problems), "worker ") {
		t.Errorf("the run is %s: %v", r.Status, r.Problems)
	}
	if r.Books[0].Issued != len(samples) || len(samples) == 0 {
		t.Errorf("%d calls, %d samples", r.Books[0].Issued, len(samples))
	}
}
