package expr

import (
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
)

func (l *lowering) binary(n *ast.BinaryNode, out *node) *node {
	left, right := l.node(n.Left), l.node(n.Right)
	l.cover(out, left, right)
	if !slices.Contains(operators, canonical(n.Operator)) {
		return l.foreign(out)
	}
	out.op, out.left, out.right = canonical(n.Operator), left, right
	kind, ok := combine(out.op, left.kind, right.kind)
	if out.kind = kind; !ok {
		l.mismatch(out)
		return out
	}
	out.faulty = left.faulty || right.faulty
	if out.op == "/" && (right.literal == 0 || right.literal == 0.0) {
		l.fault(out, "this divides by zero")
		return out
	}
	op := out.op
	if op == "and" || op == "or" {
		out.eval = func(look Lookup) (any, error) {
			holds, err := truth(left, look)
			if err != nil || holds == (op == "or") {
				return holds, err
			}
			return truth(right, look)
		}
		return out
	}
	out.eval = func(look Lookup) (any, error) {
		a, err := left.eval(look)
		if err != nil {
			return nil, err
		}
		b, err := right.eval(look)
		if err != nil {
			return nil, err
		}
		return apply(op, a, b)
	}
	return out
}

var operators = []string{
	"and", "or", "==", "!=", "<", "<=", ">", ">=", "in", "contains", "startsWith", "endsWith", "+", "-", "*", "/", "%", "**",
}

// canonical gives each operator one spelling.
func canonical(op string) string {
	switch op {
	case "&&":
		return "and"
	case "||":
		return "or"
	case "^":
		return "**"
	}
	return op
}

// mismatch reports an operator between kinds that do not go together, with what was likely meant.
func (l *lowering) mismatch(n *node) {
	left, right := n.left, n.right
	number, quantity := left, right
	if united(left.kind) {
		number, quantity = right, left
	}
	where := n
	if united(quantity.kind) && number.literal != nil { // the number is what to change
		where = number
	}
	numeric, text := number.kind == Number, number.kind == Text
	d := l.fault(where, "%s cannot be %s %s", left.kind, deeds(n.op), right.kind)
	n.kind, n.faulty = Any, true
	what, sample := "duration", "500ms"
	if quantity.kind == Size {
		what, sample = "size", "256MB"
	}
	switch {
	case !united(quantity.kind):
		if n.op == "and" || n.op == "or" {
			d.Hint = "both sides of " + n.op + " must be true or false"
		}
	case numeric && number.literal != nil:
		d.Hint = fmt.Sprintf("a %s needs a unit: %s%s", what, l.code.words(number.from, number.to), strings.TrimLeft(sample, "0123456789"))
	case numeric:
		d.Hint = "one side is a " + what + ", the other is not"
	case text && number.literal != nil:
		d.Hint = "write the " + what + " without quotes, such as " + sample
	}
}

// deeds are operators in words: "cannot be compared with".
func deeds(op string) string {
	switch op {
	case "+":
		return "added to"
	case "-":
		return "reduced by"
	case "*":
		return "multiplied by"
	case "/", "%":
		return "divided by"
	case "**":
		return "raised to"
	case "and", "or":
		return "joined by " + op + " with"
	case "in":
		return "looked for in"
	}
	return "compared with"
}

// combine is the kind of "a op b", and whether the two go together.
func combine(op string, a, b Kind) (Kind, bool) {
	unknown := a == Any || b == Any
	switch op {
	case "and", "or":
		return Bool, (a == Bool || a == Any) && (b == Bool || b == Any)
	case "==", "!=":
		return Bool, a == b || unknown
	case "<", "<=", ">", ">=":
		return Bool, (a == b || unknown) && ordered(a) && ordered(b)
	case "in":
		return Bool, b == List || b == Any || b == Text && (a == Text || a == Any)
	case "contains", "startsWith", "endsWith":
		return Bool, (a == Text || a == Any) && (b == Text || b == Any)
	}
	return arithmetic(op, a, b)
}

func ordered(k Kind) bool { return k == Number || k == Text || k == Any || united(k) }

// united reports whether values of the kind have a unit.
func united(k Kind) bool { return k == Duration || k == Size }

func arithmetic(op string, a, b Kind) (Kind, bool) {
	if a == Bool || a == List || b == Bool || b == List {
		return Any, false
	}
	if a == Any || b == Any {
		return Any, true
	}
	switch {
	case a == Number && b == Number:
		return Number, true
	case op == "+" && a == b, op == "-" && a == b && united(a):
		return a, true
	case op == "*" && united(a) && b == Number:
		return a, true
	case op == "*" && a == Number && united(b):
		return b, true
	case op == "/" && united(a) && a == b:
		return Number, true
	case op == "/" && united(a) && b == Number:
		return a, true
	}
	return Any, false
}
