package expr

import (
	"math"

	"wsk-scenario/dsl/diag"
)

// Settled is a part of an assertion that comes out the same whatever is measured.
type Settled struct {
	Text  string
	Range diag.Range
	Holds bool
}

// Settled finds the parts of an assertion, as they are joined by "and", that cannot fail or cannot hold. bounds are the
// least and the largest value that a name can have.
func (p *Program) Settled(bounds func(name string) (low, high float64)) (parts []Settled) {
	for _, n := range conjuncts(p.root) {
		if holds, settled := verdict(n, bounds); settled {
			parts = append(parts, Settled{p.code.words(n.from, n.to), p.code.slice(n.from, n.to), holds})
		}
	}
	return parts
}

// verdict is what a part always comes out as; settled is false where that depends on what is measured.
func verdict(n *node, bounds func(string) (float64, float64)) (holds, settled bool) {
	if b, constant := n.literal.(bool); constant {
		return b, true
	}
	if n.op == "or" {
		left, leftSettled := verdict(n.left, bounds)
		right, rightSettled := verdict(n.right, bounds)
		certain := leftSettled && left || rightSettled && right
		return certain, certain || leftSettled && rightSettled
	}
	if n.left == nil || n.right == nil {
		return false, false
	}
	if n.left.name != "" && n.left.name == n.right.name {
		return n.op == "==" || n.op == "<=" || n.op == ">=", true
	}
	a, b := reach(n.left, bounds), reach(n.right, bounds)
	switch n.op {
	case ">", ">=":
		a, b = b, a
	case "<", "<=":
	case "==", "!=":
		apart := a.high < b.low || b.high < a.low
		return n.op == "!=", apart
	default:
		return false, false
	}
	strict := n.op == "<" || n.op == ">"
	if a.high < b.low || !strict && a.high == b.low {
		return true, true
	}
	return false, b.high < a.low || strict && b.high == a.low
}

// interval is all that a value can be.
type interval struct{ low, high float64 }

func reach(n *node, bounds func(string) (float64, float64)) interval {
	switch {
	case n.name != "":
		low, high := bounds(n.name)
		return interval{low, high}
	case n.literal != nil && (n.kind == Number || united(n.kind)):
		f := float(n.literal)
		return interval{f, f}
	}
	return interval{math.Inf(-1), math.Inf(1)}
}
