package content

import (
	"fmt"
	"slices"
	"strconv"
)

// Drawn is a drawing as a table: its columns behind those that say which line it is, and a row for each line.
type Drawn struct {
	Columns []string
	Rows    [][]string
	Course  bool // the last column is the course of the values, as a row of bars
}

// Table is the drawing as a table.
func (d *Drawing) Table() Drawn {
	var made Drawn
	var row func(*Line) []string
	switch d.Kind {
	case "histogram":
		made.Columns, row = d.bins()
	case "cdf":
		made.Columns, row = distribution()
	case "cost":
		made.Columns, row = []string{"calls", "activations", "GB·s", "a call", "of it nested"}, costs
	default:
		made.Columns, row = d.ordinals()
		made.Course = true
	}
	for i := range d.Lines {
		made.Rows = append(made.Rows, row(&d.Lines[i]))
	}
	return made
}

// ordinals are the calls that a series shows, from 1, as far as there are so many; then the last.
var ordinals = []int{1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000}

func (d *Drawing) ordinals() ([]string, func(*Line) []string) {
	longest := 0
	for _, line := range d.Lines {
		longest = max(longest, line.N)
	}
	shown := slices.DeleteFunc(slices.Clone(ordinals), func(n int) bool { return n > longest })
	if len(shown) == 0 || shown[len(shown)-1] < longest {
		shown = append(shown, longest)
	}
	columns := []string{"n"}
	for _, n := range shown {
		columns = append(columns, "#"+strconv.Itoa(n))
	}
	return append(columns, "course"), func(line *Line) []string {
		row := []string{strconv.Itoa(line.N)}
		for _, n := range shown {
			text := Absent
			if i := (n - 1) / max(line.Stride, 1); n <= line.N && i < len(line.Series) {
				text = line.Text(line.Series[i])
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
		return Absent
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

func (d *Drawing) bins() ([]string, func(*Line) []string) {
	columns := []string{"n"}
	columns = append(columns, d.BinNames()...)
	return columns, func(line *Line) []string {
		row := []string{strconv.Itoa(line.N)}
		for _, n := range line.Counts {
			row = append(row, strconv.Itoa(n))
		}
		for len(row) < len(columns) {
			row = append(row, Absent)
		}
		return row
	}
}

// BinNames name the bins of a histogram.
func (d *Drawing) BinNames() (names []string) {
	if len(d.Lines) == 0 {
		return nil
	}
	for _, bound := range d.Bins {
		names = append(names, "≤ "+d.Lines[0].Text(bound))
	}
	if n := len(d.Bins); n > 0 {
		names = append(names, "> "+d.Lines[0].Text(d.Bins[n-1]))
	}
	return names
}

// shares are what a distribution shows as a table.
var shares = []float64{0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1}

func distribution() ([]string, func(*Line) []string) {
	columns := []string{"n"}
	for _, share := range shares {
		columns = append(columns, fmt.Sprintf("%g %%", share*100))
	}
	return columns, func(line *Line) []string {
		row := []string{strconv.Itoa(line.N)}
		for _, share := range shares {
			text := Absent
			for _, step := range line.Steps {
				if step.Share >= share-1e-9 {
					text = line.Text(step.Value)
					break
				}
			}
			row = append(row, text)
		}
		return row
	}
}

func costs(line *Line) []string {
	if line.Cost == nil {
		return []string{Absent, Absent, Absent, Absent, Absent}
	}
	c, each := line.Cost, Absent
	if c.Calls > 0 {
		each = amount(c.GBs / float64(c.Calls))
	}
	return []string{strconv.Itoa(c.Calls), strconv.Itoa(c.Activations), amount(c.GBs), each, amount(c.Nested)}
}

func amount(v float64) string { return strconv.FormatFloat(v, 'g', 4, 64) }
