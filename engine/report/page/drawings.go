package page

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"wsk-scenario/engine/report/content"
)

// drawing is a figure that the scenario asks for: plots, histograms, and all of it as a table.
type drawing struct {
	Title      string
	Columns    []string
	Course     int // the column that is no number; -1 for none
	Rows       []drawingRow
	Plots      []plot
	Histograms []histogram
	Notes      []string
}

// drawingRow is one line of a figure in its table.
type drawingRow struct {
	Cell          int
	Phase, Of     string
	Values, Cells []string
	Stroke, Dash  int
}

// plot is the lines of a figure that have one unit, on one pair of axes of a thousand by a thousand.
type plot struct {
	XLabel, YLabel string
	X, Y           []tick // in hundredths, of Y from above
	Lines          []plotLine
}

// plotLine is one line: its colour is the cell's, its dashes those of cell and metric.
type plotLine struct {
	Cell         int
	Phase        string
	Label        string
	Stroke, Dash int
	Path         template.HTMLAttr
}

// strokes and dashings are how many colours and dashes the styles know.
const strokes, dashings = 8, 4

func drawingsOf(r *content.Report) (list []drawing) {
	for i := range r.Drawings {
		d := &r.Drawings[i]
		if len(d.Lines) == 0 {
			continue
		}
		made := drawing{Title: d.Title, Course: -1}
		drawn := d.Table()
		made.Columns = drawn.Columns
		if drawn.Course {
			made.Course = len(drawn.Columns) - 1
		}
		dashes := dashesOf(d)
		for k := range d.Lines {
			line := &d.Lines[k]
			made.Rows = append(made.Rows, drawingRow{Cell: line.Cell, Phase: line.Phase, Of: line.Of(), Values: r.Cells[line.Cell].Values,
				Cells: drawn.Rows[k], Stroke: line.Cell % strokes, Dash: (dashes[line.Of()] + line.Cell) % dashings})
		}
		switch d.Kind {
		case "histogram":
			made.Histograms = histogramsOf(r, d)
		case "series", "cdf":
			made.Plots = plotsOf(r, d, dashes)
		}
		made.Notes = reductions(d)
		list = append(list, made)
	}
	return list
}

// dashesOf gives each metric of a figure its dashes.
func dashesOf(d *content.Drawing) map[string]int {
	dashes := map[string]int{}
	for i := range d.Lines {
		if _, known := dashes[d.Lines[i].Of()]; !known {
			dashes[d.Lines[i].Of()] = len(dashes) % dashings
		}
	}
	return dashes
}

func plotsOf(r *content.Report, d *content.Drawing, dashes map[string]int) (plots []plot) {
	var units []string
	for i := range d.Lines {
		if u := d.Lines[i].Unit; !slices.Contains(units, u) {
			units = append(units, u)
		}
	}
	for _, unit := range units {
		var lines []*content.Line
		for i := range d.Lines {
			if l := &d.Lines[i]; l.Unit == unit && len(l.Series)+len(l.Steps) > 0 {
				lines = append(lines, l)
			}
		}
		if len(lines) == 0 {
			continue
		}
		p := distributionPlot(lines)
		if d.Kind == "series" {
			p = seriesPlot(lines)
		}
		for i, l := range lines {
			line := &p.Lines[i]
			line.Cell, line.Phase, line.Label, line.Stroke, line.Dash = l.Cell, l.Phase, l.Of(), l.Cell%strokes, (dashes[l.Of()]+l.Cell)%dashings
			if len(r.Plan.Axes) > 0 {
				line.Label = r.Cells[l.Cell].ID + ": " + line.Label
			}
		}
		plots = append(plots, p)
	}
	return plots
}

// distributionPlot is the share of the values that is no more than each value.
func distributionPlot(lines []*content.Line) plot {
	var values []float64
	for _, l := range lines {
		for _, step := range l.Steps {
			values = append(values, step.Value)
		}
	}
	x := axisOf(values, false)
	p := plot{XLabel: lines[0].Metric, YLabel: "share", X: x.ticks(lines[0].Text, 5)}
	for i := range 5 {
		p.Y = append(p.Y, tick{float64(i) * 25, fmt.Sprintf("%d %%", 100-25*i)})
	}
	for _, l := range lines {
		var path strings.Builder
		for i, step := range l.Steps {
			at := x.at(step.Value)
			if i == 0 {
				fmt.Fprintf(&path, "M%g 1000", at)
			}
			fmt.Fprintf(&path, "H%gV%g", at, round2(1000*(1-step.Share)))
		}
		p.Lines = append(p.Lines, plotLine{Path: template.HTMLAttr(`d="` + path.String() + `"`)})
	}
	return p
}

// seriesPlot is the values by the ordinal of their calls.
func seriesPlot(lines []*content.Line) plot {
	longest := 1
	var values []float64
	for _, l := range lines {
		longest = max(longest, l.N)
		values = append(values, l.Series...)
	}
	x, y := axis{from: 1, to: float64(max(longest, 2))}, axisOf(values, true)
	p := plot{XLabel: "call", YLabel: lines[0].Metric, X: x.ticks(func(v float64) string { return strconv.FormatFloat(v, 'f', 0, 64) }, min(5, max(longest, 2)))}
	for _, t := range y.ticks(lines[0].Text, 4) {
		p.Y = append(p.Y, tick{100 - t.X, t.Text})
	}
	for _, l := range lines {
		var path strings.Builder
		for k, i := range extremes(l.Series) {
			fmt.Fprintf(&path, "%s%g %g", map[bool]string{true: "M", false: "L"}[k == 0], x.at(float64(i*max(l.Stride, 1)+1)), round2(1000-y.at(l.Series[i])))
		}
		p.Lines = append(p.Lines, plotLine{Path: template.HTMLAttr(`d="` + path.String() + `"`)})
	}
	return p
}

// stretches is through how many stretches a long series is drawn.
const stretches = 300

// extremes are the indices of the lowest and the highest value of each stretch of a long series, and all of a short one.
func extremes(values []float64) (kept []int) {
	if len(values) <= 2*stretches {
		for i := range values {
			kept = append(kept, i)
		}
		return kept
	}
	for s := range stretches {
		from, to := s*len(values)/stretches, (s+1)*len(values)/stretches
		low, high := from, from
		for i := from; i < to; i++ {
			if values[i] < values[low] {
				low = i
			}
			if values[i] > values[high] {
				high = i
			}
		}
		kept = append(kept, min(low, high))
		if low != high {
			kept = append(kept, max(low, high))
		}
	}
	return kept
}

// reductions say what of a figure is not drawn.
func reductions(d *content.Drawing) (notes []string) {
	for i := range d.Lines {
		if l := &d.Lines[i]; len(l.Series) > 2*stretches {
			notes = append(notes, fmt.Sprintf("A series of more than %d values is drawn through the lowest and the highest of each of %d stretches.", 2*stretches, stretches))
			break
		}
	}
	for i := range d.Lines {
		if l := &d.Lines[i]; l.Stride > 1 {
			notes = append(notes, fmt.Sprintf("Of %s, one call in %d is kept.", l.Of(), l.Stride))
			break
		}
	}
	return notes
}
