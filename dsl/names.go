package dsl

import "wsk-scenario/dsl/expr"

// Scope is the names that assertions and columns may use: <phase>.<metric>.<statistic>, <phase>.<counter>, vars, matrix.
func (s *Scenario) Scope() *expr.Scope {
	scope := expr.NewScope()
	phase := PhaseScope()
	for _, ph := range s.all() {
		name, ok := ph.Name.Literal()
		switch measured, said := ph.Measure.Literal(); {
		case !ok || !expr.Word(name):
		case ph.Wait.Set() || len(ph.Together) > 0:
			scope.Absent(name, "the phase "+name+" sends nothing itself")
		case said && !measured:
			scope.Absent(name, "the phase "+name+" says measure: false")
		case len(ph.Extract.Entries) > 0 || ph.Load.stepCount() > 0:
			scope.Put(name, ph.scope())
		default:
			scope.Put(name, phase)
		}
	}
	baseline := BaselineScope(scope)
	scope.Put("limits", LimitScope())
	scope.Put("baseline", baseline)
	if s.values.names == nil {
		return scope
	}
	scope.Absent("names", "what an entity is called on the server is known while the run goes on only")
	scope.Absent("services", "what a service is called is known while the run goes on only")
	for _, name := range s.values.names.Names() {
		if name == "services" || name == "names" {
			continue
		}
		scope.Put(name, s.values.names.Member(name))
	}
	return scope
}

// BaselineScope is the names below baseline: the phases of an earlier run of the same plan, which phases holds.
func BaselineScope(phases *expr.Scope) *expr.Scope {
	scope := expr.NewScope()
	for _, name := range phases.Names() {
		scope.Put(name, phases.Member(name))
	}
	return scope
}

// all are the phases, and those that run side by side in one of them.
func (s *Scenario) all() (list []Phase) {
	for _, ph := range s.Phases {
		list = append(list, ph)
		list = append(list, ph.Together...)
	}
	return list
}

// stepCount is how many steps the load goes in; 0 when it is one.
func (l Load) stepCount() int {
	if !l.Each.Set() {
		return 0
	}
	return max(len(l.Users.Steps), len(l.Rate.Steps))
}

// scope is the names below a phase that has more of them than others: metrics that it extracts, or steps.
func (ph Phase) scope() *expr.Scope {
	scope := PhaseScope()
	if n := ph.Load.stepCount(); n > 0 {
		scope = SteppedScope(n)
	}
	for _, e := range ph.Extract.Entries {
		unit, _ := e.Value.Unit.Literal()
		AddExtracted(scope, e.Key.Value, unit)
	}
	return scope
}

// AddExtracted declares a metric that a phase takes out of the result, below the phase.
func AddExtracted(scope *expr.Scope, name, unit string) {
	metric := expr.NewScope()
	for _, s := range Statistics {
		if metric.Add(s.Name, ExtractedKind(unit)); s.Unit != "" {
			metric.Add(s.Name, kindOf(s.Unit))
		}
	}
	addPercentiles(metric)
	scope.Put(name, metric)
}

// ExtractedKind is what the values of a metric are that is taken out of the result in a unit.
func ExtractedKind(unit string) expr.Kind {
	switch unit {
	case "ns", "us", "ms", "s":
		return expr.Duration
	case "B", "kB", "KiB":
		return expr.Size
	}
	return expr.Number
}

// trialScope is the names that may be asked of one rate of a search: the knee is known only when it is over.
func trialScope() *expr.Scope {
	scope := PhaseScope()
	scope.Without("knee", "it is what the search is for, and not known while it goes on")
	return scope
}

// SteppedScope is the names below a phase whose load goes in n steps.
func SteppedScope(n int) *expr.Scope {
	scope := PhaseScope()
	scope.Number("steps", n, PhaseScope())
	return scope
}

// LimitScope is the names below limits.
func LimitScope() *expr.Scope {
	scope := expr.NewScope()
	for _, l := range Limits {
		scope.Add(l.Name, kindOf(l.Unit))
	}
	return scope
}

// PhaseScope is the names below a phase, the same for all phases.
func PhaseScope() *expr.Scope {
	phase := expr.NewScope()
	for _, m := range Metrics {
		metric := expr.NewScope()
		for _, s := range Statistics {
			unit := s.Unit
			if unit == "" {
				unit = m.Unit
			}
			metric.Add(s.Name, kindOf(unit))
		}
		addPercentiles(metric)
		phase.Put(m.Name, metric)
	}
	phase.Absent("steps", "the load has no steps; such are written rate: [10/s, 20/s] or users: [1, 2], with each: 20s")
	for _, c := range Counters {
		phase.Add(c.Name, kindOf(c.Unit))
	}
	return phase
}

func kindOf(u Unit) expr.Kind {
	if u == Duration {
		return expr.Duration
	}
	return expr.Number
}
