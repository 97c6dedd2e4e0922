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
	open     []*container // at work, with room for more
	stems    []*container // started, without an action
	colds    map[sort]int // cold starts since they were last asked for
	// First come, first served: nobody overtakes who waits for memory, so a large action is not starved by small ones. Who
	// waits for one of its action's instances keeps nobody up.
	waiting []*waiter
}

// grant is a container for one activation.
type grant struct {
	container *container
	start     Start
	joined    bool         // somebody else loads it, or has done so
	paused    bool         // to be woken
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
		if g, lack := b.place(a); lack == nothing {
			return g, nil
		}
	}
	w := &waiter{action: a, got: make(chan grant, 1)}
	b.waiting = append(b.waiting, w)
	b.serve()
	select {
	case g := <-w.got:
		return g, nil
	default:
		return grant{}, w
	}
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

func (b *book) queued() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.waiting)
}

// lack is why there is no container for an activation.
type lack int

const (
	nothing    lack = iota
	noMemory        // all of it works
	noInstance      // the action has as many containers as it may
)

// place finds a container: one at work that has room for one more, else the warm one used last, else a stem cell of the
// kind and size, else a new one, else a new one instead of the longest idle.
func (b *book) place(a *Action) (grant, lack) {
	if c := b.join(a.Key); c != nil {
		return grant{container: c, start: Warm, joined: true}, nothing
	}
	for i := len(b.idle) - 1; i >= 0; i-- {
		if c := b.idle[i]; c.key == a.Key && c.alive() {
			b.idle = slices.Delete(b.idle, i, i+1)
			g := grant{container: c, start: Warm, paused: c.state == Paused}
			c.state = Busy
			b.take(c)
			return g, nothing
		}
	}
	if a.Instances > 0 && b.count(a.Key) >= a.Instances {
		return grant{}, noInstance
	}
	for i, c := range b.stems {
		if c.kind == a.Kind && c.memory == a.Memory && c.alive() {
			b.stems = slices.Delete(b.stems, i, i+1)
			c.state, c.key = Starting, a.Key
			b.load(c, a)
			return grant{container: c, start: Prewarmed}, nothing
		}
	}
	if !b.canFit(a.Memory) {
		return grant{}, noMemory
	}
	g := grant{start: Cold}
	for b.used+a.Memory > b.capacity {
		g.evicted = append(g.evicted, b.evict())
	}
	g.container = b.create(a.Key, a.Kind, a.Memory)
	b.load(g.container, a)
	b.countCold(a)
	return g, nothing
}

// count is how many containers there are of a key, those that start and that end among them.
func (b *book) count(key string) (n int64) {
	for c := range b.all {
		if c.key == key {
			n++
		}
	}
	return n
}

// create enters a new container.
func (b *book) create(key, kind string, memory int64) *container {
	b.serial++
	c := &container{id: newID(), serial: b.serial, key: key, kind: kind, memory: memory, state: Starting}
	b.enter(c)
	return c
}

// evict takes the longest idle container out, or a stem cell when none is idle.
func (b *book) evict() *container {
	from := &b.idle
	if len(b.idle) == 0 {
		from = &b.stems
	}
	oldest := (*from)[0]
	*from = slices.Delete(*from, 0, 1)
	b.forget(oldest)
	return oldest
}

// canFit reports whether memory can be had when all containers go that do nothing.
func (b *book) canFit(memory int64) bool {
	free := b.capacity - b.used
	for _, c := range slices.Concat(b.idle, b.stems) {
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
	var full map[string]bool // the keys that have all their instances
	for i := 0; i < len(b.waiting); {
		w := b.waiting[i]
		if full[w.action.Key] {
			i++
			continue
		}
		switch g, lack := b.place(w.action); lack {
		case nothing:
			w.got <- g
			if i == 0 {
				b.waiting = b.waiting[1:]
			} else {
				b.waiting = slices.Delete(b.waiting, i, i+1)
			}
		case noInstance:
			if full == nil {
				full = map[string]bool{}
			}
			full[w.action.Key] = true
			i++
		default:
			return
		}
	}
}

// started notes the process of a container.
func (b *book) started(c *container, p Container) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c.process, c.state = p, Busy
}

// keep returns a container that can be used again, and reports whether it can: another activation in it may have failed.
func (b *book) keep(c *container, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if c.ending {
		return false
	}
	b.vacate(c)
	if c.active == 0 {
		c.state, c.idleSince = Idle, now
		b.idle = append(b.idle, c)
	}
	b.serve()
	return true
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
	b.stems = slices.DeleteFunc(b.stems, func(c *container) bool {
		if !c.alive() {
			gone = append(gone, c)
			return true
		}
		return false
	})
	if len(b.idle) == 0 {
		return gone, timeout // whatever becomes idle from now on lives at least that long
	}
	return gone, b.idle[0].idleSince.Add(timeout).Sub(now)
}

// pausable takes out an idle container that was unused for the grace, to be paused, or returns how long until there can
// be one.
func (b *book) pausable(now time.Time, grace time.Duration) (*container, time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, c := range b.idle {
		if _, can := c.process.(Pauser); !can || c.state == Paused {
			continue
		}
		if left := c.idleSince.Add(grace).Sub(now); left > 0 {
			return nil, left
		}
		b.idle = slices.Delete(b.idle, i, i+1)
		return c, 0
	}
	return nil, max(grace, time.Millisecond) // whatever becomes idle from now on is left alone that long
}

// paused gives back a container that is paused, in its place among those that are idle.
func (b *book) paused(c *container) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c.state = Paused
	at, _ := slices.BinarySearchFunc(b.idle, c, func(x, y *container) int { return x.idleSince.Compare(y.idleSince) })
	b.idle = slices.Insert(b.idle, at, c)
	b.serve()
}
