package page

import (
	"fmt"
	"html/template"
	"strings"

	"wsk-scenario/engine/report/chart"
	"wsk-scenario/engine/report/content"
)

// rowHeight is that of one container in the timeline.
const rowHeight = 14

// lifeWidth is the width of a timeline in its own units.
const lifeWidth = 1000

// lifeChart is the timeline of the containers of one cell.
type lifeChart struct {
	At     int // among the lives that are drawn
	Cell   int
	ID     string
	Height int
	Width  int
	Rows   []lifeRow
	Ticks  []tick
	Left   int
}

// lifeRow is one container.
type lifeRow struct {
	Y, Middle  int
	Label      string
	Full       string
	From, Long float64 // from the first call to the end of the last
	Spans      []lifeSpan
}

// lifeSpan is all work of one kind, as one path.
type lifeSpan struct {
	Kind chart.Kind
	Path template.HTMLAttr
}

func lifeCharts(c *chart.Charts) (charts []lifeChart) {
	for i, l := range c.Lives {
		made := lifeChart{At: i, Cell: l.Cell, ID: l.ID, Width: lifeWidth, Height: len(l.Rows) * rowHeight, Left: l.Left}
		scale := lifeWidth / max(l.To-l.From, 1e-9)
		for i, life := range l.Rows {
			row := lifeRow{Y: i * rowHeight, Middle: i*rowHeight + rowHeight/2, Label: label(life), Full: strings.TrimSpace(life.Node + " " + life.Container)}
			row.Full += ", " + content.Count(life.Calls, "call")
			row.From = round2((life.Spans[0].From - l.From) * scale)
			row.Spans = spansOf(life, l.From, scale, row.Middle)
			end := 0.0
			for _, s := range life.Spans {
				end = max(end, s.To)
			}
			row.Long = round2((end-l.From)*scale) - row.From
			made.Rows = append(made.Rows, row)
		}
		for i := range 5 {
			made.Ticks = append(made.Ticks, tick{float64(i) * 25, content.Duration(l.From + (l.To-l.From)*float64(i)/4)})
		}
		charts = append(charts, made)
	}
	return charts
}

// label is short enough for the margin: the end of a container's name says most.
func label(l chart.Life) string {
	const room = 18
	name := l.Container
	if len(name) > room {
		name = "…" + name[len(name)-room:]
	}
	return name
}

func spansOf(l chart.Life, from, scale float64, y int) (spans []lifeSpan) {
	for _, kind := range chart.Kinds {
		var path strings.Builder
		for _, s := range l.Spans {
			if s.Kind == kind {
				fmt.Fprintf(&path, "M%g %dh%g", round2((s.From-from)*scale), y, max(round2((s.To-s.From)*scale), 1))
			}
		}
		if path.Len() > 0 {
			spans = append(spans, lifeSpan{kind, template.HTMLAttr(`d="` + path.String() + `"`)})
		}
	}
	return spans
}
