package file

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"wsk-scenario/engine/report/content"
)

// CSV writes the summaries (RFC 4180): a row for each metric of each class of each phase and step, durations in seconds. A
// phase that has none has one row with its state, and n is 0.
func CSV(w io.Writer, r *content.Report) error {
	out := csv.NewWriter(w)
	head := []string{"scenario", "run", "cell"}
	for _, a := range r.Plan.Axes {
		head = append(head, a.Name)
	}
	head = append(head, "phase", "step", "size", "state", "issued", "errors", "offered", "dropped", "throughput",
		"class", "metric", "unit", "n", "min", "mean", "stddev", "p50", "p75", "p90", "p95", "p99", "p999", "max", "thin")
	if err := out.Write(head); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	for i := range r.Phases {
		p := &r.Phases[i]
		rows := append([][]string{}, figureRows(p, "", p.Size, &p.Figures)...)
		for k := range p.Steps {
			rows = append(rows, figureRows(p, strconv.Itoa(k), p.Steps[k].Size, &p.Steps[k].Figures)...)
		}
		place := append([]string{r.Scenario, r.Run, r.Cells[p.Cell].ID}, r.Cells[p.Cell].Values...)
		for _, row := range rows {
			if err := out.Write(append(append([]string{}, place...), row...)); err != nil {
				return fmt.Errorf("write CSV: %w", err)
			}
		}
	}
	out.Flush()
	return out.Error()
}

func figureRows(p *content.Phase, step string, size float64, f *content.Figures) (rows [][]string) {
	head := []string{p.Name, step, "", string(p.State)}
	if size > 0 {
		head[2] = decimal(size)
	}
	for _, counter := range []string{"issued", "errors", "offered", "dropped", "throughput"} {
		value, known := f.Counters[counter]
		text := ""
		if known {
			text = decimal(value)
		}
		head = append(head, text)
	}
	for _, c := range f.Classes {
		for _, m := range c.Metrics {
			row := append(append([]string{}, head...), c.Name, m.Name, m.Unit, strconv.Itoa(m.N))
			for _, v := range []float64{m.Min, m.Mean, m.Stddev, m.P50, m.P75, m.P90, m.P95, m.P99, m.P999, m.Max} {
				row = append(row, decimal(v))
			}
			rows = append(rows, append(row, joined(m.Thin)))
		}
	}
	if len(rows) == 0 {
		empty := append(append([]string{}, head...), "", "", "", "0")
		rows = append(rows, append(empty, make([]string, 11)...))
	}
	return rows
}

func joined(names []string) (text string) {
	for i, name := range names {
		if i > 0 {
			text += " "
		}
		text += name
	}
	return text
}

// decimal is a number to the nanosecond, without the noise of binary fractions.
func decimal(v float64) string {
	text := strconv.FormatFloat(v, 'g', 12, 64)
	short, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return text
	}
	return strconv.FormatFloat(short, 'g', -1, 64)
}
