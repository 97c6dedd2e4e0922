package invoke

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"wsk-scenario/engine/standalone/entity"
	"wsk-scenario/engine/standalone/metrics"
	"wsk-scenario/engine/standalone/pool"
)

// AdmitFire counts a fire of a trigger of a namespace, or says that there were too many.
func (c *Controller) AdmitFire(namespace string) error {
	t, err := c.tenantOf(namespace)
	if err != nil {
		return err
	}
	if err := t.fires.admit(c.cfg.Now()); err != nil {
		c.cfg.Meter.Refused(metrics.FiresPerMinute)
		return err
	}
	return nil
}

// Fire is one fire of a trigger.
type Fire struct {
	Name        entity.Name
	Payload     json.RawMessage   // a JSON object, or empty
	Headers     map[string]string // of the request; the actions get them as __ow_headers
	Transaction string
	Received    time.Time
}

// Fire starts the action of every active rule of the trigger and returns the id of the trigger's own activation; with no
// active rule nothing happens, nothing is recorded, and the id is empty. Only the lines of the trigger's record lead to
// the activations: they have no cause.
func (c *Controller) Fire(ctx context.Context, f Fire) (string, error) {
	trigger, rules, err := c.cfg.Store.Trigger(f.Name)
	if err != nil {
		return "", err
	}
	if !slices.ContainsFunc(rules, func(r *entity.Rule) bool { return r.Active }) {
		return "", nil
	}
	args := arguments(trigger.Parameters, withHeaders(f.Payload, f.Headers))
	var lines []string
	for _, rule := range rules {
		lines = append(lines, c.follow(ctx, f, rule, args))
	}
	record := c.triggerRecord(trigger, f, lines)
	c.cfg.Meter.Fired()
	c.keep(record)
	return record.ActivationID, nil
}

// internalError is what OpenWhisk notes where the controller that is to invoke the action gives no reason.
const internalError = "There was an internal server error."

// follow starts the action of one rule and returns the line that says so. The invocation counts against the limits of
// the namespace like any other.
func (c *Controller) follow(ctx context.Context, f Fire, rule *entity.Rule, args json.RawMessage) string {
	line := ruleLine{Rule: rule.Name.String(), Action: rule.Action.String()}
	var id string
	err := error(entity.Faultf(entity.Conflict, "Rule '%s' is inactive, action '%s' was not activated.", rule.Name, rule.Action))
	if rule.Active {
		id, err = c.start(ctx, Call{
			Namespace: f.Name.Namespace, Name: rule.Action, Payload: args, Transaction: f.Transaction, Received: f.Received,
		})
	}
	var fault *entity.Fault
	switch {
	case err == nil:
		line.Success, line.ActivationID = true, id
	case errors.As(err, &fault) && fault.Reason != entity.Unavailable:
		line.StatusCode, line.Error = pool.ApplicationError, err.Error()
	default:
		line.StatusCode, line.Error = pool.WhiskError, cmp.Or(err.Error(), internalError)
	}
	raw, _ := json.Marshal(line) // strings and numbers always encode
	return string(raw)
}

// start admits and starts an invocation that nobody waits for.
func (c *Controller) start(ctx context.Context, call Call) (string, error) {
	if err := c.Admit(call.Namespace); err != nil {
		return "", err
	}
	slot, err := c.Slot(call.Namespace)
	if err != nil {
		return "", err
	}
	pending, err := c.Invoke(ctx, slot, call)
	if err != nil {
		return "", err
	}
	return pending.ID, nil
}

// ruleLine is what the record of a trigger says of one rule.
type ruleLine struct {
	StatusCode   pool.Status `json:"statusCode"`
	Success      bool        `json:"success"`
	ActivationID string      `json:"activationId,omitempty"`
	Error        string      `json:"error,omitempty"`
	Rule         string      `json:"rule"`
	Action       string      `json:"action"`
}

// triggerRecord is the record of a fire: what it was fired with, and what became of each rule.
func (c *Controller) triggerRecord(t *entity.Trigger, f Fire, lines []string) *Record {
	result := f.Payload
	if len(result) == 0 {
		result = json.RawMessage("{}")
	}
	return &Record{
		ActivationID: newID(),
		Namespace:    t.Name.Namespace,
		Name:         t.Name.Name,
		Path:         t.Name.Name,
		Version:      string(t.Version),
		Start:        f.Received.UnixMilli(),
		Status:       pool.Success,
		Result:       result,
		Logs:         lines,
		Annotations:  json.RawMessage("[]"),
		trigger:      true,
	}
}

// withHeaders adds the headers of the request to a payload, over what it may say of them itself.
func withHeaders(payload json.RawMessage, headers map[string]string) json.RawMessage {
	args := fields(payload)
	if args == nil {
		args = map[string]json.RawMessage{}
	}
	args["__ow_headers"], _ = json.Marshal(headers) // strings always encode
	raw, _ := json.Marshal(args)                    // its values were decoded from valid JSON
	return raw
}
