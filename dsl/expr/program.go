package expr

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"wsk-scenario/dsl/diag"
)

// MissingError is the error of an evaluation that needs a name without a value.
type MissingError struct{ Name string }

func (e *MissingError) Error() string { return e.Name + " has no value" }

// Program is a compiled expression.
type Program struct {
	code *code
	root *node
	refs []Reference
}

// Compile checks an expression against the names of scope and returns it ready to run. want is the kind that its value
// must have: Bool for an assertion, Any for a column. The program is nil when there are errors.
func Compile(text diag.Text, scope *Scope, want Kind) (*Program, diag.List) {
	runes := []rune(text.Value)
	if len(runes) > maxLength {
		var diags diag.List
		diags.Errorf(text.Slice(0, 1), "the expression is longer than %d characters", maxLength).Hint = "split it"
		return nil, diags
	}
	p, diags := compile(text, runes, 0, len(runes), scope)
	if p == nil || diags.HasErrors() {
		return nil, diags
	}
	if want != Any && !p.root.is(want) {
		return nil, append(diags, *p.unwanted(want))
	}
	if d := p.Try(func(string) (any, bool) { return nil, false }); d != nil {
		return nil, append(diags, *d)
	}
	return p, diags
}

// compile reads the expression in runes from…to-1 of a text.
func compile(text diag.Text, runes []rune, from, to int, scope *Scope) (*Program, diag.List) {
	c, diags := newCode(text, runes, from, to)
	tree, problem := c.parse()
	if problem != nil {
		return nil, append(diags, *problem)
	}
	l := &lowering{code: c, scope: scope, diags: diags}
	root := l.node(tree)
	return &Program{code: c, root: root, refs: l.refs}, l.diags
}

// unwanted says that the expression is of another kind than it must be.
func (p *Program) unwanted(want Kind) *diag.Diagnostic {
	d := p.code.fault(p.root.from, p.root.to, fmt.Sprintf("this must be %s, but it is %s", want, p.root.kind), "")
	example := map[Kind]string{Duration: " < 500ms", Size: " < 256MB", Number: " < 100", Text: ` == "word"`}[p.root.kind]
	if want == Bool && example != "" {
		d.Hint = "compare it, such as " + p.code.words(p.root.from, p.root.to) + example
	}
	return d
}

// Try runs the program once on made-up values, so that what can only fail when it runs fails now. Known values take the
// place of the made-up ones; where neither is to be had nothing is found.
func (p *Program) Try(known Lookup) *diag.Diagnostic {
	_, err := p.root.eval(func(name string) (any, bool) {
		if value, ok := known(name); ok {
			return value, true
		}
		i := slices.IndexFunc(p.refs, func(r Reference) bool { return r.Name == name })
		if i < 0 {
			return nil, false
		}
		value, ok := madeUp[p.refs[i].kind]
		return value, ok
	})
	var missing *MissingError
	if err == nil || errors.As(err, &missing) || errors.Is(err, ErrDivision) {
		return nil
	}
	return p.code.fault(p.root.from, p.root.to, "this cannot be computed: "+err.Error(), "")
}

var madeUp = map[Kind]any{
	Bool: true, Number: 7, Duration: 70 * time.Millisecond, Size: Bytes(70e6), Text: "text", List: []any{},
}

// Kind is what the program's value is.
func (p *Program) Kind() Kind { return p.root.kind }

// References are the names that the program uses, in order of appearance, each once.
func (p *Program) References() []string {
	var names []string
	for _, r := range p.refs {
		if !slices.Contains(names, r.Name) {
			names = append(names, r.Name)
		}
	}
	return names
}

// Places are the uses of names with where they stand, in order of appearance.
func (p *Program) Places() []Reference { return slices.Clone(p.refs) }

// Range is where the expression stands.
func (p *Program) Range() diag.Range { return p.code.slice(p.root.from, p.root.to) }

// Eval computes the program's value. A name alone gives what lookup gives.
func (p *Program) Eval(lookup Lookup) (any, error) {
	if p.root.raw != nil && !united(p.root.kind) { // a duration or a size may come as text
		return p.root.raw(lookup)
	}
	return p.root.eval(lookup)
}
