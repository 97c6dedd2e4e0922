package pool

import (
	"context"
	"slices"
)

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
