package expr

import (
	"fmt"
	"math"
	"strconv"

	"wsk-scenario/dsl/diag"
)

// Explanation is why an assertion holds or does not: its parts, as they are joined by "and" at the top.
type Explanation struct {
	Holds       bool
	Comparisons []Comparison
	// Err is why it cannot be computed: a *MissingError, or ErrDivision.
	Err error
}

// Comparison is one part of an assertion with the values on both sides. A part that is no comparison, such as one with
// "or" or "not", has no operator.
type Comparison struct {
	Text        string
	Range       diag.Range
	Left        string
	Op          string
	Right       string
	Holds       bool
	Margin      string // how far from the limit, such as "47 % above the limit"; empty where it says nothing
	Distance    float64
	LimitOnLeft bool // as in 0.9 <= warm.cold_share
}

// Value is the side of the comparison that is measured.
func (c Comparison) Value() string {
	if c.LimitOnLeft {
		return c.Right
	}
	return c.Left
}

// Limit is the other side.
func (c Comparison) Limit() string {
	if c.LimitOnLeft {
		return c.Left
	}
	return c.Right
}

// Explain computes each part of the assertion.
func (p *Program) Explain(lookup Lookup) Explanation {
	e := Explanation{Holds: true}
	for _, part := range conjuncts(p.root) {
		c, err := p.comparison(part, lookup)
		if err != nil {
			e.Holds, e.Err = false, err
			return e
		}
		e.Holds = e.Holds && c.Holds
		e.Comparisons = append(e.Comparisons, c)
	}
	return e
}

// Failing is the first part that does not hold; ok is false when all do.
func (e Explanation) Failing() (c Comparison, ok bool) {
	for _, c := range e.Comparisons {
		if !c.Holds {
			return c, true
		}
	}
	return Comparison{}, false
}

// Tightest is the part to show beside its limit: the first that fails, or the one that is nearest to its limit.
func (e Explanation) Tightest() (best Comparison, ok bool) {
	if c, fails := e.Failing(); fails {
		return c, true
	}
	for i, c := range e.Comparisons {
		if i == 0 || c.Op != "" && (best.Op == "" || math.Abs(c.Distance) < math.Abs(best.Distance)) {
			best = c
		}
	}
	return best, len(e.Comparisons) > 0
}

func conjuncts(n *node) []*node {
	if n.op == "and" {
		return append(conjuncts(n.left), conjuncts(n.right)...)
	}
	return []*node{n}
}

func (p *Program) comparison(n *node, look Lookup) (Comparison, error) {
	c := Comparison{Text: p.code.words(n.from, n.to), Range: p.code.slice(n.from, n.to), Distance: math.Inf(1)}
	holds, err := truth(n, look)
	if err != nil {
		return c, err
	}
	c.Holds = holds
	switch n.op {
	case "==", "!=", "<", "<=", ">", ">=":
	default:
		c.Left = strconv.FormatBool(holds)
		return c, nil
	}
	sides, err := values([]*node{n.left, n.right}, look)
	if err != nil {
		return c, err
	}
	c.Left, c.Op, c.Right = Format(sides[0]), n.op, Format(sides[1])
	c.LimitOnLeft = constant(n.left) && !constant(n.right)
	value, limit := sides[0], sides[1]
	if c.LimitOnLeft {
		value, limit = limit, value
	}
	c.margin(float(value), float(limit))
	return c, nil
}

// constant reports whether nothing measured goes into the node.
func constant(n *node) bool {
	return n.literal != nil || n.raw == nil && n.left != nil && n.right != nil && constant(n.left) && constant(n.right)
}

// margin says how far the value is from its limit. Without a number, or with the limit 0, there is nothing to say.
func (c *Comparison) margin(value, limit float64) {
	if math.IsNaN(value) || math.IsNaN(limit) || limit == 0 {
		return
	}
	c.Distance = (value - limit) / math.Abs(limit)
	side := "above"
	if c.Distance < 0 {
		side = "below"
	}
	percent := math.Abs(c.Distance) * 100
	switch {
	case percent == 0:
		c.Margin = "exactly the limit"
	case percent < 0.1:
		c.Margin = "less than 0.1 % " + side + " the limit"
	case percent > 99 && side == "below" && value > 0 && limit > 0:
		c.Margin = fmt.Sprintf("%s %% of the limit", significant(100*value/limit))
	case percent < 10:
		c.Margin = fmt.Sprintf("%.1f %% %s the limit", percent, side)
	case percent < 1000:
		c.Margin = fmt.Sprintf("%.0f %% %s the limit", percent, side)
	default:
		c.Margin = fmt.Sprintf("%s times the limit", significant(value/limit))
	}
}
