package expr

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/expr-lang/expr/ast"

	"wsk-scenario/dsl/diag"
)

// Reference is one use of a name.
type Reference struct {
	Name  string
	Range diag.Range
	kind  Kind
}

// step is one member of a dotted name. The name of steps[0] is [0].
type step struct {
	name     string
	from, to int
}

// name checks a dotted name against the scope, and reads what stands behind its value as members of it.
func (l *lowering) name(n ast.Node, out *node) *node {
	steps, base, index := l.unfold(n)
	if base != nil { // such as (a ? b : c).d or a[i]
		return l.member(base, index, out)
	}
	out.from, out.to = steps[0].from, steps[len(steps)-1].to
	l.cover(out)
	scope := l.scope
	for i, s := range steps {
		inner, known := scope.find(s.name)
		if !known {
			l.unknown(out, scope, steps, i)
			return out
		}
		if scope = inner; scope.kind != group {
			return l.reference(out, scope, steps, i)
		}
	}
	whole := dotted(steps)
	l.fault(out, "%s is a group of values", whole).Hint = "choose one, such as " + whole + "." + scope.value()
	return out
}

// unfold splits a.b.c into its steps. Where the expression is no plain name it returns the last member access instead.
func (l *lowering) unfold(n ast.Node) (steps []step, base, index ast.Node) {
	for whole := n; ; {
		switch m := n.(type) {
		case *ast.IdentifierNode:
			at := m.Location()
			steps = append(steps, step{m.Value, at.From, at.To})
			slices.Reverse(steps)
			return steps, nil, nil
		case *ast.MemberNode:
			switch property := m.Property.(type) {
			case *ast.StringNode:
				at := property.Location()
				steps = append(steps, step{property.Value, at.From, at.To})
			case *ast.IntegerNode:
				at := property.Location()
				if steps = append(steps, step{numbered(property.Value), at.From, at.To}); !l.holdsGroups(m.Node) {
					outer := whole.(*ast.MemberNode)
					return nil, outer.Node, outer.Property
				}
			default:
				outer := whole.(*ast.MemberNode)
				return nil, outer.Node, outer.Property
			}
			n = m.Node
		case *ast.ChainNode:
			n = m.Node
		case *ast.CallNode: // the last step, as called has seen
			steps = append(steps, l.method(m))
			n = m.Callee.(*ast.MemberNode).Node
		default:
			outer := whole.(*ast.MemberNode)
			return nil, outer.Node, outer.Property
		}
	}
}

// holdsGroups reports whether n is the name of a group of groups by number, such as the steps of a load: [i] behind it is
// part of the name, and behind any other value an element of it.
func (l *lowering) holdsGroups(n ast.Node) bool {
	scope := l.scope
	steps, base, _ := l.unfold(n)
	if base != nil {
		return false
	}
	for _, s := range steps {
		if scope = scope.members[s.name]; scope == nil {
			return false
		}
	}
	return len(scope.names) > 0 && strings.HasPrefix(scope.names[0], "[")
}

func numbered(i int) string { return "[" + strconv.Itoa(i) + "]" }

// dotted joins steps: a.b[0].c.
func dotted(steps []step) string {
	var text strings.Builder
	for i, s := range steps {
		if i > 0 && !strings.HasPrefix(s.name, "[") {
			text.WriteByte('.')
		}
		text.WriteString(s.name)
	}
	return text.String()
}

// unknown reports step number i, which the scope does not have.
func (l *lowering) unknown(out *node, scope *Scope, steps []step, i int) {
	s, before := steps[i], dotted(steps[:i])
	out.kind, out.faulty = Any, true
	d := l.diags.Errorf(l.code.slice(s.from, s.to), "there is no %q", s.name)
	if i > 0 {
		d.Summary = fmt.Sprintf("%s has no %q", before, s.name)
		if strings.HasPrefix(s.name, "[") {
			d.Summary = fmt.Sprintf("%s has no %s", before, s.name)
		}
		before += "."
	}
	near := diag.Nearest(s.name, scope.names)
	deeper := scope.deeper(s.name)
	function, _, _ := strings.Cut(s.name, "(")
	why, absent := scope.absent[function]
	switch {
	case absent:
		d.Hint = why
	case scope.members[function] != nil:
		d.Hint = "no number stands behind " + function
	case deeper != "" && (len(near) == 0 || i > 0):
		d.Hint = "did you mean " + before + deeper + "?"
	case len(scope.names) == 0 && i > 0:
		d.Hint = "the scenario has no " + strings.TrimSuffix(before, ".")
	default:
		d.Hint = diag.Suggest(s.name, scope.names)
	}
}

// reference is the value of steps 0…i; further steps are members of that value.
func (l *lowering) reference(out *node, scope *Scope, steps []step, i int) *node {
	name := dotted(steps[:i+1])
	l.refs = append(l.refs, Reference{name, l.code.slice(steps[0].from, steps[i].to), scope.kind})
	if i+1 < len(steps) && scope.kind != Any {
		s := steps[i+1]
		out.from, out.to = s.from, s.to
		l.fault(out, "%s is %s and has no %q", name, scope.kind, s.name)
		return out
	}
	out.kind = scope.kind
	rest := steps[i+1:]
	if len(rest) == 0 {
		out.name = name
	}
	out.raw = func(look Lookup) (any, error) {
		value, ok := look(name)
		if !ok {
			return nil, &MissingError{name}
		}
		for _, s := range rest {
			inner, err := memberOf(value, s.name)
			if err != nil {
				return nil, err
			}
			value = inner
		}
		return value, nil
	}
	out.eval = func(look Lookup) (any, error) {
		value, err := out.raw(look)
		if err != nil {
			return nil, err
		}
		return settle(value, out.kind), nil
	}
	return out
}

// settle makes the value of a name what the scope says it is: durations come as text from a scenario's variables.
func settle(value any, kind Kind) any {
	switch v := value.(type) {
	case string:
		if d, err := time.ParseDuration(v); err == nil && kind == Duration {
			return d
		}
		if b, ok := parseBytes(v); ok && kind == Size {
			return b
		}
	case int64:
		return int(v)
	case uint64:
		return float64(v)
	case float32:
		return float64(v)
	}
	return value
}

// member is x.name or x[index] of a value that is no plain name.
func (l *lowering) member(base, index ast.Node, out *node) *node {
	x, key := l.node(base), l.node(index)
	l.cover(out, x, key)
	out.to = closing(l.code.source, out.to, ']')
	if !x.is(List) || !key.is(Number, Text) {
		l.fault(out, "%s has no members", x.kind)
		return out
	}
	out.faulty = x.faulty || key.faulty
	out.eval = func(look Lookup) (any, error) {
		value, err := x.eval(look)
		if err != nil {
			return nil, err
		}
		k, err := key.eval(look)
		if err != nil {
			return nil, err
		}
		return memberOf(value, k)
	}
	return out
}

// memberOf is the element of a mapping or a list.
func memberOf(value, key any) (any, error) {
	switch v := value.(type) {
	case map[string]any:
		name, _ := key.(string)
		if inner, ok := v[name]; ok {
			return inner, nil
		}
		return nil, fmt.Errorf("the mapping has no %s", show(key))
	case []any:
		i, ok := key.(int)
		if ok && i >= 0 && i < len(v) {
			return v[i], nil
		}
		return nil, fmt.Errorf("the list of %d has no element %s", len(v), show(key))
	}
	return nil, fmt.Errorf("%s has no member %s", describe(value), strings.Trim(show(key), `"`))
}

func show(value any) string {
	switch v := value.(type) {
	case string:
		return strconv.Quote(v)
	case nil:
		return "nothing"
	}
	return Format(value)
}
