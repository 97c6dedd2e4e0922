package load

import (
	"context"
	"sync"
	"time"
)

// barrier lets everybody through when the last one has come.
type barrier struct {
	mu      sync.Mutex
	missing int
	open    chan struct{}
	opened  time.Time
}

func newBarrier(n int) *barrier { return &barrier{missing: n, open: make(chan struct{})} }

// wait returns the moment at which the barrier opened; the same for all.
func (b *barrier) wait(ctx context.Context) time.Time {
	b.leave()
	select {
	case <-b.open:
	case <-ctx.Done():
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.opened
}

// leave counts one as come, without waiting.
func (b *barrier) leave() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.missing--
	if b.missing == 0 {
		b.opened = time.Now()
		close(b.open)
	}
}
