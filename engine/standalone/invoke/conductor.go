package invoke

import (
	"context"
	"encoding/json"
	"maps"

	"wsk-scenario/engine/standalone/entity"
	"wsk-scenario/engine/standalone/pool"
)

// conducts reports whether an action is a conductor: one whose result names what runs next.
func conducts(a entity.Target) bool {
	return !a.Exec.Sequence() && a.Annotations.Truthy("conductor", false)
}

// composition is one activation of a conductor action with all that it starts:
//
//	payload ─▶ conductor ─▶ {action, params, state} ─▶ component ─▶ result + state ─▶ conductor ─▶ … ─▶ {params}
type composition struct {
	*Controller
	activation
	effort *effort
	tally  tally
	state  map[string]json.RawMessage // what the conductor wants to be told the next time
}

// verdict is what a conductor says: what runs next with what, and what it wants to be told then. Without a next action
// it is the end, and params the result.
type verdict struct {
	next          json.RawMessage
	params, state map[string]json.RawMessage
	hasParams     bool
}

// runComposition runs a conductor until it names no next action. An error on the way, also of the platform's own making,
// is put before the conductor, which may go on.
func (c *Controller) runComposition(ctx context.Context, a activation, e *effort) *Record {
	start := c.cfg.Now()
	p := &composition{Controller: c, activation: a, effort: e}
	for payload, more := a.args, true; more; {
		payload, more = p.step(ctx, payload)
	}
	notes := annotations{}
	record := c.outerRecord(a, &p.tally, start, &notes)
	notes.boolean("conductor", true)
	record.Annotations = notes.list()
	c.cfg.Meter.Composed(record.Status)
	c.keep(record)
	return record
}

// step asks the conductor and runs what it names. It returns what the conductor is to be told next, or that it is over.
func (p *composition) step(ctx context.Context, payload json.RawMessage) (json.RawMessage, bool) {
	if p.effort.conductors > 2*p.cfg.SequenceLength {
		p.tally.fail(pool.ApplicationError, compositionLong)
		return nil, false
	}
	p.effort.conductors++
	v := p.conduct(ctx, overlaid(payload, p.state))
	if p.state = v.state; v.next == nil {
		if v.hasParams {
			p.tally.result = encodeFields(v.params)
		}
		return nil, false
	}
	if ctx.Err() != nil { // the server stops: the conductor would go on for as long as it likes
		p.tally.fail(pool.WhiskError, context.Cause(ctx).Error())
		return nil, false
	}
	action, fault := p.resolve(v.next)
	if fault != "" {
		return errorResult(fault), true
	}
	var args json.RawMessage
	if v.hasParams {
		args = encodeFields(v.params)
	}
	record := p.runComponent(ctx, p.activation, action, args, p.effort)
	p.tally.add(record)
	return record.Result, !record.unheard
}

// conduct activates the conductor itself.
func (p *composition) conduct(ctx context.Context, args json.RawMessage) verdict {
	inner := activation{id: newID(), tenant: p.tenant, cause: p.id, action: p.action, args: args}
	inner.call = Call{
		Namespace: p.tenant.Name, Name: p.action.Name, Transaction: p.call.Transaction, Received: p.cfg.Now(),
	}
	if len(p.tally.logs) > 0 { // the first arguments have the parameters already
		inner.args = arguments(p.action.Bound(), args)
	}
	record := p.await(ctx, p.activation, inner)
	p.tally.add(record)
	result := fields(record.Result)
	v := verdict{next: result["action"]}
	v.params, v.hasParams = boxed(result, "params", "value")
	v.state, _ = boxed(result, "state", "state")
	return v
}

// boxed is a field of a result that shall be an object. Any other value becomes an object with that value in it.
func boxed(result map[string]json.RawMessage, name, box string) (map[string]json.RawMessage, bool) {
	value, ok := result[name]
	if !ok {
		return nil, false
	}
	if len(value) > 0 && value[0] == '{' {
		return fields(value), true
	}
	return map[string]json.RawMessage{box: value}, true
}

// The texts of what a composition can run into.
const (
	compositionLong = "Too many actions in the composition."
	compositionVain = " during composition."
)

// resolve finds what the conductor names, for whoever invoked it, or says why it cannot run.
func (p *composition) resolve(next json.RawMessage) (action entity.Target, fault string) {
	var text string
	if json.Unmarshal(next, &text) != nil {
		return action, "Failed to parse action name from json value " + string(next) + compositionVain
	}
	name, err := entity.ResolveName(text, p.tenant.Name)
	switch {
	case err != nil:
		return action, "Failed to parse action name from json value " + string(next) + compositionVain
	case p.effort.components >= p.cfg.SequenceLength:
		return action, compositionLong
	}
	if p.cfg.Store.Entitled(p.tenant.Name, name) != nil {
		return action, "Failed entitlement check for action with name '" + name.String() + "'" + compositionVain
	}
	if action, err = p.cfg.Store.Reach(p.tenant.Name, name); err != nil {
		return action, "Failed to resolve action with name '" + name.String() + "'" + compositionVain
	}
	return action, ""
}

// overlaid is a payload with the conductor's state laid over it.
func overlaid(payload json.RawMessage, state map[string]json.RawMessage) json.RawMessage {
	if len(state) == 0 {
		return payload
	}
	all := fields(payload)
	if all == nil {
		all = map[string]json.RawMessage{}
	}
	maps.Copy(all, state)
	return encodeFields(all)
}

func encodeFields(f map[string]json.RawMessage) json.RawMessage {
	raw, _ := json.Marshal(f) // the values were decoded from valid JSON
	return raw
}
