package run

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/standalone"
	"wsk-scenario/engine/whisk"
)

// meddling passes requests on to access after meddle has had them; where meddle reports true it has answered itself.
func meddling(t *testing.T, access whisk.Access, meddle func(http.ResponseWriter, *http.Request) bool) whisk.Access {
	t.Helper()
	host, err := url.Parse(access.Host)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(host)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !meddle(w, r) {
			proxy.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return whisk.Access{Host: server.URL, Auth: access.Auth}
}

func readsRecord(r *http.Request) bool { return strings.Contains(r.URL.Path, "/activations/") }

// answerRecords answers every read of a record with one status.
func answerRecords(status int) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if !readsRecord(r) {
			return false
		}
		http.Error(w, `{"error":"no such luck"}`, status)
		return true
	}
}

// quick waits for no record longer than it takes to look once.
func quick(o *Options) { o.DrainFor = time.Second }

func TestARecordThatIsNeverReadIsLost(t *testing.T) {
	access := serve(t, standalone.Config{})
	for _, row := range []struct {
		name    string
		status  int
		says    string
		waiting plan.Blocking
		outcome measure.Outcome
	}{
		{"not found", 404, "not found before the deadline", plan.ForNothing, measure.Lost},
		{"a failing server", 500, "could not be read", plan.ForNothing, measure.Lost},
		{"the result was answered, so that the call has an end", 404, "", plan.ForResult, measure.OK},
	} {
		t.Run(row.name, func(t *testing.T) {
			ph := phase("later", "hello", plan.AnyStart, plan.Load{Users: 1, Iterations: 3})
			ph.Blocking = row.waiting
			r, samples := runs(t, t.Context(), onePlan([]plan.Action{native("hello")}, ph), meddling(t, access, answerRecords(row.status)), quick)
			complete(t, r)
			for _, s := range samples {
				if s.Outcome != row.outcome || !strings.Contains(s.Error, row.says) {
					t.Errorf("outcome %s, error %q; want %s with %q", s.Outcome, s.Error, row.outcome, row.says)
				}
			}
			if len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "3 of 3 activation records are missing") {
				t.Errorf("notes %q", r.Notes)
			}
		})
	}
}

func TestAServerThatFailsAtFirstLosesNothing(t *testing.T) {
	var reads atomic.Int64
	access := meddling(t, serve(t, standalone.Config{}), func(w http.ResponseWriter, r *http.Request) bool {
		return readsRecord(r) && reads.Add(1) <= 6 && answerRecords(500)(w, r)
	})
	ph := phase("later", "hello", plan.AnyStart, plan.Load{Users: 1, Iterations: 3})
	ph.Blocking = plan.ForNothing
	r, _ := runs(t, t.Context(), onePlan([]plan.Action{native("hello")}, ph), access)
	complete(t, r)
	if c := r.Summaries[0].Counters; c["ok"] != 3 || reads.Load() < 9 {
		t.Errorf("ok %g of 3 after %d reads", c["ok"], reads.Load())
	}
}

// However many records never come, they keep no other from being read.
func TestManyMissingRecordsAreInNobodysWay(t *testing.T) {
	t.Parallel() // it waits most of the time
	const calls, never = 5 * mostMissing, 2 * mostMissing
	var mu sync.Mutex
	missing := map[string]bool{}
	access := meddling(t, serve(t, standalone.Config{PerMinute: 1_000_000, Concurrent: 1000}), func(w http.ResponseWriter, r *http.Request) bool {
		if readsRecord(r) {
			mu.Lock()
			if _, asked := missing[r.URL.Path]; !asked {
				missing[r.URL.Path] = len(missing) < never
			}
			gone := missing[r.URL.Path]
			mu.Unlock()
			return gone && answerRecords(404)(w, r)
		}
		return false
	})
	ph := phase("later", "hello", plan.AnyStart, plan.Load{Users: 4, Iterations: calls})
	ph.Blocking = plan.ForNothing
	r, samples := runs(t, t.Context(), onePlan([]plan.Action{native("hello")}, ph), access, func(o *Options) { o.DrainFor = 30 * time.Second })
	complete(t, r)
	if c := r.Summaries[0].Counters; c["ok"] != calls-never || c["lost"] != never || len(samples) != calls {
		t.Errorf("ok %g, lost %g of %d in %d samples", c["ok"], c["lost"], calls, len(samples))
	}
}

// A blocking call that is still running after the platform's wait is answered with 202. Its record says how it ended.
func TestACallAnsweredBeforeItsEndEndsWithItsRecord(t *testing.T) {
	access := meddling(t, serve(t, standalone.Config{}), func(_ http.ResponseWriter, r *http.Request) bool {
		r.URL.RawQuery = strings.Replace(r.URL.RawQuery, "blocking=true", "blocking=false", 1)
		return false
	})
	throws := plan.Action{Name: "throws", Code: sourceOf("misbehave", "nodejs", "throws.js"), Kind: "nodejs:default"}
	r, samples := runs(t, t.Context(), onePlan([]plan.Action{native("hello"), throws},
		phase("good", "hello", plan.AnyStart, plan.Load{Users: 1, Iterations: 1}),
		phase("bad", "throws", plan.AnyStart, plan.Load{Users: 1, Iterations: 1})), access)
	complete(t, r)
	good, bad := samples[0], samples[1]
	if good.Outcome != measure.Accepted || good.Completed == 0 || good.Record == nil {
		t.Errorf("the one that ended well: %+v", good)
	}
	if bad.Outcome != measure.DeveloperError || !strings.Contains(bad.Error, "thrown on purpose") {
		t.Errorf("the one that failed: %+v", bad)
	}
}

func TestAnAcceptedCallWithoutAnIdIsLost(t *testing.T) {
	access := meddling(t, serve(t, standalone.Config{}), func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost {
			return false
		}
		w.WriteHeader(http.StatusAccepted)
		return true
	})
	r, _ := runs(t, t.Context(), onePlan([]plan.Action{native("hello")}, phase("p", "hello", plan.AnyStart, plan.Load{Users: 1, Iterations: 2})), access, quick)
	complete(t, r)
	if c := r.Summaries[0].Counters; c["lost"] != 2 || c["errors"] != 2 {
		t.Errorf("counters %v", c)
	}
}

func TestACopyForAUserNeverMeetsAnotherAction(t *testing.T) {
	access := serve(t, standalone.Config{})
	failing := plan.Action{Name: "a-1", Code: sourceOf("misbehave", "nodejs", "throws.js"), Kind: "nodejs:default"}
	r, _ := runs(t, t.Context(), onePlan([]plan.Action{native("a"), failing},
		phase("cold", "a", plan.ColdStart, plan.Load{Users: 3, PerUser: 1}),
		phase("other", "a-1", plan.AnyStart, plan.Load{Users: 1, Iterations: 2})), access)
	complete(t, r)
	if c := r.Summaries[1].Counters; c["developer_error"] != 2 {
		t.Errorf("the action a-1 answered %v: it was overwritten by a copy of a", c)
	}
}
