package page

import (
	"fmt"

	"wsk-scenario/engine/report/content"
)

// histogram is the bins of one metric in one cell, each as wide as the others whatever its bounds.
type histogram struct {
	Cell         int
	Phase, Title string
	Stroke, N    int
	Bins         []bin
	Bounds       []tick // the upper bounds, where their bins end
	Most         string // the share at the upper edge
}

// bin is one column. X and Wide are in units of a bin, High and Y in hundredths of the highest.
type bin struct {
	X, Y, High float64
	Text       string
}

// histogramsOf draws the lines of a figure on one scale of shares.
func histogramsOf(r *content.Report, d *content.Drawing) (list []histogram) {
	most := 0.0
	for i := range d.Lines {
		for _, n := range d.Lines[i].Counts {
			most = max(most, float64(n)/float64(max(d.Lines[i].N, 1)))
		}
	}
	if most == 0 {
		return nil
	}
	names := d.BinNames()
	for i := range d.Lines {
		l := &d.Lines[i]
		if l.N == 0 {
			continue
		}
		h := histogram{Cell: l.Cell, Phase: l.Phase, Title: l.Of(), Stroke: l.Cell % strokes, N: l.N, Most: fmt.Sprintf("%.3g %%", most*100)}
		if len(r.Plan.Axes) > 0 {
			h.Title = r.Cells[l.Cell].ID + ": " + h.Title
		}
		for k, n := range l.Counts {
			share := float64(n) / float64(l.N)
			high := round2(share / most * 100)
			h.Bins = append(h.Bins, bin{float64(k) + .04, round2(100 - high), high, fmt.Sprintf("%s: %d of %d, %.3g %%", names[k], n, l.N, share*100)})
		}
		h.Bounds = bounds(d, l)
		list = append(list, h)
	}
	return list
}

// bounds are the marks below a histogram, so few that their texts have room.
func bounds(d *content.Drawing, l *content.Line) (ticks []tick) {
	const room = 6
	every := (len(d.Bins) + room - 1) / room
	for i := 0; i < len(d.Bins); i += every {
		ticks = append(ticks, tick{round2(float64(i+1) / float64(len(d.Bins)+1) * 100), l.Text(d.Bins[i])})
	}
	return ticks
}
