// Package invoke is the controller of the standalone OpenWhisk: it admits invocations, hands them to an invoker, strings
// the components of sequences together, and keeps the activation records. It knows nothing of HTTP.
package invoke

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"wsk-scenario/engine/standalone/balancer"
	"wsk-scenario/engine/standalone/entity"
	"wsk-scenario/engine/standalone/metrics"
)

// Config is what a controller works with. Retention, Meter and Log may be missing; the other fields are required.
type Config struct {
	Store          *entity.Store
	Invokers       *balancer.Balancer
	Namespaces     []Namespace
	SequenceLength int
	RecordDelay    time.Duration // how much later than the answer a record can be read
	Retention      Retention
	Meter          *metrics.Meter
	Now            func() time.Time
	Log            *slog.Logger
}

// Controller admits, runs and records invocations. Close must be called.
type Controller struct {
	cfg      Config
	tenants  map[string]*tenant // by name; never changed
	flight   flight
	underway underway
	history  *History
	archive  *archivist // nil: records end with the process
}

// New makes a controller.
func New(cfg Config) *Controller {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	cfg.Meter = cmp.Or(cfg.Meter, new(metrics.Meter))
	c := &Controller{
		cfg: cfg, tenants: map[string]*tenant{}, history: newHistory(cfg.Retention, maxRecordBytes, cfg.Now),
		flight: flight{closing: make(chan struct{})},
	}
	for _, n := range cfg.Namespaces {
		c.tenants[n.Name] = newTenant(n)
	}
	return c
}

// Restore fills the history with what the archive has, and has the archive keep every record from now on. It is called
// before the controller is used by others.
func (c *Controller) Restore(archive Archive) error {
	err := archive.Activations(c.cfg.Now(), func(raw []byte, at time.Time) error {
		r, err := decodeRecord(raw)
		if err == nil {
			c.history.add(r, at)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("read the activation records: %w", err)
	}
	c.archive = newArchivist(archive, c.history, c.cfg.Now, c.cfg.Log)
	return nil
}

// History is the activation records.
func (c *Controller) History() *History { return c.history }

// Close waits for what is under way. When ctx ends first, the rest is cancelled, which the records then say. All records
// are in the archive then.
func (c *Controller) Close(ctx context.Context) error {
	err := c.flight.close(ctx)
	if c.archive != nil {
		c.archive.close()
	}
	return err
}

// Call is one invocation.
type Call struct {
	Namespace   string // who invokes, whose activation it is
	Name        entity.Name
	Payload     json.RawMessage // a JSON object, or empty
	Transaction string
	Received    time.Time // when the request came in; waitTime counts from here
}

// Pending is an invocation that was started.
type Pending struct {
	ID     string
	done   chan struct{}
	record *Record // readable once done is closed
}

// answer lets those go on who wait. The record may still be without its logs. Only the first call counts.
func (p *Pending) answer(r *Record) {
	if p.record == nil {
		p.record = r
		close(p.done)
	}
}

// Wait returns the record, or nil when ctx or limit ends first; the activation goes on then.
func (p *Pending) Wait(ctx context.Context, limit time.Duration) *Record {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-p.done:
		return p.record
	case <-timer.C:
	case <-ctx.Done():
	}
	return nil
}

// Invoke starts an invocation that Admit let in, and takes over its slot. The activation outlives ctx: a client that
// goes away does not stop it, only Close does.
func (c *Controller) Invoke(ctx context.Context, slot *Slot, call Call) (*Pending, error) {
	a, err := c.prepare(call)
	if err == nil && !a.composed() {
		if c.seat(&a); errors.Is(a.unseated, balancer.ErrNoInvoker) {
			err = entity.Faultf(entity.Unavailable, "")
		}
	}
	if err != nil {
		slot.Free()
		return nil, err
	}
	p := &Pending{ID: a.id, done: make(chan struct{})}
	a.answered = p.answer
	err = c.flight.start(ctx, func(ctx context.Context) { p.answer(c.run(ctx, slot, a)) })
	if err != nil {
		slot.Free()
		a.stand()
		return nil, err
	}
	return p, nil
}

// prepare finds the action and works out its arguments. A sequence hands the payload on as it came.
func (c *Controller) prepare(call Call) (activation, error) {
	a := activation{id: newID(), call: call, args: call.Payload}
	var err error
	if a.tenant, err = c.tenantOf(call.Namespace); err != nil {
		return a, err
	}
	if a.action, err = c.cfg.Store.Reach(call.Namespace, call.Name); err != nil {
		return a, err
	}
	if a.action.Exec.Sequence() {
		if err := c.cfg.Store.Entitled(call.Namespace, a.action.Exec.Components...); err != nil {
			return a, err
		}
	}
	params := a.action.Bound()
	if overridesFinal(a.action.Action, params, call.Payload) {
		return a, entity.Faultf(entity.Malformed, entity.Reserved)
	}
	if !a.action.Exec.Sequence() {
		a.args = arguments(params, call.Payload)
	}
	return a, nil
}

// activation is one activation on its way: of an action, a sequence or a composition.
type activation struct {
	id     string
	call   Call
	tenant *tenant // whose activation it is
	cause  string  // the enclosing sequence's activation
	action entity.Target
	args   json.RawMessage
	// seat is its place at an invoker, and unseated why it has none; what is composed has neither.
	seat     *balancer.Seat
	unseated error
	// answered, when not nil, is told the record as soon as the answer is there, before the logs are.
	answered func(*Record)
}

// composed reports whether the activation starts others instead of running at an invoker itself.
func (a *activation) composed() bool { return a.action.Exec.Sequence() || conducts(a.action) }

// run runs an invocation of a client to its end.
func (c *Controller) run(ctx context.Context, slot *Slot, a activation) *Record {
	if !a.composed() {
		return c.runAction(ctx, slot, a)
	}
	// The slot was for the admission; from here on the components take theirs.
	slot.Free()
	if conducts(a.action) {
		return c.runComposition(ctx, a, &effort{})
	}
	return c.runSequence(ctx, a, &effort{})
}
