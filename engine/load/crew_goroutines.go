package load

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// goroutines is a crew whose users are goroutines.
type goroutines struct {
	users
	group  *errgroup.Group
	ctx    context.Context // of the load, for the length of Run
	made   int             // by the sending goroutine alone
	issued atomic.Int64

	mu   sync.Mutex
	idle []*member // the last one to come is the first to go
	gone bool
}

type member struct {
	user int
	next chan order // capacity 1: whoever hands over does not wait
}

func (g *goroutines) warm(calls func() error) error { return calls() }

// begin makes the first users and returns when they are prepared; false when one was not.
func (g *goroutines) begin(spare int) bool {
	ready := make(chan struct{}, spare)
	for range spare {
		g.add(nil, ready)
	}
	for range spare {
		select {
		case <-ready:
		case <-g.ctx.Done():
			return false
		}
	}
	return true
}

// hand gives a call to a user; false when all there may be are busy.
func (g *goroutines) hand(call Call, due time.Time) bool {
	job := order{call, due}
	g.mu.Lock()
	last := len(g.idle) - 1
	if last < 0 {
		g.mu.Unlock()
		if g.made == g.limit {
			return false
		}
		g.add(&job, nil)
		return true
	}
	m := g.idle[last]
	g.idle = g.idle[:last]
	g.mu.Unlock()
	m.next <- job
	return true
}

// add makes a user, with its first call if there is one.
func (g *goroutines) add(first *order, ready chan<- struct{}) {
	m := &member{user: g.share.nth(g.made), next: make(chan order, 1)}
	g.made++
	if first != nil {
		m.next <- *first
	}
	g.group.Go(func() error { return g.work(m, first != nil, ready) })
}

// work prepares the user's next call, waits until it is due and makes it, again and again. A user that was made for a call
// has it already and is not idle.
func (g *goroutines) work(m *member, called bool, ready chan<- struct{}) error {
	for g.ctx.Err() == nil && (called || !g.over()) {
		if err := g.shooter.Prepare(g.ctx, m.user); err != nil {
			return err
		}
		if !called && !g.wait(m) {
			return nil
		}
		if ready != nil {
			ready <- struct{}{}
			ready = nil
		}
		job, ok := <-m.next
		if !ok {
			return nil
		}
		called = false
		g.issued.Add(1)
		g.shoot(m.user, job)
	}
	return nil
}

func (g *goroutines) over() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.gone
}

// wait makes the user idle; false when the load is over.
func (g *goroutines) wait(m *member) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.gone {
		g.idle = append(g.idle, m)
	}
	return !g.gone
}

func (g *goroutines) rest() (issued, made int, err error) {
	g.dismiss()
	err = g.group.Wait()
	return int(g.issued.Load()), g.made, err
}

// dismiss sends home who is idle, and the others when their call is over. No call is handed over after it.
func (g *goroutines) dismiss() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.gone = true
	for _, m := range g.idle {
		close(m.next)
	}
	g.idle = nil
}
