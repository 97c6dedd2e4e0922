package invoke

import "wsk-scenario/engine/standalone/entity"

// Namespace is who may use the server: its name, its credential, and what it may ask for.
type Namespace struct {
	Name           string
	Auth           string // uuid:key
	PerMinute      int    // invocations
	FiresPerMinute int    // of triggers
	Concurrent     int    // invocations at a time
}

// tenant is a namespace and what it has asked for so far.
type tenant struct {
	Namespace
	rate, fires rate
	slots       slots
}

func newTenant(n Namespace) *tenant {
	return &tenant{
		Namespace: n, rate: rate{limit: n.PerMinute}, fires: rate{limit: n.FiresPerMinute}, slots: slots{limit: n.Concurrent},
	}
}

// tenantOf returns the namespace of that name. One without a credential, such as that of the system, runs nothing.
func (c *Controller) tenantOf(name string) (*tenant, error) {
	if t := c.tenants[name]; t != nil {
		return t, nil
	}
	return nil, entity.Faultf(entity.Missing, entity.NotThere)
}

// Active is how many activations are at the invoker.
func (c *Controller) Active() (n int) {
	for _, t := range c.tenants {
		n += t.slots.taken()
	}
	return n
}
