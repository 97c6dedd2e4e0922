package dsl

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"wsk-scenario/dsl/syntax"
)

// Matrix is the axes, what is left out of their product and what is added to it.
type Matrix struct {
	Axes    syntax.Dict[Axis]              `yaml:",rest" doc:"An axis: a list of values, or a range such as {from: 128MB, to: 512MB, step: 128MB}."`
	Exclude []syntax.Dict[syntax.Val[any]] `yaml:"exclude" doc:"Cells to leave out: each entry names values of some axes." example:"[{node: edge, lang: java}]"`
	Include []syntax.Dict[syntax.Val[any]] `yaml:"include" doc:"Cells to add: each entry names a value for every axis, also one that the axis does not list." example:"[{node: edge, lang: go}]"`
}

// Axis is the values of one axis: a list, or a range. Of a range that was read, Values holds the values.
type Axis struct {
	Values []syntax.Val[any] `yaml:"values,shorthand" doc:"The values, in [ ], or a placeholder for a variable that is a list." example:"[nodejs, python]"`
	From   syntax.Val[any]   `yaml:"from" doc:"The first value of a range: a number, a size or a duration." example:"128MB"`
	To     syntax.Val[any]   `yaml:"to" doc:"The last value of a range, reached only when the steps fall on it." example:"512MB"`
	Step   syntax.Val[any]   `yaml:"step" doc:"From one value of a range to the next; 1 when not said, of numbers only." example:"128MB"`
}

// ranged reports whether any key of a range is written.
func (a Axis) ranged() bool { return a.From.Set() || a.To.Set() || a.Step.Set() }

// expand computes the values of a range. What is wrong with it is told where it is written.
func (l *loader) expand(name string, a *Axis) {
	from, fromOK := a.From.Literal()
	to, toOK := a.To.Literal()
	step, stepOK := a.Step.Literal()
	if !fromOK || !toOK || !stepOK && a.Step.Set() {
		l.unknown = true
		return
	}
	values, err := span(from, to, step)
	if err != nil {
		place := []scalar{a.From, a.To, a.Step}[err.which]
		if !place.Set() {
			place = a.From
		}
		d := l.diags.Errorf(place.Range(), "matrix.%s: %s", name, err.says)
		d.Path, d.Hint = "matrix."+name, err.hint
		l.unknown = true
		return
	}
	for _, v := range values {
		a.Values = append(a.Values, a.From.Settled(v))
	}
}

// spanError is what is wrong with a range: with its from, to or step.
type spanError struct {
	which      int
	says, hint string
}

// numbers is the kind of quantity that has no unit.
const numbers = "numbers"

// span is the values of a range, of the kind and in the way in which they are written: 128MB, 256MB, 384MB.
func span(from, to, step any) ([]any, *spanError) {
	first, ok1 := quantityOf(from)
	last, ok2 := quantityOf(to)
	if step == nil && first.kind == numbers {
		step = 1
	}
	if step == nil && ok1 {
		return nil, &spanError{0, "a range of " + first.kind + " needs a step", "add step: …, with its unit"}
	}
	by, ok3 := quantityOf(step)
	for i, ok := range []bool{ok1, ok2, ok3} {
		if !ok {
			return nil, &spanError{i, fmt.Sprintf("%v is neither a number, a size nor a duration", []any{from, to, step}[i]),
				"write a list for other values, such as [small, large]"}
		}
	}
	switch {
	case last.kind != first.kind:
		return nil, &spanError{1, "the range goes from " + first.kind + " to " + last.kind, "write both in one kind of unit"}
	case by.kind != first.kind:
		return nil, &spanError{2, "the range is of " + first.kind + ", its step is " + by.kind, "write the step with its unit"}
	case by.value <= 0:
		return nil, &spanError{2, "the step must be more than 0", ""}
	case last.value < first.value:
		return nil, &spanError{1, "the range ends before it begins", "write the smaller value as from"}
	}
	steps := math.Floor((last.value-first.value)/by.value + 1e-9) // 0.1 three times is not quite 0.3
	if math.IsNaN(steps) || steps >= maxCells {
		return nil, &spanError{2, fmt.Sprintf("the range has more than %d values", maxCells), "write a larger step"}
	}
	var values []any
	for i := range int(steps) + 1 {
		values = append(values, first.write(first.value+float64(i)*by.value))
	}
	return values, nil
}

// quantity is a value that a range can count: a number, a size in bytes or a duration in nanoseconds.
type quantity struct {
	kind  string
	value float64
	write func(float64) any
}

func quantityOf(raw any) (quantity, bool) {
	switch v := raw.(type) {
	case int:
		return quantity{numbers, float64(v), number}, true
	case float64:
		return quantity{numbers, v, number}, true
	case string:
		if d, err := syntax.ParseDuration(v); err == nil {
			return quantity{"durations", float64(d), func(f float64) any { return syntax.FormatDuration(time.Duration(f)) }}, true
		}
		if b, ok := syntax.ParseBytes(v); ok {
			return quantity{"sizes", float64(b), func(f float64) any { return syntax.Bytes(f).String() }}, true
		}
	}
	return quantity{}, false
}

// number is a whole number where it is one, and else without the last digits, which only binary fractions have.
func number(f float64) any {
	if f == math.Trunc(f) && math.Abs(f) <= 1<<53 {
		return int(f)
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 12, 64), 64)
	if err != nil {
		return f
	}
	return rounded
}

// spanOf is the values of a range that is not decoded yet; none where something is wrong with it.
func spanOf(n *syntax.Node, env syntax.Env) []any {
	parts := make([]any, 3)
	for i, key := range []string{"from", "to", "step"} {
		inner := n.Get(key)
		if inner == nil {
			continue
		}
		value, ds := inner.Value(env)
		if len(ds) > 0 {
			return nil
		}
		parts[i] = value
	}
	values, err := span(parts[0], parts[1], parts[2])
	if err != nil {
		return nil
	}
	return values
}

// included makes the cells that the matrix adds.
func (l *loader) included(kept []Cell) []Cell {
	m := &l.scenario.Matrix
	for i, entry := range m.Include {
		path := fmt.Sprintf("matrix.include[%d]", i)
		c, complete := Cell{Index: len(kept)}, true
		for _, axis := range m.Axes.Names() {
			v, ok := entry.Get(axis)
			value, known := v.Literal()
			if c.Values = append(c.Values, AxisValue{axis, value}); ok && known {
				continue
			}
			complete = false
			if !ok {
				d := l.diags.Errorf(entry.Range, "%s has no value for the axis %s", path, axis)
				d.Path, d.Hint = path, "add "+axis+": …"
			}
		}
		switch {
		case !complete:
			l.unknown = true
		case there(kept, c):
			d := l.diags.Errorf(entry.Range, "%s: the matrix has the cell %s already", path, c.ID())
			d.Path, d.Hint = path, "remove it"
		default:
			kept = append(kept, c)
		}
	}
	return kept
}

func there(cells []Cell, c Cell) bool {
	for _, other := range cells {
		if other.ID() == c.ID() {
			return true
		}
	}
	return false
}

// AxisValues are the different values that an axis has in the cells, in the order in which the matrix names them.
func (s *Scenario) AxisValues(axis string) []any {
	var values []any
	seen := make(map[string]bool)
	add := func(v syntax.Val[any]) {
		if value, ok := v.Literal(); ok && !seen[AxisText(value)] {
			seen[AxisText(value)] = true
			values = append(values, value)
		}
	}
	a, _ := s.Matrix.Axes.Get(axis)
	for _, v := range a.Values {
		add(v)
	}
	for _, entry := range s.Matrix.Include {
		if v, ok := entry.Get(axis); ok {
			add(v)
		}
	}
	return values
}
