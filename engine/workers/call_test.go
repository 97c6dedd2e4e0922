package workers

import (
	"context"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wsk-scenario/engine/measure"
)

// called is a worker's end that is called by the coordinator. Its connections can be broken.
type called struct {
	*Called
	mu    sync.Mutex
	conns []net.Conn
}

func beCalled(t *testing.T) *called {
	t.Helper()
	c, err := BeCalled("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return &called{Called: c}
}

// call is how the coordinator reaches it.
func (c *called) call(ctx context.Context) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", c.listener.Addr().String())
	if err == nil {
		c.mu.Lock()
		c.conns = append(c.conns, conn)
		c.mu.Unlock()
	}
	return conn, err
}

// cut breaks all connections that there are.
func (c *called) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range c.conns {
		_ = conn.Close()
	}
	c.conns = nil
}

// Workers that cannot reach the coordinator are called by it, and a connection that breaks loses nothing.
func TestWorkersThatAreCalledBringAllTheirSamplesOverConnectionsThatBreak(t *testing.T) {
	var mu sync.Mutex
	var seqs []int
	ends := []*called{beCalled(t), beCalled(t)}
	c := serving(t, Call(ends[0].call, ends[1].call), Post{URL: "http://coordinator", Token: "known"}, 2, func(samples []measure.Sample) {
		mu.Lock()
		defer mu.Unlock()
		for _, s := range samples {
			seqs = append(seqs, s.Seq)
		}
	})
	const lots, each = 20, 50
	var all sync.WaitGroup
	var broken atomic.Int32
	for i, end := range ends {
		at := c.post
		at.Dial, at.Patience = end.Dial, time.Minute
		w, err := Join(t.Context(), at, i)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(w.Close)
		all.Go(func() {
			loading, listen := w.Until(t.Context())
			defer listen()
			if _, _, ok := w.Barrier(t.Context(), 0); !ok {
				t.Error("the load does not begin")
			}
			for lot := range lots {
				if lot%5 == 2 {
					end.cut()
					broken.Add(1)
				}
				samples := make([]measure.Sample, each)
				for k := range samples {
					samples[k].Seq = 2*(lot*each+k) + i
				}
				if err := w.Send(t.Context(), samples); err != nil {
					t.Error(err)
				}
			}
			if loading.Err() != nil {
				t.Error("a connection that broke has ended the load")
			}
			if err := w.Report(t.Context(), Report{Issued: lots * each}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	slices.Sort(seqs)
	for i, seq := range seqs {
		if i != seq {
			t.Fatalf("sample %d has the number %d", i, seq)
		}
	}
	if len(seqs) != 2*lots*each || broken.Load() != 8 {
		t.Errorf("%d samples arrived over connections that were broken %d times", len(seqs), broken.Load())
	}
}

func TestWhoIsNotCalledGivesUpWithItsContext(t *testing.T) {
	end := beCalled(t)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := Join(ctx, Post{URL: "http://coordinator", Dial: end.Dial}, 0); err == nil {
		t.Error("it has joined nobody")
	}
}
