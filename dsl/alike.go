package dsl

import (
	"fmt"
	"slices"
	"strings"

	"wsk-scenario/dsl/syntax"
)

// kin tells which cells are alike in something: what is written without placeholders is the same in all of them, what uses
// one axis only has as many values as the axis. Large matrices are checked and planned in the time that this leaves.
type kin struct {
	cells []Cell
	known map[string][]int // by the axes used
}

// of returns for each cell the number of the first cell that has the same values of the axes among names, such as
// matrix.lang.
func (k *kin) of(names []string) []int {
	if k.known == nil {
		k.known = make(map[string][]int)
	}
	var axes []string
	for _, name := range names {
		if axis, ok := strings.CutPrefix(name, "matrix"); ok {
			axes = append(axes, strings.TrimPrefix(axis, "."))
		}
	}
	slices.Sort(axes)
	axes = slices.Compact(axes)
	key := strings.Join(axes, " ")
	if first, ok := k.known[key]; ok {
		return first
	}
	first, seen := make([]int, len(k.cells)), make(map[string]int)
	for i, c := range k.cells {
		id := c.part(axes)
		if _, again := seen[id]; !again {
			seen[id] = i
		}
		first[i] = seen[id]
	}
	k.known[key] = first
	return first
}

// part is the values of some axes of the cell as one text; an empty name means all of them. It keeps 1 and "1" apart.
func (c Cell) part(axes []string) string {
	var id strings.Builder
	for _, v := range c.Values {
		if slices.Contains(axes, v.Axis) || slices.Contains(axes, "") {
			fmt.Fprintf(&id, "%#v ", v.Value)
		}
	}
	return id.String()
}

// Alike returns for each cell the number of the first cell in which everything in the structs that vs point to has the
// same values.
func (s *Scenario) Alike(vs ...any) []int {
	var names []string
	for _, v := range vs {
		for _, place := range syntax.Placeholders(v) {
			names = append(names, place.Names...)
		}
	}
	return s.values.kin.of(names)
}
