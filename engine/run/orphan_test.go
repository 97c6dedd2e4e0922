package run

import (
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
	"wsk-scenario/engine/standalone"
	"wsk-scenario/engine/whisk"
)

func TestAStrayIsGivenToACallOnlyWhenItCanBeOfNoOther(t *testing.T) {
	const ms = int64(time.Millisecond)
	for _, row := range []struct {
		name   string
		claims string // a letter each, at its place times 10 ms; in upper case when it is no orphan
		strays string
		early  time.Duration
		want   map[string]string
	}{
		{"one call, one record", "a   ", " x  ", 0, map[string]string{"a": "x"}},
		{"each before the next call", "a b c", " x y z", 0, map[string]string{"a": "x", "b": "y", "c": "z"}},
		{"two calls, then their records: nobody knows whose is whose", "ab   c", "  xy   z", 0, map[string]string{"c": "z"}},
		{"two calls, one record", "ab  ", "  x ", 0, nil},
		{"a call whose record may be still to come is in doubt with the next one", "a  b  c", "    x  y", 0, nil},
		{"a broken call may have started it", "A b ", "   x", 0, nil},
		{"a broken call has started one", "A  b ", " x  y", 0, map[string]string{"b": "y"}},
		{"a record before any call: somebody else's, or the clocks are apart", " a b", "x y z", 0, nil},
		{"more records than calls", "a    ", " x y ", 0, nil},
		{"a clock that is behind, known", " a   b", "x   y ", 15 * time.Millisecond, map[string]string{"a": "x", "b": "y"}},
		{"by the clock, the record may be that of the next call", "a b ", " x y", 15 * time.Millisecond, nil},
		{"no record", "ab", "", 0, nil},
	} {
		var claims []claim
		var strays []stray
		for i, c := range row.claims {
			if c != ' ' {
				claims = append(claims, claim{strings.ToLower(string(c)), int64(i) * 10 * ms, c >= 'a'})
			}
		}
		for i, c := range row.strays {
			if c != ' ' {
				strays = append(strays, stray{string(c), int64(i) * 10})
			}
		}
		if got := match(claims, strays, row.early); !maps.Equal(got, row.want) {
			t.Errorf("%s: got %v, want %v", row.name, got, row.want)
		}
	}
}

// Whatever calls are answered without an id, however long their activations take to begin, and whichever have none: what is
// found is true.
func TestWhatIsFoundIsTrue(t *testing.T) {
	random, found := rand.New(rand.NewPCG(1, 2)), 0
	for range 2000 {
		var claims []claim
		var strays []stray
		truth := map[string]string{}
		slow := random.Int64N(int64(30 * time.Millisecond))
		for i := range 20 {
			c := claim{fmt.Sprint("call ", i), random.Int64N(int64(time.Second)), random.IntN(10) > 0}
			claims = append(claims, c)
			if random.IntN(20) > 0 {
				s := stray{fmt.Sprint("activation ", i), (c.sent + random.Int64N(slow+1)) / int64(time.Millisecond)}
				truth[c.transaction] = s.id
				strays = append(strays, s)
			}
		}
		for transaction, id := range match(claims, strays, 0) {
			if found++; truth[transaction] != id {
				t.Fatalf("%s is said to be of %s, and is not", id, transaction)
			}
		}
	}
	if found < 1000 {
		t.Errorf("%d were found of 2000 runs", found)
	}
}

// nameless passes a call on and waits for its end, and then answers, for those that meddle says, 202 without any id.
func nameless(t *testing.T, access whisk.Access, meddle func() bool) whisk.Access {
	return meddling(t, access, func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost || !meddle() {
			return false
		}
		body, _ := io.ReadAll(r.Body)
		to, _ := url.Parse(access.Host)
		to.Path, to.RawQuery = r.URL.Path, "blocking=true"
		again, err := http.NewRequestWithContext(r.Context(), r.Method, to.String(), strings.NewReader(string(body)))
		if err != nil {
			t.Error(err)
			return true
		}
		again.Header = r.Header
		resp, err := http.DefaultClient.Do(again)
		if err != nil {
			t.Error(err)
			return true
		}
		_ = resp.Body.Close()
		w.WriteHeader(http.StatusAccepted)
		return true
	})
}

// Calls that were accepted without an id are found by what only they can have started; all the others are read by theirs.
func TestACallWithoutAnIdIsFoundInTheList(t *testing.T) {
	var calls atomic.Int64
	access := nameless(t, serve(t, standalone.Config{}), func() bool { return calls.Add(1)%6 == 0 })
	ph := phase("p", "hello", plan.AnyStart, plan.Load{Users: 1, Iterations: 30})
	ph.Blocking = plan.ForNothing
	r, samples := runs(t, t.Context(), onePlan([]plan.Action{native("hello")}, ph), access)
	complete(t, r)
	ids := map[string]bool{}
	for _, s := range samples {
		ids[s.Activation] = true
		if s.Outcome != measure.OK || s.Record == nil {
			t.Errorf("call %d: %s, %s", s.Seq, s.Outcome, s.Error)
		}
	}
	if len(ids) != 30 || ids[""] {
		t.Errorf("%d activations of 30 calls", len(ids))
	}
	if len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "accepted without an activation id: 5 calls") {
		t.Errorf("notes %q", r.Notes)
	}
}

// What cannot be told apart stays lost, and is said to be; a list that fails does no more harm than that.
func TestACallWhoseRecordIsNotSurelyItsOwnIsLost(t *testing.T) {
	for _, row := range []struct {
		name string
		list int // status of the list
		lost float64
	}{
		{"two at a time", 0, 2},
		{"a list that cannot be read", http.StatusInternalServerError, 2},
	} {
		t.Run(row.name, func(t *testing.T) {
			inner := serve(t, standalone.Config{})
			both, arrived := make(chan struct{}), new(atomic.Int64)
			access := meddling(t, nameless(t, inner, func() bool {
				if arrived.Add(1) == 2 {
					close(both)
				}
				<-both // no activation begins before both calls were sent
				return true
			}), func(w http.ResponseWriter, r *http.Request) bool {
				if row.list == 0 || r.Method != http.MethodGet || !strings.HasSuffix(r.URL.Path, "/activations") {
					return false
				}
				w.WriteHeader(row.list)
				return true
			})
			ph := phase("p", "hello", plan.AnyStart, plan.Load{Users: 2, PerUser: 1})
			r, samples := runs(t, t.Context(), onePlan([]plan.Action{native("hello")}, ph), access, quick)
			complete(t, r)
			if c := r.Summaries[0].Counters; c["lost"] != row.lost {
				t.Errorf("counters %v", c)
			}
			for _, s := range samples {
				if !strings.Contains(s.Error, "no record is surely its own") {
					t.Errorf("call %d: %s", s.Seq, s.Error)
				}
			}
		})
	}
}
