package invoke

import (
	"context"
	"encoding/json"
	"time"

	"wsk-scenario/engine/standalone/entity"
	"wsk-scenario/engine/standalone/pool"
)

// effort counts what a sequence or a composition has run so far, for its limits. Sequences in a sequence count together with
// it, and so do compositions in a composition; one in the other counts as one action there, and for itself.
type effort struct {
	components int // actions run as components
	conductors int // activations of conductor actions
}

// tally is what a sequence or a composition adds up while its components run.
type tally struct {
	status   pool.Status
	result   json.RawMessage
	logs     []string // the components' activation ids
	duration int64    // ms: the sum of the components', which is not end − start
	memory   int64    // MB: the largest of the components
}

func (t *tally) fail(status pool.Status, text string) {
	t.status, t.result = status, errorResult(text)
}

func (t *tally) add(r *Record) {
	t.status, t.result = r.Status, r.Result
	t.logs = append(t.logs, r.ActivationID)
	t.duration += r.Duration
	t.memory = max(t.memory, r.memory)
}

// runSequence runs the components one after the other, each with the result of the one before, and stops at the first
// that does not succeed.
func (c *Controller) runSequence(ctx context.Context, a activation, e *effort) *Record {
	start := c.cfg.Now()
	t := &tally{result: a.args}
	if len(t.result) == 0 {
		t.result = json.RawMessage("{}")
	}
	for _, component := range a.action.Exec.Components {
		if e.components >= c.cfg.SequenceLength {
			t.fail(pool.ApplicationError, entity.SequenceLong)
			break
		}
		action, err := c.cfg.Store.Action(component)
		if err != nil {
			t.fail(pool.ApplicationError, entity.ComponentGone)
			break
		}
		record := c.runComponent(ctx, a, action, t.result, e)
		if t.add(record); record.Status != pool.Success {
			break
		}
	}
	notes := annotations{}
	record := c.outerRecord(a, t, start, &notes)
	record.Annotations = notes.list()
	c.cfg.Meter.Composed(record.Status)
	c.keep(record)
	return record
}

// runComponent runs one component of a sequence or a composition, whatever it is itself. Its wait counts from here, so
// that the waits of a sequence add up.
func (c *Controller) runComponent(
	ctx context.Context, outer activation, action entity.Target, args json.RawMessage, e *effort,
) *Record {
	inner := activation{id: newID(), tenant: outer.tenant, cause: outer.id, action: action, args: args}
	inner.call = Call{
		Namespace: outer.tenant.Name, Name: action.Name, Transaction: outer.call.Transaction, Received: c.cfg.Now(),
	}
	inComposition := conducts(outer.action)
	if action.Exec.Sequence() {
		if inComposition {
			e.components++
			e = &effort{}
		}
		return c.runSequence(ctx, inner, e)
	}
	inner.args = arguments(action.Bound(), args)
	if !conducts(action) {
		e.components++
		return c.await(ctx, outer, inner)
	}
	if !inComposition {
		e.components++
		e = &effort{}
	}
	return c.runComposition(ctx, inner, e)
}

// outerRecord is the record of an activation of a sequence or a composition, with the annotations that both have.
func (c *Controller) outerRecord(a activation, t *tally, start time.Time, notes *annotations) *Record {
	r := c.record(a, start, c.cfg.Now())
	r.Duration, r.Status, r.Result, r.Logs = t.duration, t.status, t.result, t.logs
	r.sequence = true
	limits := a.action.Limits
	if t.memory > 0 {
		limits.Memory = t.memory
	}
	r.memory = limits.Memory
	notes.common(a.action.Name.String(), entity.SequenceKind, limits) // also of a composition
	notes.integer("waitTime", start.Sub(a.call.Received).Milliseconds())
	notes.boolean("topmost", a.cause == "")
	if a.cause != "" {
		notes.text("causedBy", entity.SequenceKind)
	}
	if a.action.Binding != (entity.Name{}) {
		notes.text("binding", a.action.Binding.String())
	}
	return r
}
