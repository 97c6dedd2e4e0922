package chart

import "slices"

// mostCovering is how many calls are added at most so that every mark has one to open.
const mostCovering = 6000

// cover adds to the chosen calls the first one of each span of a container and of each field of a heat map that would have
// none, so that every mark that is drawn can be opened. closed is how many marks are left without one because they are too
// many.
func (m *maker) cover(chosen []int32, lives []Lives) (covered []int32, closed int) {
	if len(chosen) == len(m.calls) {
		return chosen, 0
	}
	have := make([]bool, len(m.calls))
	for _, i := range chosen {
		have[i] = true
	}
	var missing []int32
	for _, l := range lives {
		for _, life := range l.Rows {
			for _, s := range life.Spans {
				missing = append(missing, s.first)
			}
		}
	}
	missing = append(missing, m.unseen(have)...)
	added := 0
	for _, i := range missing {
		switch {
		case have[i]:
		case added == mostCovering:
			closed++
		default:
			have[i] = true
			chosen = append(chosen, i)
			added++
		}
	}
	slices.Sort(chosen)
	return chosen, closed
}

// unseen are the first calls of the fields of heat maps in which no call is chosen.
func (m *maker) unseen(have []bool) (first []int32) {
	const none, seen = 0, -1 // else the number of the first call, from 1
	found := make([][heatRows * heatColumns]int32, len(m.places))
	for i := range m.calls {
		c := &m.calls[i]
		field := m.field(c)
		if field == noField {
			continue
		}
		switch f := &found[c.place][field]; {
		case have[i]:
			*f = seen
		case *f == none:
			*f = int32(i) + 1
		}
	}
	for p := range found {
		for _, f := range found[p] {
			if f > none {
				first = append(first, f-1)
			}
		}
	}
	return first
}
