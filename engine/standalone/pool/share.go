package pool

import (
	"context"
	"encoding/json"
	"slices"

	"wsk-scenario/engine/standalone/runtime"
)

// A container that may run several activations at a time is open while it has room for one more:
//
//	 load ─▶ open ⇄ full ─▶ … ─▶ idle       the last activation ends
//	           └──────┴────▶ ending ─▶ gone  one fails: the container is killed, which ends the others, too
//
// As in OpenWhisk, activations join it also while its first one loads the action, and wait for that.

// room is how many activations a container of the action may run at a time.
func (p *Pool) room(kind runtime.Kind, a *Action) int64 {
	if sharer, can := p.driver.(Sharer); can && sharer.Concurrent(kind) {
		return max(a.Concurrency, 1)
	}
	return 1
}

// load begins a container's first activation, which will load the action.
func (b *book) load(c *container, a *Action) {
	c.room, c.loaded = a.Concurrency, make(chan struct{})
	b.take(c)
}

// take counts an activation in. An idle container, or a new one, is open afterwards if it may have more of them.
func (b *book) take(c *container) {
	c.active++
	if c.active == 1 && c.room > 1 {
		b.open = append(b.open, c)
	}
}

// join counts an activation into an open container of the key; nil when there is none.
func (b *book) join(key string) *container {
	for i, c := range b.open {
		if c.key != key || c.state == Busy && !c.alive() {
			continue
		}
		if c.active++; c.active == c.room {
			b.open = slices.Delete(b.open, i, i+1)
		}
		return c
	}
	return nil
}

// vacate counts an activation out.
func (b *book) vacate(c *container) {
	full := c.active == c.room
	c.active--
	switch {
	case c.active == 0 && c.room > 1:
		b.close(c)
	case full && c.room > 1:
		b.open = append(b.open, c)
	}
}

func (b *book) close(c *container) {
	b.open = slices.DeleteFunc(b.open, func(o *container) bool { return o == c })
}

// ready notes that the action is in the container, or why it could not be loaded, and lets in who waits for that.
func (b *book) ready(c *container, failed *loadError) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c.failed = failed
	if failed == nil {
		c.state = Busy
	}
	close(c.loaded)
}

// leave counts an activation out of a container that cannot be used any more, and reports whether it was the last one.
// The container is for the last one to destroy.
func (b *book) leave(c *container) (last bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c.ending = true
	b.close(c)
	c.active--
	return c.active == 0
}

// loadError is what becomes of all activations whose action could not be loaded into a container.
type loadError struct {
	status Status
	result json.RawMessage
}

func (e *loadError) Error() string { return string(e.result) }

// await waits until the action is in the container that another activation starts. When it could not be loaded that is the
// outcome of all, as in OpenWhisk.
func (t *turn) await(ctx context.Context) error {
	select {
	case <-t.container.loaded:
	case <-ctx.Done():
		return ctx.Err()
	}
	if failed := t.container.failed; failed != nil {
		return failed
	}
	return nil
}
