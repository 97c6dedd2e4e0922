package remote

import (
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"wsk-scenario/engine/standalone/balancer"
	"wsk-scenario/engine/standalone/runtime"
)

// TestAnInvokerThatIsSilentIsDown plays, in virtual time, an invoker that stops to say that it is there.
func TestAnInvokerThatIsSilentIsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := balancer.New()
		r := NewRegistry(t.Context(), b, "t", slog.New(slog.DiscardHandler))
		defer r.Close()
		state := func() balancer.State { return b.Health()[0].State }
		h := Hello{Node: "pi", Life: "1", URL: "http://127.0.0.1:1", Memory: 512}
		if !r.welcome(h) {
			t.Error("it has not come")
		}
		for range 30 { // it beats, for longer than the silence
			time.Sleep(beatEvery)
			if r.welcome(h) || state() != balancer.Up {
				t.Fatal("an invoker that beats is down, or comes twice")
			}
		}
		time.Sleep(silence)
		synctest.Wait()
		if state() != balancer.Up {
			t.Error("it is down before the time-out")
		}
		time.Sleep(2 * beatEvery)
		synctest.Wait()
		if state() != balancer.Down {
			t.Error("it is up after the time-out")
		}
		if r.welcome(h); state() != balancer.Up {
			t.Error("it beats again, and is down")
		}
		h.Leaving = true
		if r.welcome(h); state() != balancer.Down {
			t.Error("it has left, and is up")
		}
		h.Leaving, h.Life = false, "2"
		if !r.welcome(h) || state() != balancer.Up || len(b.Health()) != 1 {
			t.Errorf("in its second life: %v", b.Health())
		}
	})
}

func TestKindsAreThoseOfAllInvokers(t *testing.T) {
	r := NewRegistry(t.Context(), balancer.New(), "t", slog.New(slog.DiscardHandler))
	defer r.Close()
	r.welcome(Hello{Node: "pi", Life: "1", Memory: 1, Kinds: []runtime.Kind{
		{Name: "nodejs:18", Family: "nodejs", Default: true}, {Name: "java:default", Family: "java", Missing: "install a JDK"},
		{Name: "php:default", Family: "php", Missing: "install php"},
	}})
	r.welcome(Hello{Node: "vm", Life: "1", Memory: 1, Kinds: []runtime.Kind{
		{Name: "nodejs:20", Family: "nodejs", Default: true}, {Name: "java:21", Family: "java", Default: true},
		{Name: "php:default", Family: "php", Missing: "install php"},
	}})
	want := []runtime.Kind{
		{Name: "nodejs:18", Family: "nodejs", Default: true}, {Name: "nodejs:20", Family: "nodejs"},
		{Name: "java:21", Family: "java", Default: true}, {Name: "php:default", Family: "php", Missing: "install php"},
	}
	got := r.Kinds()
	if len(got) != len(want) {
		t.Fatalf("got %+v, want %+v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got %+v, want %+v", got[i], want[i])
		}
	}
	for kind, n := range map[string]int{"java:21": 1, "nodejs:18": 1, "php:default": 0} {
		if got := len(r.having(kind)); got != n {
			t.Errorf("%d invokers have %s, want %d", got, kind, n)
		}
	}
}
