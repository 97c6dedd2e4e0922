package plan

import (
	"wsk-scenario/dsl"
	"wsk-scenario/dsl/expr"
)

// Scope is the names that the plan's assertions and columns use. A saved plan has no scenario any more, so that the names
// are taken from what it decided.
func (p *Plan) Scope() *expr.Scope {
	scope := expr.NewScope()
	phase := dsl.PhaseScope()
	for _, cell := range p.Cells {
		for _, ph := range cell.Phases {
			own := phase
			if n := len(ph.Load.Steps); n > 0 {
				own = dsl.SteppedScope(n)
			} else if len(ph.Extract) > 0 {
				own = dsl.PhaseScope()
			}
			for _, e := range ph.Extract {
				dsl.AddExtracted(own, e.Name, e.Unit)
			}
			scope.Put(ph.Name, own)
		}
	}
	scope.Put("baseline", dsl.BaselineScope(scope))
	vars, matrix := expr.NewScope(), expr.NewScope()
	for _, v := range p.Vars {
		vars.Add(v.Name, expr.KindOf(v.Value))
	}
	for _, axis := range p.Axes {
		matrix.Add(axis.Name, expr.CommonKind(axis.Values))
	}
	scope.Put("vars", vars)
	scope.Put("matrix", matrix)
	scope.Put("limits", dsl.LimitScope())
	return scope
}

// ScopeOf is the names that one assertion uses.
func (p *Plan) ScopeOf(a Assertion) *expr.Scope {
	if a.Across == "" {
		return p.Scope()
	}
	for _, axis := range p.Axes {
		if axis.Name == a.Across {
			return dsl.AcrossScope(p.Scope(), axis.Name, axis.Values)
		}
	}
	return p.Scope()
}
