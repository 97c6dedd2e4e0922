package pool

import (
	"slices"
	"time"
)

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
