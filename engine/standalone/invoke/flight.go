package invoke

import (
	"context"
	"errors"
	"sync"
)

// errClosing is the answer to an invocation that comes when the controller is being closed.
var errClosing = errors.New("the server is stopping")

// flight owns the goroutines of all activations: it starts them, can cancel them, and waits for them.
type flight struct {
	mu      sync.Mutex
	closed  bool
	next    uint64
	cancels map[uint64]context.CancelFunc
	wg      sync.WaitGroup
	closing chan struct{} // is closed when nothing more may start
}

// start runs f in a goroutine whose context keeps the values of ctx, not its end.
func (f *flight) start(ctx context.Context, run func(ctx context.Context)) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return errClosing
	}
	if f.cancels == nil {
		f.cancels = map[uint64]context.CancelFunc{}
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	id := f.next
	f.next++
	f.cancels[id] = cancel
	f.wg.Go(func() {
		defer f.land(id, cancel)
		run(ctx)
	})
	return nil
}

// branch runs what belongs to an activation under way, also when nothing more may start.
func (f *flight) branch(run func()) { f.wg.Go(run) }

func (f *flight) land(id uint64, cancel context.CancelFunc) {
	cancel()
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.cancels, id)
}

// close lets nothing more start and waits until all has landed; when ctx ends, the rest is cancelled and waited for.
func (f *flight) close(ctx context.Context) error {
	f.shut()
	landed := make(chan struct{})
	go func() { // ends with the last activation, which is waited for below on both ways
		f.wg.Wait()
		close(landed)
	}()
	select {
	case <-landed:
		return nil
	case <-ctx.Done():
	}
	f.cancelAll()
	<-landed
	return ctx.Err()
}

// shut lets nothing more start.
func (f *flight) shut() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.closed {
		f.closed = true
		close(f.closing)
	}
}

func (f *flight) cancelAll() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, cancel := range f.cancels {
		cancel()
	}
}
