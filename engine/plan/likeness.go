package plan

import (
	"wsk-scenario/dsl"
	"wsk-scenario/dsl/syntax"
)

// likeness says which cells have which parts of the plan in common. A large matrix shares most of them, so that neither
// the time nor the memory of a plan grows with the number of cells alone.
type likeness struct {
	actions, phases alike
	inputs          alike // of the phases
}

// alike gives for each cell the number of the first cell that is the same: in the whole list, and in each of its parts.
type alike struct {
	whole []int
	parts [][]int
}

func likenessOf(s *dsl.Scenario) (l likeness) {
	var all []any
	for i := range s.Actions.Entries {
		l.actions.parts = append(l.actions.parts, s.Alike(&s.Actions.Entries[i].Value, &s.Placement))
	}
	l.actions.whole = s.Alike(&s.Actions, &s.Placement)
	for _, ph := range s.Running() {
		holds := append([]any{ph.Phase}, inputs(s, ph.With)...)
		if ph.Load.Population.Set() {
			holds = append(holds, &s.Population, &s.Actions)
		}
		l.phases.parts = append(l.phases.parts, s.Alike(holds...))
		l.inputs.parts = append(l.inputs.parts, s.Alike(append(holds[1:], &ph.With)...))
		all = append(all, holds...)
	}
	l.phases.whole = s.Alike(all...)
	return l
}

// inputs are the payloads that a phase's with may name: one, or any of them where a placeholder names it.
func inputs(s *dsl.Scenario, with *syntax.Node) (list []any) {
	if with == nil || with.Kind != syntax.String {
		return nil
	}
	for i := range s.Payloads.Entries {
		if e := &s.Payloads.Entries[i]; with.Template != nil || e.Key.Value == with.Text.Value {
			list = append(list, &e.Value)
		}
	}
	return list
}

// shared is the list of a cell: that of an earlier cell where all of it is the same, and otherwise the parts of earlier
// cells, with only the new ones made.
func shared[P any](a alike, cell int, before func(cell int) []P, part func(i int) P) []P {
	if first := a.whole[cell]; first < cell {
		return before(first)
	}
	if len(a.parts) == 0 {
		return nil
	}
	list := make([]P, len(a.parts))
	for i, like := range a.parts {
		if first := like[cell]; first < cell {
			list[i] = before(first)[i]
		} else {
			list[i] = part(i)
		}
	}
	return list
}
