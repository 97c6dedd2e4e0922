package dsl

import (
	"time"

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
		c.checkLink(n.Link)
		size, ok := n.Memory.Literal()
		switch {
		case ok && size%syntax.MB != 0:
			c.fault(n.Memory, " must be a multiple of 1MB, not %s", size).Hint = "OpenWhisk counts in whole MB; write 1024MB for its 1024"
		case ok && size < leastNode:
			c.fault(n.Memory, " must be at least %s, not %s", leastNode, size).Hint = "no action fits into less"
		}
	}
}

// checkLink checks what a link says beside the one that it is like.
func (c *profileChecker) checkLink(l Link) {
	if delay, ok := l.Delay.Literal(); ok {
		if jitter, ok := l.Jitter.Literal(); ok && jitter > delay {
			c.fault(l.Jitter, " must not be more than the delay of %s", syntax.FormatDuration(delay)).Hint = "nothing arrives before it is sent"
		}
	} else if l.Jitter.Set() && !l.Like.Set() {
		c.fault(l.Jitter, " has no delay beside it").Hint = "add delay: …, of which it is a part"
	}
	if rate, ok := l.Rate.Literal(); ok && rate < 1000 {
		c.fault(l.Rate, " must be at least 1kbit/s, not %s", rate)
	}
	every, last := l.Outage.Every, l.Outage.Last
	switch {
	case every.Set() && !last.Set():
		c.fault(every, " needs how long an outage lasts").Hint = "add last: 2s"
	case last.Set() && !every.Set():
		c.fault(last, " needs how often there is an outage").Hint = "add every: 20s"
	}
	for _, v := range []syntax.Val[time.Duration]{every, last} {
		if d, ok := v.Literal(); ok && d <= 0 {
			c.fault(v, " must be longer than 0s")
		}
	}
}
