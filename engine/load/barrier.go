package load

import (
	"context"
	"sync"
	"time"
)

// barrier lets everybody through when the last one has come.
type barrier struct {
	begin   func() time.Time // asked once by the last: when everybody goes on
	mu      sync.Mutex
	missing int
	open    chan struct{}
	opened  time.Time
}

func newBarrier(n int, begin func() time.Time) *barrier {
	return &barrier{begin: begin, missing: n, open: make(chan struct{})}
}

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
	b.missing--
	last := b.missing == 0
	b.mu.Unlock()
	if !last {
		return
	}
	moment := b.begin()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.opened = moment
	close(b.open)
}
