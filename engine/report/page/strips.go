package page

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"wsk-scenario/engine/report/chart"
	"wsk-scenario/engine/report/content"
)

// strips are what the nodes used, one below the other on one axis of time, with the phases above.
type strips struct {
	Phases []span
	Nodes  []stripNode
	Ticks  []tick
}

// span is the calls of a phase on the axis of time, in hundredths.
type span struct {
	X, W         float64
	Cell         int
	Phase, Title string
}

// stripNode is one node: its processors and its memory.
type stripNode struct {
	Node, Text string
	Rows       []strip
}

// strip is one series as an area, a thousand wide and a hundred high.
type strip struct {
	Label  string
	Most   string // at the upper edge
	Stroke int
	Path   template.HTMLAttr
}

// stripsOf draws the usage of all nodes; nil when none has told.
func stripsOf(r *content.Report, c *chart.Charts) *strips {
	to := r.Seconds
	for i := range r.Usage {
		to = max(to, slices.Max(r.Usage[i].At))
	}
	if len(r.Usage) == 0 || to <= 0 {
		return nil
	}
	s := &strips{}
	for i := range 5 {
		s.Ticks = append(s.Ticks, tick{float64(i) * 25, content.Duration(to * float64(i) / 4)})
	}
	names := map[[2]int]*content.Phase{}
	for i := range r.Phases {
		names[[2]int{r.Phases[i].Cell, r.Phases[i].Phase}] = &r.Phases[i]
	}
	for _, p := range c.Phases {
		if named := names[[2]int{p.Cell, p.Phase}]; named != nil && p.Heat != nil {
			s.Phases = append(s.Phases, span{round2(100 * p.Heat.From / to), max(round2(100*(p.Heat.To-p.Heat.From)/to), .2), p.Cell, named.Name, r.Place(named)})
		}
	}
	for i := range r.Usage {
		u := &r.Usage[i]
		s.Nodes = append(s.Nodes, stripNode{u.Node, u.Text, []strip{
			stripOf(u.At, u.CPU, to, max(u.CPUs, slices.Max(u.CPU)), 0, "processors", func(v float64) string { return strconv.FormatFloat(v, 'g', 3, 64) + " CPU" }),
			stripOf(u.At, u.InUse, to, max(u.Memory, slices.Max(u.InUse)), 1, "memory", bytesText),
		}})
	}
	return s
}

func stripOf(at, values []float64, to, most float64, stroke int, what string, text func(float64) string) strip {
	x, y := axis{to: to}, axis{to: max(most, 1e-9)}
	var path strings.Builder
	fmt.Fprintf(&path, "M%g 100", x.at(at[0]))
	last := at[0]
	for _, i := range extremes(values) {
		fmt.Fprintf(&path, "L%g %g", x.at(at[i]), round2(100-y.at(values[i])/10))
		last = at[i]
	}
	fmt.Fprintf(&path, "L%g 100Z", x.at(last))
	return strip{what + ", at most " + text(slices.Max(values)), text(most), stroke, template.HTMLAttr(`d="` + path.String() + `"`)}
}

// bytesText writes bytes short enough for the margin.
func bytesText(b float64) string {
	if b >= 1<<30 {
		return fmt.Sprintf("%.1f GiB", b/(1<<30))
	}
	return fmt.Sprintf("%.0f MiB", b/(1<<20))
}
