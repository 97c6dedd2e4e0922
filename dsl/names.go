package dsl

import "wsk-scenario/dsl/expr"

// Scope is the names that assertions and columns may use: <phase>.<metric>.<statistic>, <phase>.<counter>, vars, matrix.
func (s *Scenario) Scope() *expr.Scope {
	scope := expr.NewScope()
	phase := PhaseScope()
	for _, ph := range s.Phases {
		if name, ok := ph.Name.Literal(); ok && expr.Word(name) {
			scope.Put(name, phase)
		}
	}
	if s.values.names == nil {
		return scope
	}
	for _, name := range s.values.names.Names() {
		scope.Put(name, s.values.names.Member(name))
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
		phase.Put(m.Name, metric)
	}
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
