package dsl

import (
	"slices"
	"strings"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/syntax"
)

// checkMatrix checks the axes, what is excluded and what is included.
func (c *checker) checkMatrix() {
	for _, axis := range c.Matrix.Axes.Entries {
		path := "matrix." + axis.Key.Value
		if axis.Key.Value == "repeat" {
			d := c.diags.Errorf(axis.Key.Range, "an axis cannot be called repeat")
			d.Path, d.Hint = path, "the passes of a repeated run have that name"
		}
		c.checkAxis(axis.Value, axis.Key, path)
	}
	for _, entry := range c.Matrix.Exclude {
		for _, e := range entry.Entries {
			c.checkExcluded(e)
		}
	}
	for _, entry := range c.Matrix.Include {
		for _, e := range entry.Entries {
			c.checkAxisName(e, "matrix.include")
		}
	}
}

func (c *checker) checkAxis(a Axis, key diag.Text, path string) {
	switch {
	case c.faulty(path):
		return
	case a.ranged():
		c.checkRange(a, path)
		return
	case len(a.Values) == 0:
		d := c.diags.Errorf(key.Range, "%s has no values", path)
		d.Path, d.Hint = path, "write them in [ ], separated by commas"
	}
	seen := make(map[string]diag.Range)
	for _, v := range a.Values {
		value, ok := v.Literal()
		if !ok {
			continue
		}
		if first, twice := seen[AxisText(value)]; twice {
			d := c.fault(v, " is %s once more", AxisText(value))
			d.Hint, d.Related = "each value makes a cell; keep one", related(first, "this is the first")
			continue
		}
		seen[AxisText(value)] = v.Range()
	}
}

// checkRange checks that a range has both ends, and no list beside them.
func (c *checker) checkRange(a Axis, path string) {
	for _, end := range []struct {
		v    scalar
		name string
	}{{a.From, "from"}, {a.To, "to"}} {
		if !end.v.Set() {
			place := firstSet(a.From, a.To, a.Step)
			d := c.diags.Errorf(place.Range(), "%s has no %q", path, end.name)
			d.Path, d.Hint = path, "a range is written {from: 1, to: 9, step: 2}"
		}
	}
	if len(a.Values) > 0 && a.Values[0].Range() != a.From.Range() {
		d := c.diags.Errorf(a.Values[0].Range(), "%s has both values and a range", path)
		d.Path, d.Hint = path, "keep one of them"
		d.Related = related(firstSet(a.From, a.To, a.Step).Range(), "this is the range")
	}
}

func firstSet(vals ...scalar) scalar {
	for _, v := range vals {
		if v.Set() {
			return v
		}
	}
	return vals[0]
}

func (c *checker) checkExcluded(e syntax.Entry[syntax.Val[any]]) {
	if !c.checkAxisName(e, "matrix.exclude") {
		return
	}
	wanted, ok := e.Value.Literal()
	if !ok {
		return
	}
	axis, _ := c.Matrix.Axes.Get(e.Key.Value)
	var values []string
	for _, v := range axis.Values {
		value, ok := v.Literal()
		if !ok {
			return
		}
		values = append(values, AxisText(value))
	}
	if !slices.Contains(values, AxisText(wanted)) {
		d := c.fault(e.Value, ": the axis %s has no value %s", e.Key.Value, strings.TrimSpace(AxisText(wanted)))
		d.Hint = diag.Suggest(AxisText(wanted), values)
	}
}

// checkAxisName checks that an entry of exclude or include names an axis.
func (c *checker) checkAxisName(e syntax.Entry[syntax.Val[any]], where string) bool {
	_, known := c.Matrix.Axes.Get(e.Key.Value)
	if !known {
		d := c.diags.Errorf(e.Key.Range, "%s: there is no axis %q", where, e.Key.Value)
		d.Path, d.Hint = e.Value.Path(), diag.Suggest(e.Key.Value, c.Matrix.Axes.Names())
	}
	return known
}
