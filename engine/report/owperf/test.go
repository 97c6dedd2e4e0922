package owperf

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/plan"
)

// Test is what owperf would have run: a phase whose first user is the master, or, where the master is set apart, its phase and
// the one beside it.
type Test struct {
	Cell    int
	Master  Clients
	Workers *Clients // nil when the master does what all do
}

// Clients are clients that do the same: a phase, as owperf sees it.
type Clients struct {
	name       string
	phase      int // index into the cell's phases
	users      int
	rule       bool          // they fire a trigger, whose rules start the action
	blocking   plan.Blocking // of an invocation
	delta      time.Duration
	ratio      int           // calls of a burst, or rules of the trigger
	iterations int           // of each; 0 where the load goes by time
	period     time.Duration // 0 where it goes by iterations
	warmup     int           // iterations of each
	size       int64         // of the filler; 0 without one
	file       string        // of the payload
	trigger    string
	action     string
	delay      *float64 // ms the action is told to sleep; nil when it is told nothing
}

// Tests are the tests of a plan in its order. The error says of each phase why owperf has no row for it. Waits and phases that
// are not measured are no tests.
func Tests(p *plan.Plan) (tests []Test, err error) {
	var reasons []string
	for c := range p.Cells {
		cell := &p.Cells[c]
		for i := 0; i < len(cell.Phases); {
			n := together(cell.Phases[i:])
			group := cell.Phases[i : i+n]
			if !slices.ContainsFunc(group, func(ph plan.Phase) bool { return !ph.Unmeasured && ph.Wait == 0 }) {
				i += n
				continue
			}
			test, err := testOf(cell, i, n)
			if test.Cell = c; err == nil {
				tests = append(tests, test)
			} else if why := err.Error(); !slices.Contains(reasons, why) {
				reasons = append(reasons, why)
			}
			i += n
		}
	}
	if len(reasons) > 0 || len(tests) == 0 {
		if reasons == nil {
			reasons = []string{"it has no phase that is measured"}
		}
		return nil, fmt.Errorf("owperf has no row for the scenario %s: %s", p.Scenario, strings.Join(reasons, "; "))
	}
	return tests, nil
}

// together is how many of the phases run beside the first, that one included.
func together(phases []plan.Phase) int {
	n := 1
	for n < len(phases) && phases[0].Group != 0 && phases[n].Group == phases[0].Group {
		n++
	}
	return n
}

// testOf is the test that n phases from an index on are.
func testOf(cell *plan.Cell, at, n int) (t Test, err error) {
	if n == 1 {
		t.Master, err = clientsOf(cell, at)
		if err == nil && t.Master.iterations == 0 && t.Master.period == 0 {
			err = fmt.Errorf("phase %s has no end of its own", t.Master.name)
		}
		return t, err
	}
	names := make([]string, n)
	master, workers := -1, -1
	for i := range n {
		ph := &cell.Phases[at+i]
		switch names[i] = ph.Name; {
		case ph.Load.Background:
			workers = at + i
		case ph.Load.Users == 1:
			master = at + i
		}
	}
	if n != 2 || master < 0 || workers < 0 {
		return t, fmt.Errorf("phases %s run together, and are not one client beside others that go on as long as it does", strings.Join(names, " and "))
	}
	if t.Master, err = clientsOf(cell, master); err != nil {
		return t, err
	}
	others, err := clientsOf(cell, workers)
	if err != nil {
		return t, err
	}
	t.Workers = &others
	return t, t.same()
}

// same reports options that owperf has once, and that differ between a master and its workers.
func (t Test) same() error {
	m, w := t.Master, *t.Workers
	for _, o := range []struct {
		name         string
		master, work any
	}{
		{"ratio", m.ratio, w.ratio}, {"warm-up", m.warmup, w.warmup}, {"payload", [2]any{m.size, m.file}, [2]any{w.size, w.file}}, {"action", m.action, w.action},
	} {
		if o.master != o.work {
			return fmt.Errorf("phases %s and %s differ in %s, which owperf has once for all clients", m.name, w.name, o.name)
		}
	}
	return nil
}

// clientsOf is a phase as owperf sees it, or why it sees none.
func clientsOf(cell *plan.Cell, at int) (c Clients, err error) {
	ph := &cell.Phases[at]
	if why := strange(ph); why != "" {
		return c, fmt.Errorf("phase %s %s", ph.Name, why)
	}
	c = Clients{
		name: ph.Name, phase: at, users: ph.Load.Users, blocking: ph.Blocking, delta: ph.Load.Pace, ratio: max(1, ph.Load.Burst),
		iterations: ph.Load.PerUser, period: ph.Load.For, warmup: ph.Warmup.Iterations, size: ph.Payload.Size, file: ph.Payload.File,
		action: ph.Invoke,
	}
	if ph.Load.Users == 1 {
		c.iterations = max(c.iterations, ph.Load.Iterations/c.ratio)
	}
	if ph.Fire != "" {
		if err := c.fires(cell.Trigger(ph.Fire)); err != nil {
			return c, fmt.Errorf("phase %s %w", ph.Name, err)
		}
	}
	c.delay = delayOf(cell, c.action, ph.Payload)
	return c, nil
}

// fires makes of the clients such as fire a trigger.
func (c *Clients) fires(t plan.Trigger) error {
	if c.ratio > 1 {
		return errors.New("fires several triggers at once, and owperf one in an iteration")
	}
	c.rule, c.blocking, c.trigger, c.ratio = true, plan.ForNothing, t.Name, t.RuleCount()
	for _, rule := range t.Rules {
		if c.action == "" {
			c.action = rule.Action
		}
		if c.action != rule.Action {
			return fmt.Errorf("fires %s, whose rules start several actions: %s and %s", t.Name, c.action, rule.Action)
		}
	}
	return nil
}

// strange is why owperf cannot do what a phase does; empty when it can.
func strange(ph *plan.Phase) string {
	l := ph.Load
	switch {
	case ph.Exec != nil:
		return "runs a command"
	case ph.Request != nil:
		return "sends HTTP requests"
	case len(ph.Mix) > 0:
		return "has a mix of actions"
	case ph.Start == plan.ColdStart:
		return "measures cold starts, which owperf does not know"
	case ph.Fire != "" && ph.Await != "rules" && ph.Await != "chain":
		return "does not await its rules (await: rules)"
	case l.Open != nil:
		return "has an open load, and owperf's clients wait for their answers"
	case len(l.Steps) > 0 || l.Ramp != nil:
		return "changes its users on the way"
	case l.Iterations > 0 && l.Users > 1:
		return "shares its iterations among its users, and owperf counts those of a client (iterations_per_user)"
	case l.Iterations%max(1, l.Burst) != 0:
		return "ends in the middle of a burst"
	case ph.Warmup.For > 0:
		return "warms up for a time, and owperf by iterations"
	}
	return ""
}

// clients are those of the phase that a sample is of.
func (t *Test) clients(s *measure.Sample) *Clients {
	if t.Workers != nil && s.Phase == t.Workers.phase {
		return t.Workers
	}
	return &t.Master
}

// client is which of its phase's clients has sent s: the calls of a burst are of one.
func (c *Clients) client(s *measure.Sample) int {
	if c.rule {
		return s.User
	}
	return s.User / c.ratio
}

// isMaster reports whether the master has sent s.
func (t *Test) isMaster(s *measure.Sample) bool {
	return s.Phase == t.Master.phase && t.Master.client(s) == 0
}
