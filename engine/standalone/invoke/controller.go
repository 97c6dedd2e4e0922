// Package invoke is the controller of the standalone OpenWhisk: it admits invocations, hands them to the invoker, strings
// the components of sequences together, and keeps the activation records. It knows nothing of HTTP.
package invoke

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"wsk-scenario/engine/standalone/entity"
	"wsk-scenario/engine/standalone/pool"
)

// Invoker runs one activation and blocks until it is over, logs included. When ctx ends it gives up with a WhiskError.
type Invoker interface {
	Invoke(ctx context.Context, r pool.Request) pool.Outcome
}

// Config is what a controller works with. All fields but Log are required.
type Config struct {
	Store          *entity.Store
	Invoker        Invoker
	Namespace      string // of every activation; also the subject
	APIKey         string // handed to actions that may have it
	Node           string // where the invoker runs, for the records
	PerMinute      int
	FiresPerMinute int // of triggers
	Concurrent     int
	SequenceLength int
	RecordDelay    time.Duration // how much later than the answer a record can be read
	Now            func() time.Time
	Log            *slog.Logger
}

// Controller admits, runs and records invocations. Close must be called.
type Controller struct {
	cfg     Config
	rate    rate
	fires   rate
	slots   slots
	flight  flight
	history *History
}

// New makes a controller.
func New(cfg Config) *Controller {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Controller{
		cfg:     cfg,
		rate:    rate{limit: cfg.PerMinute},
		fires:   rate{limit: cfg.FiresPerMinute},
		slots:   slots{limit: cfg.Concurrent},
		history: newHistory(maxRecords, maxRecordBytes, cfg.Now),
	}
}

// History is the activation records.
func (c *Controller) History() *History { return c.history }

// Active is how many activations are at the invoker.
func (c *Controller) Active() int { return c.slots.taken() }

// Close waits for what is under way. When ctx ends first, the rest is cancelled, which the records then say.
func (c *Controller) Close(ctx context.Context) error { return c.flight.close(ctx) }

// Call is one invocation.
type Call struct {
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
	action, args, err := c.prepare(call)
	if err != nil {
		slot.Free()
		return nil, err
	}
	p := &Pending{ID: newID(), done: make(chan struct{})}
	err = c.flight.start(ctx, func(ctx context.Context) {
		defer close(p.done)
		p.record = c.run(ctx, slot, activation{id: p.ID, call: call, action: action, args: args})
	})
	if err != nil {
		slot.Free()
		return nil, err
	}
	return p, nil
}

// prepare finds the action and works out its arguments. A sequence hands the payload on as it came.
func (c *Controller) prepare(call Call) (*entity.Action, json.RawMessage, error) {
	action, pkg, err := c.cfg.Store.Resolve(call.Name)
	if err != nil {
		return nil, nil, err
	}
	params := bound(action, pkg)
	if overridesFinal(action, params, call.Payload) {
		return nil, nil, entity.Faultf(entity.Malformed, entity.Reserved)
	}
	if action.Exec.Sequence() {
		return action, call.Payload, nil
	}
	return action, arguments(params, call.Payload), nil
}

// activation is one activation on its way: of an action or of a sequence.
type activation struct {
	id     string
	call   Call
	cause  string // the enclosing sequence's activation
	action *entity.Action
	args   json.RawMessage
}

// run runs an invocation of a client to its end.
func (c *Controller) run(ctx context.Context, slot *Slot, a activation) *Record {
	if !a.action.Exec.Sequence() {
		return c.runAction(ctx, slot, a)
	}
	// The slot was for the admission; from here on the components take theirs.
	slot.Free()
	record, _ := c.runSequence(ctx, a, 0)
	return record
}
