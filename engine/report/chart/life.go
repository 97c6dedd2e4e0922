package chart

import (
	"cmp"
	"slices"
	"time"

	"wsk-scenario/engine/measure"
)

// mostRows is how many containers of a cell are drawn.
const mostRows = 48

// Lives is when each container of a cell worked.
type Lives struct {
	Cell int     `json:"cell"`
	ID   string  `json:"id"`
	From float64 `json:"from"` // seconds since the run began
	To   float64 `json:"to"`
	Rows []Life  `json:"rows"`
	Left int     `json:"left"` // containers that are not drawn
}

// Life is one container: what it did from its first call to its last.
type Life struct {
	Container string `json:"container"`
	Node      string `json:"node"`
	Spans     []Span `json:"spans"`
	Calls     int    `json:"calls"`
}

// Span is a time in which a container worked on calls of one kind without a pause that could be seen.
type Span struct {
	From  float64 `json:"from"`
	To    float64 `json:"to"`
	Kind  Kind    `json:"kind"`
	Calls int     `json:"calls"`
	first int32   // of the calls
}

// box is a container of a cell.
type box struct {
	cell            int
	container, node string
}

// box is the number of the container that a sample ran in; -1 where that is not known.
func (m *maker) box(s *measure.Sample) int32 {
	if s.Container == "" {
		return -1
	}
	key := box{s.Cell, s.Container, s.Node}
	i, known := m.boxOf[key]
	if !known {
		i = int32(len(m.boxes))
		m.boxOf[key] = i
		m.boxes = append(m.boxes, key)
	}
	return i
}

// seen is the finest pause that is drawn: a cell's time has so many columns.
const seen = 800

// lives are the containers of each cell, by when they were first used. Warm-up is drawn: a container lived then, too.
func (m *maker) lives() []Lives {
	by := make([][]int32, len(m.boxes)) // the calls of each container
	for i := range m.calls {
		if b := m.calls[i].box; b >= 0 {
			by[b] = append(by[b], int32(i))
		}
	}
	list := []Lives{}
	for c := range m.report.Cells {
		if l, any := m.livesOf(c, by); any {
			list = append(list, l)
		}
	}
	return list
}

func (m *maker) livesOf(cell int, by [][]int32) (Lives, bool) {
	l := Lives{Cell: cell, ID: m.report.Cells[cell].ID, Rows: []Life{}}
	var mine []int32
	var from, to time.Duration
	for b := range m.boxes {
		if m.boxes[b].cell != cell {
			continue
		}
		slices.SortFunc(by[b], func(x, y int32) int { return cmp.Compare(m.calls[x].due, m.calls[y].due) })
		for _, i := range by[b] {
			if len(mine) == 0 && i == by[b][0] {
				from = m.calls[i].due
			}
			from, to = min(from, m.calls[i].due), max(to, m.calls[i].end)
		}
		mine = append(mine, int32(b))
	}
	if len(mine) == 0 {
		return l, false
	}
	l.From, l.To = from.Seconds(), to.Seconds()
	slices.SortStableFunc(mine, func(x, y int32) int { return cmp.Compare(m.calls[by[x][0]].due, m.calls[by[y][0]].due) })
	l.Left = max(len(mine)-mostRows, 0)
	for _, b := range mine[:min(len(mine), mostRows)] {
		l.Rows = append(l.Rows, m.life(b, by[b], (to-from)/seen))
	}
	return l, true
}

func (m *maker) life(b int32, calls []int32, pause time.Duration) Life {
	life := Life{Container: m.boxes[b].container, Node: m.boxes[b].node, Calls: len(calls)}
	for _, i := range calls {
		c := &m.calls[i]
		next := Span{From: c.due.Seconds(), To: c.end.Seconds(), Kind: Kinds[c.kind], Calls: 1, first: i}
		if n := len(life.Spans); n > 0 {
			last := &life.Spans[n-1]
			if last.Kind == next.Kind && next.From-last.To < pause.Seconds() {
				last.To = max(last.To, next.To)
				last.Calls++
				continue
			}
		}
		life.Spans = append(life.Spans, next)
	}
	return life
}
