package dsl

import (
	"wsk-scenario/dsl/expr"
)

// AcrossScope is the names of an assertion across an axis, made of those in one cell: each value of the axis that can be a
// name stands before the phases, as in edge.warm.run.p50.
func AcrossScope(cell *expr.Scope, axis string, values []any) *expr.Scope {
	phases, matrix, scope := expr.NewScope(), expr.NewScope(), expr.NewScope()
	example := ""
	for _, v := range values {
		if name := AxisText(v); acrossName(name) {
			scope.Put(name, phases)
			if example == "" {
				example = name + "."
			}
		}
	}
	for _, name := range cell.Names() {
		switch name {
		case "vars":
			scope.Put(name, cell.Member(name))
		case "matrix":
		default:
			phases.Put(name, cell.Member(name))
			scope.Absent(name, "say of which "+axis+", such as "+example+name)
		}
	}
	if old := cell.Member("matrix"); old != nil {
		for _, name := range old.Names() {
			if name != axis {
				matrix.Put(name, old.Member(name))
			}
		}
	}
	matrix.Absent(axis, "the assertion is across "+axis+" and sees all its values")
	scope.Put("matrix", matrix)
	return scope
}

// acrossName reports whether a value of an axis can be a name beside vars and matrix.
func acrossName(name string) bool { return expr.Word(name) && name != "vars" && name != "matrix" }
