package dsl

import (
	"fmt"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/syntax"
)

func (c *checker) checkPhases() {
	for i, ph := range c.Phases {
		node := c.root.Get("phases").Items[i]
		c.checkPhase(ph, fmt.Sprintf("phases[%d]", i), node)
		c.checkTogether(ph, fmt.Sprintf("phases[%d]", i), node)
		for k, side := range ph.Together {
			path := fmt.Sprintf("phases[%d].together[%d]", i, k)
			c.checkPhase(side, path, node.Get("together").Items[k])
			if len(side.Together) > 0 {
				d := c.diags.Errorf(side.Name.Range(), "%s runs phases side by side inside of such phases", path)
				d.Path, d.Hint = path, "write all of them in the outer together"
			}
		}
	}
}

func (c *checker) checkPhase(ph Phase, path string, n *syntax.Node) {
	for _, f := range each(c, ph.Invoke) {
		c.invoked(ph.Invoke, f)
	}
	c.checkMix(ph.Mix)
	c.checkFire(ph.Fire)
	c.checkRequest(ph.Request, path+".request")
	c.positive(ph.Wait)
	c.checkForm(ph, path, n)
	c.checkWith(ph.With, path+".with")
	c.checkStart(ph, path)
	c.checkWarmup(ph.Warmup, path+".warmup")
	c.checkLoad(ph.Load, path+".load", n.Get("load"))
	c.positive(ph.Timeout)
	c.checkAwait(ph, path+".await")
	c.checkExtract(ph.Extract)
	c.checkExpect(ph.Expect)
}

// checkWith checks a phase's input: the name of a payload, or an object.
func (c *checker) checkWith(n *syntax.Node, path string) {
	switch {
	case n == nil || n.Kind == syntax.Map:
	case n.Kind != syntax.String:
		d := c.diags.Errorf(n.Range, "%s must be the name of a payload or an object", path)
		d.Path, d.Hint = path, "write an object in { }, such as {name: edge}"
	case n.Template == nil:
		c.checkInput(n, path, n.Text.Value, "")
	default:
		seen := make(map[string]bool)
		for i, env := range c.envs {
			value, fault := n.Template.Resolve(env)
			name := fmt.Sprint(value)
			if fault == nil && !seen[name] {
				seen[name] = true
				c.checkInput(n, path, name, inCell([]string{c.ids[i]}))
			}
		}
	}
}

func (c *checker) checkInput(n *syntax.Node, path, name, where string) {
	c.inputs[name] = true
	if _, ok := c.Payloads.Get(name); ok || n.Broken() {
		return
	}
	d := c.diags.Errorf(n.Range, "%s: there is no payload %q%s", path, name, where)
	d.Path, d.Hint = path, diag.Suggest(name, c.Payloads.Names())
	if d.Hint == "" {
		d.Hint = "write an object in { }, or describe the payload under payloads"
	}
}

// checkStart checks what a forced kind of start needs.
func (c *checker) checkStart(ph Phase, path string) {
	start := ph.Start.Kind
	for _, f := range each(c, start) {
		warmed := ph.Warmup.Iterations.Set() || ph.Warmup.For.Set() || c.faulty(path) || c.faulty(path+".warmup")
		if f.Value == "warm" && !warmed {
			c.fault(start, " is warm, but nothing warms the containers%s", f.where()).
				Hint = "add warmup: {iterations: 3} to the phase"
		}
		if f.Value != "cold" {
			if ph.Start.By.Set() {
				c.fault(ph.Start.By, " says how a cold start is forced, and the start is %s%s", f.Value, f.where()).Hint = "remove it"
			}
			continue
		}
		for _, target := range each(c, ph.Invoke) {
			if _, isSequence := c.Sequences.Get(target.Value); isSequence {
				c.fault(start, " cannot be cold for the sequence %s%s", target.Value, target.where()).
					Hint = "a cold start can be forced for an action only; write start: any and count with cold_share"
			}
			if a, _ := c.Actions.Get(target.Value); a.Copies.Set() && !byCopies(ph) {
				c.fault(start, " cannot be cold for %s, which has copies%s", target.Value, target.where()).
					Hint = "write start: {kind: cold, by: copies}, with a copy for each call"
			} else if !a.Copies.Set() && byCopies(ph) {
				c.fault(ph.Start.By, ": %s has no copies%s", target.Value, target.where()).Hint = "add copies to the action, one for each call"
			}
		}
	}
	if ph.Start.By.Set() && !start.Set() && !c.faulty(path) {
		c.fault(ph.Start.By, " has no kind beside it").Hint = "write start: {kind: cold, by: copies}"
	}
}

// byCopies reports whether every call of a phase goes to a copy that was never called.
func byCopies(ph Phase) bool {
	by, _ := ph.Start.By.Literal()
	return by == "copies"
}

func (c *checker) checkWarmup(w Warmup, path string) {
	if w.Iterations.Set() && w.For.Set() {
		c.exactlyOne(path, w.For.Range(), []string{"iterations", "for"}, w.Iterations, w.For)
	}
	atLeast(c, w.Iterations, 0)
	atMost(c, w.Iterations, maxIterations)
	c.positive(w.For)
}
