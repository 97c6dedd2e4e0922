package expr

import (
	"fmt"
	"time"

	"github.com/expr-lang/expr/ast"

	"wsk-scenario/dsl/diag"
)

// Lookup gives the value of a dotted name such as cold.init.p95; false where there is none.
type Lookup func(name string) (any, bool)

// node is one part of a checked expression: what it is, where it stands, and how its value is found.
type node struct {
	kind        Kind
	from, to    int // of the source
	eval        func(Lookup) (any, error)
	raw         func(Lookup) (any, error) // of a bare name: its value just as it is
	op          string                    // of a comparison or an "and"
	left, right *node
	literal     any    // of a constant
	name        string // of a value that has one, and no members behind it
	faulty      bool   // a diagnostic has spoken of it
}

// lowering turns the library's tree into ours. It checks names and kinds on the way and goes on after a fault, so that
// all faults of an expression are found at once.
type lowering struct {
	code  *code
	scope *Scope
	diags diag.List
	refs  []Reference
}

func (l *lowering) fault(n *node, format string, args ...any) *diag.Diagnostic {
	n.kind, n.faulty = Any, true
	return l.diags.Errorf(l.code.slice(n.from, n.to), format, args...)
}

func (l *lowering) node(n ast.Node) *node {
	at := n.Location()
	out := &node{from: at.From, to: max(at.To, at.From+1)}
	switch n := n.(type) {
	case *ast.IntegerNode:
		return out.constant(Number, n.Value)
	case *ast.FloatNode:
		return out.constant(Number, n.Value)
	case *ast.BoolNode:
		return out.constant(Bool, n.Value)
	case *ast.StringNode:
		return out.constant(Text, n.Value)
	case *ast.NilNode:
		return out.constant(Any, nil)
	case *ast.IdentifierNode, *ast.MemberNode:
		return l.name(n, out)
	case *ast.ChainNode:
		return l.node(n.Node)
	case *ast.UnaryNode:
		return l.unary(n, out)
	case *ast.BinaryNode:
		return l.binary(n, out)
	case *ast.ConditionalNode:
		return l.conditional(n, out)
	case *ast.ArrayNode:
		return l.array(n, out)
	case *ast.BuiltinNode:
		return l.call(n.Name, n.Arguments, out)
	case *ast.CallNode:
		if callee, ok := n.Callee.(*ast.IdentifierNode); ok {
			return l.call(callee.Value, n.Arguments, out)
		}
		if callee, ok := n.Callee.(*ast.MemberNode); ok {
			return l.called(n, callee, out)
		}
	}
	return l.foreign(out)
}

// foreign reports what the grammar has and the language has not.
func (l *lowering) foreign(n *node) *node {
	l.fault(n, "this is not part of the language of expressions").
		Hint = "known are names, numbers, durations, texts, lists, + - * / %, comparisons, and, or, not, in, ? :"
	return n
}

func (n *node) constant(kind Kind, value any) *node {
	n.kind, n.literal = kind, value
	n.eval = func(Lookup) (any, error) { return value, nil }
	return n
}

// cover stretches a node over its parts and the parentheses that belong to them.
func (l *lowering) cover(n *node, parts ...*node) {
	for _, p := range parts {
		n.from, n.to = min(n.from, p.from), max(n.to, p.to)
	}
	source := l.code.source
	n.to = min(n.to, len(source))
	open, closed := unbalanced(source[min(n.from, n.to):n.to])
	for ; open > 0 && n.to < len(source); n.to++ {
		if source[n.to] == ')' {
			open--
		}
	}
	for ; closed > 0 && n.from > 0; n.from-- {
		if source[n.from-1] == '(' {
			closed--
		}
	}
}

// unbalanced counts the parentheses that are opened and not closed, and closed and not opened.
func unbalanced(runes []rune) (open, closed int) {
	for i := 0; i < len(runes); i++ {
		switch r := runes[i]; {
		case r == '"' || r == '\'' || r == '`':
			i = stringEnd(runes, i) - 1
		case r == '(':
			open++
		case r == ')' && open > 0:
			open--
		case r == ')':
			closed++
		}
	}
	return open, closed
}

func (l *lowering) unary(n *ast.UnaryNode, out *node) *node {
	x := l.node(n.Node)
	l.cover(out, x)
	op, want := n.Operator, []Kind{Number, Duration, Size}
	out.kind = x.kind
	if op == "!" || op == "not" {
		op, want, out.kind = "not", []Kind{Bool}, Bool
	}
	if !x.is(want...) {
		l.fault(out, "%s cannot stand before %s", n.Operator, x.kind)
		return out
	}
	out.faulty = x.faulty
	out.eval = func(look Lookup) (any, error) {
		v, err := x.eval(look)
		if err != nil {
			return nil, err
		}
		return prefix(op, v)
	}
	return out
}

// is reports whether the node can be of one of the kinds.
func (n *node) is(kinds ...Kind) bool {
	for _, k := range kinds {
		if n.kind == k {
			return true
		}
	}
	return n.kind == Any
}

func (l *lowering) conditional(n *ast.ConditionalNode, out *node) *node {
	cond, yes, no := l.node(n.Cond), l.node(n.Exp1), l.node(n.Exp2)
	l.cover(out, cond, yes, no)
	out.kind = common(yes.kind, no.kind)
	if !cond.is(Bool) {
		l.fault(cond, "the condition before ? must be true or false, but is %s", cond.kind)
	}
	out.faulty = cond.faulty || yes.faulty || no.faulty
	out.eval = func(look Lookup) (any, error) {
		holds, err := truth(cond, look)
		if err != nil {
			return nil, err
		}
		if holds {
			return yes.eval(look)
		}
		return no.eval(look)
	}
	return out
}

func common(a, b Kind) Kind {
	switch {
	case a == b:
		return a
	case a == Fresh || b == Fresh:
		return Fresh
	}
	return Any
}

func (l *lowering) array(n *ast.ArrayNode, out *node) *node {
	items := make([]*node, len(n.Nodes))
	for i, item := range n.Nodes {
		items[i] = l.node(item)
		out.faulty = out.faulty || items[i].faulty
	}
	l.cover(out, items...)
	out.to = closing(l.code.source, out.to, ']')
	out.kind = List
	out.eval = func(look Lookup) (any, error) { return values(items, look) }
	return out
}

func values(nodes []*node, look Lookup) ([]any, error) {
	list := make([]any, len(nodes))
	for i, n := range nodes {
		v, err := n.eval(look)
		if err != nil {
			return nil, err
		}
		list[i] = v
	}
	return list, nil
}

// closing returns the place behind the next bracket, when only white space and commas stand before it.
func closing(source []rune, from int, bracket rune) int {
	for i := from; i < len(source); i++ {
		if source[i] == bracket {
			return i + 1
		}
		if source[i] != ' ' && source[i] != ',' && source[i] != '\n' {
			break
		}
	}
	return from
}

// quantity reads what newCode makes of a written duration or size.
func (l *lowering) quantity(name string, arguments []ast.Node) (value any, end int, ok bool) {
	if len(arguments) != 1 {
		return nil, 0, false
	}
	s, ok := arguments[0].(*ast.StringNode)
	if !ok {
		return nil, 0, false
	}
	end = closing(l.code.source, s.Location().To, ')')
	switch name {
	case "duration":
		d, err := time.ParseDuration(s.Value)
		return d, end, err == nil
	case "size":
		b, ok := parseBytes(s.Value)
		return b, end, ok
	}
	return nil, 0, false
}

// functions are the names of those that may be called here.
func (l *lowering) functions() []string {
	if l.scope.makers {
		return append(functionNames(), Makers()...)
	}
	return functionNames()
}

func (l *lowering) call(name string, arguments []ast.Node, out *node) *node {
	if value, end, ok := l.quantity(name, arguments); ok {
		out.to = end
		return out.constant(kindOf(value), value)
	}
	args := make([]*node, len(arguments))
	for i, a := range arguments {
		args[i] = l.node(a)
		out.faulty = out.faulty || args[i].faulty
	}
	f, known := functions[name]
	if maker, makes := makers[name]; makes {
		if !l.scope.makers {
			l.fault(out, "%s makes a value for every call, and this is the same for all", name).
				Hint = "it has a meaning in the json of a payload, and in an object behind with"
			return out
		}
		f, known = maker, true
	}
	if !known {
		l.fault(out, "there is no function %q", name).Hint = diag.Suggest(name, l.functions())
		return out
	}
	l.cover(out, args...)
	out.to = closing(l.code.source, out.to, ')')
	kind, complaint := f.check(args)
	if complaint != "" && !out.faulty {
		l.fault(out, "%s %s", name, complaint).Hint = "write " + f.usage
		return out
	}
	out.kind = kind
	out.eval = func(look Lookup) (any, error) {
		list, err := values(args, look)
		if err != nil {
			return nil, err
		}
		v, err := f.call(list)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return v, nil
	}
	return out
}
