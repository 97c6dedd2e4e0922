package expr

import (
	"strconv"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// A name may end with a number in parentheses, as percentiles do: response.p(97.5). It stands for one value of the scope, and
// its name is written one way: p(97.5) for p( 97.50 ).

// called is a call of a member: such a name, or a fault.
func (l *lowering) called(n *ast.CallNode, callee *ast.MemberNode, out *node) *node {
	property, named := callee.Property.(*ast.StringNode)
	if !named {
		return l.foreign(out)
	}
	if _, number := numberOf(n.Arguments); number {
		return l.name(n, out)
	}
	out.from, out.to = property.Location().From, property.Location().To
	l.fault(out, "behind %s stands one number in parentheses, as it is", property.Value).Hint = "write it such as p(97.5)"
	return out
}

func numberOf(arguments []ast.Node) (float64, bool) {
	if len(arguments) != 1 {
		return 0, false
	}
	switch n := arguments[0].(type) {
	case *ast.IntegerNode:
		return float64(n.Value), true
	case *ast.FloatNode:
		return n.Value, true
	}
	return 0, false
}

// method is the last step of the name.
func (l *lowering) method(n *ast.CallNode) step {
	property := n.Callee.(*ast.MemberNode).Property.(*ast.StringNode)
	number, _ := numberOf(n.Arguments)
	end := closing(l.code.source, n.Arguments[0].Location().To, ')')
	return step{property.Value + written(number), property.Location().From, end}
}

func written(number float64) string { return "(" + strconv.FormatFloat(number, 'f', -1, 64) + ")" }

// Steps are the steps of a dotted name; a dot in parentheses belongs to a number.
func Steps(name string) []string {
	plain, number, method := strings.Cut(name, "(")
	steps := strings.Split(plain, ".")
	if method {
		steps[len(steps)-1] += "(" + number
	}
	return steps
}
