package dsl

import (
	"strings"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/expr"
	"wsk-scenario/dsl/syntax"
)

// VarValue is a variable with its value: nil, bool, int, float64, string, []any or map[string]any.
type VarValue struct {
	Name  string
	Value any
}

// values are what loading computed.
type values struct {
	vars  []VarValue
	cells []Cell
	kin   *kin
	names *expr.Scope
}

// VarValues are the variables in the order written, after --set.
func (s *Scenario) VarValues() []VarValue { return s.values.vars }

// Cells are the combinations of the axes, the last axis fastest, without the excluded ones. A scenario without axes has
// one cell without values.
func (s *Scenario) Cells() []Cell { return s.values.cells }

// Env is what the placeholders of a cell see.
func (s *Scenario) Env(c Cell) syntax.Env { return c.Env(s.varMap()) }

// Envs are what the placeholders see in each of the cells.
func (s *Scenario) Envs() []syntax.Env {
	envs, vars := make([]syntax.Env, len(s.values.cells)), s.varMap()
	for i, c := range s.values.cells {
		envs[i] = c.Env(vars)
	}
	return envs
}

func (s *Scenario) varMap() map[string]any {
	vars := make(map[string]any, len(s.values.vars))
	for _, v := range s.values.vars {
		vars[v.Name] = v.Value
	}
	return vars
}

// variables compiles and computes the variables, each from those above it.
func (l *loader) variables(scope *expr.Scope) {
	n := l.root.Get("vars")
	if n == nil {
		return
	}
	for _, f := range n.Fields {
		scope.Absent(f.Key.Value, "a variable sees only the variables above it")
	}
	known := make(map[string]any)
	env := syntax.Env{"vars": known}
	for _, f := range n.Fields {
		l.versionLike(f.Value)
		before := len(l.diags)
		l.placeholders(f.Value, l.compiler())
		var value any
		if len(l.diags) == before || !l.diags[before:].HasErrors() {
			v, ds := f.Value.Value(env)
			value, l.diags = v, append(l.diags, ds...)
		}
		if l.diags[before:].HasErrors() {
			l.unknown = true
		}
		scope.Add(f.Key.Value, expr.KindOf(value))
		known[f.Key.Value] = value
		l.scenario.values.vars = append(l.scenario.values.vars, VarValue{f.Key.Value, value})
	}
}

// axes compiles the matrix and declares its axes with the kinds of their values.
func (l *loader) axes(scope *expr.Scope) {
	n := l.root.Get("matrix")
	if n == nil {
		return
	}
	before := len(l.diags)
	l.placeholders(n, l.compiler())
	env := l.scenario.Env(Cell{})
	for _, f := range n.Fields {
		if f.Key.Value == "exclude" {
			continue
		}
		var found []any
		for _, item := range f.Value.Items {
			l.versionLike(item)
			if v, ds := item.Value(env); len(ds) == 0 {
				found = append(found, v)
			}
		}
		scope.Add(f.Key.Value, expr.CommonKind(found))
	}
	if l.diags[before:].HasErrors() {
		l.unknown = true
	}
}

// versionLike warns of a number that does not read back as it was written: 3.10 is 3.1, which is another Python.
func (l *loader) versionLike(n *syntax.Node) {
	whole, fraction, ok := strings.Cut(n.Text.Value, ".")
	if n.Kind != syntax.Float || !ok || !strings.HasSuffix(fraction, "0") || len(fraction) < 2 {
		return
	}
	written := whole + "." + fraction
	l.diags.Warnf(n.Range, "%s is the number %s.%s", written, whole, strings.TrimRight(fraction, "0")).
		Hint = `write "` + written + `" in quotes if it is a version`
}

// settle puts the values of the axes in the place of their placeholders and computes the cells.
func (l *loader) settle() {
	s := l.scenario
	s.values.names = l.names
	env := s.Env(Cell{})
	for _, axis := range s.Matrix.Axes.Entries {
		for i, v := range axis.Value {
			axis.Value[i] = settled(l, v, env)
		}
	}
	for _, entry := range s.Matrix.Exclude {
		for i, e := range entry.Entries {
			entry.Entries[i].Value = settled(l, e.Value, env)
		}
	}
	if l.diags.HasErrors() && l.matrixFaulty() {
		l.unknown = true
	}
	l.cells()
}

func settled(l *loader, v syntax.Val[any], env syntax.Env) syntax.Val[any] {
	if !v.Templated() || l.unknown {
		return v
	}
	value, d := v.In(env)
	if d != nil {
		l.diags = append(l.diags, *d)
		l.unknown = true
		return v
	}
	return v.Settled(value)
}

// matrixFaulty reports whether the decoder found a fault in the matrix.
func (l *loader) matrixFaulty() bool {
	for _, d := range l.diags {
		if d.Severity == diag.Error && (d.Path == "matrix" || strings.HasPrefix(d.Path, "matrix.")) {
			return true
		}
	}
	return false
}

// VarNames are the variables that a file declares, in the order written, whatever else may be wrong with it.
func VarNames(file string, source []byte) []string {
	root, _ := syntax.Parse(file, source)
	if vars := root.Get("vars"); vars != nil {
		return keys(vars)
	}
	return nil
}
