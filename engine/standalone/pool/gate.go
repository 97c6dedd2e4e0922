package pool

import (
	"context"
	"errors"
	"sync"
)

// errClosed is why a call ends that Close met.
var errClosed = errors.New("the container pool is closed")

// gate lets calls in until it is closed; then it cancels those inside and waits for them.
type gate struct {
	mu     sync.Mutex
	closed bool
	inside map[*context.CancelCauseFunc]struct{}
	empty  chan struct{} // made and closed by close or by the last call that leaves after it
}

// enter returns a context that ends when the gate closes, and what to call at the end.
func (g *gate) enter(ctx context.Context) (context.Context, func(), error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return nil, nil, errClosed
	}
	ctx, cancel := context.WithCancelCause(ctx)
	if g.inside == nil {
		g.inside = map[*context.CancelCauseFunc]struct{}{}
	}
	g.inside[&cancel] = struct{}{}
	return ctx, func() { g.leave(&cancel) }, nil
}

func (g *gate) leave(cancel *context.CancelCauseFunc) {
	(*cancel)(nil)
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.inside, cancel)
	if g.closed && len(g.inside) == 0 {
		close(g.empty)
	}
}

// close may be called more than once.
func (g *gate) close(ctx context.Context) error {
	g.shut()
	select {
	case <-g.empty:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (g *gate) shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return
	}
	g.closed, g.empty = true, make(chan struct{})
	for cancel := range g.inside {
		(*cancel)(errClosed)
	}
	if len(g.inside) == 0 {
		close(g.empty)
	}
}
