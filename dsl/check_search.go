package dsl

import (
	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/expr"
)

// checkSearch checks a load that looks for a rate. It reports whether the load is one.
func (c *checker) checkSearch(l Load, users, rate course, path string) bool {
	parts := []scalar{l.From, l.To, l.SLO}
	if !l.Find.Set() {
		for _, v := range parts {
			if v.Set() {
				c.fault(v, " has a meaning only beside find").Hint = "write find: knee, or remove it"
			}
		}
		return false
	}
	var missing []string
	for i, name := range []string{"from", "to", "slo"} {
		if !parts[i].Set() {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 && !c.faulty(path) {
		c.fault(l.Find, " has no %s beside it", diag.And(missing)).Hint = `write {find: knee, from: 10/s, to: 2000/s, slo: "response.p95 < 500ms"}`
	}
	c.alone(l.Find, "find", users, rate, l)
	moreThanNothing(c, l.From, "0/s")
	moreThanNothing(c, l.To, "0/s")
	from, fromOK := l.From.Literal()
	to, toOK := l.To.Literal()
	if fromOK && toOK && l.To.Set() && from > 0 && to < from {
		c.fault(l.To, " is below from, the rate at which the search begins").Hint = "write the lower rate as from"
	}
	c.compiled(l.SLO, trialScope(), expr.Bool)
	return true
}

// checkPlayed checks a load that a population sends. It reports whether the load is one.
func (c *checker) checkPlayed(l Load, users, rate course, path string) bool {
	if !l.Population.Set() {
		return false
	}
	if !l.For.Set() && !c.faulty(path) {
		c.fault(l.Population, " has no for beside it").Hint = "write {population: true, for: 10m}"
	}
	c.alone(l.Population, "population", users, rate, l)
	if c.root.Get("population") == nil {
		c.fault(l.Population, ": the scenario has no population").Hint = "describe it under population"
	}
	return true
}

// alone checks that nothing else says what is sent when.
func (c *checker) alone(main scalar, name string, users, rate course, l Load) {
	for _, v := range []scalar{users.whole(), rate.whole(), l.Trace, l.Iterations, l.IterationsPerUser, l.Each, l.Pace, l.Burst, l.Scale} {
		if v.Set() {
			d := c.fault(v, " has no meaning beside %s", name)
			d.Hint, d.Related = "remove it", related(main.Range(), "this says what is sent")
		}
	}
}

// checkWorkers checks who sends.
func (c *checker) checkWorkers(l Load) {
	atLeast(c, l.Workers, 1)
	atMost(c, l.Workers, maxWorkers)
	c.checkRole(l.On)
	if l.On.Set() && !l.Workers.Set() {
		c.fault(l.On, " has a meaning only beside workers").Hint = "write workers: 4, or remove it"
	}
}
