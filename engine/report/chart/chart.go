// Package chart makes from the samples of a run what is drawn of it: curves, points, heat maps, stages and the life of
// containers. What is too much for a picture is down-sampled by a method with a name, and what was left out is said. It
// knows no colour and no format.
package chart

import (
	"fmt"
	"time"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/report/content"
)

// Charts is all that is drawn of a run. Times are seconds since the run began.
type Charts struct {
	Phases []Phase `json:"phases"`
	Points Points  `json:"points"`
	// Lives are the containers of each cell, of cells where they are known.
	Lives []Lives `json:"lives"`
	// Reduced says what was down-sampled, how and from how much; empty when everything is drawn.
	Reduced []string `json:"reduced"`
}

// Phase is what is drawn of one phase of one cell.
type Phase struct {
	Cell   int     `json:"cell"`
	Phase  int     `json:"phase"`
	Curves []Curve `json:"curves"`
	Stages []Stage `json:"stages"`
	Heat   *Heat   `json:"heat"`
}

// Kind is what a call is drawn as: its temperature when it ended ok, else an error.
type Kind string

// KindError is a call that ended in an error; the other kinds are named as the temperatures.
const KindError Kind = "error"

// Kinds are all kinds in the order in which they are drawn and listed.
var Kinds = []Kind{"cold", "prewarmed", "initialised", "warm", "unknown", KindError}

func kindOf(s *measure.Sample) int {
	if s.Outcome != measure.OK {
		return len(Kinds) - 1
	}
	for i, k := range Kinds {
		if string(k) == string(s.Temperature) {
			return i
		}
	}
	return len(Kinds) - 2
}

// Samples goes through all samples of a run, the same ones in the same order each time. With ids, a sample has the ids of
// its activation and its request.
type Samples func(ids bool, each func(*measure.Sample) error) error

// call is what is kept of a sample while charts are made.
type call struct {
	due, end time.Duration
	response time.Duration
	place    int32 // index into places
	box      int32 // index into boxes; -1 when the container is not known
	kind     uint8
	role     role
}

// role is what a sample is drawn as: a call that counts, warm-up, which only the lives of containers show, or an activation
// that a call started, which has the moments of the call and is not drawn by itself.
type role uint8

const (
	counted role = iota
	warmup
	started
)

// maker collects calls.
type maker struct {
	report *content.Report
	places []place
	index  map[[2]int]int32
	boxes  []box
	boxOf  map[box]int32
	calls  []call
	stages [][]sums // by place and kind
	heats  []*Heat  // by place
}

type place struct{ cell, phase int }

// New makes the charts. It goes through the samples twice: for the numbers of all, and for all of those that are drawn.
func New(r *content.Report, samples Samples) (*Charts, error) {
	m := &maker{report: r, index: map[[2]int]int32{}, boxOf: map[box]int32{}}
	m.calls = make([]call, 0, max(r.Books.Issued, 0))
	err := samples(false, func(s *measure.Sample) error {
		m.add(s)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("make the charts: %w", err)
	}
	c := &Charts{Phases: []Phase{}, Lives: m.lives(), Reduced: []string{}}
	byPlace := m.byPlace()
	longest := 0
	for i, p := range m.places {
		ph := Phase{Cell: p.cell, Phase: p.phase, Curves: m.curves(byPlace[i]), Stages: m.meanStages(i), Heat: m.heat(byPlace[i])}
		m.heats = append(m.heats, ph.Heat)
		for _, curve := range ph.Curves {
			longest = max(longest, curve.N)
		}
		c.Phases = append(c.Phases, ph)
	}
	chosen, closed := m.cover(m.choose(), c.Lives)
	if c.Points, err = m.points(chosen, samples); err != nil {
		return nil, fmt.Errorf("make the charts: %w", err)
	}
	points, of := m.drawn(chosen)
	c.reduced(points, of, longest)
	if closed > 0 {
		c.Reduced = append(c.Reduced, fmt.Sprintf("%s of the density and of the containers are drawn without a call that could be opened: the page would be too large with one for each.", content.Count(closed, "mark")))
	}
	return c, nil
}

// reduced says what was left out of the pictures.
func (c *Charts) reduced(points, of, longest int) {
	if points < of {
		c.Reduced = append(c.Reduced, fmt.Sprintf("Scatter: %d of %d calls are drawn, chosen by M4 (of each column of time and each kind of call the first, the last, the fastest and the slowest; Jugel et al., VLDB 2014), with one for each mark of the other pictures that had none. Every extreme is there; how dense the points are is not to be read from it.", points, of))
	}
	if longest > curveSteps {
		c.Reduced = append(c.Reduced, fmt.Sprintf("Distribution: each curve is drawn through %d exact quantiles of up to %d calls, the last hundredth more finely.", curveSteps, longest))
	}
	for _, l := range c.Lives {
		if l.Left > 0 {
			c.Reduced = append(c.Reduced, fmt.Sprintf("Containers of %s: the first %d of %d are drawn.", l.ID, len(l.Rows), len(l.Rows)+l.Left))
		}
	}
}

// add keeps a sample, with what it is drawn as.
func (m *maker) add(s *measure.Sample) {
	key := [2]int{s.Cell, s.Phase}
	p, known := m.index[key]
	if !known {
		p = int32(len(m.places))
		m.index[key] = p
		m.places = append(m.places, place{s.Cell, s.Phase})
		m.stages = append(m.stages, make([]sums, len(Kinds)))
	}
	c := call{due: s.Due, end: s.Done, response: -1, place: p, box: m.box(s), kind: uint8(kindOf(s))}
	if s.Completed > 0 {
		c.end = s.Completed
	}
	switch {
	case s.Level > 0:
		c.role, c.box = started, -1
	case s.Warmup:
		c.role = warmup
	}
	c.response = max(c.end-c.due, 0)
	m.calls = append(m.calls, c)
	if c.role == counted {
		m.stages[p][c.kind].add(s)
	}
}

// drawn is how many of the chosen calls count, and how many of all.
func (m *maker) drawn(chosen []int32) (points, of int) {
	for _, i := range chosen {
		if m.calls[i].role == counted {
			points++
		}
	}
	for i := range m.calls {
		if m.calls[i].role == counted {
			of++
		}
	}
	return points, of
}

// byPlace sorts the calls by phase.
func (m *maker) byPlace() [][]call {
	sizes := make([]int, len(m.places))
	for i := range m.calls {
		if m.calls[i].role == counted {
			sizes[m.calls[i].place]++
		}
	}
	by := make([][]call, len(m.places))
	for i, n := range sizes {
		by[i] = make([]call, 0, n)
	}
	for _, c := range m.calls {
		if c.role == counted {
			by[c.place] = append(by[c.place], c)
		}
	}
	return by
}
