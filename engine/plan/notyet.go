package plan

import (
	"wsk-scenario/dsl"
	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/syntax"
)

// notYet reports every part of the language that the scenario uses and the engine cannot run yet, at its place. What is
// not run is never ignored. Whoever teaches the engine one of them removes its line.
func notYet(s *dsl.Scenario) diag.List {
	var l waiting
	l.add(steps(s.Require.Roles), "a check of roles", "remove it; no target has nodes with roles so far")
	l.add(steps(s.Require.Features), "a check of features", "remove it")
	for _, ph := range s.Phases {
		l.load(ph.Load)
	}
	for _, a := range s.Assert {
		if abort, _ := a.Abort.Literal(); abort {
			l.add(a.Abort, "an assertion that aborts its phase", "remove it; the assertion is judged after the run")
		}
	}
	return l.diags
}

// waiting collects what has to wait.
type waiting struct{ diags diag.List }

// scalar is a Val of any type.
type scalar interface {
	Set() bool
	Range() diag.Range
	Path() string
}

// add reports a scalar that is written.
func (l *waiting) add(v scalar, what, instead string) bool {
	if !v.Set() {
		return false
	}
	d := l.diags.Errorf(v.Range(), "%s: the engine cannot run %s yet", v.Path(), what)
	d.Path, d.Hint = v.Path(), instead
	return true
}

// load reports the first thing of a load only: what stands beside it belongs to it.
func (l *waiting) load(load dsl.Load) {
	const fixed = "users, a fixed number that call back to back"
	users, rate := steps(load.Users.Steps), steps(load.Rate.Steps)
	_ = l.add(load.Users.From, "a ramp of users", "write a fixed number of users") ||
		load.Each.Set() && l.add(users, "steps of users", "make the number of users an axis of the matrix") ||
		l.add(rate, "a rate", "write "+fixed) ||
		l.add(load.Rate.From, "a rate", "write "+fixed) ||
		l.add(load.Trace, "a trace", "write "+fixed)
	l.add(load.Burst, "a burst", "remove it; more users call at a time too")
}

// steps is the first of several values.
func steps[T any](list []syntax.Val[T]) syntax.Val[T] {
	if len(list) == 0 {
		return syntax.Val[T]{}
	}
	return list[0]
}
