package dsl

import (
	"fmt"
	"strings"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/expr"
	"wsk-scenario/dsl/syntax"
)

// Options are what is said beside the file.
type Options struct {
	// Profile is the cluster profile, whose vars replace those of the scenario; nil when there is none.
	Profile *Profile
	// Set replaces variables, those of the profile too.
	Set []Override
	// Sources is given the texts of the included files, by the names that places in them carry, for pictures and for the
	// record. It may be nil.
	Sources diag.Sources
	// Texts are taken for files that are included, by their cleaned paths, in place of what is on the disk.
	Texts map[string][]byte
}

// Override is the value of one variable, as --set name=value gives it. The value is YAML: 2, true, java, [1, 2].
type Override struct{ Name, Value string }

// String is the override as it stands on the command line.
func (o Override) String() string { return "--set " + o.Name + "=" + o.Value }

// ParseOverride reads name=value.
func ParseOverride(s string) (Override, error) {
	name, value, ok := strings.Cut(s, "=")
	if !ok || name == "" {
		return Override{}, fmt.Errorf("--set %s: write name=value", s)
	}
	return Override{name, value}, nil
}

// Read reads a scenario and makes every check that needs no OpenWhisk. Paths in it are relative to the folder of name.
// All faults are found at once; the scenario is nil when there is an error among them, not when there are warnings only.
func Read(name string, source []byte, opts Options) (*Scenario, diag.List) {
	root, diags := syntax.Parse(name, source)
	if root == nil {
		return nil, diags
	}
	l := &loader{root: root, scenario: &Scenario{File: name}, diags: diags, used: make(map[string]bool)}
	if root.Kind == syntax.Map {
		l.include(opts)
		l.adopt(opts.Profile)
		l.override(opts.Set)
		l.compile()
	}
	decoded := syntax.Decode(root, l.scenario, "the scenario")
	l.diags = append(l.diags, decoded...)
	if root.Kind == syntax.Map {
		l.settle()
		check(l)
	}
	l.diags.Sort()
	if l.diags.HasErrors() {
		return nil, bounded(l.diags, name)
	}
	return l.scenario, bounded(l.diags, name)
}

// maxFaults is how many faults are told at once. More of them have one cause, and nobody reads on.
const maxFaults = 200

func bounded(diags diag.List, file string) diag.List {
	more := len(diags) - maxFaults
	if more <= 0 {
		return diags
	}
	severity := diag.Warning
	if diags.HasErrors() {
		severity = diag.Error
	}
	return append(diags[:maxFaults:maxFaults], diag.Diagnostic{
		Severity: severity, Range: diag.Range{File: file},
		Summary: fmt.Sprintf("%d more faults are not shown", more), Hint: "mend the first, then try again",
	})
}

// loader holds what is known between the tree and the checked scenario.
type loader struct {
	root     *syntax.Node
	scenario *Scenario
	diags    diag.List
	used     map[string]bool // the names that placeholders and expressions use, such as vars.loops
	names    *expr.Scope     // vars and matrix
	unknown  bool            // some variable or axis has no value, so that no cell can be tried
}

// override puts the values of --set in the place of those in the file.
func (l *loader) override(set []Override) {
	vars := l.root.Get("vars")
	for _, o := range set {
		place := diag.Range{File: o.String()}
		value, ds := syntax.Parse(o.String(), []byte(o.Value))
		switch {
		case o.Value == "":
			value = &syntax.Node{Kind: syntax.String, Range: place, Text: diag.Text{Range: place}}
		case value == nil || ds.HasErrors():
			l.diags.Errorf(place, "the value is not YAML").Hint = "put it in quotes, such as --set '" + o.Name + `="…"'`
			continue
		}
		if !replace(vars, o.Name, syntax.Placed(value, place)) {
			var names []string
			if vars != nil {
				names = keys(vars)
			}
			d := l.diags.Errorf(place, "there is no variable %q", o.Name)
			if d.Hint = diag.Suggest(o.Name, names); len(names) == 0 {
				d.Hint = "the scenario has no vars"
			}
		}
	}
}

func replace(n *syntax.Node, key string, value *syntax.Node) bool {
	if n == nil {
		return false
	}
	for i := range n.Fields {
		if n.Fields[i].Key.Value == key {
			n.Fields[i].Value = value
			return true
		}
	}
	return false
}

func keys(n *syntax.Node) []string {
	names := make([]string, len(n.Fields))
	for i, f := range n.Fields {
		names[i] = f.Key.Value
	}
	return names
}

// compile compiles the placeholders. A variable sees the variables above it, an axis all variables, the rest of the file
// both. What names things or is an expression itself has none.
func (l *loader) compile() {
	l.names = expr.NewScope()
	vars, matrix := expr.NewScope(), expr.NewScope()
	l.names.Put("vars", vars)
	l.names.Absent("matrix", "variables and axes do not depend on the cell")
	l.variables(vars)
	l.axes(matrix)
	l.names.Absent("matrix", "repeat and require are for the whole run and do not depend on the cell")
	for _, key := range []string{"repeat", "require"} {
		if n := l.root.Get(key); n != nil {
			l.placeholders(n, l.compiler())
		}
	}
	l.services()
	l.actionNames()
	l.names.Put("matrix", matrix)
	for _, name := range l.phaseNames() {
		l.names.Absent(name, "results are there after the run only, placeholders are filled in before it")
	}
	for _, f := range l.root.Fields {
		switch f.Key.Value {
		case "vars", "matrix", "repeat", "require", "include", "services":
		case "name", "about", "tags":
			l.placeholders(f.Value, refuse("%s cannot hold a placeholder", f.Key.Value, "write it out"))
		case "assert", "report":
			l.placeholders(f.Value, refuse("%s needs no placeholders", f.Key.Value, "write the name alone, without ${{ }}"))
		default:
			if f.Key.Value == "phases" {
				for _, item := range phaseNodes(f.Value) {
					if name := item.Get("name"); name != nil {
						l.placeholders(name, refuse("the %s of a phase cannot hold a placeholder", "name", "write it out"))
					}
				}
			}
			l.bodies(f)
			l.placeholders(f.Value, l.compiler())
		}
	}
}

// bodies compiles what is sent with every call: there a value may be made anew for each.
func (l *loader) bodies(section syntax.Field) {
	compile := l.compilerOf(l.names.WithMakers())
	switch section.Key.Value {
	case "payloads":
		for _, payload := range section.Value.Fields {
			if body := payload.Value.Get("json"); body != nil {
				l.placeholders(body, compile)
			}
		}
	case "phases":
		for _, phase := range phaseNodes(section.Value) {
			if with := phase.Get("with"); with != nil && with.Kind == syntax.Map {
				l.placeholders(with, compile)
			}
		}
	}
}

func (l *loader) phaseNames() (names []string) {
	for _, item := range phaseNodes(l.root.Get("phases")) {
		if name := item.Get("name"); name != nil {
			names = append(names, name.Text.Value)
		}
	}
	return names
}

// phaseNodes are the phases, and those that run side by side in one of them.
func phaseNodes(phases *syntax.Node) (list []*syntax.Node) {
	if phases == nil {
		return nil
	}
	for _, item := range phases.Items {
		list = append(list, item)
		if together := item.Get("together"); together != nil {
			list = append(list, together.Items...)
		}
	}
	return list
}

func (l *loader) placeholders(n *syntax.Node, compile syntax.Compiler) {
	l.diags = append(l.diags, syntax.Compile(n, compile)...)
}

// refuse is a compiler for places where no placeholder may stand.
func refuse(format, what, hint string) syntax.Compiler {
	return func(text diag.Text) (syntax.Template, diag.List) {
		var diags diag.List
		diags.Errorf(text.Range, format, what).Hint = hint
		return nil, diags
	}
}

func (l *loader) compiler() syntax.Compiler { return l.compilerOf(l.names) }

func (l *loader) compilerOf(names *expr.Scope) syntax.Compiler {
	return func(text diag.Text) (syntax.Template, diag.List) {
		t, diags := expr.CompileTemplate(text, names)
		if t == nil {
			return nil, diags
		}
		for _, name := range t.References() {
			l.used[name] = true
		}
		return template{t}, diags
	}
}

// template lends a template of the expression language to the syntax.
type template struct{ *expr.Template }

// Resolve fills in the placeholders.
func (t template) Resolve(env syntax.Env) (any, *diag.Diagnostic) { return t.Template.Resolve(env) }
