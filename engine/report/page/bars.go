package page

import (
	"fmt"
	"math"

	"wsk-scenario/engine/report/chart"
	"wsk-scenario/engine/report/content"
)

// stageName is a stage of a call with its sentence for the legend.
type stageName struct{ Key, Name, About string }

var stageNames = []stageName{
	{"lag", "late", "from when it was due until it was sent"},
	{"wait", "wait", "until init or run begins; a new container is created in it"},
	{"init", "init", "start the process, load the code"},
	{"run", "run", "the function itself"},
	{"rest", "return", "the way there and back, and what no record tells"},
}

// barGroup is the stacked bars of one phase in all cells, on one scale.
type barGroup struct {
	Phase string
	Bars  []bar
	Ticks []tick
}

// bar is one stacked bar: the mean stages of the calls of one kind.
type bar struct {
	Cell   int
	Label  string
	Role   string
	Kind   chart.Kind
	N      int
	Total  string
	Width  float64 // of the whole bar, in hundredths of the scale
	Pieces []piece
}

// piece is one stage. X and W are hundredths of the scale.
type piece struct {
	Key, Text string
	X, W      float64
	Doubtful  bool // the clocks are known less well than it is long
	Fits      bool // there is room for its text
}

type tick struct {
	X    float64
	Text string
}

func barsOf(r *content.Report, c *chart.Charts) (groups []barGroup) {
	doubt := 0.0
	for _, clock := range r.Clocks {
		doubt = max(doubt, clock.Error)
	}
	for _, name := range phaseNames(r) {
		g := barGroup{Phase: name}
		most := 0.0
		for _, p := range c.Phases {
			if nameOf(r, p.Cell, p.Phase) == name {
				for _, s := range p.Stages {
					most = max(most, s.Total())
				}
			}
		}
		if most <= 0 {
			continue
		}
		scale := nice(most)
		for _, p := range c.Phases {
			if nameOf(r, p.Cell, p.Phase) != name {
				continue
			}
			for _, s := range p.Stages {
				g.Bars = append(g.Bars, barOf(r, p.Cell, s, scale, doubt))
			}
		}
		for i := range 5 {
			g.Ticks = append(g.Ticks, tick{float64(i) * 25, content.Duration(scale * float64(i) / 4)})
		}
		groups = append(groups, g)
	}
	return groups
}

func barOf(r *content.Report, cell int, s chart.Stage, scale, doubt float64) bar {
	b := bar{Cell: cell, Label: r.Cells[cell].ID, Role: r.Cells[cell].Role, Kind: s.Kind, N: s.N, Total: content.Duration(s.Total())}
	if len(r.Plan.Axes) == 0 {
		b.Label = ""
	}
	at := 0.0
	for i, v := range []float64{s.Lag, s.Wait, s.Init, s.Run, s.Rest} {
		width := math.Max(v, 0) / scale * 100
		crosses := stageNames[i].Key == "wait" || stageNames[i].Key == "rest"
		p := piece{Key: stageNames[i].Key, X: round2(at), W: round2(width), Doubtful: crosses && doubt > v && v > 0}
		p.Text = fmt.Sprintf("%s %s", stageNames[i].Name, content.Duration(v))
		p.Fits = width > 0.9*float64(len(p.Text))+1.5
		if width > 0.05 {
			b.Pieces = append(b.Pieces, p)
		}
		at += width
	}
	b.Width = round2(at)
	return b
}

func nameOf(r *content.Report, cell, phase int) string {
	for i := range r.Phases {
		if p := &r.Phases[i]; p.Cell == cell && p.Phase == phase && !p.Unmeasured {
			return p.Name
		}
	}
	return ""
}

// nice is the next number above v with one digit that counts: the end of a scale.
func nice(v float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, step := range []float64{1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10} {
		if v <= step*power {
			return step * power
		}
	}
	return 10 * power
}

func round2(v float64) float64 { return math.Round(v*100) / 100 }
