package report

import (
	"fmt"
	"slices"
	"strconv"

	"wsk-scenario/engine/result"
)

// figures draws the parts of the report that are computed from single calls, as tables.
func (d *document) figures() error {
	for _, f := range d.result.Figures {
		if len(f.Lines) == 0 {
			continue
		}
		columns, row := d.form(f)
		g := &grid{columns: axisColumns(d.result.Plan.Axes)}
		g.columns = append(append(g.columns, column{title: "of", key: true}), columns...)
		for _, line := range f.Lines {
			name := line.Phase
			if line.Metric != "" {
				name += "." + line.Metric
			}
			cells := append(axisValues(d.result.Plan.Axes, d.result.Plan.Cells[line.Cell]), name)
			g.add(append(cells, row(line)...)...)
		}
		if err := d.table(f.Title, g); err != nil {
			return fmt.Errorf("figure %q: %w", f.Title, err)
		}
	}
	return nil
}

// form is the columns of a figure behind those that say which line it is, and what fills them.
func (d *document) form(f result.Figure) ([]column, func(result.Line) []string) {
	switch f.Kind {
	case "histogram":
		return d.histogram(f)
	case "cdf":
		return distribution()
	case "cost":
		return cost()
	}
	return series(f)
}

// ordinals are the calls that a series shows, from 1, as far as there are so many; then the last.
var ordinals = []int{1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000}

func series(f result.Figure) ([]column, func(result.Line) []string) {
	longest := 0
	for _, line := range f.Lines {
		longest = max(longest, line.Count)
	}
	shown := slices.DeleteFunc(slices.Clone(ordinals), func(n int) bool { return n > longest })
	if len(shown) == 0 || shown[len(shown)-1] < longest {
		shown = append(shown, longest)
	}
	columns := []column{{title: "n", number: true}}
	for _, n := range shown {
		columns = append(columns, column{title: "#" + strconv.Itoa(n), number: true})
	}
	return append(columns, column{title: "course"}), func(line result.Line) []string {
		row := []string{strconv.Itoa(line.Count)}
		for _, n := range shown {
			text := absent
			if i := (n - 1) / max(line.Stride, 1); n <= line.Count && i < len(line.Series) {
				text = quantity(line.Series[i], line.Unit)
			}
			row = append(row, text)
		}
		return append(row, spark(line.Series))
	}
}

// spark draws the course of values as a row of bars: the mean of each stretch, between the lowest and the highest.
func spark(values []float64) string {
	const width = 24
	bars := []rune("▁▂▃▄▅▆▇█")
	n := min(width, len(values))
	means := make([]float64, n)
	for i := range means {
		part := values[i*len(values)/n : (i+1)*len(values)/n]
		for _, v := range part {
			means[i] += v / float64(len(part))
		}
	}
	if n == 0 {
		return absent
	}
	low, high := slices.Min(means), slices.Max(means)
	text := make([]rune, n)
	for i, m := range means {
		at := 0
		if high > low {
			at = int((m - low) / (high - low) * float64(len(bars)-1))
		}
		text[i] = bars[at]
	}
	return string(text)
}

func (d *document) histogram(f result.Figure) ([]column, func(result.Line) []string) {
	unit := f.Lines[0].Unit
	columns := []column{{title: "n", number: true}}
	for _, bound := range f.Bins {
		columns = append(columns, column{title: "≤ " + quantity(bound, unit), number: true})
	}
	if len(f.Bins) > 0 {
		columns = append(columns, column{title: "> " + quantity(f.Bins[len(f.Bins)-1], unit), number: true})
	}
	return columns, func(line result.Line) []string {
		row := []string{strconv.Itoa(line.Count)}
		for _, n := range line.Counts {
			row = append(row, strconv.Itoa(n))
		}
		return row
	}
}

// shares are what a distribution shows.
var shares = []float64{0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1}

func distribution() ([]column, func(result.Line) []string) {
	columns := []column{{title: "n", number: true}}
	for _, share := range shares {
		columns = append(columns, column{title: fmt.Sprintf("%g %%", share*100), number: true})
	}
	return columns, func(line result.Line) []string {
		row := []string{strconv.Itoa(line.Count)}
		for _, share := range shares {
			text := absent
			for _, step := range line.CDF {
				if step.Share >= share-1e-9 {
					text = quantity(step.Value, line.Unit)
					break
				}
			}
			row = append(row, text)
		}
		return row
	}
}

func cost() ([]column, func(result.Line) []string) {
	columns := []column{{title: "calls", number: true}, {title: "activations", number: true}, {title: "GB·s", number: true},
		{title: "a call", number: true}, {title: "of it nested", number: true}}
	return columns, func(line result.Line) []string {
		if line.Cost == nil {
			return []string{absent, absent, absent, absent, absent}
		}
		c, each := line.Cost, absent
		if c.Calls > 0 {
			each = amount(c.GBs / float64(c.Calls))
		}
		return []string{strconv.Itoa(c.Calls), strconv.Itoa(c.Activations), amount(c.GBs), each, amount(c.Nested)}
	}
}

func amount(v float64) string { return strconv.FormatFloat(v, 'g', 4, 64) }

// quantity is a value with its unit.
func quantity(v float64, unit string) string {
	switch unit {
	case "ns":
		return Duration(v)
	case "B":
		return strconv.FormatFloat(v, 'f', 0, 64) + " B"
	}
	return strconv.FormatFloat(v, 'g', 6, 64)
}
