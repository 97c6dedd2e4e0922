package run

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/result"
	"wsk-scenario/engine/standalone"
)

// A cache on the way answers every call well, and only one of them has run.
func TestCallsThatShareAnActivationDoNotBalance(t *testing.T) {
	access := serve(t, standalone.Config{})
	var mu sync.Mutex
	var first *httptest.ResponseRecorder
	cached := meddling(t, access, func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost {
			return false
		}
		mu.Lock()
		defer mu.Unlock()
		if first == nil {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			again, err := http.NewRequestWithContext(r.Context(), r.Method, access.Host+r.URL.RequestURI(), bytes.NewReader(body))
			if err != nil {
				t.Error(err)
				return false
			}
			again.Header = r.Header
			answer, err := http.DefaultClient.Do(again)
			if err != nil {
				t.Error(err)
				return false
			}
			defer answer.Body.Close()
			first = httptest.NewRecorder()
			if _, err := io.Copy(first, answer.Body); err != nil {
				t.Error(err)
			}
			w.Header().Set("X-Openwhisk-Activation-Id", answer.Header.Get("X-Openwhisk-Activation-Id"))
		}
		_, _ = w.Write(first.Body.Bytes())
		return true
	})
	p := onePlan([]plan.Action{native("hello")}, phase("same", "hello", plan.AnyStart, plan.Load{Users: 2, Iterations: 5}))
	r, _ := runs(t, t.Context(), p, cached)
	if r.Status != result.Broken || r.Books[0].Twice != 4 || len(r.Problems) != 1 || !strings.Contains(r.Problems[0], "4 of 5 calls were answered with the activation of another one") {
		t.Errorf("status %s, books %+v, problems %q; want broken books that name the four", r.Status, r.Books, r.Problems)
	}
}

func TestIDsAreRememberedInBoundedRoom(t *testing.T) {
	var seen ids
	const calls = 3*mostIDs + 10
	for n := range calls {
		seen.see([]measure.Sample{{Activation: strconv.Itoa(n)}})
	}
	if kept := len(seen.known) + len(seen.before); kept > 2*mostIDs || seen.twice != 0 {
		t.Errorf("%d ids are kept, %d twice", kept, seen.twice)
	}
	for _, n := range []int{calls - 1, calls - mostIDs} { // one of those that came last, and the first that must be known
		seen.see([]measure.Sample{{Activation: strconv.Itoa(n)}, {Activation: strconv.Itoa(n), Level: 1}, {}, {}})
	}
	if seen.twice != 2 {
		t.Errorf("%d calls share an activation, want 2", seen.twice)
	}
}
