package run

import (
	"bytes"
	"io"
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
	"wsk-scenario/engine/standalone"
	"wsk-scenario/engine/whisk"
)

// tap stands between a run and its server. Before lets an invocation wait, and is told its body.
func tap(t *testing.T, access whisk.Access, before func(r *http.Request, body string)) whisk.Access {
	t.Helper()
	to, err := url.Parse(access.Host)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(to)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			before(r, string(body))
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return whisk.Access{Host: server.URL, Auth: access.Auth}
}

func openLoad(rate float64, lasts time.Duration, arrivals string, inFlight int) plan.Load {
	return plan.Load{For: lasts, Open: &plan.Open{Rate: rate, Arrivals: arrivals, MaxInFlight: inFlight}}
}

// What a seed decides is the same in every run, whoever sends it: which bodies, and in an open load in which order.
func TestOneSeedSendsTheSameBytes(t *testing.T) {
	access := serve(t, standalone.Config{})
	made := phase("p", "hello", plan.AnyStart, plan.Load{})
	made.Payload = plan.Payload{Parts: []plan.Part{
		{Text: `{"n":`}, {Make: &expr.Maker{How: "pick", Low: 0, High: 1_000_000}}, {Text: `,"i":`},
		{Make: &expr.Maker{How: "seq", Low: 1}}, {Text: "}"},
	}}
	for _, row := range []struct {
		name string
		load plan.Load
	}{
		{"one user, whose calls come in one order", plan.Load{Users: 1, PerUser: 50}},
		{"a closed load of four users", plan.Load{Users: 4, PerUser: 25}},
		{"independent callers", openLoad(200, 500*time.Millisecond, "poisson", 1000)},
		{"bursts", plan.Load{For: 500 * time.Millisecond, Open: &plan.Open{Rate: 200, Arrivals: "burst", Size: 10, MaxInFlight: 1000}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			var sent [2][]string
			for i := range sent {
				var mu sync.Mutex
				tapped := tap(t, access, func(_ *http.Request, body string) {
					mu.Lock()
					defer mu.Unlock()
					sent[i] = append(sent[i], body)
				})
				ph := made
				ph.Load = row.load
				r, _ := runs(t, t.Context(), onePlan([]plan.Action{native("hello")}, ph), tapped)
				complete(t, r)
				if row.load.Users != 1 { // side by side, who comes first is chance
					slices.Sort(sent[i])
				}
			}
			if len(sent[0]) == 0 || !slices.Equal(sent[0], sent[1]) {
				t.Errorf("%d and %d calls with unlike bodies", len(sent[0]), len(sent[1]))
			}
			slices.Sort(sent[0])
			if len(slices.Compact(sent[0])) != len(sent[1]) {
				t.Error("two calls sent the same body: seq is not told apart")
			}
		})
	}
}

// A server that stalls is seen in the responses of all calls that were due meanwhile, not in one alone: at a constant rate
// the share of calls that wait longer than t is (stall − t) / time, for a closed form of every quantile. The stall is over when
// the calls of a second wait, so that it lasts no less on a machine that has stalls of its own.
func TestAStallIsSeenByEveryCallThatWasDue(t *testing.T) {
	const rate, lasts, stall = 100, 2 * time.Second, time.Second
	const before, held = rate / 2, rate
	access := serve(t, standalone.Config{})
	var calls atomic.Int64
	over := make(chan struct{})
	tapped := tap(t, access, func(*http.Request, string) {
		n := calls.Add(1)
		if n == before+held {
			close(over)
		}
		if n > before {
			<-over
		}
	})
	ph := phase("p", "hello", plan.AnyStart, openLoad(rate, lasts, "constant", 300))
	r, samples := runs(t, t.Context(), onePlan([]plan.Action{native("hello")}, ph), tapped)
	complete(t, r)
	all, _ := r.Summaries[0].Class("all")
	if got, want := all.Metrics["response"].P75, float64(stall)-0.25*float64(lasts); got < 0.95*want {
		t.Errorf("p75 of the responses is %v, want at least %v", time.Duration(got), time.Duration(want))
	}
	if len(samples) != rate*int(lasts/time.Second) {
		t.Errorf("%d calls", len(samples))
	}
	if most := r.Summaries[0].Counters["in_flight_max"]; most < held {
		t.Errorf("%v in flight at most", most)
	}
}

func TestWhatCannotBeSentIsDroppedAndCounted(t *testing.T) {
	access := serve(t, standalone.Config{})
	release, first := make(chan struct{}), sync.Once{}
	tapped := tap(t, access, func(*http.Request, string) {
		first.Do(func() { time.AfterFunc(3*time.Second, func() { close(release) }) }) // long after the load
		<-release
	})
	ph := phase("p", "hello", plan.AnyStart, openLoad(100, 500*time.Millisecond, "constant", 3))
	r, samples := runs(t, t.Context(), onePlan([]plan.Action{native("hello")}, ph), tapped)
	complete(t, r)
	sum, books := r.Summaries[0], r.Books[0]
	if sum.Counters["offered"] != 50 || sum.Counters["dropped"] != 47 || sum.Counters["issued"] != 3 || books.Dropped != 47 || books.Check() != nil {
		t.Errorf("counters %v, books %+v", sum.Counters, books)
	}
	if !slices.ContainsFunc(r.Notes, func(note string) bool {
		return strings.Contains(note, "47 of 50 calls of phase p were due and not sent")
	}) {
		t.Errorf("notes %q", r.Notes)
	}
	for _, s := range samples {
		if s.Outcome != measure.OK || s.Done-s.Due < 100*time.Millisecond {
			t.Errorf("sample %+v", s)
		}
	}
}
