package dsl

import "wsk-scenario/dsl/diag"

// adopt puts the values of a profile in the place of the scenario's own. A profile serves many scenarios, so that a
// variable which this one does not have is no fault, unless it looks like one that is misspelled.
func (l *loader) adopt(p *Profile) {
	if p == nil {
		return
	}
	vars := l.root.Get("vars")
	for _, e := range p.Vars.Entries {
		if vars == nil || replace(vars, e.Key.Value, e.Value) {
			continue
		}
		var free []string // what the profile names itself is not misspelled
		for _, name := range keys(vars) {
			if _, named := p.Vars.Get(name); !named {
				free = append(free, name)
			}
		}
		if near := diag.Nearest(e.Key.Value, free); len(near) > 0 {
			d := l.diags.Warnf(e.Key.Range, "the scenario %s has no variable %q", l.scenario.File, e.Key.Value)
			d.Path, d.Hint = "vars", diag.Suggest(e.Key.Value, free)
		}
	}
}
