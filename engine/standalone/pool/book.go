package pool

import (
	"context"
	"slices"
	"sync"
	"time"
)

// book says which container has which part of the memory and who waits for some. It starts and ends no process: whoever
// takes a grant does.
type book struct {
	mu       sync.Mutex
	capacity int64 // MB
	used     int64
	serial   int
	all      map[*container]struct{}
	idle     []*container // the longest idle first
	waiting  []*waiter    // first come, first served: nobody overtakes, so a large action is not starved by small ones
}

// grant is a container for one activation.
type grant struct {
	container *container
	warm      bool
	evicted   []*container // to be destroyed before the container is started: their memory is its memory
}

type waiter struct {
	action *Action
	got    chan grant // holds one
}

// acquire returns a container for the action and waits for one until ctx ends.
func (b *book) acquire(ctx context.Context, a *Action) (grant, error) {
	g, w := b.request(a)
	if w == nil {
		return g, nil
	}
	select {
	case g := <-w.got:
		return g, nil
	case <-ctx.Done():
		if b.withdraw(w) {
			return grant{}, context.Cause(ctx)
		}
		return <-w.got, nil // it came at the same moment; its holder will find that ctx has ended
	}
}

func (b *book) request(a *Action) (grant, *waiter) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.waiting) == 0 {
		if g, ok := b.place(a); ok {
			return g, nil
		}
	}
	w := &waiter{action: a, got: make(chan grant, 1)}
	b.waiting = append(b.waiting, w)
	return grant{}, w
}

// withdraw takes a waiter out of the queue and reports whether it still stood there.
func (b *book) withdraw(w *waiter) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	i := slices.Index(b.waiting, w)
	if i < 0 {
		return false
	}
	b.waiting = slices.Delete(b.waiting, i, i+1)
	b.serve() // it may have been the head that did not fit
	return true
}

// place finds a container: the warm one used last, else a new one, else a new one instead of the longest idle.
func (b *book) place(a *Action) (grant, bool) {
	for i := len(b.idle) - 1; i >= 0; i-- {
		if c := b.idle[i]; c.key == a.Key && c.alive() {
			b.idle = slices.Delete(b.idle, i, i+1)
			c.state = Busy
			return grant{container: c, warm: true}, true
		}
	}
	if !b.canFit(a.Memory) {
		return grant{}, false
	}
	var g grant
	for b.used+a.Memory > b.capacity {
		oldest := b.idle[0]
		b.idle = slices.Delete(b.idle, 0, 1)
		b.forget(oldest)
		g.evicted = append(g.evicted, oldest)
	}
	b.serial++
	g.container = &container{id: newID(), serial: b.serial, key: a.Key, kind: a.Kind, memory: a.Memory, state: Starting}
	b.enter(g.container)
	return g, true
}

// canFit reports whether memory can be had when all idle containers go.
func (b *book) canFit(memory int64) bool {
	free := b.capacity - b.used
	for _, c := range b.idle {
		free += c.memory
	}
	return free >= memory
}

func (b *book) enter(c *container) {
	if b.all == nil {
		b.all = map[*container]struct{}{}
	}
	b.all[c] = struct{}{}
	b.used += c.memory
}

func (b *book) forget(c *container) {
	delete(b.all, c)
	b.used -= c.memory
}

// serve gives containers to those who wait, in their order.
func (b *book) serve() {
	for len(b.waiting) > 0 {
		g, ok := b.place(b.waiting[0].action)
		if !ok {
			return
		}
		b.waiting[0].got <- g
		b.waiting = b.waiting[1:]
	}
}

// started notes the process of a container.
func (b *book) started(c *container, p Container) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c.process, c.state = p, Busy
}

// keep returns a container that can be used again.
func (b *book) keep(c *container, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c.state, c.idleSince = Idle, now
	b.idle = append(b.idle, c)
	b.serve()
}

// drop returns the memory of a container that has been destroyed.
func (b *book) drop(c *container) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.forget(c)
	b.serve()
}

// expired takes out the idle containers that were unused for too long or have died, to be destroyed and dropped, and
// returns how long until the next one can expire.
func (b *book) expired(now time.Time, timeout time.Duration) (gone []*container, next time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.idle = slices.DeleteFunc(b.idle, func(c *container) bool {
		out := now.Sub(c.idleSince) >= timeout || !c.alive()
		if out {
			gone = append(gone, c)
		}
		return out
	})
	if len(b.idle) == 0 {
		return gone, timeout // whatever becomes idle from now on lives at least that long
	}
	return gone, b.idle[0].idleSince.Add(timeout).Sub(now)
}
