package wire

import (
	"context"
	"net"
	"sync"
	"time"
)

// watch ends a call when its context ends. Registering with a context costs more than the rest of a call, so a watch stays
// when the next call has the same context, as the calls of one phase have.
type watch struct {
	mu   sync.Mutex
	busy bool            // a call is under way
	turn int             // counts registrations: one that was given up may still fire
	done <-chan struct{} // of the context of the last call
	stop func() bool     // nil when nothing is registered
	stay bool
}

// begin bounds the call that starts on conn by a deadline, none when it is zero, and by the end of ctx.
func (w *watch) begin(ctx context.Context, conn net.Conn, deadline time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.busy = true
	if err := conn.SetDeadline(deadline); err != nil {
		return err
	}
	done := ctx.Done()
	again := done == w.done
	if again && w.stop != nil {
		return nil
	}
	w.unregister()
	w.done, w.stay = done, again
	if done == nil {
		return nil
	}
	turn := w.turn
	w.stop = context.AfterFunc(ctx, func() { w.fire(turn, conn) })
	return nil
}

// fire lets the reads and writes of the call under way fail.
func (w *watch) fire(turn int, conn net.Conn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if turn != w.turn {
		return
	}
	w.stop = nil
	if w.busy {
		_ = conn.SetDeadline(time.Unix(1, 0)) // the past
	}
}

// end ends the call. A context that was seen for the first time may have been made for this call alone.
func (w *watch) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.busy = false
	if !w.stay {
		w.unregister()
	}
}

func (w *watch) drop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.busy = false
	w.unregister()
}

func (w *watch) unregister() {
	if w.stop != nil {
		w.stop()
		w.stop = nil
	}
	w.turn++
}
