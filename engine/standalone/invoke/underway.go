package invoke

import (
	"maps"
	"slices"
	"sync"
)

// underway are the ids of the activations that are at an invoker. The zero value is ready.
type underway struct {
	mu  sync.Mutex
	ids map[string]struct{}
}

func (u *underway) enter(id string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.ids == nil {
		u.ids = map[string]struct{}{}
	}
	u.ids[id] = struct{}{}
}

func (u *underway) leave(id string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.ids, id)
}

// Underway are the ids of the activations that are at an invoker, sorted.
func (c *Controller) Underway() []string {
	c.underway.mu.Lock()
	defer c.underway.mu.Unlock()
	ids := slices.AppendSeq([]string{}, maps.Keys(c.underway.ids))
	slices.Sort(ids)
	return ids
}
