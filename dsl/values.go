package dsl

import (
	"encoding/json"
	"slices"
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
	// services is what placeholders see of the services: what stands for their values.
	services map[string]any
	entities map[string]any // and of the names of entities
}

// VarValues are the variables in the order written, after --set.
func (s *Scenario) VarValues() []VarValue { return s.values.vars }

// Cells are the combinations of the axes, the last axis fastest, without the excluded ones. A scenario without axes has
// one cell without values.
func (s *Scenario) Cells() []Cell { return s.values.cells }

// Env is what the placeholders of a cell see.
func (s *Scenario) Env(c Cell) syntax.Env {
	env := c.Env(s.varMap())
	env["services"], env["names"] = s.values.services, s.values.entities
	return env
}

// Envs are what the placeholders see in each of the cells.
func (s *Scenario) Envs() []syntax.Env {
	envs, vars := make([]syntax.Env, len(s.values.cells)), s.varMap()
	for i, c := range s.values.cells {
		envs[i] = c.Env(vars)
		envs[i]["services"], envs[i]["names"] = s.values.services, s.values.entities
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
	for i := range n.Fields {
		f := &n.Fields[i]
		if f.Key.Value == "exclude" || f.Key.Value == "include" {
			continue
		}
		f.Value = spread(f.Value, env)
		scope.Add(f.Key.Value, expr.CommonKind(l.axisValues(n, *f, env)))
	}
	if l.diags[before:].HasErrors() {
		l.unknown = true
	}
}

// spread is the list in the place of a placeholder that gives one, so that a variable can hold the values of an axis.
func spread(n *syntax.Node, env syntax.Env) *syntax.Node {
	if n.Kind != syntax.String || n.Template == nil {
		return n
	}
	value, faults := n.Value(env)
	list, is := value.([]any)
	if len(faults) > 0 || !is {
		return n
	}
	text, err := json.Marshal(list) // which is YAML, too
	if err != nil {
		return n
	}
	items, faults := syntax.Parse(n.Range.File, text)
	if items == nil || faults.HasErrors() {
		return n
	}
	return syntax.Placed(items, n.Range)
}

// axisValues are the values of one axis before the file is decoded, those of include too. What has no value is left out.
func (l *loader) axisValues(matrix *syntax.Node, axis syntax.Field, env syntax.Env) []any {
	items := axis.Value.Items
	var found []any
	if axis.Value.Kind == syntax.Map {
		found = spanOf(axis.Value, env)
		if list := axis.Value.Get("values"); list != nil {
			items = list.Items
		}
	}
	if include := matrix.Get("include"); include != nil {
		for _, entry := range include.Items {
			if item := entry.Get(axis.Key.Value); item != nil {
				items = append(items[:len(items):len(items)], item)
			}
		}
	}
	for _, item := range items {
		l.versionLike(item)
		if v, ds := item.Value(env); len(ds) == 0 {
			found = append(found, v)
		}
	}
	return found
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
	for i := range s.Matrix.Axes.Entries {
		axis := &s.Matrix.Axes.Entries[i].Value
		for i, v := range axis.Values {
			axis.Values[i] = settled(l, v, env)
		}
		if axis.ranged() {
			axis.From, axis.To, axis.Step = settled(l, axis.From, env), settled(l, axis.To, env), settled(l, axis.Step, env)
			l.expand(s.Matrix.Axes.Entries[i].Key.Value, axis)
		}
	}
	for _, entry := range append(slices.Clone(s.Matrix.Exclude), s.Matrix.Include...) {
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

// VarNames are the variables that a file declares or includes, in the order written, whatever else may be wrong with it.
func VarNames(file string, source []byte) []string {
	root, _ := syntax.Parse(file, source)
	if root == nil || root.Kind != syntax.Map {
		return nil
	}
	l := &loader{root: root, scenario: &Scenario{File: file}}
	l.include(Options{})
	if vars := root.Get("vars"); vars != nil {
		return keys(vars)
	}
	return nil
}
