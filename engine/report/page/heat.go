package page

import (
	"fmt"
	"html/template"
	"math"
	"strings"

	"wsk-scenario/engine/report/chart"
	"wsk-scenario/engine/report/content"
)

// heatLevels is how many shades a heat map has.
const heatLevels = 5

// heatMap is the map of one phase of one cell.
type heatMap struct {
	At            int // of the phase among those that are drawn
	Cell          int
	Phase, Title  string
	Columns, Rows int
	Levels        []heatLevel
	From, To      string // of time
	Low, High     string // of the response times
	Middle        string
	Most          int
}

// heatLevel is all fields of one shade as one path, and from how many calls on it begins.
type heatLevel struct {
	Shade int
	Path  template.HTMLAttr
	From  int
}

func heatsOf(r *content.Report, c *chart.Charts) (maps []heatMap) {
	for i, p := range c.Phases {
		name := nameOf(r, p.Cell, p.Phase)
		if p.Heat == nil || name == "" {
			continue
		}
		h := p.Heat
		m := heatMap{At: i, Cell: p.Cell, Phase: name, Title: name, Columns: len(h.Counts[0]), Rows: len(h.Counts), Most: h.Most,
			From: content.Duration(h.From), To: content.Duration(h.To), Low: content.Duration(h.Low), High: content.Duration(h.High),
			Middle: content.Duration(math.Sqrt(h.Low * h.High))}
		if len(r.Plan.Axes) > 0 {
			m.Title = r.Cells[p.Cell].ID + ": " + name
		}
		m.Levels = levelsOf(h)
		maps = append(maps, m)
	}
	return maps
}

// levelsOf draws each shade as strokes of height 1; the shades go by the logarithm of the count.
func levelsOf(h *chart.Heat) (levels []heatLevel) {
	var paths [heatLevels]strings.Builder
	rows := len(h.Counts)
	for y := range h.Counts {
		for x := 0; x < len(h.Counts[y]); {
			level := levelOf(h.Counts[y][x], h.Most)
			run := 1
			for x+run < len(h.Counts[y]) && levelOf(h.Counts[y][x+run], h.Most) == level {
				run++
			}
			if level >= 0 {
				fmt.Fprintf(&paths[level], "M%d %d.5h%d", x, rows-1-y, run)
			}
			x += run
		}
	}
	for i := range paths {
		from := int(math.Ceil(math.Pow(float64(h.Most), float64(i)/heatLevels)))
		if paths[i].Len() > 0 {
			levels = append(levels, heatLevel{i, template.HTMLAttr(`d="` + paths[i].String() + `"`), max(from, 1)})
		}
	}
	return levels
}

// levelOf is the shade of a count; -1 for none.
func levelOf(n, most int) int {
	if n == 0 {
		return -1
	}
	if most <= 1 {
		return heatLevels - 1
	}
	return min(int(math.Log(float64(n))/math.Log(float64(most))*heatLevels), heatLevels-1)
}
