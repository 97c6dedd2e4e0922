package plan

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// usualMB is the memory of an action that says none.
const usualMB = 256

// Need is what a cell asks of the platform at most. Cells run one after the other, so that of a plan it is the largest.
type Need struct {
	Users int `json:"users"` // calls under way at a time, at most
	// BusyMB is the memory of the containers that work at a time. With less, calls wait or are refused.
	BusyMB int `json:"busy_mb"`
	// WarmMB is the memory in which every container that the cell starts can stay warm until the cell ends. With less,
	// containers are evicted, and calls that could be warm start cold.
	WarmMB int `json:"warm_mb"`
}

// Need is the most that any cell needs.
func (p *Plan) Need() Need { return p.most(func(*Cell, string) bool { return true }) }

// NeedOn is the most memory that any cell needs on the nodes of a role; empty for actions that may run anywhere. Users are
// those of all.
func (p *Plan) NeedOn(role string) Need {
	return p.most(func(c *Cell, action string) bool { return c.roleOf(action) == role })
}

// most is the largest need of any cell, of the containers of the actions that count.
func (p *Plan) most(counts func(c *Cell, action string) bool) (most Need) {
	for i := range p.Cells {
		n := p.Cells[i].need(counts)
		most.Users = max(most.Users, n.Users)
		most.BusyMB = max(most.BusyMB, n.BusyMB)
		most.WarmMB = max(most.WarmMB, n.WarmMB)
	}
	return most
}

// need adds up containers: as many of an action as users call it at a time, a user being in one part of a sequence only.
func (c *Cell) need(counts func(c *Cell, action string) bool) (n Need) {
	most := make(map[string]int) // containers by action
	busy := 0
	for i, ph := range c.Phases {
		if ph.Group == 0 || i == 0 || c.Phases[i-1].Group != ph.Group {
			busy = 0
		}
		own := 0
		for _, name := range c.calls(c.started(&ph)) {
			if !counts(c, name) {
				continue
			}
			containers, memory := c.containers(name, ph.Likely())
			most[name] = max(most[name], containers)
			own = max(own, containers*memory)
		}
		busy += own
		n.BusyMB = max(n.BusyMB, busy)
	}
	for _, users := range c.atOnce() {
		n.Users = max(n.Users, users)
	}
	for name, containers := range most {
		_, memory := c.containers(name, 1)
		n.WarmMB += containers * memory
	}
	return n
}

// Likely is how many calls a phase has under way at a time. In an open load that is what the platform makes of it; the guess
// is Little's law (Little 1961) with a call's usual time, and no more than the load lets be.
func (ph *Phase) Likely() int {
	if ph.Load.Open == nil {
		return ph.Load.AtOnce()
	}
	usual := usualWarm
	if ph.Start == ColdStart {
		usual = usualCold
	}
	inFlight := math.Ceil(float64(ph.Load.Curve().Peak()) * usual.Seconds())
	return min(ph.Load.AtOnce(), max(1, int(inFlight), ph.Load.Open.Size))
}

// calls are the actions that invocations of targets call, each once.
func (c *Cell) calls(targets []string) []string {
	seen := make(map[string]bool)
	var actions []string
	var walk func(name string)
	walk = func(name string) {
		if seen[name] {
			return
		}
		seen[name] = true
		for _, s := range c.Sequences {
			if s.Name != name {
				continue
			}
			for _, part := range s.Actions {
				walk(part)
			}
			return
		}
		actions = append(actions, name)
	}
	for _, name := range targets {
		walk(name)
	}
	return actions
}

// MemoryOf is the memory of an action, or of one of its copies, in MB.
func (c *Cell) MemoryOf(action string) int {
	for _, a := range c.Actions {
		if a.Name == action || slices.Contains(a.Names(), action) {
			return cmp.Or(a.MemoryMB, usualMB)
		}
	}
	return usualMB
}

// roleOf is the role that an action is placed on; empty when it may run anywhere.
func (c *Cell) roleOf(action string) string {
	for _, a := range c.Actions {
		if a.Name == action || slices.Contains(a.Names(), action) {
			return a.Role
		}
	}
	return ""
}

// sharing is the family of kinds whose containers run several activations at a time, where the action asks for it. The
// runtimes of others run one after the other, whatever is asked for.
const sharing = "nodejs"

// containers is how many containers an action needs for so many calls at a time, and the memory of one.
func (c *Cell) containers(action string, calls int) (containers, memoryMB int) {
	for _, a := range c.Actions {
		if a.Name != action {
			continue
		}
		memoryMB = a.MemoryMB
		if memoryMB == 0 {
			memoryMB = usualMB
		}
		inOne := 1
		if family, _, _ := strings.Cut(a.Kind, ":"); family == sharing {
			inOne = max(a.Concurrency, 1)
		}
		containers = max((calls+inOne-1)/inOne, a.Copies)
		if a.Instances > 0 {
			containers = min(containers, a.Instances*max(a.Copies, 1))
		}
		return containers, memoryMB
	}
	return 0, 0
}

// started are what a phase calls, or its trigger starts.
func (c *Cell) started(ph *Phase) []string {
	var names []string
	for _, rule := range c.Trigger(ph.Fire).Rules {
		names = append(names, rule.Action)
	}
	return append(names, ph.Targets()...)
}
