package invoke

import (
	"context"
	"time"

	"wsk-scenario/engine/standalone/pool"
)

// lose is what OpenWhisk does about an activation whose invoker went away. It does not learn of that, so it waits: a
// client that waits, too, is told the id alone once its wait is over, the slot is free again when even the slowest
// invoker would have said something, and there never is a record.
func (c *Controller) lose(ctx context.Context, slot *Slot, a activation, sent time.Time) *Record {
	c.cfg.Log.Warn("an activation was lost with its invoker", "activation", a.id, "node", a.seat.Node())
	timer := time.NewTimer(pool.Patience(a.action.Limits.TimeLimit()) - time.Since(sent))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-c.flight.closing: // nobody is to wait for it
	case <-ctx.Done():
	}
	slot.Free()
	return c.actionRecord(a, pool.Outcome{Status: pool.WhiskError, Result: errorResult("The activation was lost with its invoker.")})
}
