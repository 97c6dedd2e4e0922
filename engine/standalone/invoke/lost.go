package invoke

import (
	"context"
	"time"

	"wsk-scenario/engine/standalone/entity"
	"wsk-scenario/engine/standalone/pool"
)

// lose is what OpenWhisk does about an activation whose invoker went away. It does not learn of that, so it waits: a
// client that waits, too, is told the id alone once its wait is over, the slot is free again when even the slowest
// invoker would have said something, and there never is a record. A sequence goes on without it, after the time that the
// component could have taken.
func (c *Controller) lose(ctx context.Context, slot *Slot, a activation) *Record {
	c.cfg.Log.Warn("an activation was lost with its invoker", "activation", a.id, "node", a.seat.Node())
	limit := a.action.Limits.TimeLimit()
	wait := max(limit, standardLimit)*lostFactor + lostAddition
	if a.cause != "" {
		wait = limit + lostAddition
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-c.flight.closing: // nobody is to wait for it
	case <-ctx.Done():
	}
	slot.Free()
	return c.actionRecord(a, pool.Outcome{Status: pool.WhiskError,
		Result: errorResult("Timeout reached when retrieving activation " + a.id + " for sequence component.")})
}

// How long OpenWhisk waits for the end of an activation: twice its time limit, or of the standard one where that is more,
// and a minute.
const (
	lostFactor   = 2
	lostAddition = time.Minute
)

var standardLimit = entity.DefaultBounds.Default.TimeLimit()
