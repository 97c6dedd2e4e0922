package invoke

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"time"

	"wsk-scenario/engine/standalone/entity"
	"wsk-scenario/engine/standalone/pool"
)

// runAction runs one activation of an action at the invoker and records it. Who waits is answered as soon as the action
// has; the slot is freed and the record kept when the invoker is done with it, which is after its logs were collected.
func (c *Controller) runAction(ctx context.Context, slot *Slot, a activation) *Record {
	if a.seat == nil && a.unseated == nil {
		c.seat(&a)
	}
	if a.unseated != nil {
		slot.Free()
		record := c.actionRecord(a, pool.Outcome{Status: pool.WhiskError, Result: errorResult(a.unseated.Error())})
		c.keep(record)
		return record
	}
	var record *Record
	request := c.request(a)
	if a.answered != nil {
		request.Answered = func(o pool.Outcome) {
			record = c.actionRecord(a, o)
			a.answered(record)
		}
	}
	c.underway.enter(a.id)
	defer c.underway.leave(a.id)
	sent := time.Now()
	// Of an activation that nobody speaks of, what it took is given back some time; its record comes with its end.
	overdue := time.AfterFunc(pool.Patience(request.Action.Timeout), func() { slot.Free(); a.seat.Free() })
	defer overdue.Stop()
	outcome := a.seat.Invoke(ctx, request)
	if outcome.Lost && record == nil {
		return c.lose(ctx, slot, a, sent)
	}
	slot.Free()
	if record == nil {
		record = c.actionRecord(a, outcome)
	} else if len(outcome.Logs) > 0 { // the one without logs may be read at this moment
		logged := *record
		logged.Logs = outcome.Logs
		record = &logged
	}
	c.keep(record)
	return record
}

// request is what the invoker must know.
func (c *Controller) request(a activation) pool.Request {
	action := a.action
	r := pool.Request{
		ActivationID: a.id,
		Transaction:  a.call.Transaction,
		Params:       a.args,
		Action: pool.Action{
			Namespace: a.tenant.Name,
			Path:      action.Name.String(),
			Version:   string(action.Version),
			Key:       a.key(),
			Kind:      action.Exec.Kind,
			Image:     action.Exec.Image,
			Main:      action.Exec.Main,
			Code:      action.Exec.Code,
			Binary:    action.Exec.Binary,
			Memory:    action.Limits.Memory,
			Timeout:   action.Limits.TimeLimit(),
			LogSize:   action.Limits.LogBytes(),

			Concurrency: action.Limits.Concurrency,
			Instances:   action.Limits.Instances,
			Env:         environment(action.Bound()),
		},
	}
	// An action of before the annotation existed keeps getting the key.
	if action.Annotations.Truthy("provide-api-key", true) {
		r.APIKey = a.tenant.Auth
	}
	return r
}

// key is what a container must have been started for to serve the activation: nobody gets one that ran for somebody else,
// and a binding may have given it another environment.
func (a activation) key() string {
	key := a.action.Key
	if a.tenant.Name != a.action.Name.Namespace {
		key = a.tenant.Name + ":" + key
	}
	if a.action.Binding != (entity.Name{}) {
		key = a.action.Binding.String() + ":" + key
	}
	return key
}

func errorResult(text string) json.RawMessage {
	var b bytes.Buffer
	to := json.NewEncoder(&b)
	to.SetEscapeHTML(false)                         // > stays what it is, as in OpenWhisk
	_ = to.Encode(map[string]string{"error": text}) // strings always encode
	return bytes.TrimSpace(b.Bytes())
}

// actionRecord is the record of an activation of an action.
//
//	received ─ waitTime ─▶ init ─ initTime ─▶ run ─▶ end       cold: start = start of the run − initTime
//	received ─ waitTime ───────────────────▶ run ─▶ end       warm
func (c *Controller) actionRecord(a activation, o pool.Outcome) *Record {
	begun, start, end, duration := span(o, c.cfg.Now)
	c.cfg.Meter.Action(o, begun.Sub(a.call.Received))
	r := c.record(a, start, end)
	r.Duration = duration
	r.Status, r.Result, r.Logs = o.Status, o.Result, o.Logs
	notes := annotations{}
	notes.common(a.action.Name.String(), a.action.Exec.Kind, a.action.Limits)
	notes.integer("waitTime", begun.Sub(a.call.Received).Milliseconds())
	notes.boolean("timeout", o.TimedOut)
	if !o.InitStart.IsZero() {
		notes.integer("initTime", o.InitEnd.Sub(o.InitStart).Milliseconds())
	}
	if a.cause != "" {
		notes.text("causedBy", entity.SequenceKind)
	}
	if a.action.Binding != (entity.Name{}) {
		notes.text("binding", a.action.Binding.String())
	}
	if o.Container != "" {
		notes.standalone(a.seat, o)
	}
	r.Annotations = notes.list()
	return r
}

// span works out when an activation began, and the start, end and duration of its record. An activation that never
// reached a container began and ended now.
func span(o pool.Outcome, now func() time.Time) (begun, start, end time.Time, duration int64) {
	var initTime time.Duration
	if !o.InitStart.IsZero() {
		initTime = o.InitEnd.Sub(o.InitStart).Truncate(time.Millisecond)
	}
	switch {
	case !o.RunStart.IsZero():
		begun, start, end = o.RunStart, o.RunStart.Add(-initTime), o.RunEnd
		duration = (o.RunEnd.Sub(o.RunStart) + initTime).Milliseconds()
		if !o.InitStart.IsZero() {
			begun = o.InitStart
		}
	case !o.InitStart.IsZero():
		begun, start, end, duration = o.InitStart, o.InitStart, o.InitEnd, initTime.Milliseconds()
	default:
		t := now()
		begun, start, end = t, t, t
	}
	return begun, start, end, duration
}

// newID makes the id of an activation.
func newID() string {
	var raw [16]byte
	_, _ = rand.Read(raw[:]) // never fails
	return hex.EncodeToString(raw[:])
}
