package run

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// cleanup is a stack of what must be undone. The zero value is empty.
// Phases side by side push at the same time; it is unwound by one alone.
type cleanup struct {
	mu    sync.Mutex
	steps []step
}

type step struct {
	what string
	undo func(context.Context) error
}

// push adds what undoes something that was just done, or is about to be.
func (c *cleanup) push(what string, undo func(context.Context) error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.steps = append(c.steps, step{what, undo})
}

// unwind undoes everything, last first, and goes on after an error. A second call undoes nothing.
func (c *cleanup) unwind(ctx context.Context) error {
	var failed []error
	for len(c.steps) > 0 {
		last := c.steps[len(c.steps)-1]
		c.steps = c.steps[:len(c.steps)-1]
		if err := last.undo(ctx); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", last.what, err))
		}
	}
	return errors.Join(failed...)
}
