// Package workers lets several processes send one load. A coordinator hands out what is to be done, opens one barrier for all,
// and takes in every sample that they measured; each worker is told which part is its own. They speak HTTP, so that a worker may
// be a process of this machine or stand elsewhere; one that cannot reach the coordinator is called by it (Call, Called). What a
// call of the load is, the package does not know.
package workers

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"

	"wsk-scenario/engine/measure"
)

// lead is from the last worker being ready to the load's begin, beside the ways there and back: every other one has to hear of it.
const lead = 50 * time.Millisecond

// Report is what a worker tells at its end, when all its samples were taken.
type Report struct {
	Issued  int    `json:"issued"`            // calls sent, warm-up included
	Dropped []int  `json:"dropped,omitempty"` // calls that were due and not sent, by step of the load
	Users   int    `json:"users,omitempty"`   // how many an open load needed
	Timing  string `json:"timing,omitempty"`  // what an open load waited with
	Health  string `json:"health,omitempty"`  // what the worker itself used, for people
	// Within bounds how far its clock and the coordinator's lie apart.
	Within time.Duration `json:"within_ns"`
	Notes  []string      `json:"notes,omitempty"`
	Error  string        `json:"error,omitempty"` // why its load broke off
}

// Coordinator is the side that hands out. Its methods may be called by many goroutines.
type Coordinator struct {
	task   []byte
	anchor time.Time
	take   func([]measure.Sample)
	token  string
	server *http.Server
	served chan struct{} // closed when the server has ended

	mu      sync.Mutex
	members []*member
	missing int           // workers that are not at the barrier yet
	before  int           // calls that were made ahead of the load
	far     time.Duration // the longest way to a worker that is at the barrier
	start   time.Duration // when the load begins, since the anchor
	open    chan struct{} // closed when start is known
	stop    chan struct{} // closed when the load shall end
	stopped bool
}

// member is one worker as the coordinator knows it.
type member struct {
	taking sync.Mutex // held while samples are taken: what is lost brings none after that

	joined, ready bool
	seen          time.Time // when it was heard of last
	taken         int       // calls whose samples came
	batch         int       // the last lot of samples that came
	report        Report
	lost          error // why nothing more is expected of it
	over          chan struct{}
	ended         bool // over is closed
}

// Serve begins to serve n workers that come to listener and know the token; each of them gets the task. Moments count from
// anchor. take is called with the samples as they come, by one goroutine for each worker at a time. Close must be called; it
// closes the listener, too.
func Serve(listener net.Listener, token string, n int, task []byte, anchor time.Time, take func([]measure.Sample)) *Coordinator {
	c := &Coordinator{
		task: task, anchor: anchor, take: take, token: token, missing: n,
		served: make(chan struct{}), open: make(chan struct{}), stop: make(chan struct{}),
	}
	for range n {
		c.members = append(c.members, &member{seen: time.Now(), over: make(chan struct{})})
	}
	c.server = &http.Server{Handler: c.handler()} // a connection may be there long before it is asked over
	go func() {
		defer close(c.served)
		_ = c.server.Serve(listener) // it ends when it is closed
	}()
	return c
}

// Stop ends the load: workers send no more calls, bring in what is under way, and report.
func (c *Coordinator) Stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.stopped {
		c.stopped = true
		close(c.stop)
	}
}

// Over is closed when a worker has reported or was lost.
func (c *Coordinator) Over(worker int) <-chan struct{} { return c.members[worker].over }

// Seen is when a worker was heard of last, and whether it has come for its task; before that, since when it is waited for.
func (c *Coordinator) Seen(worker int) (last time.Time, came bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.members[worker].seen, c.members[worker].joined
}

// Lose gives a worker up that has not reported. The others do not wait for it, and nothing that it still says counts.
func (c *Coordinator) Lose(worker int, why error) {
	m := c.members[worker]
	m.taking.Lock()
	defer m.taking.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	if !m.ended {
		m.lost = why
		c.end(m)
	}
}

// Outcome is what a worker reported; the error says that it was lost, and then Issued is how many samples it brought.
func (c *Coordinator) Outcome(worker int) (Report, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m := c.members[worker]
	if m.lost != nil {
		return Report{Issued: m.taken}, m.lost
	}
	return m.report, nil
}

// Close ends the server.
func (c *Coordinator) Close() error {
	c.Stop()
	err := c.server.Close()
	<-c.served
	return err
}

// end expects nothing more of a worker. It is called with the lock held.
func (c *Coordinator) end(m *member) {
	m.ended = true
	close(m.over)
	c.arrive(m)
}

// arrive counts a worker as come to the barrier, once. It is called with the lock held.
func (c *Coordinator) arrive(m *member) {
	if m.ready {
		return
	}
	m.ready = true
	if c.missing--; c.missing == 0 {
		c.start = time.Since(c.anchor) + lead + 4*c.far
		close(c.open)
	}
}

var errOver = errors.New("nothing is expected of this worker any more")

// hold is how long a worker that waits gets no answer: then it is told to ask again, and so knows that somebody is there.
const hold = 3 * time.Second

// errNotYet says that what a worker waits for has not come.
var errNotYet = errors.New("not yet")

// barrier waits until every worker has come.
func (c *Coordinator) barrier(ctx context.Context, m *member, at atBarrier) error {
	c.mu.Lock()
	if m.ended {
		c.mu.Unlock()
		return errOver
	}
	c.before, c.far = max(c.before, at.Before), max(c.far, at.Way)
	c.arrive(m)
	c.mu.Unlock()
	select {
	case <-c.open:
		return nil
	case <-c.stop:
		return errOver
	case <-time.After(hold):
		return errNotYet
	case <-ctx.Done():
		return ctx.Err()
	}
}

// bring takes samples of a worker. A lot that came already, and was sent again because the answer was lost, counts once.
func (c *Coordinator) bring(m *member, batch int, samples []measure.Sample) error {
	m.taking.Lock()
	defer m.taking.Unlock()
	c.mu.Lock()
	over, again := m.ended, batch <= m.batch
	m.seen = time.Now()
	if !over && !again {
		m.batch = batch
		m.taken += len(samples)
	}
	c.mu.Unlock()
	switch {
	case again:
		return nil
	case over:
		return errOver
	}
	c.take(samples)
	return nil
}
