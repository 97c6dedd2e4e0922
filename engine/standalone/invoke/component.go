package invoke

import (
	"context"
	"time"

	"wsk-scenario/engine/standalone/pool"
)

// componentAddition is how much longer than its time limit OpenWhisk waits for a part of a sequence or a composition.
const componentAddition = time.Minute

// await runs an action as a part of a sequence or a composition, and returns its record as soon as the answer is there. One
// that is not heard of in time is left alone: what it is a part of fails, and its record comes when it comes.
func (c *Controller) await(ctx context.Context, whole, a activation) *Record {
	p := &Pending{ID: a.id, done: make(chan struct{})}
	a.answered = p.answer
	slot := a.tenant.slots.force()
	c.flight.branch(func() { p.answer(c.runAction(ctx, slot, a)) })
	// A part that is cancelled ends, and says so.
	if r := p.Wait(context.WithoutCancel(ctx), a.action.Limits.TimeLimit()+componentAddition); r != nil {
		return r
	}
	text := "Timeout reached when retrieving activation " + a.id
	if conducts(whole.action) {
		text += " during composition."
	} else {
		text += " for sequence component."
	}
	now := c.cfg.Now()
	r := c.record(a, now, now)
	r.Status, r.Result, r.unheard = pool.WhiskError, errorResult(text), true
	return r
}
