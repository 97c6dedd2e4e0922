package run

import (
	"flag"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/standalone"
)

var faultsFor = flag.Duration("faults", 2*time.Second, "how long the platform fails every twentieth call")
var faultsRate = flag.Float64("faults-rate", 500, "how many calls a second that platform gets")

// A platform of which every twentieth call fails, each in another way, at a steady rate: every call ends in one outcome,
// and in the one of its fault.
func TestTheBooksBalanceOfAPlatformThatFailsAgainAndAgain(t *testing.T) {
	access := serve(t, standalone.Config{PerMinute: 10_000_000, Concurrent: 2000})
	var calls atomic.Int64
	var made [5]atomic.Int64
	meddled := meddling(t, access, func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost {
			return false
		}
		n := calls.Add(1)
		if n%20 != 0 {
			return false
		}
		which := n / 20 % int64(len(made))
		made[which].Add(1)
		switch which {
		case 0:
			panic(http.ErrAbortHandler) // the connection ends without an answer
		case 1:
			w.Header().Set("Content-Length", "500")
			_, _ = w.Write([]byte(`{"activationId":"`)) // and ends in the midst of it
		case 2:
			http.Error(w, `{"error":"Too many requests in the last minute (count: 61, allowed: 60)."}`, http.StatusTooManyRequests)
		case 3:
			w.WriteHeader(http.StatusServiceUnavailable)
		case 4:
			_, _ = w.Write([]byte("<html>an error of a proxy</html>"))
		}
		return true
	})
	ph := phase("p", "hello", plan.AnyStart, openLoad(*faultsRate, *faultsFor, "poisson", 1000))
	r, samples := runs(t, t.Context(), onePlan([]plan.Action{native("hello")}, ph), meddled)
	complete(t, r)
	books, want := r.Books[0], map[measure.Outcome]int64{
		measure.Network: made[0].Load() + made[1].Load(), measure.Throttled: made[2].Load(), measure.NoCapacity: made[3].Load(), measure.PlatformError: made[4].Load(),
	}
	if err := books.Check(); err != nil || books.Issued != len(samples) || int64(books.Issued) != calls.Load() {
		t.Errorf("%d issued, %d samples, %d received, error %v", books.Issued, len(samples), calls.Load(), err)
	}
	failed := int64(0)
	for outcome, n := range want {
		failed += n
		if int64(books.Outcomes[outcome]) != n {
			t.Errorf("%d calls ended as %s, %d were made so", books.Outcomes[outcome], outcome, n)
		}
	}
	if int64(books.Outcomes[measure.OK])+failed != calls.Load() {
		t.Errorf("outcomes %v of %d calls", books.Outcomes, calls.Load())
	}
}
