package plan

import (
	"slices"

	"wsk-scenario/dsl"
	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/syntax"
)

// notYet reports every part of the language that the scenario uses and the engine cannot run yet, at its place. What is
// not run is never ignored. Whoever teaches the engine one of them removes its line.
func notYet(s *dsl.Scenario, p *dsl.Profile) diag.List {
	var l waiting
	l.add(steps(s.Require.Features), "a check of features", "remove it")
	l.surroundings(s, p)
	for _, ph := range s.Running() {
		l.phase(s, *ph.Phase)
	}
	return l.diags
}

// waiting collects what has to wait.
type waiting struct{ diags diag.List }

// add reports a scalar that is written.
func (l *waiting) add(v dsl.Part, what, instead string) bool {
	if !v.Set() {
		return false
	}
	l.tell(v.Range(), v.Path(), what, instead)
	return true
}

// surroundings reports what stands around the actions, one for each key of the file.
func (l *waiting) surroundings(s *dsl.Scenario, p *dsl.Profile) {
	for _, e := range s.Triggers.Entries {
		l.add(e.Value.Feed.Action, "a feed", "remove it, and fire the trigger in a phase")
	}
	for _, e := range s.Services.Entries {
		if _, there := givenBy(p, e.Key.Value); there {
			continue
		}
		const instead = "write a command, which runs on this machine, or say in a cluster profile where it is (services)"
		l.add(e.Value.Container.Image, "a container beside the actions", instead)
		l.add(e.Value.Chart.Chart, "a chart beside the actions", instead)
	}
}

func (l *waiting) phase(s *dsl.Scenario, ph dsl.Phase) {
	l.load(ph.Load)
	if kind, literal := ph.Start.Kind.Literal(); kind == "prewarmed" || !literal && ph.Start.Kind.Set() && l.prewarmed(s, ph) {
		l.add(ph.Start.Kind, "a prewarmed start", "write start: any, and count with prewarmed")
	}
	if by, _ := ph.Start.By.Literal(); by != "update" && by != "copies" && by != "pods" { // also one that depends on the cell
		l.add(ph.Start.By, "this way to a cold start", "write by: update")
	}
	l.first("a wait for what a service says", "write await: rules, activation or chain", ph.Await.Service, ph.Await.When)
}

// prewarmed reports whether a start that depends on the cell is prewarmed in one of them.
func (l *waiting) prewarmed(s *dsl.Scenario, ph dsl.Phase) bool {
	return slices.ContainsFunc(s.Envs(), func(env syntax.Env) bool {
		kind, _ := ph.Start.Kind.In(env)
		return kind == "prewarmed"
	})
}

// first reports the first of some scalars that is written: what stands beside it belongs to it.
func (l *waiting) first(what, instead string, vals ...dsl.Part) {
	for _, v := range vals {
		if l.add(v, what, instead) {
			return
		}
	}
}

func (l *waiting) tell(place diag.Range, path, what, instead string) {
	d := l.diags.Errorf(place, "%s: the engine cannot run %s yet", path, what)
	d.Path, d.Hint = path, instead
}

// load reports what a load cannot be yet.
func (l *waiting) load(load dsl.Load) {
	if load.Find.Set() {
		l.add(load.Workers, "a search by several workers", "remove it")
	}
}

// steps is the first of several values.
func steps[T any](list []syntax.Val[T]) syntax.Val[T] {
	if len(list) == 0 {
		return syntax.Val[T]{}
	}
	return list[0]
}
