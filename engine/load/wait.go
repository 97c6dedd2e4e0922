package load

import (
	"context"
	"time"
)

// Waiter waits for moments, one after the other, for one goroutine.
type Waiter interface {
	// Name is what a report calls the way of waiting.
	Name() string
	// Until returns at a moment, at once when it is over; false when its context ended first.
	Until(due time.Time) bool
	// Close releases what it holds.
	Close() error
}

// Timing makes a Waiter whose waits end with ctx.
type Timing func(ctx context.Context) (Waiter, error)

// Best is the most exact timing this machine has: the kernel's own timer, or the runtime's where there is none.
func Best(ctx context.Context) (Waiter, error) {
	if w, err := Kernel(ctx); err == nil {
		return w, nil
	}
	return Sleep(ctx)
}

// Sleep waits on the timers of the Go runtime, which an otherwise idle process sees in steps of about a millisecond.
func Sleep(ctx context.Context) (Waiter, error) {
	timer := time.NewTimer(time.Hour)
	timer.Stop()
	return &sleeper{ctx: ctx, timer: timer}, nil
}

type sleeper struct {
	ctx   context.Context // its life is that of the waiter
	timer *time.Timer
}

func (s *sleeper) Name() string { return "sleep" }

func (s *sleeper) Until(due time.Time) bool {
	wait := time.Until(due)
	if wait <= 0 {
		return s.ctx.Err() == nil
	}
	s.timer.Reset(wait)
	select {
	case <-s.timer.C:
		return true
	case <-s.ctx.Done():
		return false
	}
}

func (s *sleeper) Close() error {
	s.timer.Stop()
	return nil
}
