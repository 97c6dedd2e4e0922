package remote

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"wsk-scenario/engine/standalone/balancer"
	"wsk-scenario/engine/standalone/pool"
)

func TestWhatTheLastEndsSayOfAnInvoker(t *testing.T) {
	for _, c := range []struct {
		name string
		ends []end
		want balancer.State
	}{
		{"nothing has ended", nil, balancer.Up},
		{"three errors are borne", []end{failed, failed, failed}, balancer.Up},
		{"four are not", []end{failed, failed, failed, failed}, balancer.Unhealthy},
		{"three that are not heard of are borne", []end{unheard, well, unheard, unheard}, balancer.Up},
		{"four are not", []end{unheard, unheard, well, unheard, unheard}, balancer.Unresponsive},
		{"errors and silence are counted apart", []end{failed, failed, failed, unheard, unheard, unheard}, balancer.Up},
		{"errors are worse", []end{unheard, unheard, unheard, unheard, failed, failed, failed, failed}, balancer.Unhealthy},
		{"six that went well do not push the four out", []end{failed, failed, failed, failed, well, well, well, well, well, well}, balancer.Unhealthy},
		{"seven do", []end{failed, failed, failed, failed, well, well, well, well, well, well, well}, balancer.Up},
	} {
		var e ends
		for _, x := range c.ends {
			e.add(x)
		}
		if got := e.state(); got != c.want || len(e) > remembered {
			t.Errorf("%s: got %s after %d, want %s", c.name, got, len(e), c.want)
		}
	}
}

// sick is an invoker that answers every activation in one way, or closes the connection, and is asked how it is.
type sick struct {
	*httptest.Server
	deaf          atomic.Bool // closes connections
	status        atomic.Int64
	tests, visits atomic.Int64
}

func newSick(t *testing.T) *sick {
	s := &sick{}
	handler := NewHandler(s, token)
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == pingPath {
			s.tests.Add(1)
		}
		if s.deaf.Load() {
			panic(http.ErrAbortHandler)
		}
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *sick) Invoke(context.Context, pool.Request) pool.Outcome {
	s.visits.Add(1)
	return pool.Outcome{Status: pool.Status(s.status.Load()), Result: json.RawMessage(`{}`)}
}

func (s *sick) Prepare(context.Context, string) error { return nil }

// supervised is a controller's view of the invoker, which says that it is there until the test ends.
func supervised(t *testing.T, s *sick, kinds ...kind) (*balancer.Balancer, Hello) {
	b := balancer.New()
	r := NewRegistry(t.Context(), b, token, slog.New(slog.DiscardHandler))
	r.retest = 10 * time.Millisecond
	h := Hello{Node: "pi", Life: "1", URL: s.URL, Memory: 512, Kinds: kinds}
	r.welcome(h)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			case <-time.After(100 * time.Millisecond):
				r.welcome(h)
			}
		}
	}()
	t.Cleanup(func() { close(stop); <-stopped; r.Close() })
	return b, h
}

// becomes waits until an invoker is in a state.
func becomes(t *testing.T, b *balancer.Balancer, want balancer.State) {
	t.Helper()
	for range 12_000 {
		if b.Health()[0].State == want {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("it is %s, and never %s", b.Health()[0].State, want)
}

func send(t *testing.T, b *balancer.Balancer) pool.Outcome {
	t.Helper()
	seat, err := b.Assign(balancer.Demand{Action: "guest/hello", Memory: 256, Kind: "nodejs:20"})
	if err != nil {
		t.Fatal(err)
	}
	return seat.Invoke(t.Context(), request("k", "one"))
}

// An invoker that says that it is there and drops what it is sent gets no more of it, and is tested until it answers again.
func TestAnInvokerThatStopsAnsweringIsUnresponsive(t *testing.T) {
	s := newSick(t)
	b, _ := supervised(t, s, kind{Name: "nodejs:20", Family: "nodejs", Missing: "install it"}, kind{Name: "native:1", Family: "native"})
	demand := balancer.Demand{Action: "guest/hello", Memory: 256, Kind: "native:1"}
	s.deaf.Store(true)
	for i := range tolerated + 1 {
		if got := b.Health()[0].State; got != balancer.Up {
			t.Fatalf("after %d that it dropped it is %s", i, got)
		}
		seat, err := b.Assign(demand)
		if err != nil {
			t.Fatal(err)
		}
		if o := seat.Invoke(t.Context(), request("k", "one")); !o.Lost {
			t.Errorf("got %+v", o)
		}
	}
	if got := b.Health()[0].State; got != balancer.Unresponsive {
		t.Fatalf("after four that it dropped it is %s", got)
	}
	if _, err := b.Assign(demand); err != balancer.ErrNoInvoker {
		t.Errorf("an unresponsive invoker is used: %v", err)
	}
	for s.tests.Load() < 3 { // it is tested again and again
		time.Sleep(time.Millisecond)
	}
	if got := b.Health()[0].State; got != balancer.Unresponsive {
		t.Errorf("after tests that it dropped it is %s", got)
	}
	s.deaf.Store(false)
	becomes(t, b, balancer.Up)
}

// One whose platform fails is unhealthy, and its test is an action that runs there.
func TestAnInvokerWhosePlatformFailsIsUnhealthy(t *testing.T) {
	s := newSick(t)
	b, _ := supervised(t, s, kind{Name: "nodejs:20", Family: "nodejs", Default: true})
	for _, own := range []pool.Status{pool.ApplicationError, pool.DeveloperError} {
		s.status.Store(int64(own))
		for range 2 * remembered {
			send(t, b)
		}
		if got := b.Health()[0].State; got != balancer.Up {
			t.Fatalf("errors of actions make it %s", got)
		}
	}
	s.status.Store(int64(pool.WhiskError))
	for range tolerated + 1 {
		send(t, b)
	}
	if got := b.Health()[0].State; got != balancer.Unhealthy {
		t.Fatalf("after four errors of the platform it is %s", got)
	}
	s.status.Store(int64(pool.Success))
	before := s.visits.Load()
	becomes(t, b, balancer.Up)
	if s.visits.Load() == before || s.tests.Load() > 0 {
		t.Errorf("it was tested by %d actions and %d pings, want actions", s.visits.Load()-before, s.tests.Load())
	}
}

// What happened in another life does not count in the next, and an invoker that is down is not tested.
func TestAnotherLifeBeginsWell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := balancer.New()
		r := NewRegistry(t.Context(), b, "t", slog.New(slog.DiscardHandler))
		defer r.Close()
		h := Hello{Node: "pi", Life: "1", URL: "http://127.0.0.1:1", Memory: 512}
		r.welcome(h)
		former := watched{r, r.guests[0], r.guests[0].client}
		h.Leaving = true
		r.welcome(h)
		for range remembered {
			r.note(former, failed)
		}
		if got := b.Health()[0].State; got != balancer.Down || len(r.ailing()) > 0 {
			t.Errorf("one that has left is %s", got)
		}
		h.Life, h.Leaving = "2", false
		r.welcome(h)
		for range remembered {
			r.note(former, failed)
		}
		if got := b.Health()[0].State; got != balancer.Up {
			t.Errorf("in its next life it is %s", got)
		}
	})
}
