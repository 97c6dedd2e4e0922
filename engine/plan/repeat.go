package plan

import (
	"strconv"
	"strings"

	"wsk-scenario/dsl"
)

// RepeatAxis is the axis that a repeated run has beside those of its matrix. It varies slowest: all cells are run, then
// all cells again, so that what changes with time meets every cell alike. Every pass is judged by itself, and nothing is
// pooled over the passes: the unit of a comparison is the run.
const RepeatAxis = "repeat"

// repeat gives the plan as many passes over its cells as the scenario asks for.
func (b *builder) repeat(p *Plan) {
	passes := b.passes()
	if passes < 2 {
		return
	}
	axis := Axis{Name: RepeatAxis}
	once := p.Cells
	p.Cells = make([]Cell, 0, passes*len(once))
	for pass := 1; pass <= passes; pass++ {
		axis.Values = append(axis.Values, pass)
		for _, cell := range once {
			p.Cells = append(p.Cells, cell.pass(pass))
		}
	}
	p.Axes = append([]Axis{axis}, p.Axes...)
}

// passes is how often all cells are run.
func (b *builder) passes() int {
	b.env = b.scenario.Env(dsl.Cell{})
	return or(b, b.scenario.Repeat, 1)
}

// pass is the cell in one of several passes. The passes share what they run.
func (c Cell) pass(n int) Cell {
	id := RepeatAxis + "=" + strconv.Itoa(n)
	if len(c.Values) > 0 {
		id += "," + c.ID
	}
	c.ID, c.Repeat = id, n
	c.Values = append([]Value{{RepeatAxis, n}}, c.Values...)
	return c
}

// Base is the id of the cell without its pass: what the same cell is called in every pass, and in a run that repeats nothing.
func (c *Cell) Base() string {
	if c.Repeat == 0 {
		return c.ID
	}
	if _, rest, more := strings.Cut(c.ID, ","); more {
		return rest
	}
	return "all"
}

func (b *builder) tags() (tags []string) {
	for _, t := range b.scenario.Tags {
		tags = append(tags, literal(t))
	}
	return tags
}
