package dsl

import (
	"strings"

	"wsk-scenario/dsl/syntax"
)

// Running is a phase as it runs: alone, or side by side with those of the same group.
type Running struct {
	*Phase
	Group int // 0: alone
}

// Running are the phases in order, with those that run side by side in the place of the one that holds them.
func (s *Scenario) Running() (list []Running) {
	for i := range s.Phases {
		ph := &s.Phases[i]
		if len(ph.Together) == 0 {
			list = append(list, Running{Phase: ph})
		}
		for k := range ph.Together {
			list = append(list, Running{&ph.Together[k], i + 1})
		}
	}
	return list
}

// besides reports whether a path is that of a phase, or of a part of one, that runs side by side with others.
func besides(path string) bool { return strings.Contains(path, ".together[") }

// Background reports whether a phase that runs side by side with others goes on as long as these: its load has no end.
func (ph *Phase) Background() bool {
	l := ph.Load
	closed := len(l.Rate.Steps) == 0 && !l.Rate.From.Set() && !l.Trace.Set() && !l.Find.Set() && !l.Population.Set()
	return closed && !ph.Wait.Set() && !l.Iterations.Set() && !l.IterationsPerUser.Set() && !l.For.Set() && !l.Each.Set() && !l.Users.From.Set()
}

// checkTogether checks that phases side by side come to an end.
func (c *checker) checkTogether(ph Phase, path string, n *syntax.Node) {
	if len(ph.Together) == 0 || c.faulty(path) {
		return
	}
	for i := range ph.Together {
		if !ph.Together[i].Background() {
			return
		}
	}
	d := c.diags.Errorf(n.Get("together").Range, "%s.together: none of the phases has an end", path)
	d.Path, d.Hint = path+".together", "add iterations or for to the load of one of them; those without an end stop when the others are over"
}
