package invoke

import (
	"context"
	"encoding/json"
	"time"

	"wsk-scenario/engine/standalone/entity"
	"wsk-scenario/engine/standalone/pool"
)

// tally is what a sequence adds up while its components run.
type tally struct {
	atomic   int // actions run since the outermost sequence began, nested ones included
	status   pool.Status
	result   json.RawMessage
	logs     []string // the components' activation ids
	duration int64    // ms: the sum of the components', which is not end − start
	memory   int64    // MB: the largest of the components
}

func (t *tally) fail(status pool.Status, text string) {
	t.status, t.result = status, errorResult(text)
}

// runSequence runs the components one after the other, each with the result of the one before, and stops at the first
// that does not succeed. It returns the record and how many actions were run so far in all.
func (c *Controller) runSequence(ctx context.Context, a activation, atomic int) (*Record, int) {
	start := c.cfg.Now()
	t := &tally{atomic: atomic, result: a.args}
	if len(t.result) == 0 {
		t.result = json.RawMessage("{}")
	}
	for _, component := range a.action.Exec.Components {
		if t.atomic >= c.cfg.SequenceLength {
			t.fail(pool.ApplicationError, entity.SequenceLong)
			break
		}
		if !c.runComponent(ctx, a, component, t) {
			break
		}
	}
	record := c.sequenceRecord(a, t, start)
	c.keep(record)
	return record, t.atomic
}

// runComponent runs one component and reports whether the sequence goes on. Its wait counts from here, so that the waits
// of a sequence add up.
func (c *Controller) runComponent(ctx context.Context, seq activation, component entity.Name, t *tally) bool {
	action, pkg, err := c.cfg.Store.Resolve(component)
	if err != nil {
		t.fail(pool.ApplicationError, entity.ComponentGone)
		return false
	}
	inner := activation{id: newID(), cause: seq.id, action: action, args: t.result}
	inner.call = Call{Name: component, Transaction: seq.call.Transaction, Received: c.cfg.Now()}
	var record *Record
	if action.Exec.Sequence() {
		record, t.atomic = c.runSequence(ctx, inner, t.atomic)
	} else {
		inner.args = arguments(bound(action, pkg), t.result)
		record = c.runAction(ctx, c.slots.force(), inner)
		t.atomic++
	}
	t.add(record)
	return record.Status == pool.Success
}

func (t *tally) add(r *Record) {
	t.status, t.result = r.Status, r.Result
	t.logs = append(t.logs, r.ActivationID)
	t.duration += r.Duration
	t.memory = max(t.memory, r.memory)
}

// sequenceRecord is the record of an activation of a sequence.
func (c *Controller) sequenceRecord(a activation, t *tally, start time.Time) *Record {
	r := c.record(a, start, c.cfg.Now())
	r.Duration, r.Status, r.Result, r.Logs = t.duration, t.status, t.result, t.logs
	r.sequence = true
	limits := a.action.Limits
	if t.memory > 0 {
		limits.Memory = t.memory
	}
	r.memory = limits.Memory
	notes := annotations{}
	notes.common(a.action.Name.String(), entity.SequenceKind, limits)
	notes.integer("waitTime", start.Sub(a.call.Received).Milliseconds())
	notes.boolean("topmost", a.cause == "")
	if a.cause != "" {
		notes.text("causedBy", entity.SequenceKind)
	}
	r.Annotations = notes.list()
	return r
}
