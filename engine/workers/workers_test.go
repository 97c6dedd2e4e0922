package workers

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"wsk-scenario/engine/measure"
)

// listening is a coordinator and where it is found.
type listening struct {
	*Coordinator
	post Post
}

func listen(t *testing.T, n int, take func([]measure.Sample)) listening {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return serving(t, listener, Post{URL: "http://" + listener.Addr().String(), Token: "known", Patience: time.Minute}, n, take)
}

func serving(t *testing.T, listener net.Listener, post Post, n int, take func([]measure.Sample)) listening {
	t.Helper()
	c := Serve(listener, post.Token, n, []byte(`"task"`), time.Now(), take)
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return listening{c, post}
}

func join(t *testing.T, c listening, index int) *Worker {
	t.Helper()
	w, err := Join(t.Context(), c.post, index)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return w
}

func TestWorkersBeginTogetherAndAllTheirSamplesArrive(t *testing.T) {
	var mu sync.Mutex
	arrived := map[int]measure.Sample{}
	c := listen(t, 3, func(samples []measure.Sample) {
		mu.Lock()
		defer mu.Unlock()
		for _, s := range samples {
			arrived[s.Seq] = s
		}
	})
	const each = 50_000 // more than go in one request, and than a block holds
	starts := make([]time.Time, 3)
	var all sync.WaitGroup
	for i := range starts {
		w := join(t, c, i)
		if string(w.Task) != `"task"` {
			t.Errorf("the task is %s", w.Task)
		}
		all.Go(func() {
			before := 0
			if i == 1 {
				before = 7
			}
			start, made, ok := w.Barrier(t.Context(), before)
			if starts[i] = start.Add(-w.Anchor.Sub(c.anchor)); !ok || made != 7 || time.Now().Before(start) {
				t.Errorf("worker %d goes on at %v with %d calls before (%v)", i, start, made, ok)
			}
			samples := make([]measure.Sample, each)
			for k := range samples {
				samples[k] = measure.Sample{Seq: 3*k + i, User: i, Outcome: measure.OK, Activation: "a", Error: "e", Due: time.Duration(k)}
			}
			if err := errors.Join(w.Send(t.Context(), nil), w.Send(t.Context(), samples), w.Report(t.Context(), Report{Issued: each})); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for i := range starts {
		<-c.Over(i)
		if report, lost := c.Outcome(i); lost != nil || report.Issued != each || report.Within <= 0 {
			t.Errorf("worker %d: %+v, %v", i, report, lost)
		}
		if !starts[i].Equal(starts[0]) {
			t.Errorf("worker %d began %v after the first", i, starts[i].Sub(starts[0]))
		}
	}
	if len(arrived) != 3*each || arrived[4].User != 1 || arrived[4].Due != 1 || arrived[4].Activation != "a" {
		t.Errorf("%d samples arrived, such as %+v", len(arrived), arrived[4])
	}
}

func TestNobodyWaitsForAWorkerThatIsLost(t *testing.T) {
	c := listen(t, 2, func([]measure.Sample) {})
	w, late := join(t, c, 0), join(t, c, 1)
	if err := late.Send(t.Context(), make([]measure.Sample, 5)); err != nil {
		t.Fatal(err)
	}
	c.Lose(1, errors.New("it is gone"))
	if _, _, ok := w.Barrier(t.Context(), 0); !ok {
		t.Error("the other one does not begin")
	}
	<-c.Over(1)
	if report, lost := c.Outcome(1); lost == nil || lost.Error() != "it is gone" || report.Issued != 5 {
		t.Errorf("it ended with %+v, %v", report, lost)
	}
	if late.Send(t.Context(), make([]measure.Sample, 1)) == nil || late.Report(t.Context(), Report{Issued: 6}) == nil {
		t.Error("what it says after that counts")
	}
	if _, _, ok := late.Barrier(t.Context(), 0); ok {
		t.Error("it begins after that")
	}
}

func TestTheEndOfTheLoadReachesEveryWorker(t *testing.T) {
	for _, row := range []struct {
		name string
		end  func(*Coordinator) error
		gone bool
	}{
		{"when it is stopped", func(c *Coordinator) error { c.Stop(); return nil }, false},
		{"when the coordinator is gone", func(c *Coordinator) error { return c.server.Close() }, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := listen(t, 2, func([]measure.Sample) {})
			if row.gone {
				c.post.Patience = hold + time.Second
			}
			w := join(t, c, 0)
			loading, end := w.Until(t.Context())
			defer end()
			waited := make(chan bool)
			go func() {
				_, _, ok := w.Barrier(t.Context(), 0) // the second worker never comes
				waited <- ok
			}()
			if err := row.end(c.Coordinator); err != nil {
				t.Fatal(err)
			}
			if <-loading.Done(); <-waited {
				t.Error("the load begins")
			}
			if w.Gone() != row.gone {
				t.Errorf("the coordinator is gone: %v", w.Gone())
			}
		})
	}
}

func TestOnlyWhoIsAskedForIsServed(t *testing.T) {
	c := listen(t, 1, func([]measure.Sample) {})
	join(t, c, 0)
	for _, row := range []struct {
		name, token string
		index       int
		want        string
	}{
		{"a wrong token", "guess", 0, "the token is not that of this load"},
		{"a worker too many", c.post.Token, 1, "there is no such worker"},
		{"a worker that is there", c.post.Token, 0, "this worker has its task already"},
	} {
		w, err := Join(context.Background(), Post{URL: c.post.URL, Token: row.token}, row.index)
		if err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v", row.name, err)
		}
		if err == nil {
			w.Close()
		}
	}
}
