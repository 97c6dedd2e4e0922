package load

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// crew is the users of an open load. Each is a goroutine that is used again and again: its connection, its buffers and its
// stack are warm, and a call costs no new one.
type crew struct {
	shooter OpenShooter
	shots   context.Context // of the calls, for the length of Run
	lag     *Lag
	group   *errgroup.Group
	limit   int
	made    int // by the sending goroutine alone
	issued  atomic.Int64

	mu   sync.Mutex
	idle []*member // the last one to come is the first to go
	gone bool
}

type member struct {
	user int
	next chan order // capacity 1: whoever hands over does not wait
}

// order is a call with the moment it is due.
type order struct {
	call Call
	due  time.Time
}

// begin makes the first users and returns when they are prepared; false when one was not.
func (c *crew) begin(ctx context.Context, spare int) bool {
	spare = min(spare, c.limit)
	ready := make(chan struct{}, spare)
	for range spare {
		c.add(ctx, nil, ready)
	}
	for range spare {
		select {
		case <-ready:
		case <-ctx.Done():
			return false
		}
	}
	return true
}

// hand gives a call to a user; false when all there may be are busy.
func (c *crew) hand(ctx context.Context, call Call, due time.Time) bool {
	job := order{call, due}
	c.mu.Lock()
	last := len(c.idle) - 1
	if last < 0 {
		c.mu.Unlock()
		if c.made == c.limit {
			return false
		}
		c.add(ctx, &job, nil)
		return true
	}
	m := c.idle[last]
	c.idle = c.idle[:last]
	c.mu.Unlock()
	m.next <- job
	return true
}

// add makes a user, with its first call if there is one.
func (c *crew) add(ctx context.Context, first *order, ready chan<- struct{}) {
	m := &member{user: c.made, next: make(chan order, 1)}
	c.made++
	if first != nil {
		m.next <- *first
	}
	c.group.Go(func() error { return c.work(ctx, m, first != nil, ready) })
}

// work prepares the user's next call, waits until it is due and makes it, again and again. A user that was made for a call
// has it already and is not idle.
func (c *crew) work(ctx context.Context, m *member, called bool, ready chan<- struct{}) error {
	for ctx.Err() == nil && (called || !c.over()) {
		if err := c.shooter.Prepare(ctx, m.user); err != nil {
			return err
		}
		if !called && !c.rest(m) {
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
		c.shoot(m, job)
	}
	return nil
}

func (c *crew) over() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.gone
}

func (c *crew) shoot(m *member, job order) {
	job.call.User = m.user
	c.issued.Add(1)
	c.lag.Record(time.Since(job.due))
	c.shooter.Shoot(c.shots, job.call)
}

// rest makes the user idle; false when the load is over.
func (c *crew) rest(m *member) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.gone {
		c.idle = append(c.idle, m)
	}
	return !c.gone
}

// dismiss sends home who is idle, and the others when their call is over. No call is handed over after it.
func (c *crew) dismiss() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.gone = true
	for _, m := range c.idle {
		close(m.next)
	}
	c.idle = nil
}
