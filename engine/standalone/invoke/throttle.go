package invoke

import (
	"sync"
	"time"

	"wsk-scenario/engine/standalone/entity"
	"wsk-scenario/engine/standalone/metrics"
)

// Admit counts a request of a namespace, or says which limit is used up. Who is let in may take a Slot.
//
// As in OpenWhisk the rate is counted first, so that a request refused for its concurrency still counts, and the
// minute is one of the wall clock:
//
//	12:00:00          12:01:00          12:02:00
//	|― 60 let in ―|429|― 60 let in ―|429|
func (c *Controller) Admit(namespace string) error {
	t, err := c.tenantOf(namespace)
	if err != nil {
		return err
	}
	if err := t.rate.admit(c.cfg.Now()); err != nil {
		c.cfg.Meter.Refused(metrics.PerMinute)
		return err
	}
	if count := t.slots.taken(); count >= t.Concurrent {
		return c.tooMany(t, count)
	}
	return nil
}

// Slot takes a place among the concurrent activations of a namespace, if there is one. It must be handed to Invoke or
// freed. Who takes it only when the whole request is there keeps nobody out while that comes.
func (c *Controller) Slot(namespace string) (*Slot, error) {
	t, err := c.tenantOf(namespace)
	if err != nil {
		return nil, err
	}
	slot, count := t.slots.take()
	if slot == nil {
		return nil, c.tooMany(t, count)
	}
	return slot, nil
}

func (c *Controller) tooMany(t *tenant, count int) error {
	c.cfg.Meter.Refused(metrics.Concurrent)
	return entity.Faultf(entity.Throttled,
		"Too many concurrent requests in flight (count: %d, allowed: %d).", count, t.Concurrent)
}

// rate counts requests in the current minute.
type rate struct {
	limit  int
	mu     sync.Mutex
	minute time.Time
	n      int
}

// count counts one more request, refused or not, and returns the count of its minute.
func (r *rate) count(now time.Time) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if minute := now.Truncate(time.Minute); !minute.Equal(r.minute) {
		r.minute, r.n = minute, 0
	}
	r.n++
	return r.n
}

// admit counts one more request and says when it is one too many.
func (r *rate) admit(now time.Time) error {
	if count := r.count(now); count > r.limit {
		return entity.Faultf(entity.Throttled,
			"Too many requests in the last minute (count: %d, allowed: %d).", count, r.limit)
	}
	return nil
}

// slots counts activations under way.
type slots struct {
	limit int
	mu    sync.Mutex
	n     int
}

// Slot is the place of one activation in the count of concurrent ones.
type Slot struct {
	of   *slots
	once sync.Once
}

// Free gives the place back. Freeing twice does no harm.
func (s *Slot) Free() {
	s.once.Do(func() {
		s.of.mu.Lock()
		defer s.of.mu.Unlock()
		s.of.n--
	})
}

// take takes a slot, or returns the count that stands against it.
func (s *slots) take() (*Slot, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.n >= s.limit {
		return nil, s.n
	}
	s.n++
	return &Slot{of: s}, s.n
}

// force takes a slot past the limit: components of a sequence count as in flight but are not checked again.
func (s *slots) force() *Slot {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
	return &Slot{of: s}
}

func (s *slots) taken() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.n
}
