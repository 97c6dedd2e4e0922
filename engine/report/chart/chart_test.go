package chart_test

import (
	"math"
	"slices"
	"testing"

	"wsk-scenario/engine/measure"
	"wsk-scenario/engine/report/chart"
	"wsk-scenario/engine/report/content"
	"wsk-scenario/engine/report/reporttest"
)

// drawn are the charts of a run with so many warm calls in each cell.
func drawn(t *testing.T, calls int) *chart.Charts {
	t.Helper()
	r, samples := reporttest.Measured(calls)
	samples[0].Warmup = true // of a container that nothing else shows
	c, err := chart.New(content.New(content.Source{Result: r}), func(_ bool, each func(*measure.Sample) error) error {
		for i := range samples {
			if err := each(&samples[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEveryMarkThatIsDrawnHasACallToOpen(t *testing.T) {
	for name, row := range map[string]struct {
		calls int
		whole bool // every call is in the page
	}{"a few calls": {200, true}, "more than are drawn": {40_000, false}} {
		t.Run(name, func(t *testing.T) {
			c := drawn(t, row.calls)
			fields := map[[3]int]int{}
			for i, field := range c.Points.Field {
				fields[[3]int{c.Points.Cell[i], c.Points.Phase[i], field}]++
			}
			for _, p := range c.Phases {
				for y := range p.Heat.Counts {
					for x, n := range p.Heat.Counts[y] {
						known := fields[[3]int{p.Cell, p.Phase, y*len(p.Heat.Counts[y]) + x}]
						if n > 0 && known == 0 || known > n || row.whole && known != n {
							t.Fatalf("field %d, %d of phase %d in cell %d stands for %d calls, of which the page has %d", x, y, p.Phase, p.Cell, n, known)
						}
					}
				}
			}
			for _, l := range c.Lives {
				for _, life := range l.Rows {
					mine := of(c, l.Cell, life)
					for i, s := range life.Spans {
						known := within(c, mine, life.Spans[i:])
						if known == 0 || known > s.Calls || row.whole && known != s.Calls {
							t.Fatalf("a span of %s in cell %d stands for %d calls, of which the page has %d", life.Container, l.Cell, s.Calls, known)
						}
					}
				}
			}
		})
	}
}

func TestWarmUpIsInTheLivesOfContainersAlone(t *testing.T) {
	c := drawn(t, 30)
	if field := c.Points.Field[0]; !c.Points.Warmup[0] || slices.Contains(c.Points.Warmup[1:], true) || field != -1 {
		t.Errorf("the points are warm-up: %v; the first stands in field %d", c.Points.Warmup, field)
	}
	if first := c.Lives[0].Rows[0]; first.Calls != 1 || first.Spans[0].Kind != "cold" {
		t.Errorf("the container of the warm-up is drawn as %+v", first)
	}
}

// of are the points of a container.
func of(c *chart.Charts, cell int, life chart.Life) (list []int) {
	p := &c.Points
	for i := range p.Cell {
		if p.Cell[i] == cell && p.Texts[p.Container[i]] == life.Container && p.Texts[p.Node[i]] == life.Node {
			list = append(list, i)
		}
	}
	return list
}

// within counts the points of the first of these spans as the page finds them: a call belongs to the last span of its kind
// that began before it was due.
func within(c *chart.Charts, points []int, spans []chart.Span) (n int) {
	const exact = 2e-6
	until := math.Inf(1)
	for _, next := range spans[1:] {
		if next.Kind == spans[0].Kind {
			until = next.From - exact
			break
		}
	}
	for _, i := range points {
		if due := c.Points.Due[i]; chart.Kinds[c.Points.Kind[i]] == spans[0].Kind && due >= spans[0].From-exact && due < until {
			n++
		}
	}
	return n
}
