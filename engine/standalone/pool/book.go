package pool

import (
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
