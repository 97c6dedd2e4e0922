package dsl

import (
	"wsk-scenario/dsl/syntax"
)

// leastNode is the least memory of a node: the least that an action can have.
const leastNode = 128 * syntax.MB

// checkNodes checks the emulated nodes.
func (c *profileChecker) checkNodes() {
	for _, e := range c.Nodes.Entries {
		if !fileName.MatchString(e.Key.Value) {
			d := c.diags.Errorf(e.Key.Range, "nodes: %q is no name of a node", e.Key.Value)
			d.Path, d.Hint = "nodes", "a name is letters, digits, - and _, such as pi"
		}
		n := e.Value
		if role, ok := n.Role.Literal(); ok && !fileName.MatchString(role) {
			c.fault(n.Role, ": %q is no role", role).Hint = "a role is letters, digits, - and _, such as cloud or edge"
		}
		if cpus, ok := n.CPUs.Literal(); ok && cpus < 0.01 {
			c.fault(n.CPUs, " must be at least 0.01, not %v", cpus).Hint = "0.4 is 40 % of one processor"
		}
		if n.Link.Set() {
			c.fault(n.Link, ": the engine cannot emulate a link yet").Hint = "remove it"
		}
		size, ok := n.Memory.Literal()
		switch {
		case ok && size%syntax.MB != 0:
			c.fault(n.Memory, " must be a multiple of 1MB, not %s", size).Hint = "OpenWhisk counts in whole MB; write 1024MB for its 1024"
		case ok && size < leastNode:
			c.fault(n.Memory, " must be at least %s, not %s", leastNode, size).Hint = "no action fits into less"
		}
	}
}
