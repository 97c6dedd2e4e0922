package invoke

import (
	"encoding/json"

	"wsk-scenario/engine/standalone/balancer"
)

// oneForAll is more activations than there are at a time.
const oneForAll = 1 << 40

// seat finds an invoker for an activation, or says why there is none.
func (c *Controller) seat(a *activation) {
	notes := a.action.Annotations
	inOne := a.action.Limits.Concurrency
	if a.action.Limits.Instances == 1 {
		inOne = oneForAll // they wait for the one container, and not on other nodes for another
	}
	a.seat, a.unseated = c.cfg.Invokers.Assign(balancer.Demand{
		Namespace: a.tenant.Name, Action: a.action.Name.String(), Memory: a.action.Limits.Memory,
		Concurrency: inOne, Kind: a.action.Exec.Kind, Image: a.action.Exec.Image != "",
		Resources: resources(notes.Get("invoker-resources")), Lax: !notes.Truthy("invoker-resources-strict-policy", true),
	})
}

// stand gives back the seat of an activation that is not run after all.
func (a *activation) stand() {
	if a.seat != nil {
		a.seat.Free()
	}
}

// resources are what an action asks of its invoker, by OpenWhisk's annotation for that. What is no list of texts asks for
// nothing, as there.
func resources(value json.RawMessage, said bool) (list []string) {
	if !said || json.Unmarshal(value, &list) != nil {
		return nil
	}
	return list
}
