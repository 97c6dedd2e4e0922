package dsl

import (
	"fmt"
	"slices"
	"strings"

	"wsk-scenario/dsl/diag"
	"wsk-scenario/dsl/syntax"
)

// checker makes the checks that need more than one value: names that must exist, keys that go together, and every
// placeholder in every cell.
type checker struct {
	*loader
	*Scenario
	decoded  diag.List // what was wrong before, so that consequences stay silent
	envs     []syntax.Env
	ids      []string        // of the cells
	actions  map[string]bool // the actions and sequences that are used
	inputs   map[string]bool // the payloads that are used
	triggers map[string]bool // the triggers that are fired
	told     map[string]told
}

// checks are all of them; each adds its own diagnostics.
var checks = []func(*checker){
	(*checker).checkNames,
	(*checker).checkRun,
	(*checker).checkRequire,
	(*checker).checkMatrix,
	(*checker).checkServices,
	(*checker).checkPackages,
	(*checker).checkActions,
	(*checker).checkSequences,
	(*checker).checkTriggers,
	(*checker).checkPopulation,
	(*checker).checkPayloads,
	(*checker).checkPlacement,
	(*checker).checkPhases,
	(*checker).checkExpressions,
	(*checker).checkPlaceholders,
	(*checker).checkUse,
}

func check(l *loader) {
	c := &checker{
		loader: l, Scenario: l.scenario, decoded: slices.Clone(l.diags),
		actions: make(map[string]bool), inputs: make(map[string]bool), triggers: make(map[string]bool), told: make(map[string]told),
	}
	if c.values.kin == nil { // the matrix could not be read
		c.values.kin = new(kin)
	}
	c.envs = c.Envs()
	for _, cell := range c.values.cells {
		c.ids = append(c.ids, cell.ID())
	}
	for _, f := range checks {
		f(c)
	}
	c.sumUp()
}

// faulty reports whether something at path, or a key inside it, has a diagnostic already.
func (c *checker) faulty(path string) bool {
	return slices.ContainsFunc(c.decoded, func(d diag.Diagnostic) bool {
		return d.Severity == diag.Error && (d.Path == path || strings.HasPrefix(d.Path, path+"."))
	})
}

// misspelled reports whether the section at path has a key that it does not know, which may be the one that is missing, or
// could not be read at all.
func (c *checker) misspelled(path string) bool {
	return slices.ContainsFunc(c.decoded, func(d diag.Diagnostic) bool {
		return d.Path == path && !strings.Contains(d.Summary, " has no \"")
	})
}

// scalar is a Val of any type, or a key that holds something else.
type scalar = Part

// fault adds an error at a scalar: its path, then the text. The same fault with another value of the same scalar, in
// another cell, is counted and not told again.
func (c *checker) fault(v scalar, format string, args ...any) *diag.Diagnostic {
	kind := v.Path() + v.Range().String() + format
	if first, again := c.told[kind]; again {
		first.more++
		c.told[kind] = first
		return &diag.Diagnostic{}
	}
	c.told[kind] = told{index: len(c.diags)}
	d := c.diags.Errorf(v.Range(), "%s", v.Path()+fmt.Sprintf(format, args...))
	d.Path = v.Path()
	return d
}

// told is a fault that is in the list, and how many like it are not.
type told struct{ index, more int }

// sumUp adds to each fault how many like it there are.
func (c *checker) sumUp() {
	for _, t := range c.told {
		switch t.more {
		case 0:
		case 1:
			c.diags[t.index].Summary += "; 1 other value likewise"
		default:
			c.diags[t.index].Summary += fmt.Sprintf("; %d other values likewise", t.more)
		}
	}
}

// found is a value that a scalar has, with the cells in which it has it.
type found[T any] struct {
	Value T
	Cells []string
}

// where names the cells, for the end of a message.
func (f found[T]) where() string { return inCell(f.Cells) }

// each returns the different values that v has in the cells. A value that is not written, or that a diagnostic speaks of
// already, is none.
func each[T comparable](c *checker, v syntax.Val[T]) (list []found[T]) {
	if value, ok := v.Literal(); ok {
		return []found[T]{{Value: value}}
	}
	if !v.Templated() {
		return nil
	}
	index := make(map[T]int)
	of := make([]int, len(c.envs)) // where in list the value of a cell is; -1 where it has none
	for i, first := range c.values.kin.of(v.References()) {
		if first == i {
			of[i] = place(&list, index, v, c.envs[i])
		} else {
			of[i] = of[first]
		}
		if of[i] >= 0 {
			list[of[i]].Cells = append(list[of[i]].Cells, c.ids[i])
		}
	}
	if len(list) == 1 && len(list[0].Cells) == len(c.envs) {
		list[0].Cells = nil // it does not depend on the cell
	}
	return list
}

// place returns where in list the value of v in env is, and adds it when it is new; -1 when there is none.
func place[T comparable](list *[]found[T], index map[T]int, v syntax.Val[T], env syntax.Env) int {
	value, d := v.In(env)
	if d != nil {
		return -1
	}
	k, known := index[value]
	if !known {
		k = len(*list)
		index[value] = k
		*list = append(*list, found[T]{Value: value})
	}
	return k
}

// atLeast checks the lower bound of a number.
func atLeast[T int | syntax.Bytes](c *checker, v syntax.Val[T], low T) {
	for _, f := range each(c, v) {
		if f.Value < low {
			c.fault(v, " must be at least %v, not %v%s", low, f.Value, f.where())
		}
	}
}

// atMost checks the upper bound of a number: beyond it is a slip, which would cost memory or a lifetime before it is seen.
func atMost(c *checker, v syntax.Val[int], high int) {
	for _, f := range each(c, v) {
		if f.Value > high {
			c.fault(v, " must be at most %d, not %d%s", high, f.Value, f.where())
		}
	}
}

// What no scenario means to exceed.
const (
	maxUsers      = 100_000
	maxWorkers    = 64 // processes
	maxIterations = 1_000_000_000
	maxLength     = 10_000 // of a sequence
	maxName       = 200    // of an action, to which the run adds its own mark; OpenWhisk takes 256
)

// exactlyOne checks that of the keys of a section one and only one is written.
func (c *checker) exactlyOne(path string, place diag.Range, keys []string, vals ...scalar) bool {
	var written []scalar
	for _, v := range vals {
		if v.Set() {
			written = append(written, v)
		}
	}
	switch {
	case len(written) == 1:
		return true
	case len(written) > 1:
		second := written[1]
		d := c.diags.Errorf(second.Range(), "%s has more than one of %s", path, diag.And(keys))
		d.Path, d.Hint = path, "keep one of them"
		d.Related = related(written[0].Range(), "this is the first")
	case !c.misspelled(path):
		d := c.diags.Errorf(place, "%s has none of %s", path, diag.And(keys))
		d.Path, d.Hint = path, "write one of them"
	}
	return false
}
